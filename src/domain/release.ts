// Versions and releases. A version is a digest with the tag that names it in one place; a release is the versions of
// all images of one pipeline, which move together. The digest is the identity: two releases are the same when their
// digests are, whatever the tags say. Of a Git repository the commit stands in the digest's place.

import { branchOfHead } from "./git-source.ts";
import { commitOf } from "./identity.ts";

/** One image at one version. */
export interface ImageVersion {
  /** The pipeline's name for the image, normalised. An environment that uses another registry says so with `as`. */
  readonly image: string;
  /** Of a Git repository the tag, or the branch as `heads/main`. */
  readonly tag: string;
  /** `sha256:<64 hex>` of the manifest or index that the tag names, or `commit:<40 hex>`. */
  readonly digest: string;
}

/** The versions that move together, one for each image of the pipeline, sorted by image. */
export interface Release {
  readonly versions: readonly ImageVersion[];
}

export function releaseOf(versions: readonly ImageVersion[]): Release {
  return { versions: [...versions].sort((a, b) => (a.image < b.image ? -1 : a.image > b.image ? 1 : 0)) };
}

/** What identifies a release wherever it is remembered. */
function releaseKey(release: Release): string {
  return release.versions.map(({ image, digest }) => `${image}@${digest}`).join(" ");
}

export function sameRelease(a: Release, b: Release): boolean {
  return releaseKey(a) === releaseKey(b);
}

export function versionOf(image: string, release: Release): ImageVersion | undefined {
  return release.versions.find((version) => version.image === image);
}

/** `1.8.0`; of a branch, whose name says nothing, with its commit: `main@3f2a1c9`. */
export function describeVersion({ tag, digest }: Pick<ImageVersion, "tag" | "digest">): string {
  const [branch, commit] = [branchOfHead(tag), commitOf(digest)];
  return branch === undefined || commit === undefined ? tag : `${branch}@${commit.slice(0, 7)}`;
}

/** `1.8.0`; with several images and several tags `web 1.8.0, worker 2.1.0`. */
export function describeRelease(release: Release): string {
  const names = new Set(release.versions.map(describeVersion));
  if (names.size === 1) return [...names][0] ?? "";
  return release.versions
    .map((version) => `${version.image.slice(version.image.lastIndexOf("/") + 1)} ${describeVersion(version)}`)
    .join(", ");
}
