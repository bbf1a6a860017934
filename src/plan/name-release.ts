// Finds how an environment names a release that is known by its digests: its registry may be another one, and its tag
// rule may want another tag. The digest that was proven is the digest that is promoted; a name that points elsewhere
// is a failed gate, a missing name is a wait that says how to make one.

import type { GateResult } from "../domain/gate.ts";
import { branchOfHead, isGitSource } from "../domain/git-source.ts";
import { digestOfTag, hasTags, type ImageState } from "../domain/image-state.ts";
import type { Observed } from "../domain/observed.ts";
import type { Environment, ImageAlias, Pipeline } from "../domain/pipeline.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { type Answer, allAnswers, answer, noAnswer } from "./answer.ts";
import { capturesVersion, matchTag } from "./tag-pattern.ts";
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
  if (!alias) return isGitSource(version.image) ? nameRevision(version, context) : answer({ version });
  const state = context.observed.images[alias.image];
  if (state === undefined || !hasTags(state))
    return noAnswer(`the tags of ${code(alias.image)} have not been read yet`, [{ kind: "tags", image: alias.image }]);
  if (state.kind === "unknown") return noAnswer(`the tags of ${code(alias.image)} are not known: ${state.why}`);
  const { named, possible } = tagsFor(version, { alias, tags: state.value.tags, context });
  const read = (tags: readonly string[]) => allAnswers(tags.map((tag) => digestOf(tag, { alias, state: state.value })));
  const byWords = read(named);
  if (byWords.kind === "unknown") return byWords;
  const byDigest = byWords.value.some(({ digest }) => digest === version.digest)
    ? byWords
    : read(possible.slice(0, LOOKED_UP));
  if (byDigest.kind === "unknown") return byDigest;
  const found = [...byWords.value, ...byDigest.value].find(({ digest }) => digest === version.digest);
  if (found) return answer({ version: { ...version, tag: found.tag } });
  const other = byWords.value.find(({ digest }) => digest !== undefined);
  if (other) return answer({ version: { ...version, tag: other.tag }, moved: movedName(version, { alias, ...other }) });
  const { name } = context.environment;
  return noAnswer(whyNameless(version, { alias, left: possible.length - LOOKED_UP, environment: name }));
}

/** What a file pins may be the tag alone, and whoever may push to a Git repository may move it. */
function nameRevision(version: ImageVersion, { observed }: NamingContext): Answer<NamedVersion> {
  const { image, tag, digest } = version;
  if (branchOfHead(tag) !== undefined) return answer({ version });
  const state = observed.images[image];
  if (state === undefined || !hasTags(state))
    return noAnswer(`the tags of ${code(image)} have not been read yet`, [{ kind: "tags", image }]);
  if (state.kind === "unknown") return noAnswer(`the tags of ${code(image)} are not known: ${state.why}`);
  const now = digestOfTag(state.value, tag);
  const subject = `the commit of the tag ${code(tag)} of ${code(image)}`;
  if (now === undefined) return noAnswer(`${subject} has not been read yet`, [{ kind: "digest", image, tag }]);
  if (now.kind === "unknown") return noAnswer(`${subject} is not known: ${now.why}`);
  if (now.value === digest) return answer({ version });
  const is = now.value === undefined ? "is gone" : `is ${code(shortDigest(now.value))} now`;
  const reason = `the tag ${code(tag)} of ${code(image)} ${is}, but ${code(shortDigest(digest))} is what was proven`;
  return answer({ version, moved: { name: "same commit", state: "failed", reason } });
}

/** How many tags that do not say which version they are get looked up for one that points to the digest. */
const LOOKED_UP = 20;

/**
 * The tags that name this version here by their words: those whose `version` group says what the version's own tag says.
 * Where the rule has no such group, any tag that it allows may turn out to be one, the likeliest first.
 */
function tagsFor(
  version: ImageVersion,
  { alias, tags, context }: { alias: ImageAlias; tags: readonly string[]; context: NamingContext },
): { readonly named: readonly string[]; readonly possible: readonly string[] } {
  const pattern = alias.policy?.tags;
  const ignored = (tag: string) => (alias.policy?.ignore ?? []).some((ignore) => matchTag(ignore, tag) !== undefined);
  if (pattern === undefined) {
    return { named: tags.includes(version.tag) && !ignored(version.tag) ? [version.tag] : [], possible: [] };
  }
  const own = context.pipeline.images.find(({ image }) => image === version.image)?.policy.tags;
  const said = own === undefined ? version.tag : (matchTag(own, version.tag)?.version ?? version.tag);
  const allowed = tags.filter((tag) => matchTag(pattern, tag) !== undefined && !ignored(tag));
  const named = allowed.filter((tag) => matchTag(pattern, tag)?.version === said);
  named.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  if (capturesVersion(pattern)) return { named: named.slice(0, 3), possible: [] };
  const others = allowed.filter((tag) => !named.includes(tag)).sort((a, b) => (a < b ? 1 : -1));
  return { named: named.slice(0, 3), possible: others.sort((a, b) => mentions(b, said) - mentions(a, said)) };
}

function mentions(tag: string, said: string): number {
  return Number(tag.includes(said));
}

function digestOf(
  tag: string,
  { alias, state }: { alias: ImageAlias; state: ImageState },
): Answer<{ readonly tag: string; readonly digest: string | undefined }> {
  const found = digestOfTag(state, tag);
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

function whyNameless(
  version: ImageVersion,
  { alias, left, environment }: { alias: ImageAlias; left: number; environment: string },
): string {
  const { tags } = alias.policy ?? {};
  const target = `docker://${alias.image}:${version.tag}`;
  const cure = `skopeo copy --all --preserve-digests docker://${version.image}@${version.digest} ${target}`;
  const order = code(`/retag ${tags === undefined ? version.tag : "<tag>"} in ${environment}`);
  if (tags === undefined)
    return `${code(alias.image)} has no tag ${code(version.tag)}; write ${order}, or copy it: ${code(cure)}`;
  const rule = `no tag that matches ${code(tags)} for ${code(version.tag)}`;
  const unread =
    left > 0
      ? ` among the ${LOOKED_UP} that were looked up; with a group ${code("(?P<version>…)")} in the rule it would be found by its words`
      : "";
  return `${code(alias.image)} has ${rule}${unread}; write ${order} with a tag that matches, or copy it under one: ${code(cure)}`;
}
