// Manifests and blobs by digest, and tags by name. The bytes decide: what does not hash to its digest is not read, and
// a page that is no manifest is not taken for one. Which child or label matters is decided elsewhere.

import { createHash } from "node:crypto";
import { isDigest, isTag } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { errorCodes, explainStatus, type OciClient } from "./oci-client.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import type { Reply } from "./send-request.ts";

export type Json = Readonly<Record<string, unknown>>;

/** All four: asked for fewer, registries convert the manifest or deny that the tag exists. */
const MANIFEST_TYPES: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
export const ACCEPT_MANIFEST = MANIFEST_TYPES.join(", ");

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

/** The digest that the tag names, `undefined` when the registry says that there is no such tag. One request, at most two. */
export async function resolveDigest(tag: string, { client, access }: Reader): Promise<Seen<string | undefined>> {
  if (!isTag(tag)) return unknown(`\`${tag.slice(0, 80)}\` is not a tag`);
  const question = { access, at: `manifests/${tag}`, accept: ACCEPT_MANIFEST };
  const head = await client.ask({ ...question, method: "HEAD" });
  if (head.kind === "unknown") return head;
  if (head.status === 200) {
    const digest = head.headers.get("docker-content-digest") ?? "";
    if (isDigest(digest) && isManifestType(head)) return known(digest);
  } else if (![404, 405, 501].includes(head.status)) {
    return explainStatus(head, access);
  }
  // A HEAD has no body to say what is missing, and older registries answer it without a digest.
  const get = await client.ask({ ...question, method: "GET" });
  if (get.kind === "unknown") return get;
  if (get.status === 404 && errorCodes(get).includes("MANIFEST_UNKNOWN")) return known(undefined);
  if (get.status !== 200) return explainStatus(get, access);
  return digestOfManifest(get, access);
}

function digestOfManifest(reply: Reply, access: Access): Seen<string> {
  if (!isManifestType(reply) || manifestIn(reply.body) === undefined) {
    return unknown(`${access.host} answered something else than an image manifest`);
  }
  const digest = sha256(reply.body);
  const named = reply.headers.get("docker-content-digest") ?? digest;
  if (isDigest(named) && named !== digest) return unknown(`${access.host} sent bytes that are not those of ${named}`);
  return known(digest);
}

export async function readManifest(digest: string, { client, access }: Reader): Promise<Seen<Json>> {
  const read = await readByDigest(digest, { client, access, kind: "manifests", accept: ACCEPT_MANIFEST });
  if (read.kind === "unknown") return read;
  const manifest = manifestIn(read.value);
  return manifest === undefined ? unknown(`${digest} at ${access.host} is not an image manifest`) : known(manifest);
}

/** A small blob as it is. */
export function readBlob(digest: string, reader: Reader): Promise<Seen<Uint8Array>> {
  return readByDigest(digest, { ...reader, kind: "blobs", accept: "application/json, */*" });
}

/** A small JSON blob, as an image's configuration. */
export async function readJsonBlob(digest: string, { client, access }: Reader): Promise<Seen<Json>> {
  const read = await readBlob(digest, { client, access });
  if (read.kind === "unknown") return read;
  const value = parseJson(read.value);
  return isRecord(value) ? known(value) : unknown(`${digest} at ${access.host} is not a JSON object`);
}

async function readByDigest(
  digest: string,
  { client, access, kind, accept }: Reader & { readonly kind: "manifests" | "blobs"; readonly accept: string },
): Promise<Seen<Uint8Array>> {
  if (!isDigest(digest)) return unknown(`\`${digest.slice(0, 80)}\` is not a digest`);
  const reply = await client.ask({ access, method: "GET", at: `${kind}/${digest}`, accept });
  if (reply.kind === "unknown") return reply;
  if (reply.status !== 200) return explainStatus(reply, access);
  if (sha256(reply.body) !== digest) return unknown(`${access.host} sent bytes that are not those of ${digest}`);
  return known(reply.body);
}

export function isManifestType(reply: Pick<Reply, "headers">): boolean {
  const type = reply.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return type !== undefined && MANIFEST_TYPES.includes(type);
}

export function manifestIn(body: Uint8Array): Json | undefined {
  const value = parseJson(body);
  return isRecord(value) && value.schemaVersion === 2 ? value : undefined;
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
