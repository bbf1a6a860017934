// Lists as the API server gives them: in pages that show one moment, with label and field selectors, and gone (410) when
// that moment is forgotten.

import type { JsonMap } from "../model/json.ts";
import { apiVersionOf } from "../model/kinds.ts";
import { badRequest, expired } from "../model/refusal.ts";
import type { Store } from "../model/store.ts";
import type { StoredObject } from "../model/stored-object.ts";
import type { ResourceRequest } from "./read-request.ts";

interface Continue {
  readonly v: string;
  readonly rv: number;
  readonly start: number;
}

export function listObjects(store: Store, { kind, namespace, query }: ResourceRequest): JsonMap {
  const token = readContinue(query.get("continue"));
  const at = token?.rv ?? store.version();
  if (token !== undefined && store.isForgotten(at)) {
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    );
  }
  const all = store.list(kind, { at, ...(namespace !== undefined && { namespace }) }).filter(selectorOf(query));
  const limit = Number(query.get("limit") ?? "0");
  const start = token?.start ?? 0;
  const page = limit > 0 ? all.slice(start, start + limit) : all.slice(start);
  const rest = all.length - start - page.length;
  const next: Continue = { v: "meta.k8s.io/v1", rv: at, start: start + page.length };
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(at),
      ...(rest > 0 && {
        continue: Buffer.from(JSON.stringify(next)).toString("base64url"),
        remainingItemCount: rest,
      }),
    },
    items: page.map((object) => (kind.custom ? object : withoutType(object))),
  };
}

/** Items of Kubernetes' own lists do not repeat what they are. */
function withoutType({ apiVersion: _, kind: __, ...rest }: StoredObject): JsonMap {
  return rest;
}

function readContinue(given: string | null): Continue | undefined {
  if (given === null || given === "") return undefined;
  try {
    return JSON.parse(Buffer.from(given, "base64url").toString("utf8")) as Continue;
  } catch {
    throw badRequest("continue key is not valid: illegal base64 data");
  }
}

/** Of selectors only `key=value` and `key`, and of fields only `metadata.name` and `metadata.namespace`. */
export function selectorOf(query: URLSearchParams): (object: StoredObject) => boolean {
  const labels = requirementsOf(query.get("labelSelector"));
  const fields = requirementsOf(query.get("fieldSelector"));
  for (const { key } of fields) {
    if (key !== "metadata.name" && key !== "metadata.namespace") throw badRequest(`field label not supported: ${key}`);
  }
  return ({ metadata }) =>
    labels.every(({ key, value }) =>
      value === undefined ? metadata.labels?.[key] !== undefined : metadata.labels?.[key] === value,
    ) && fields.every(({ key, value }) => (key === "metadata.name" ? metadata.name : metadata.namespace) === value);
}

function requirementsOf(given: string | null) {
  if (given === null || given === "") return [];
  return given.split(",").map((text) => {
    if (/[!()]| in | notin /.test(text)) throw badRequest(`this selector is not modelled: ${text}`);
    const [key = "", value] = text.split(/==?/);
    return { key, value };
  });
}
