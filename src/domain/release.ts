// Versions and releases. A version is a digest with the tag that names it in one place; a release is the versions of
// all images of one pipeline, which move together. The digest is the identity: two releases are the same when their
// digests are, whatever the tags say.

/** One image at one version. */
export interface ImageVersion {
  /** The pipeline's name for the image, normalised. An environment that uses another registry says so with `as`. */
  readonly image: string;
  readonly tag: string;
  /** `sha256:<64 hex>` of the manifest or index that the tag names. */
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

/** `1.8.0`; with several images and several tags `web 1.8.0, worker 2.1.0`. */
export function describeRelease(release: Release): string {
  const tags = new Set(release.versions.map(({ tag }) => tag));
  if (tags.size === 1) return [...tags][0] ?? "";
  return release.versions.map(({ image, tag }) => `${image.slice(image.lastIndexOf("/") + 1)} ${tag}`).join(", ");
}
