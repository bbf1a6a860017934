// Which manifests an index holds: a cluster may name the one of its platform where Git names the index. What only
// attests a build (signatures, provenance) never runs and is left out.

import { isDigest } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { isRecord } from "./parse-json.ts";
import { type Json, readManifest } from "./read-manifest.ts";

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

/** No build has so many platforms. */
const MOST_CHILDREN = 200;

/** One request. Empty for a manifest that is no index. */
export async function readChildren(digest: string, reader: Reader): Promise<Seen<readonly string[]>> {
  const top = await readManifest(digest, reader);
  if (top.kind === "unknown") return top;
  const images = imagesIn(top.value, { digest, host: reader.access.host });
  if (images === undefined) return known([]);
  if (images.kind === "unknown") return images;
  const digests = images.value.map((child) => child.digest).filter((child) => typeof child === "string");
  return known([...new Set(digests.filter(isDigest))]);
}

/** What an index says of the images in it; `undefined` for a manifest that is no index. */
export function imagesIn(
  { manifests }: Json,
  { digest, host }: { readonly digest: string; readonly host: string },
): Seen<readonly Json[]> | undefined {
  if (manifests === undefined) return undefined;
  if (!Array.isArray(manifests)) return unknown(`the index ${digest} at ${host} lists nothing`);
  const images = manifests.filter(isRecord).filter(isImage);
  if (images.length > MOST_CHILDREN) {
    return unknown(`the index ${digest} at ${host} lists more than ${MOST_CHILDREN} manifests`);
  }
  return known(images);
}

/** Attestations are no platform. */
export function isImage({ platform, annotations }: Json): boolean {
  if (isRecord(annotations) && annotations["vnd.docker.reference.type"] !== undefined) return false;
  return !isRecord(platform) || platform.os !== "unknown";
}
