// What the test registry answers to those who write: uploads in one piece, mounts, manifests whose parts have to be there.

import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type HttpAnswer, refuse } from "./http-answer.ts";
import { digestOf } from "./make-image.ts";
import { type RegistryState, type Repository, repositoryOf } from "./registry-state.ts";

export interface Write {
  readonly repository: string;
  readonly kind: string;
  /** A tag, a digest, or what stands behind `blobs/uploads/`. */
  readonly reference: string;
  readonly url: URL;
  readonly body: Buffer;
}

export function answerWrite(state: RegistryState, request: IncomingMessage, write: Write): HttpAnswer {
  if (write.kind === "manifests" && request.method === "PUT") return putManifest(state, request, write);
  if (write.kind === "uploads" && request.method === "POST") return beginUpload(state, request, write);
  if (write.kind === "uploads" && request.method === "PUT") return endUpload(state, write);
  return refuse(405, "UNSUPPORTED");
}

function beginUpload(state: RegistryState, { headers }: IncomingMessage, { repository, url }: Write): HttpAnswer {
  const [mount, from] = [url.searchParams.get("mount"), url.searchParams.get("from")];
  const blob = mount === null ? undefined : state.repositories.get(from ?? "")?.blobs.get(mount);
  if (blob !== undefined && mayRead(state, headers.authorization, from ?? "") && state.fault?.kind !== "no-mount") {
    repositoryOf(state, repository).blobs.set(blob.digest, blob);
    return created(`/v2/${repository}/blobs/${blob.digest}`, blob.digest);
  }
  const id = randomUUID();
  state.uploads.add(id);
  const { fault } = state;
  const location = fault?.kind === "upload-elsewhere" ? fault.to : `/v2/${repository}/blobs/uploads/${id}?_state=a%2Bb`;
  return { status: 202, headers: { location }, body: Buffer.alloc(0) };
}

function mayRead(state: RegistryState, authorization: string | undefined, repository: string): boolean {
  if (state.options.auth !== "token") return true;
  const scope = state.tokens.get(authorization?.slice("Bearer ".length) ?? "") ?? "";
  return scope.split(" ").includes(`repository:${repository}:pull`);
}

function endUpload(state: RegistryState, { repository, reference, url, body }: Write): HttpAnswer {
  const digest = url.searchParams.get("digest") ?? "";
  if (!state.uploads.delete(reference) || url.searchParams.get("_state") !== "a+b")
    return refuse(404, "BLOB_UPLOAD_UNKNOWN");
  if (digestOf(body) !== digest) return refuse(400, "DIGEST_INVALID");
  state.uploaded.push(`${repository}@${digest}`);
  repositoryOf(state, repository).blobs.set(digest, { digest, mediaType: "application/octet-stream", bytes: body });
  return created(`/v2/${repository}/blobs/${digest}`, digest);
}

function putManifest(
  state: RegistryState,
  { headers }: IncomingMessage,
  { repository, reference, body }: Write,
): HttpAnswer {
  const store = repositoryOf(state, repository);
  const digest = digestOf(body);
  const mediaType = headers["content-type"] ?? "";
  if (reference.startsWith("sha256:") && reference !== digest) return refuse(400, "DIGEST_INVALID");
  if (state.fault?.kind === "immutable" && store.tags.has(reference) === false) return refuse(409, "TAG_IMMUTABLE");
  if (!hasParts(JSON.parse(body.toString("utf8")), store)) return refuse(400, "MANIFEST_BLOB_UNKNOWN");
  const object = { digest, mediaType, bytes: body };
  store.manifests.set(digest, object);
  if (!reference.startsWith("sha256:")) {
    store.tags.set(reference, object);
    state.pushed.push({ repository, tag: reference, object });
  }
  return created(`/v2/${repository}/manifests/${digest}`, digest);
}

interface Named {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

function hasParts({ manifests = [], config, layers = [] }: Named, store: Repository): boolean {
  const blobs = [...(config === undefined ? [] : [config]), ...layers];
  return (
    manifests.every(({ digest }) => store.manifests.has(digest)) && blobs.every(({ digest }) => store.blobs.has(digest))
  );
}

function created(location: string, digest: string): HttpAnswer {
  return { status: 201, headers: { location, "docker-content-digest": digest }, body: Buffer.alloc(0) };
}
