// A small registry over HTTP that answers as the distribution project's does: real manifests and digests, the four
// media types, pages, basic and token authentication, notifications. Reads, and writes of single names, over HTTP; pushes
// of whole images are calls. Its faults are switched on by tests. `real-registry.test.ts` holds it to what the real one does.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { answerRequest } from "./answer-request.ts";
import { type ChartToMake, type ImageToMake, type MadeImage, makeChart, makeImage } from "./make-image.ts";
import { answerFault, type Fault } from "./registry-faults.ts";
import { type RegistryOptions, type RegistryRequest, type RegistryState, repositoryOf } from "./registry-state.ts";
import { type Notify, type RegistryEvent, sendNotifications } from "./send-notifications.ts";

export interface Push {
  readonly repository: string;
  readonly tag: string;
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: ImageToMake["annotations"];
  readonly created?: string;
  readonly attested?: boolean;
  readonly nested?: boolean;
  /** Two pushes with the same seed, labels and time have the same digest; the seed is repository and tag unless given. */
  readonly digestSeed?: string;
}

export interface ChartPush extends ChartToMake {
  /** Its parent: `acme/charts`. */
  readonly folder: string;
}

export interface RunningRegistry {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** Answers the digest once the notifications are delivered. */
  push(push: Push): Promise<string>;
  /** A chart, under its version's tag; as `push`. */
  pushChart(chart: ChartPush): Promise<string>;
  retag(move: { readonly repository: string; readonly from: string; readonly to: string }): Promise<string>;
  remove(name: { readonly repository: string; readonly tag: string }): Promise<void>;
  /** Where notifications go from now on; absent: nowhere. */
  notifyTo(notify: Notify | undefined): void;
  /** Holds until it is called again without a fault; `at`: for these requests alone. */
  fail(fault?: Fault, at?: (request: RegistryRequest) => boolean): void;
  /** The digest that a tag names; `undefined`: there is no such tag. */
  digestOf(name: { readonly repository: string; readonly tag: string }): string | undefined;
  /** Blobs that were sent to it over HTTP, `repository@digest`. */
  uploaded(): readonly string[];
  /** Everything that was asked over HTTP, oldest first. */
  requests(): readonly RegistryRequest[];
  close(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const state: RegistryState = {
    options,
    username: options.username ?? "reader",
    password: options.password ?? "correct horse",
    repositories: new Map(),
    tokens: new Map(),
    requests: [],
    host: "",
    notify: options.notify,
    fault: undefined,
    faulty: undefined,
    uploads: new Set(),
    uploaded: [],
    pushed: [],
  };
  const server = createServer((request, response) => serve(state, request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  state.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host: state.host,
    username: state.username,
    password: state.password,
    push: (push) => pushImage(state, push),
    pushChart: ({ folder, ...chart }) => {
      const tag = chart.version.replace("+", "_");
      return storeImage(state, { repository: `${folder}/${chart.name}`, tag, image: makeChart(chart) });
    },
    retag: ({ repository, from, to }) => retag(state, { repository, from, to }),
    remove: (name) => remove(state, name),
    notifyTo: (notify) => {
      state.notify = notify;
    },
    fail: (fault, at) => {
      state.fault = fault;
      state.faulty = at;
    },
    digestOf: ({ repository, tag }) => state.repositories.get(repository)?.tags.get(tag)?.digest,
    uploaded: () => [...state.uploaded],
    requests: () => [...state.requests],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pushImage(state: RegistryState, push: Push): Promise<string> {
  const { repository, tag, platforms = ["linux/amd64"], labels = {}, digestSeed = `${repository}:${tag}` } = push;
  const { attested = false, nested = false, created, annotations } = push;
  const said = { ...(created !== undefined && { created }), ...(annotations && { annotations }) };
  const image = makeImage({ seed: digestSeed, platforms, labels, attested, nested, ...said });
  return storeImage(state, { repository, tag, image });
}

async function storeImage(
  state: RegistryState,
  { repository, tag, image }: { readonly repository: string; readonly tag: string; readonly image: MadeImage },
): Promise<string> {
  const store = repositoryOf(state, repository);
  for (const manifest of [image.top, ...image.children]) store.manifests.set(manifest.digest, manifest);
  for (const blob of image.blobs) store.blobs.set(blob.digest, blob);
  store.tags.set(tag, image.top);
  const event = { action: "push", host: state.host, repository } as const;
  await tell(state, [...image.children.map((object) => ({ ...event, object })), { ...event, object: image.top, tag }]);
  return image.top.digest;
}

async function retag(state: RegistryState, move: { repository: string; from: string; to: string }): Promise<string> {
  const store = repositoryOf(state, move.repository);
  const object = store.tags.get(move.from);
  if (object === undefined) throw new Error(`there is no ${move.repository}:${move.from} to retag`);
  store.tags.set(move.to, object);
  await tell(state, [{ action: "push", host: state.host, repository: move.repository, object, tag: move.to }]);
  return object.digest;
}

/** As the real one: all names of the digest go with it, and each is told by itself, without the digest. */
async function remove(state: RegistryState, { repository, tag }: { repository: string; tag: string }): Promise<void> {
  const store = repositoryOf(state, repository);
  const object = store.tags.get(tag);
  if (object === undefined) throw new Error(`there is no ${repository}:${tag} to remove`);
  const names = [...store.tags].filter(([, { digest }]) => digest === object.digest).map(([name]) => name);
  for (const name of names) store.tags.delete(name);
  store.manifests.delete(object.digest);
  const event = { action: "delete", host: state.host, repository } as const;
  await tell(state, [{ ...event, object }, ...names.map((name) => ({ ...event, tag: name }))]);
}

async function tell(state: RegistryState, events: readonly RegistryEvent[]): Promise<void> {
  if (state.notify !== undefined) await sendNotifications(events, state.notify);
}

async function serve(state: RegistryState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const scheme = request.headers.authorization?.split(" ")[0]?.toLowerCase();
  const authorization = scheme === "basic" || scheme === "bearer" ? scheme : "none";
  const seen: RegistryRequest = { method: request.method ?? "", path: request.url ?? "", authorization };
  state.requests.push(seen);
  const isFaulty = state.fault !== undefined && (state.faulty?.(seen) ?? true);
  if (isFaulty && state.fault !== undefined && answerFault(state.fault, request, response)) return;
  const received = await readBody(request);
  if (received === undefined) return;
  const { status, headers, body } = answerRequest(isFaulty ? state : { ...state, fault: undefined }, request, received);
  for (const { repository, tag, object } of state.pushed.splice(0)) {
    await tell(state, [{ action: "push", host: state.host, repository, object, tag }]);
  }
  if (isFaulty && state.fault?.kind === "slow") await setTimeout(state.fault.milliseconds);
  if (isFaulty && state.fault?.kind === "lost-reply") return void request.socket.destroy();
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** `undefined`: whoever sends it went away. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
