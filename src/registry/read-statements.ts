// What an image says of itself, the most trustworthy first: annotations of its index, annotations of a manifest, then
// the labels of its configuration, which may have come with the image that it is built upon. One request for each, made
// only when somebody wants to hear more; which of it counts is decided by who asks.

import { isDigest } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { isImage } from "./read-children.ts";
import { type Json, readJsonBlob, readManifest } from "./read-manifest.ts";

export interface Statement {
  /** Annotations or labels. */
  readonly says: Json;
  /** The field of a configuration that says when it was made. */
  readonly created?: unknown;
}

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

const CONFIGURATIONS: readonly unknown[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const LARGEST_CONFIGURATION = 4 * 1024 * 1024;

/** At most three. Something that cannot be read is the last. */
export async function* readStatements(digest: string, reader: Reader): AsyncGenerator<Seen<Statement>> {
  let read = await readManifest(digest, reader);
  if (read.kind === "known" && Array.isArray(read.value.manifests)) {
    yield known({ says: recordOf(read.value.annotations) });
    const child = chooseChild(read.value.manifests);
    if (child === undefined) return;
    read = await readManifest(child, reader);
  }
  if (read.kind === "unknown") {
    yield read;
    return;
  }
  yield known({ says: recordOf(read.value.annotations) });
  const configuration = await readConfiguration(read.value.config, reader);
  if (configuration !== undefined) yield configuration;
}

async function readConfiguration(config: unknown, reader: Reader): Promise<Seen<Statement> | undefined> {
  if (!isRecord(config) || !CONFIGURATIONS.includes(config.mediaType)) return undefined;
  const { digest, size } = config;
  if (typeof digest !== "string" || !isDigest(digest)) return undefined;
  if (typeof size === "number" && size > LARGEST_CONFIGURATION) {
    return unknown(`the configuration of an image at ${reader.access.host} is too large to read`);
  }
  const read = await readJsonBlob(digest, reader);
  if (read.kind === "unknown") return read;
  const { config: settings, created } = read.value;
  return known({ says: recordOf(recordOf(settings).Labels), created });
}

function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

/** All platforms of one build are of one time and one commit; linux/amd64 where there is one. */
function chooseChild(children: readonly unknown[]): string | undefined {
  const images = children.filter(isRecord).filter(isImage);
  const usual = images.find(
    ({ platform }) => isRecord(platform) && platform.os === "linux" && platform.architecture === "amd64",
  );
  const digest = (usual ?? images[0])?.digest;
  return typeof digest === "string" && isDigest(digest) ? digest : undefined;
}
