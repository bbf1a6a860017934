// Finds the release that a person means by a version: one that the pipeline has seen, or else what the registry has under
// that tag. The digest is the identity: a tag that has meant several digests is not guessed at.

import { isIdentityStart, isVersionName, meansIdentity } from "../domain/identity.ts";
import { digestOfTag } from "../domain/image-state.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import { environmentKey, type Pipeline } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { describeRelease, type ImageVersion, type Release, releaseOf, sameRelease } from "../domain/release.ts";
import { code, shortDigest } from "./wording.ts";

export type FoundRelease =
  | { readonly kind: "found"; readonly release: Release }
  /** One sentence without a full stop. */
  | { readonly kind: "missing"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string; readonly needs: readonly Need[] };

interface Seeing {
  readonly pipeline: Pipeline;
  readonly observed: Observed;
  readonly ledger: Ledger;
}

export function findRelease(version: string, seeing: Seeing): FoundRelease {
  const known = releasesSeen(seeing).filter((release) => isMeant(release, version));
  const [first, ...others] = known;
  const other = first && others.find((release) => !sameRelease(release, first));
  if (other) {
    const digests = [first, other].flatMap(({ versions }) => versions.map(({ digest }) => code(shortDigest(digest))));
    return {
      kind: "missing",
      why: `${code(version)} has meant more than one digest here (${digests.slice(0, 4).join(", ")}), so the digest has to be written`,
    };
  }
  if (first) return { kind: "found", release: first };
  if (isIdentityStart(version))
    return { kind: "missing", why: `${code(shortDigest(version))} was never seen in ${code(seeing.pipeline.name)}` };
  if (!isVersionName(version)) return { kind: "missing", why: `${code(version)} cannot be a version` };
  return inRegistry(version, seeing);
}

/** Releases that stood or are proposed somewhere in the pipeline. */
export function releasesSeen({ pipeline, observed, ledger }: Seeing): readonly Release[] {
  const keys = pipeline.environments.map((each) => environmentKey(pipeline, each));
  return [
    ...keys.flatMap((key) => ledger.environments[key]?.reached ?? []).map(({ release }) => release),
    ...keys.flatMap((key) => ledger.environments[key]?.declined ?? []).map(({ release }) => release),
    ...keys.flatMap((key) => ledger.environments[key]?.rolledBack ?? []).map(({ release }) => release),
    ...keys.flatMap((key) => ledger.environments[key]?.requested?.release ?? []),
    ...observed.promotions.flatMap(({ key, head }) => (keys.includes(key) ? (head.release ?? []) : [])),
  ];
}

function isMeant(release: Release, version: string): boolean {
  if (release.versions.some(({ digest }) => meansIdentity(version, digest))) return true;
  return describeRelease(release) === version || release.versions.every(({ tag }) => tag === version);
}

function inRegistry(tag: string, { pipeline, observed }: Seeing): FoundRelease {
  const versions: ImageVersion[] = [];
  const needs: Need[] = [];
  for (const { image } of pipeline.images) {
    const state = observed.images[image];
    if (state?.kind === "unknown")
      return { kind: "unknown", why: `${code(image)} could not be read: ${state.why}`, needs: [] };
    const digest = state && digestOfTag(state.value, tag);
    if (digest === undefined) needs.push({ kind: "digest", image, tag });
    else if (digest.kind === "unknown")
      return { kind: "unknown", why: `${code(`${image}:${tag}`)} could not be read: ${digest.why}`, needs: [] };
    else if (digest.value === undefined) return { kind: "missing", why: `${code(image)} has no tag ${code(tag)}` };
    else versions.push({ image, tag, digest: digest.value });
  }
  if (needs.length > 0) return { kind: "unknown", why: `${code(tag)} has not been looked up yet`, needs };
  return { kind: "found", release: releaseOf(versions) };
}
