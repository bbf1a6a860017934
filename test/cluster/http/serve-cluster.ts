// One request after another: who asks, whether a fault is switched on, whether they may, and then what they ask for.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Faults, playFault } from "../faults.ts";
import { isMap, type JsonMap } from "../model/json.ts";
import { apiVersionOf, resourceName } from "../model/kinds.ts";
import { badRequest, forbidden, notFound, Refusal, unauthorized, unsupportedMedia } from "../model/refusal.ts";
import type { Place } from "../model/store.ts";
import type { GivenObject, StoredObject } from "../model/stored-object.ts";
import {
  applyTo,
  createObject,
  deleteObject,
  type Update,
  updateObject,
  type Writing,
} from "../model/write-objects.ts";
import { answerDiscovery } from "./answer-discovery.ts";
import { listObjects } from "./list-objects.ts";
import { type ResourceRequest, readBody, readResourceRequest } from "./read-request.ts";
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
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(serving, request, response);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendJson(response, error.code, error.status);
  }
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://cluster");
  const user = findUser(serving, request);
  const kinds = serving.store.kinds();
  const wanted = readResourceRequest({ method: request.method ?? "GET", url }, kinds);
  serving.note(describe(url, wanted, user));
  if (wanted !== undefined) {
    const fault = serving.faults.take({ ...wanted, plural: wanted.kind.plural });
    if (fault?.kind === "unauthorized") throw unauthorized();
    if (fault?.kind === "forbidden") throw denied(wanted, user?.name ?? "nobody");
    if (fault !== undefined) return playFault(fault.kind, response);
  }
  if (user === undefined) throw unauthorized();
  if (wanted !== undefined) return answerResource(serving, { wanted, user, request, response });
  const found = answerDiscovery(url.pathname, kinds);
  if (found === undefined) return sendText(response, 404, "404 page not found\n");
  if (typeof found === "string") return sendText(response, 200, found);
  sendJson(response, 200, found);
}

function findUser({ users }: Serving, request: IncomingMessage): User | undefined {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
  const found = users().find((user) => user.token === token);
  const other = request.headers["impersonate-user"];
  if (found === undefined || typeof other !== "string" || !found.verbs.includes("*")) return found;
  return users().find(({ name }) => name === other) ?? { name: other, token: "", verbs: [] };
}

function describe(url: URL, wanted: ResourceRequest | undefined, user: User | undefined): Seen {
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

interface Asked {
  readonly wanted: ResourceRequest;
  readonly user: User;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerResource(serving: Serving, { wanted, user, request, response }: Asked): Promise<void> {
  if (!user.verbs.includes("*") && !user.verbs.includes(wanted.verb)) throw denied(wanted, user.name);
  switch (wanted.verb) {
    case "list":
      return sendJson(response, 200, listObjects(serving.store, wanted));
    case "watch":
      return serving.opened(watchObjects(serving.store, wanted, response), response);
    case "get":
      return sendJson(response, 200, shape(requireObject(serving, wanted), wanted));
    case "create":
      return sendJson(response, 201, create(serving, wanted, await read(request)));
    case "update":
      return sendJson(response, 200, update(serving, wanted, { ...(await read(request)), kind: "put" }));
    case "patch":
      return sendJson(response, makesAnew(serving, wanted) ? 201 : 200, patch(serving, wanted, await read(request)));
    case "delete":
      return sendJson(response, 200, remove(serving, wanted));
  }
}

/** An apply makes what is not there. */
function makesAnew({ store }: Serving, wanted: ResourceRequest): boolean {
  return store.get(placeOf(wanted)) === undefined;
}

interface Body {
  readonly body: JsonMap;
  readonly type: string;
  readonly manager: string;
}

async function read(request: IncomingMessage): Promise<Body> {
  const body = await readBody(request);
  const type = (request.headers["content-type"] ?? "").split(";")[0] ?? "";
  const [manager = "unknown"] = (request.headers["user-agent"] ?? "unknown").split("/");
  return { body, type, manager };
}

function create(serving: Serving, wanted: ResourceRequest, { body, manager }: Body): JsonMap {
  const object = checkedObject(body, wanted);
  return createObject(serving, wanted.kind, { object, ...optionsOf(wanted, manager) });
}

function update(serving: Serving, wanted: ResourceRequest, given: Body & { readonly kind: Update["kind"] }): JsonMap {
  const { body, manager, kind } = given;
  const change: Update = kind === "put" ? { kind, object: checkedObject(body, wanted) } : { kind, patch: body };
  return shape(updateObject(serving, placeOf(wanted), { update: change, ...optionsOf(wanted, manager) }), wanted);
}

function patch(serving: Serving, wanted: ResourceRequest, given: Body): JsonMap {
  switch (given.type) {
    case "application/merge-patch+json":
      return update(serving, wanted, { ...given, kind: "merge" });
    case "application/strategic-merge-patch+json":
      if (!wanted.kind.custom) return update(serving, wanted, { ...given, kind: "strategic" });
      break;
    case "application/apply-patch+yaml":
      return apply(serving, wanted, given);
  }
  const core = wanted.kind.custom ? [] : ["application/strategic-merge-patch+json"];
  throw unsupportedMedia([
    "application/json-patch+json",
    "application/merge-patch+json",
    ...core,
    "application/apply-patch+yaml",
  ]);
}

function apply(serving: Serving, wanted: ResourceRequest, { body, manager }: Body): JsonMap {
  if (wanted.query.get("fieldManager") === null) {
    const message = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
    throw new Refusal(422, {
      message,
      reason: "Invalid",
      details: {
        group: "meta.k8s.io",
        kind: "PatchOptions",
        causes: [
          {
            reason: "FieldValueRequired",
            message: "Required value: is required for apply patch",
            field: "fieldManager",
          },
        ],
      },
    });
  }
  const object = checkedObject(body, wanted);
  const force = wanted.query.get("force") === "true";
  return applyTo(serving, wanted.kind, { object, force, ...optionsOf(wanted, manager) });
}

function remove(serving: Serving, wanted: ResourceRequest): JsonMap {
  const place = placeOf(wanted);
  if (wanted.query.get("dryRun") === "All") return requireObject(serving, wanted);
  const gone = deleteObject(serving, place);
  if (serving.store.get(place) !== undefined) return gone;
  const { name, kind } = place;
  const details = { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural, uid: gone.metadata.uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

function optionsOf({ query, subresource }: ResourceRequest, manager: string) {
  const dryRun = query.get("dryRun");
  if (dryRun !== null && dryRun !== "All") throw badRequest(`dryRun: Unsupported value: "${dryRun}"`);
  return {
    manager: query.get("fieldManager") ?? manager,
    dryRun: dryRun === "All",
    ...(subresource !== undefined && { subresource }),
  };
}

/** The object says the same as the address. */
function checkedObject(body: JsonMap, { kind, namespace, name }: ResourceRequest): GivenObject & JsonMap {
  if (body.kind !== kind.kind || body.apiVersion !== apiVersionOf(kind)) {
    const given = `${String(body.apiVersion)}, Kind=${String(body.kind)}`;
    throw badRequest(`the object provided is unrecognized (${given} for ${resourceName(kind)})`);
  }
  const metadata = isMap(body.metadata) ? body.metadata : {};
  const ownName = metadata.name ?? name;
  if (typeof ownName !== "string" || ownName === "") throw badRequest("name must be provided");
  if (name !== undefined && ownName !== name) {
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
  }
  const ownNamespace = metadata.namespace ?? namespace;
  if (namespace !== undefined && ownNamespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const place = typeof ownNamespace === "string" ? { namespace: ownNamespace } : {};
  return { ...body, metadata: { ...metadata, name: ownName, ...place } } as GivenObject & JsonMap;
}

function placeOf({ kind, namespace, name = "" }: ResourceRequest): Place {
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

function requireObject({ store }: Serving, wanted: ResourceRequest): StoredObject {
  const place = placeOf(wanted);
  const found = store.get(place);
  if (found === undefined) throw notFound(place);
  return found;
}

function shape(object: StoredObject, { subresource }: ResourceRequest): JsonMap {
  if (subresource !== "scale") return object;
  const spec = isMap(object.spec) ? object.spec : {};
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: 0 },
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

function sendJson(response: ServerResponse, code: number, body: JsonMap): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}
