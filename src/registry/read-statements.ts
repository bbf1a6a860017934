// What an image says of itself, the most trustworthy first: annotations of its index, annotations of a manifest, then
// the labels of its configuration, which may have come with the image that it is built upon. One request for each, made
// only when somebody wants to hear more; which of it counts is decided by who asks.

import { isDigest } from "../domain/image-name.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { isImage } from "./read-children.ts";
import { readConfiguration } from "./read-configuration.ts";
import { type Json, readManifest } from "./read-manifest.ts";

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
  if (configuration === undefined) return;
  yield configuration.kind === "unknown" ? configuration : known(statementOf(configuration.value));
}

function statementOf({ config, created }: Json): Statement {
  return { says: recordOf(recordOf(config).Labels), created };
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
