// For which platforms there is an image behind a digest: what its index says of its manifests, or what the configuration
// of a single image says of itself. Whether that is enough is decided elsewhere.

import { isDigest } from "../domain/image-name.ts";
import { namePlatform } from "../domain/platform.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { isImage, MOST_CHILDREN } from "./read-children.ts";
import { readJsonBlob, readManifest } from "./read-manifest.ts";

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

const CONFIGURATIONS: readonly unknown[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** One request for an index, two for a single image. Empty for what is for no platform, as a chart. */
export async function readPlatforms(digest: string, reader: Reader): Promise<Seen<readonly string[]>> {
  const top = await readManifest(digest, reader);
  if (top.kind === "unknown") return top;
  const { manifests, config } = top.value;
  if (manifests === undefined) return platformOfImage(config, reader);
  if (!Array.isArray(manifests)) return unknown(`the index ${digest} at ${reader.access.host} lists nothing`);
  const images = manifests.filter(isRecord).filter(isImage);
  if (images.length > MOST_CHILDREN) {
    return unknown(`the index ${digest} at ${reader.access.host} lists more than ${MOST_CHILDREN} manifests`);
  }
  return known([...new Set(images.flatMap(({ platform }) => platformIn(platform)))].sort());
}

async function platformOfImage(config: unknown, reader: Reader): Promise<Seen<readonly string[]>> {
  if (!isRecord(config) || !CONFIGURATIONS.includes(config.mediaType)) return known([]);
  const { digest } = config;
  if (typeof digest !== "string" || !isDigest(digest)) return known([]);
  const configuration = await readJsonBlob(digest, reader);
  return configuration.kind === "unknown" ? configuration : known(platformIn(configuration.value));
}

/** None where it does not say. */
function platformIn(value: unknown): readonly string[] {
  if (!isRecord(value)) return [];
  const { os, architecture, variant } = value;
  if (typeof os !== "string" || typeof architecture !== "string") return [];
  const name = namePlatform({ os, architecture, ...(typeof variant === "string" && { variant }) });
  return name === undefined ? [] : [name];
}
