// A Kubernetes API server for tests, over HTTP: real field ownership, dry runs, versions, pages, watches, and Status
// objects in its words; no controllers, no defaults, no validation by schema. `npm run e2e:kubernetes` holds it to a real
// server. In short:
//   const cluster = await startCluster();               await cluster.stop();
//   cluster.apply(deployment)                           server-side apply, forced; makes the namespace; `status` is kept too
//   cluster.edit(deployment, patch, { manager })        as a person with kubectl: an Update that takes the fields
//   cluster.setStatus(deployment, { readyReplicas: 1 }) as a controller, through /status
//   cluster.restore(object)                             a sample verbatim: uid, generation, managedFields and all
//   cluster.faults.add({ kind: "hang", verb: "list", plural: "deployments" })     see faults.ts
//   cluster.breakWatches(), cluster.forgetPast()        connections cut; old versions gone (410)
//   cluster.count({ verb: "list" })                     how often it was asked over HTTP
//   cluster.kubeconfig, cluster.kubeconfigOf("reader")  admin, reader, comparer, without-patch, nobody

import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createFaults, type Faults } from "./faults.ts";
import { type Seen, serveCluster, type User } from "./http/serve-cluster.ts";
import type { OpenWatch } from "./http/watch-objects.ts";
import { makeCertificate } from "./make-certificate.ts";
import type { Json, JsonMap } from "./model/json.ts";
import { deleteObject } from "./model/settle-objects.ts";
import { createStore, placeOf, requireKind, type Store } from "./model/store.ts";
import type { GivenObject, StoredObject } from "./model/stored-object.ts";
import { applyTo, updateObject } from "./model/write-objects.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

export interface ClusterOptions {
  /** Epoch milliseconds; the clock of this machine unless given. */
  readonly now?: () => number;
  /** Plural names of kinds that it does not have: `kustomizations`. */
  readonly without?: readonly string[];
  /** With a certificate that nobody vouches for. */
  readonly https?: boolean;
}

export type UserName = "admin" | "reader" | "comparer" | "without-patch" | "nobody";

/** Enough to find an object: any object will do. */
export type Address = Pick<GivenObject, "apiVersion" | "kind" | "metadata">;

export interface RunningCluster {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  /** The admin's, as text. */
  readonly kubeconfig: string;
  kubeconfigOf(user: UserName): string;
  tokenOf(user: UserName): string;
  /** From now on this user's token counts no more. */
  expireToken(user: UserName): void;
  apply(object: GivenObject, options?: { readonly manager?: string; readonly force?: boolean }): StoredObject;
  edit(address: Address, patch: Json, options?: EditOptions): StoredObject;
  setStatus(address: Address, status: Json, options?: { readonly manager?: string }): StoredObject;
  restore(object: GivenObject): StoredObject;
  get(address: Address): StoredObject | undefined;
  delete(address: Address): void;
  readonly faults: Faults;
  /** Cuts the connections of all watches, or of those of one kind. */
  breakWatches(plural?: string): void;
  /** Ends them as a server does that is asked to stop. */
  endWatches(plural?: string): void;
  /** Sends bookmarks to all watches that take them. */
  bookmark(): void;
  /** Sends a line of any text to all watches. */
  sayToWatches(line: string): void;
  openWatches(plural?: string): number;
  /** Forgets changes so far: older versions and pages are gone. */
  forgetPast(): void;
  /** Everything that was asked over HTTP, oldest first. */
  requests(): readonly Seen[];
  count(matching: { readonly verb?: string; readonly plural?: string }): number;
  stop(): Promise<void>;
}

export interface EditOptions {
  readonly manager?: string;
  readonly subresource?: "status" | "scale";
}

const VERBS: Readonly<Record<UserName, readonly string[]>> = {
  admin: ["*"],
  reader: ["get", "list", "watch"],
  comparer: ["get", "list", "watch", "patch"],
  "without-patch": ["get", "list", "watch", "create", "update", "delete"],
  nobody: [],
};

export async function startCluster(options: ClusterOptions = {}): Promise<RunningCluster> {
  const now = options.now ?? Date.now;
  const store = createStore({ now, without: options.without ?? [] });
  const users = new Map(Object.entries(VERBS).map(([name, verbs]) => [name, makeUser(name, verbs)]));
  const faults = createFaults();
  const seen: Seen[] = [];
  const watches = new Set<OpenWatch>();
  const writing = { store, now };
  const serving = {
    ...writing,
    faults,
    users: () => [...users.values()],
    note: (request: Seen) => void seen.push(request),
    opened: (watch: OpenWatch, response: { on: (event: "close", listener: () => void) => unknown }) => {
      watches.add(watch);
      response.on("close", () => watches.delete(watch));
    },
  };
  const certificate = options.https === true ? makeCertificate() : undefined;
  const answer = (...[request, response]: Parameters<Parameters<typeof createServer>[1] & {}>) =>
    void serveCluster(serving, { request, response });
  const server = certificate === undefined ? createServer(answer) : createSecureServer(certificate, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scheme = certificate === undefined ? "http" : "https";
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokenOf = (user: UserName) => `token-of-${user}-0123456789`;
  const kubeconfigOf = (user: UserName) =>
    writeKubeconfig({ url, user, token: tokenOf(user), authority: certificate?.cert });
  const watchesOf = (plural?: string) =>
    [...watches].filter((watch) => plural === undefined || watch.plural === plural);
  for (const name of ["default", "kube-system"]) put({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return {
    url,
    kubeconfig: kubeconfigOf("admin"),
    kubeconfigOf,
    tokenOf,
    expireToken: (user) => void users.delete(user),
    apply: put,
    edit,
    setStatus: (address, status, { manager = "controller" } = {}) =>
      edit(address, { status }, { manager, subresource: "status" }),
    restore: (object) => {
      ensureNamespace(object);
      return store.restore(requireKind(store, object), object);
    },
    get: (address) => store.get(placeAt(store, address)),
    delete: (address) => void deleteObject(writing, placeAt(store, address)),
    faults,
    breakWatches: (plural) => {
      for (const watch of watchesOf(plural)) watch.cut();
    },
    endWatches: (plural) => {
      for (const watch of watchesOf(plural)) watch.end();
    },
    bookmark: () => {
      for (const watch of watches) watch.bookmark();
    },
    sayToWatches: (line) => {
      for (const watch of watches) watch.say(line);
    },
    openWatches: (plural) => watchesOf(plural).length,
    forgetPast: () => store.compact(),
    requests: () => [...seen],
    count: ({ verb, plural }) =>
      seen.filter((one) => (verb ?? one.verb) === one.verb && (plural ?? one.plural) === one.plural).length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function put(object: GivenObject, { manager = "kubectl", force = true } = {}): StoredObject {
    ensureNamespace(object);
    const kind = requireKind(store, object);
    const { status, ...rest } = object as GivenObject & JsonMap;
    const given = (kind.status ? rest : object) as GivenObject;
    const applied = applyTo(writing, kind, { object: given, manager, force });
    if (!kind.status || status === undefined) return applied;
    return edit(object, { status }, { manager: "controller", subresource: "status" });
  }

  function edit(address: Address, patch: Json, { manager = "kubectl-edit", ...rest }: EditOptions = {}): StoredObject {
    const place = placeAt(store, address);
    const kind = place.kind.custom || rest.subresource === "status" ? "merge" : "strategic";
    return updateObject(writing, place, { update: { kind, patch }, manager, ...rest });
  }

  function ensureNamespace({ metadata, ...object }: GivenObject): void {
    const kind = requireKind(store, object);
    const name = metadata.namespace;
    if (!kind.namespaced || name === undefined) return;
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    if (store.get(placeAt(store, namespace)) === undefined) put(namespace);
  }
}

function placeAt(store: Store, address: Address) {
  return placeOf(requireKind(store, address), address);
}

function makeUser(name: string, verbs: readonly string[]): User {
  return { name, verbs, token: `token-of-${name}-0123456789` };
}
