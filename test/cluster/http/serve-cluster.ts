// One request after another: who asks, whether a fault is switched on, whether they may, and then what they ask for.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Faults, playFault } from "../faults.ts";
import { forbidden, Refusal, unauthorized } from "../model/refusal.ts";
import type { Writing } from "../model/settle-objects.ts";
import { answerDiscovery } from "./answer-discovery.ts";
import { answerResource } from "./answer-resource.ts";
import { type ResourceRequest, readResourceRequest } from "./read-request.ts";
import { sendJson, sendText } from "./send-answer.ts";
import { type OpenWatch, watchObjects } from "./watch-objects.ts";

export interface User {
  readonly name: string;
  readonly token: string;
  /** `*`: everything. */
  readonly verbs: readonly string[];
}

export interface Seen {
  readonly verb: string;
  readonly plural: string;
  readonly path: string;
  readonly user: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface Serving extends Writing {
  readonly users: () => readonly User[];
  readonly faults: Faults;
  readonly note: (seen: Seen) => void;
  readonly opened: (watch: OpenWatch, response: ServerResponse) => void;
}

export async function serveCluster(
  serving: Serving,
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { response } = exchange;
  try {
    await answer(serving, exchange);
  } catch (error) {
    // Who has gone in the middle of a request is answered nothing.
    if (response.destroyed) return;
    if (!(error instanceof Refusal)) throw error;
    sendJson(response, error.code, error.status);
  }
}

async function answer(
  serving: Serving,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://cluster");
  const user = findUser(serving, request);
  const kinds = serving.store.kinds();
  const wanted = readResourceRequest({ method: request.method ?? "GET", url }, kinds);
  serving.note(describe(url, { wanted, user }));
  if (wanted !== undefined) {
    const fault = serving.faults.take({ ...wanted, plural: wanted.kind.plural });
    if (fault?.kind === "unauthorized") throw unauthorized();
    if (fault?.kind === "forbidden") throw denied(wanted, user?.name ?? "nobody");
    if (fault !== undefined) return playFault(fault.kind, response);
  }
  if (user === undefined) throw unauthorized();
  if (wanted === undefined) return discover(url, { serving, response });
  if (!user.verbs.includes("*") && !user.verbs.includes(wanted.verb)) throw denied(wanted, user.name);
  if (wanted.verb === "watch")
    return serving.opened(watchObjects(serving.store, { request: wanted, response }), response);
  const { code, body } = await answerResource(serving, { wanted, request });
  sendJson(response, code, body);
}

function discover(
  url: URL,
  { serving, response }: { readonly serving: Serving; readonly response: ServerResponse },
): void {
  const found = answerDiscovery(url.pathname, serving.store.kinds());
  if (found === undefined) sendText(response, 404, "404 page not found\n");
  else if (typeof found === "string") sendText(response, 200, found);
  else sendJson(response, 200, found);
}

function findUser({ users }: Serving, request: IncomingMessage): User | undefined {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
  const found = users().find((user) => user.token === token);
  const other = request.headers["impersonate-user"];
  if (found === undefined || typeof other !== "string" || !found.verbs.includes("*")) return found;
  return users().find(({ name }) => name === other) ?? { name: other, token: "", verbs: [] };
}

function describe(
  url: URL,
  { wanted, user }: { readonly wanted: ResourceRequest | undefined; readonly user: User | undefined },
): Seen {
  const { namespace, name } = wanted ?? {};
  return {
    verb: wanted?.verb ?? "discover",
    plural: wanted?.kind.plural ?? "",
    path: `${url.pathname}${url.search}`,
    user: user?.name ?? "nobody",
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function denied({ verb, kind, name, namespace, subresource }: ResourceRequest, user: string): Refusal {
  return forbidden({
    user,
    verb,
    kind,
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(subresource !== undefined && { subresource }),
  });
}
