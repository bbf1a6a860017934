// From a request's address to what it asks for: verb, kind, namespace, name, subresource. What the API server does not
// have is refused in its own words.

import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { isMap, type JsonMap } from "../model/json.ts";
import type { Kind } from "../model/kinds.ts";
import { badRequest, noResource, notAllowed } from "../model/refusal.ts";

export interface ResourceRequest {
  readonly verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: "status" | "scale";
  readonly query: URLSearchParams;
}

/** `undefined`: the address is of no resource. */
export function readResourceRequest(
  { method, url }: { readonly method: string; readonly url: URL },
  kinds: readonly Kind[],
): ResourceRequest | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))\/(.+?)\/?$/.exec(url.pathname);
  if (match === null) return undefined;
  const group = match[2] ?? "";
  const version = match[1] ?? match[3] ?? "";
  const ofGroup = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (ofGroup.length === 0) return undefined;
  const parts = (match[4] ?? "").split("/").map(decodeURIComponent);
  const within = parts[0] === "namespaces" && parts.length > 2 && !isNamespaceSubresource(parts) ? parts[1] : undefined;
  const [plural, name, subresource, ...further] = within === undefined ? parts : parts.slice(2);
  const kind = ofGroup.find((known) => known.plural === plural);
  if (kind === undefined || further.length > 0 || (within !== undefined && !kind.namespaced)) throw noResource();
  if (name !== undefined && kind.namespaced && within === undefined) throw noResource();
  const verb = verbOf(method, { name, watch: url.searchParams.get("watch") });
  const part = subresourceOf(subresource, kind);
  return {
    verb,
    kind,
    ...(within !== undefined && { namespace: within }),
    ...(name !== undefined && { name }),
    ...(part !== undefined && { subresource: part }),
    query: url.searchParams,
  };
}

function isNamespaceSubresource(parts: readonly string[]): boolean {
  return parts.length === 3 && (parts[2] === "status" || parts[2] === "finalize");
}

function subresourceOf(given: string | undefined, kind: Kind): "status" | "scale" | undefined {
  if (given === undefined) return undefined;
  if (given === "status" && kind.status) return "status";
  if (given === "scale" && kind.scale) return "scale";
  throw noResource();
}

function verbOf(
  method: string,
  { name, watch }: { readonly name: string | undefined; readonly watch: string | null },
): ResourceRequest["verb"] {
  const watches = watch === "true" || watch === "1";
  if (method === "GET") return name !== undefined ? "get" : watches ? "watch" : "list";
  if (method === "POST" && name === undefined) return "create";
  if (name !== undefined && method === "PUT") return "update";
  if (name !== undefined && method === "PATCH") return "patch";
  if (name !== undefined && method === "DELETE") return "delete";
  throw notAllowed();
}

export async function readBody(request: IncomingMessage): Promise<JsonMap> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") return {};
  try {
    const body: unknown = request.headers["content-type"]?.includes("yaml") ? parse(text) : JSON.parse(text);
    if (isMap(body)) return body;
  } catch (cause) {
    throw badRequest(`error decoding the body: ${cause instanceof Error ? cause.message : "not readable"}`);
  }
  throw badRequest("the body is not an object");
}
