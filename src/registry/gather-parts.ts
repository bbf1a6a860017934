// Finds everything that a digest is made of: its manifest, those that an index lists (nested ones and attestations, too,
// or the digest would not stay), and the blobs that they name. Reads manifests only, counts before anything is sent.

import { isDigest } from "../domain/image-name.ts";
import { type Unknown, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { explainStatus, type OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { ACCEPT_MANIFEST, isManifestType, type Json, manifestIn, sha256 } from "./read-manifest.ts";

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface BlobReference {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface Parts {
  readonly kind: "parts";
  /** What others need comes before them; the named one is the last. */
  readonly manifests: readonly StoredManifest[];
  readonly blobs: readonly BlobReference[];
}

/** It is not what can be copied; a clause. */
export interface NotCopied {
  readonly kind: "refused";
  readonly why: string;
}

export interface PartsReader {
  readonly client: OciClient;
  readonly access: Access;
}

const MOST_MANIFESTS = 500;
const MOST_BLOBS = 5_000;
const MOST_DEPTH = 4;
/** Layers that a licence keeps where their `urls` say; registries take a manifest without them. */
const KEPT_ELSEWHERE = /foreign|nondistributable/;

export async function gatherParts(digest: string, reader: PartsReader): Promise<Parts | NotCopied | Unknown> {
  const manifests = new Map<string, StoredManifest>();
  const blobs = new Map<string, BlobReference>();
  const visit = async (next: string, depth: number): Promise<NotCopied | Unknown | undefined> => {
    if (manifests.has(next)) return undefined;
    if (depth > MOST_DEPTH) return refused(`${digest} lists indexes in more than ${MOST_DEPTH} depths`);
    const stored = await readStored(next, reader);
    if (stored.kind !== "stored") return stored;
    const named = namedBy(stored.content);
    if (named === undefined) return refused(`${next} names parts without a digest and a size`);
    for (const child of named.manifests) {
      const setback = await visit(child, depth + 1);
      if (setback !== undefined) return setback;
    }
    for (const blob of named.blobs) blobs.set(blob.digest, blob);
    manifests.set(next, stored.manifest);
    if (manifests.size > MOST_MANIFESTS) return refused(`${digest} is made of more than ${MOST_MANIFESTS} manifests`);
    return blobs.size > MOST_BLOBS ? refused(`${digest} is made of more than ${MOST_BLOBS} blobs`) : undefined;
  };
  const setback = await visit(digest, 1);
  return setback ?? { kind: "parts", manifests: [...manifests.values()], blobs: [...blobs.values()] };
}

function refused(why: string): NotCopied {
  return { kind: "refused", why };
}

interface Stored {
  readonly kind: "stored";
  readonly manifest: StoredManifest;
  readonly content: Json;
}

/** The manifest with its bytes and the type under which it is stored: both go on as they are. */
export async function readStored(
  digest: string,
  { client, access }: PartsReader,
): Promise<Stored | NotCopied | Unknown> {
  if (!isDigest(digest)) return refused(`\`${digest.slice(0, 80)}\` is not a digest`);
  const reply = await client.ask({ access, method: "GET", at: `manifests/${digest}`, accept: ACCEPT_MANIFEST });
  if (reply.kind === "unknown") return reply;
  if (reply.status === 404) return refused(`${access.host} has no ${digest} in ${access.repository}`);
  if (reply.status !== 200) return explainStatus(reply, access);
  if (sha256(reply.body) !== digest) return unknown(`${access.host} sent bytes that are not those of ${digest}`);
  const content = manifestIn(reply.body);
  const mediaType = reply.headers.get("content-type")?.split(";")[0]?.trim() ?? "";
  if (content === undefined || !isManifestType(reply)) return refused(`${digest} is not an image manifest`);
  if (content.mediaType !== undefined && content.mediaType !== mediaType) {
    return refused(`${access.host} gives ${digest} another type than it says of itself`);
  }
  return { kind: "stored", manifest: { digest, mediaType, bytes: reply.body }, content };
}

interface Named {
  readonly manifests: readonly string[];
  readonly blobs: readonly BlobReference[];
}

function namedBy({ manifests, config, layers }: Json): Named | undefined {
  if (manifests !== undefined) {
    const children = descriptorsIn(manifests)?.map(({ digest }) => digest);
    return children && { manifests: children, blobs: [] };
  }
  const blobs = descriptorsIn([config, ...(Array.isArray(layers) ? layers.filter(isKeptHere) : [])]);
  return blobs && { manifests: [], blobs };
}

function isKeptHere(layer: unknown): boolean {
  return !(
    isRecord(layer) &&
    Array.isArray(layer.urls) &&
    layer.urls.length > 0 &&
    KEPT_ELSEWHERE.test(String(layer.mediaType))
  );
}

function descriptorsIn(list: unknown): readonly BlobReference[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = list.map(descriptorIn).filter((each) => each !== undefined);
  return found.length === list.length ? found : undefined;
}

function descriptorIn(value: unknown): BlobReference | undefined {
  if (!isRecord(value)) return undefined;
  const { digest, size } = value;
  const isSize = typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
  return typeof digest === "string" && isDigest(digest) && isSize ? { digest, size } : undefined;
}
