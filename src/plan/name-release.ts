// Finds how an environment names a release that is known by its digests: its registry may be another one, and its tag
// rule may want another tag. The digest that was proven is the digest that is promoted; a name that points elsewhere
// is a failed gate, a missing name is a wait that says how to make one.

import type { GateResult } from "../domain/gate.ts";
import { hasTags } from "../domain/image-state.ts";
import type { Observed } from "../domain/observed.ts";
import type { Environment, ImageAlias, Pipeline } from "../domain/pipeline.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { type Answer, allAnswers, answer, noAnswer } from "./answer.ts";
import { matchTag } from "./tag-pattern.ts";
import { code, shortDigest } from "./wording.ts";

export interface NamedRelease {
  /** The pipeline's images with this environment's tags and the proven digests. */
  readonly release: Release;
  /** Set where a name exists and points to another digest. */
  readonly moved?: GateResult;
}

interface NamingContext {
  readonly observed: Observed;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
}

export function nameReleaseFor(release: Release, context: NamingContext): Answer<NamedRelease> {
  const named = allAnswers(release.versions.map((version) => nameVersionFor(version, context)));
  if (named.kind === "unknown") return named;
  const moved = named.value.find((each) => each.moved)?.moved;
  return answer({ release: releaseOf(named.value.map(({ version }) => version)), ...(moved && { moved }) });
}

interface NamedVersion {
  readonly version: ImageVersion;
  readonly moved?: GateResult;
}

function nameVersionFor(version: ImageVersion, context: NamingContext): Answer<NamedVersion> {
  const alias = context.environment.images.find(({ as }) => as === version.image);
  if (!alias) return answer({ version });
  const state = context.observed.images[alias.image];
  if (state === undefined || !hasTags(state))
    return noAnswer(`the tags of ${code(alias.image)} have not been read yet`, [{ kind: "tags", image: alias.image }]);
  if (state.kind === "unknown") return noAnswer(`the tags of ${code(alias.image)} are not known: ${state.why}`);
  const tags = tagsFor(version, { alias, tags: state.value.tags, context });
  const digests = allAnswers(tags.map((tag) => digestOf(tag, { alias, digests: state.value.digests })));
  if (digests.kind === "unknown") return digests;
  const found = digests.value.find(({ digest }) => digest === version.digest);
  if (found) return answer({ version: { ...version, tag: found.tag } });
  const other = digests.value.find(({ digest }) => digest !== undefined);
  if (other) return answer({ version: { ...version, tag: other.tag }, moved: movedName(version, { alias, ...other }) });
  return noAnswer(whyNameless(version, alias));
}

/** The tags that would name this version here: those whose `version` group says what the version's own tag says. */
function tagsFor(
  version: ImageVersion,
  { alias, tags, context }: { alias: ImageAlias; tags: readonly string[]; context: NamingContext },
): readonly string[] {
  const pattern = alias.policy?.tags;
  if (pattern === undefined) return tags.includes(version.tag) ? [version.tag] : [];
  const own = context.pipeline.images.find(({ image }) => image === version.image)?.policy.tags;
  const said = own === undefined ? version.tag : (matchTag(own, version.tag)?.version ?? version.tag);
  const ignored = (tag: string) => (alias.policy?.ignore ?? []).some((ignore) => matchTag(ignore, tag) !== undefined);
  const matching = tags.filter((tag) => matchTag(pattern, tag)?.version === said && !ignored(tag));
  return matching.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, 3);
}

function digestOf(
  tag: string,
  {
    alias,
    digests,
  }: {
    alias: ImageAlias;
    digests: Readonly<Record<string, { kind: "known"; value: string | undefined } | { kind: "unknown"; why: string }>>;
  },
): Answer<{ readonly tag: string; readonly digest: string | undefined }> {
  const found = digests[tag];
  if (found === undefined) {
    return noAnswer(`the digest of ${code(`${alias.image}:${tag}`)} has not been read yet`, [
      { kind: "digest", image: alias.image, tag },
    ]);
  }
  if (found.kind === "unknown")
    return noAnswer(`the digest of ${code(`${alias.image}:${tag}`)} is not known: ${found.why}`);
  return answer({ tag, digest: found.value });
}

function movedName(
  version: ImageVersion,
  name: { alias: ImageAlias; tag: string; digest: string | undefined },
): GateResult {
  const { alias, tag, digest } = name;
  return {
    name: "same digest",
    state: "failed",
    reason: `${code(`${alias.image}:${tag}`)} is ${code(shortDigest(digest ?? ""))}, but ${code(shortDigest(version.digest))} is what was proven as ${code(version.tag)}`,
  };
}

function whyNameless(version: ImageVersion, alias: ImageAlias): string {
  const rule =
    alias.policy?.tags === undefined
      ? `no tag ${code(version.tag)}`
      : `no tag that matches ${code(alias.policy.tags)} for ${code(version.tag)}`;
  const source = `docker://${version.image}@${version.digest}`;
  const target = `docker://${alias.image}:${version.tag}`;
  const cure = `skopeo copy --all --preserve-digests ${source} ${target}`;
  return `${code(alias.image)} has ${rule}; ${alias.policy?.tags === undefined ? "copy it" : "copy it, under a tag that matches"}: ${code(cure)}`;
}
