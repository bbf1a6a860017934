// What identifies a version wherever it is remembered: the digest of an image, or the commit of a Git repository, written
// `commit:<40 hexadecimal digits>`. It stands wherever a digest stands; only registries know digests alone.

import { isRevisionName, parseGitSource } from "./git-source.ts";
import { isDigest, isDigestStart, isTag, parseImageReference } from "./image-name.ts";

const COMMIT = /^commit:[0-9a-f]{40}$/;
const COMMIT_START = /^commit:[0-9a-f]{7,40}$/;
const BARE_COMMIT = /^[0-9a-f]{7,40}$/;

export function isIdentity(text: string): boolean {
  return isDigest(text) || COMMIT.test(text);
}

/** The identity that this commit is; it has to be whole. */
export function identityOf(commit: string): string {
  return `commit:${commit}`;
}

/** The commit that an identity names; `undefined` for the digest of an image. */
export function commitOf(identity: string): string | undefined {
  return COMMIT.test(identity) ? identity.slice("commit:".length) : undefined;
}

/** An identity, or the beginning of one that is long enough to mean it. */
export function isIdentityStart(text: string): boolean {
  return isDigestStart(text) || COMMIT_START.test(text);
}

/** Whether somebody who writes this means that identity: its beginning, or that of the commit alone. */
export function meansIdentity(written: string, identity: string): boolean {
  if (isIdentityStart(written)) return identity.startsWith(written);
  return BARE_COMMIT.test(written) && identity.startsWith(identityOf(written));
}

/** As people read it: `sha256:` with twelve digits, or `commit 3f2a1c9`. */
export function shortIdentity(identity: string): string {
  const commit = commitOf(identity);
  if (commit !== undefined) return `commit ${commit.slice(0, 7)}`;
  return identity.slice(0, "sha256:".length + 12);
}

/** A tag of an image or of a Git repository, or a branch as `heads/main`. */
export function isVersionName(text: string): boolean {
  return isTag(text) || isRevisionName(text);
}

export interface VersionReference {
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** `ghcr.io/acme/web:1.8.0@sha256:…` or `git:github.com/acme/web:v1.8.0@commit:…`, tag or identity left out or not. */
export function parseVersionReference(text: string): VersionReference | undefined {
  if (!text.startsWith("git:")) return parseImageReference(text);
  const [, image = "", tag, digest] =
    /^(git:[^/]+\/[^/]+\/[^/:@]+)(?::(.+?))?(?:@(commit:[0-9a-f]{40}))?$/.exec(text) ?? [];
  if (parseGitSource(image) === undefined || (tag !== undefined && !isRevisionName(tag))) return undefined;
  return { image, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
