// The configuration of a single image: what it says of its platform, its time and its labels. What is no image (a chart, a
// signature) has none.

import { isDigest } from "../domain/image-name.ts";
import { type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { type Json, readJsonBlob } from "./read-manifest.ts";

const CONFIGURATIONS: readonly unknown[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const LARGEST_CONFIGURATION = 4 * 1024 * 1024;

/** `config` as a manifest names it. One request; `undefined`, and none, where that names no image's configuration. */
export async function readConfiguration(
  config: unknown,
  reader: { readonly client: OciClient; readonly access: Access },
): Promise<Seen<Json> | undefined> {
  if (!isRecord(config) || !CONFIGURATIONS.includes(config.mediaType)) return undefined;
  const { digest, size } = config;
  if (typeof digest !== "string" || !isDigest(digest)) return undefined;
  if (typeof size === "number" && size > LARGEST_CONFIGURATION) {
    return unknown(`the configuration of an image at ${reader.access.host} is too large to read`);
  }
  return readJsonBlob(digest, reader);
}
