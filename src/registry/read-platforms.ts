// For which platforms there is an image behind a digest: what its index says of its manifests, or what the configuration
// of a single image says of itself. Whether that is enough is decided elsewhere.

import { namePlatform } from "../domain/platform.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { imagesIn } from "./read-children.ts";
import { readConfiguration } from "./read-configuration.ts";
import { readManifest } from "./read-manifest.ts";

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

/** One request for an index, two for a single image. Empty for what is for no platform, as a chart. */
export async function readPlatforms(digest: string, reader: Reader): Promise<Seen<readonly string[]>> {
  const top = await readManifest(digest, reader);
  if (top.kind === "unknown") return top;
  const images = imagesIn(top.value, { digest, host: reader.access.host });
  if (images?.kind === "unknown") return images;
  if (images) return known([...new Set(images.value.flatMap(({ platform }) => platformIn(platform)))].sort());
  const configuration = await readConfiguration(top.value.config, reader);
  if (configuration === undefined) return known([]);
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
