// What a request about objects does to them, and what it is answered. Watches are answered elsewhere: they do not end.

import type { IncomingMessage } from "node:http";
import { isMap, type JsonMap } from "../model/json.ts";
import { apiVersionOf, resourceName } from "../model/kinds.ts";
import { badRequest, notAllowed, notFound, Refusal, unsupportedMedia } from "../model/refusal.ts";
import { deleteObject, type Writing } from "../model/settle-objects.ts";
import type { Place } from "../model/store.ts";
import type { GivenObject, StoredObject } from "../model/stored-object.ts";
import { applyTo, createObject, type Update, updateObject } from "../model/write-objects.ts";
import { listObjects } from "./list-objects.ts";
import { type ResourceRequest, readBody } from "./read-request.ts";

interface Answered {
  readonly code: number;
  readonly body: JsonMap;
}

export async function answerResource(
  writing: Writing,
  { wanted, request }: { readonly wanted: ResourceRequest; readonly request: IncomingMessage },
): Promise<Answered> {
  switch (wanted.verb) {
    case "list":
      return { code: 200, body: listObjects(writing.store, wanted) };
    case "get":
      return { code: 200, body: shape(requireObject(writing, wanted), wanted) };
    case "create":
      return { code: 201, body: create(writing, { wanted, ...(await read(request)) }) };
    case "update":
      return { code: 200, body: update(writing, { wanted, ...(await read(request)), kind: "put" }) };
    case "patch": {
      const given = { wanted, ...(await read(request)) };
      return { code: makesAnew(writing, wanted) ? 201 : 200, body: patch(writing, given) };
    }
    case "delete":
      return { code: 200, body: remove(writing, wanted) };
    case "watch":
      throw notAllowed();
  }
}

/** An apply makes what is not there. */
function makesAnew({ store }: Writing, wanted: ResourceRequest): boolean {
  return store.get(placeOf(wanted)) === undefined;
}

interface Body {
  readonly wanted: ResourceRequest;
  readonly body: JsonMap;
  readonly type: string;
  readonly manager: string;
}

async function read(request: IncomingMessage): Promise<Omit<Body, "wanted">> {
  const body = await readBody(request);
  const type = (request.headers["content-type"] ?? "").split(";")[0] ?? "";
  const [manager = "unknown"] = (request.headers["user-agent"] ?? "unknown").split("/");
  return { body, type, manager };
}

function create(writing: Writing, { wanted, body, manager }: Body): JsonMap {
  const object = checkedObject(body, wanted);
  return createObject(writing, wanted.kind, { object, ...optionsOf(wanted, manager) });
}

function update(writing: Writing, given: Body & { readonly kind: Update["kind"] }): JsonMap {
  const { wanted, body, manager, kind } = given;
  const change: Update = kind === "put" ? { kind, object: checkedObject(body, wanted) } : { kind, patch: body };
  return shape(updateObject(writing, placeOf(wanted), { update: change, ...optionsOf(wanted, manager) }), wanted);
}

function patch(writing: Writing, given: Body): JsonMap {
  const { wanted } = given;
  switch (given.type) {
    case "application/merge-patch+json":
      return update(writing, { ...given, kind: "merge" });
    case "application/strategic-merge-patch+json":
      if (!wanted.kind.custom) return update(writing, { ...given, kind: "strategic" });
      break;
    case "application/apply-patch+yaml":
      return apply(writing, given);
  }
  const core = wanted.kind.custom ? [] : ["application/strategic-merge-patch+json"];
  throw unsupportedMedia([
    "application/json-patch+json",
    "application/merge-patch+json",
    ...core,
    "application/apply-patch+yaml",
  ]);
}

function apply(writing: Writing, { wanted, body, manager }: Body): JsonMap {
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
  return applyTo(writing, wanted.kind, { object, force, ...optionsOf(wanted, manager) });
}

function remove(writing: Writing, wanted: ResourceRequest): JsonMap {
  const place = placeOf(wanted);
  if (wanted.query.get("dryRun") === "All") return requireObject(writing, wanted);
  const gone = deleteObject(writing, place);
  if (writing.store.get(place) !== undefined) return gone;
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

function requireObject({ store }: Writing, wanted: ResourceRequest): StoredObject {
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
