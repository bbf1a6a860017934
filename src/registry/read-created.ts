// When an image says that it was built: an annotation of its index or manifest, else its configuration's own field.
// Says nothing about images whose build pretends to have no time; the planner then goes by when it first saw them.

import { isDigest } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { isImage } from "./read-children.ts";
import { type Json, readJsonBlob, readManifest } from "./read-manifest.ts";

const CREATED = "org.opencontainers.image.created";
const CONFIGURATIONS: readonly unknown[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const LARGEST_CONFIGURATION = 4 * 1024 * 1024;
/** Containers are younger; reproducible builds write 1970 or 1980 to say nothing. */
const EARLIEST = Date.UTC(2013, 0, 1);
/** A clock may be wrong by so much; a build that claims more would stay the newest for ever. */
const CLOCK_ERROR = 24 * 60 * 60_000;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
  readonly now: number;
}

/** Epoch milliseconds. One request for a manifest that says it, two for one that does not, three for an index. */
export async function readCreated(digest: string, reader: Reader): Promise<Seen<number | undefined>> {
  const top = await readManifest(digest, reader);
  if (top.kind === "unknown") return top;
  const said = readTime(annotation(top.value), reader.now);
  if (said !== undefined) return known(said);
  if (!Array.isArray(top.value.manifests)) return createdOfManifest(top.value, reader);
  const child = chooseChild(top.value.manifests);
  if (child === undefined) return known(undefined);
  const manifest = await readManifest(child, reader);
  if (manifest.kind === "unknown") return manifest;
  return createdOfManifest(manifest.value, reader);
}

async function createdOfManifest(manifest: Json, reader: Reader): Promise<Seen<number | undefined>> {
  const said = readTime(annotation(manifest), reader.now);
  const { config } = manifest;
  if (said !== undefined || !isRecord(config) || !CONFIGURATIONS.includes(config.mediaType)) return known(said);
  const { digest, size } = config;
  if (typeof digest !== "string" || !isDigest(digest)) return known(undefined);
  if (typeof size === "number" && size > LARGEST_CONFIGURATION) {
    return unknown(`the configuration of an image at ${reader.access.host} is too large to read`);
  }
  const configuration = await readJsonBlob(digest, reader);
  return configuration.kind === "unknown" ? configuration : known(readTime(configuration.value.created, reader.now));
}

function annotation(manifest: Json): unknown {
  return isRecord(manifest.annotations) ? manifest.annotations[CREATED] : undefined;
}

/** All platforms of one build are of one time; linux/amd64 where there is one. */
function chooseChild(children: readonly unknown[]): string | undefined {
  const images = children.filter(isRecord).filter(isImage);
  const usual = images.find(
    ({ platform }) => isRecord(platform) && platform.os === "linux" && platform.architecture === "amd64",
  );
  const digest = (usual ?? images[0])?.digest;
  return typeof digest === "string" && isDigest(digest) ? digest : undefined;
}

function readTime(value: unknown, now: number): number | undefined {
  if (typeof value !== "string" || value.length > 64 || !RFC3339.test(value)) return undefined;
  const at = Date.parse(value.replace(" ", "T"));
  return at >= EARLIEST && at <= now + CLOCK_ERROR ? at : undefined;
}
