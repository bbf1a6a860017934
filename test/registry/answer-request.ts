// What the test registry answers to one request, as the distribution project's registry does.

import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { answerWrite } from "./answer-write.ts";
import { type HttpAnswer, refuse, sendJson } from "./http-answer.ts";
import { descriptor, type StoredObject } from "./make-image.ts";
import type { RegistryState, Repository } from "./registry-state.ts";

/** Addresses of a repository; the second part of those of an upload is its id. */
const ADDRESS = /^\/v2\/(?:(.+?)\/(?:blobs\/(uploads)\/([^/]*)|(manifests|blobs|tags|referrers)\/([^/]+)))?$/;

export function answerRequest(state: RegistryState, request: IncomingMessage, body: Buffer): HttpAnswer {
  const url = new URL(request.url ?? "/", `http://${state.host}`);
  if (url.pathname === "/token") return answerToken(state, url, request);
  const parts = ADDRESS.exec(url.pathname);
  if (parts === null) return refuse(404, "UNSUPPORTED");
  const [, repository = "", uploads, id, plain, name] = parts;
  const [kind, reference] = [uploads ?? plain, id ?? name ?? ""];
  if (!isAllowed(state, request, repository)) return challenge(state, repository);
  if (kind === undefined) return sendJson({});
  if (isWrite(request)) return answerWrite(state, request, { repository, kind, reference, url, body });
  const store = state.repositories.get(repository);
  if (kind === "tags") return unlessUnchanged(listTags(state, url, { repository, store }), { state, request });
  if (kind === "referrers") return listReferrers(state, { store, digest: reference });
  if (kind === "blobs") {
    const blob = store?.blobs.get(reference);
    if (blob === undefined) return refuse(404, "BLOB_UNKNOWN");
    return send(state.fault?.kind === "other-bytes" ? { ...blob, bytes: damaged(blob.bytes) } : blob, {});
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

/** Older registries have no such list, and GitHub's sends to a page for people. */
function listReferrers(
  { options }: RegistryState,
  { store, digest }: { readonly store: Repository | undefined; readonly digest: string },
): HttpAnswer {
  if (options.referrers === "page")
    return { ...refuse(303, "UNSUPPORTED"), headers: { location: "https://127.0.0.1:1/" } };
  if (options.referrers !== "list") return refuse(404, "UNSUPPORTED");
  const manifests = [...(store?.manifests.values() ?? [])].flatMap((manifest) => {
    const { subject, artifactType } = JSON.parse(manifest.bytes.toString("utf8")) as {
      readonly subject?: { readonly digest: string };
      readonly artifactType?: string;
    };
    return subject?.digest === digest ? [{ ...descriptor(manifest), artifactType }] : [];
  });
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return { ...sendJson({ schemaVersion: 2, mediaType, manifests }), headers: { "content-type": mediaType } };
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

function isWrite({ method }: IncomingMessage): boolean {
  return method !== "GET" && method !== "HEAD";
}

function damaged(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte)));
}

function isAllowed(state: RegistryState, request: IncomingMessage, repository: string): boolean {
  const { auth = "none", pusher } = state.options;
  const { authorization = "" } = request.headers;
  if (auth === "none") return true;
  const isPusher = pusher !== undefined && authorization === basic(pusher);
  if (auth === "basic")
    return isPusher || (authorization === basic(state) && (pusher === undefined || !isWrite(request)));
  const scope = state.tokens.get(authorization.replace(/^Bearer /, ""));
  if (scope === undefined || repository === "") return scope !== undefined;
  const good = [`repository:${repository}:pull,push`, ...(isWrite(request) ? [] : [`repository:${repository}:pull`])];
  return scope.split(" ").some((each) => good.includes(each));
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
  const { anonymous, pusher } = state.options;
  const scopes = url.searchParams.getAll("scope");
  const isPusher = pusher !== undefined && authorization === basic(pusher);
  const isReader = authorization === undefined ? anonymous === true : authorization === basic(state);
  const writes = scopes.some((scope) => scope.endsWith(",push"));
  if (!isPusher && (!isReader || (writes && pusher !== undefined))) return refuse(401, "UNAUTHORIZED");
  const token = randomUUID();
  state.tokens.set(token, scopes.join(" "));
  return sendJson({ token, expires_in: 300, issued_at: new Date().toISOString() });
}

function basic({ username, password }: Pick<RegistryState, "username" | "password">): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function accepts({ headers }: IncomingMessage, mediaType: string): boolean {
  return (headers.accept ?? "").split(",").some((type) => type.split(";")[0]?.trim() === mediaType);
}

function send(object: StoredObject, headers: Readonly<Record<string, string>>): HttpAnswer {
  return { status: 200, headers: { "content-type": object.mediaType, ...headers }, body: object.bytes };
}
