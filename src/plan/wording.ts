// How the planner's sentences name things. Whatever came from outside (tags, paths, branches, logins) stands in
// backticks, so that the renderer can tell our words from theirs.

import { shortIdentity } from "../domain/identity.ts";
import { describeRelease, describeVersion, type Release } from "../domain/release.ts";

export function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

export function nameRelease(release: Release): string {
  return code(describeRelease(release));
}

export function nameVersion(version: {
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}): string {
  const { tag, digest } = version;
  if (tag !== undefined) return code(digest === undefined ? tag : describeVersion({ tag, digest }));
  return digest === undefined ? "an unreadable version" : code(shortDigest(digest));
}

export function shortDigest(digest: string): string {
  return shortIdentity(digest);
}

export function shortCommit(oid: string): string {
  return code(oid.slice(0, 7));
}

/** `2026-11-21 16:00 UTC` */
export function nameTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
