// What the test registry answers to one request, as the distribution project's registry does.

import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { StoredObject } from "./make-image.ts";
import type { RegistryState, Repository } from "./registry-state.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function answerRequest(state: RegistryState, request: IncomingMessage): HttpAnswer {
  const url = new URL(request.url ?? "/", `http://${state.host}`);
  if (url.pathname === "/token") return answerToken(state, url, request);
  const parts = /^\/v2\/(?:(.+)\/(manifests|blobs|tags)\/([^/]+))?$/.exec(url.pathname);
  if (parts === null) return refuse(404, "UNSUPPORTED");
  const [, repository = "", kind, reference = ""] = parts;
  if (!isAllowed(state, request, repository)) return challenge(state, repository);
  if (kind === undefined) return sendJson({});
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "UNSUPPORTED");
  const store = state.repositories.get(repository);
  if (kind === "tags") return unlessUnchanged(listTags(state, url, { repository, store }), { state, request });
  if (kind === "blobs") {
    const blob = store?.blobs.get(reference);
    return blob === undefined ? refuse(404, "BLOB_UNKNOWN") : send(blob, {});
  }
  const manifest = store?.tags.get(reference) ?? store?.manifests.get(reference);
  // The real one denies what it could not send in a type that was asked for.
  if (manifest === undefined || !accepts(request, manifest.mediaType)) return refuse(404, "MANIFEST_UNKNOWN");
  return send(manifest, state.fault?.kind === "no-digest" ? {} : { "docker-content-digest": manifest.digest });
}

function listTags(
  state: RegistryState,
  url: URL,
  { repository, store }: { readonly repository: string; readonly store: Repository | undefined },
): HttpAnswer {
  if (store === undefined) return refuse(404, "NAME_UNKNOWN");
  const names = [...store.tags.keys()].sort();
  const rest = names.filter((name) => name > (url.searchParams.get("last") ?? ""));
  const page = rest.slice(0, state.options.pageSize ?? rest.length);
  if (page.length === rest.length) return sendJson({ name: repository, tags: page });
  const next = new URLSearchParams({ last: page.at(-1) ?? "", n: String(page.length) });
  return sendJson({ name: repository, tags: page }, { link: `</v2/${repository}/tags/list?${next}>; rel="next"` });
}

function unlessUnchanged(
  answer: HttpAnswer,
  { state, request }: { readonly state: RegistryState; readonly request: IncomingMessage },
): HttpAnswer {
  if (state.options.etags === undefined || answer.status !== 200) return answer;
  const etag = `"${createHash("sha256").update(answer.body).digest("hex").slice(0, 16)}"`;
  if (request.headers["if-none-match"] === etag) return { status: 304, headers: { etag }, body: Buffer.alloc(0) };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function isAllowed(state: RegistryState, { headers }: IncomingMessage, repository: string): boolean {
  const { auth = "none" } = state.options;
  if (auth === "none") return true;
  if (auth === "basic") return headers.authorization === basic(state);
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  const scope = token === undefined ? undefined : state.tokens.get(token);
  return scope !== undefined && (repository === "" || scope === `repository:${repository}:pull`);
}

function challenge(state: RegistryState, repository: string): HttpAnswer {
  const scope = repository === "" ? "" : `,scope="repository:${repository}:pull"`;
  const bearer = `Bearer realm="http://${state.host}/token",service="test-registry"${scope}`;
  const header = state.options.auth === "basic" ? 'Basic realm="test"' : bearer;
  const refusal = refuse(401, "UNAUTHORIZED");
  return { ...refusal, headers: { ...refusal.headers, "www-authenticate": header } };
}

function answerToken(state: RegistryState, url: URL, { headers }: IncomingMessage): HttpAnswer {
  const { authorization } = headers;
  const isKnown = authorization === undefined ? state.options.anonymous === true : authorization === basic(state);
  if (!isKnown) return refuse(401, "UNAUTHORIZED");
  const token = randomUUID();
  state.tokens.set(token, url.searchParams.get("scope") ?? "");
  return sendJson({ token, expires_in: 300, issued_at: new Date().toISOString() });
}

function basic({ username, password }: RegistryState): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function accepts({ headers }: IncomingMessage, mediaType: string): boolean {
  return (headers.accept ?? "").split(",").some((type) => type.split(";")[0]?.trim() === mediaType);
}

function send(object: StoredObject, headers: Readonly<Record<string, string>>): HttpAnswer {
  return { status: 200, headers: { "content-type": object.mediaType, ...headers }, body: object.bytes };
}

function sendJson(value: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body };
}

function refuse(status: number, code: string): HttpAnswer {
  return { ...sendJson({ errors: [{ code, message: code.toLowerCase().replaceAll("_", " ") }] }), status };
}
