// Form "remote": `https://github.com/acme/web//deploy?ref=v1.2.3` among the resources or components of a Kustomization.
// Only the value of `ref` changes; what else the address asks for stays.

import { isTagName, readGitAddress } from "../domain/git-source.ts";
import { commitOf } from "../domain/identity.ts";
import type { Place } from "../domain/place.ts";
import { isKustomization } from "./find-kustomize-images.ts";
import { describePlace, type Finder, type FoundPlace, type VersionReading } from "./found-place.ts";
import { childOf, type Outline } from "./outline.ts";
import { followsByItself, readRevision } from "./read-revision.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";

const LISTS = ["resources", "components", "bases"] as const;
/** Kustomize knows both words. */
const REFERENCE = /[?&](?:ref|version)=([^&#]*)/g;
/** What may stand in an address without meaning anything to YAML. */
const PLAIN_ADDRESS = /^[A-Za-z0-9._~:/?@&=%+-]+$/;

export function findRemoteResources(outline: Outline, finder: Finder): readonly FoundPlace[] {
  if (!isKustomization(outline, finder)) return [];
  return LISTS.flatMap((list) => childOf(outline.root, list)?.children ?? []).flatMap((entry) => {
    const reading = readScalar(entry, { outline, lines: finder.lines });
    const address = reading && readGitAddress(reading.text);
    if (!reading || !address || !finder.wanted.has(address.source)) return [];
    const version = readRemote(reading);
    return [describePlace(finder, { outline, entry, form: "remote", image: address.source, version })];
  });
}

function readRemote(reading: ScalarReading): VersionReading {
  const { text, offset } = reading;
  const [found, ...more] = [...text.matchAll(REFERENCE)];
  if (!found) return followsByItself("Without `?ref=` it follows the default branch", offset);
  if (more.length > 0 || !PLAIN_ADDRESS.test(text)) {
    return {
      slots: [],
      offset,
      refusal: "The address cannot be read without doubt. Write one `ref` and no spaces or quotes.",
    };
  }
  const { scalar, ...revision } = reading;
  const version = readRevision({ ...revision, text: decode(found[1] ?? "") });
  if (version.refusal !== undefined || !scalar) return version;
  return { ...version, slots: [{ holds: "remote", scalar }] };
}

/** The address with another revision. A place that pins a commit keeps pinning one. */
export function withReference(
  text: string,
  { place, tag, digest }: { readonly place: Pick<Place, "digest">; readonly tag: string; readonly digest: string },
): string {
  const revision = place.digest === undefined ? tag : (commitOf(digest) ?? "");
  return text.replace(REFERENCE, (whole: string, before: string) => {
    const full = decode(before).startsWith("refs/tags/") && isTagName(revision) ? `refs/tags/${revision}` : revision;
    return whole.slice(0, whole.length - before.length) + encodeURIComponent(full).replaceAll("%2F", "/");
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
