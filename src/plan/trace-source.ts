// Finds what a promotion tells of where its versions come from: the commits that its images were built from, and what came
// between those and the ones of what runs now. What is not known yet is asked; what cannot be known is a sentence, and
// never a reason to wait.

import { parseGitSource } from "../domain/git-source.ts";
import { commitOf } from "../domain/identity.ts";
import type { ImageMove } from "../domain/image-move.ts";
import type { ImageOrigin } from "../domain/image-origin.ts";
import { imageKey, type Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { Visibility } from "../domain/repository.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { rangeKey, type SourceChange, type SourceRange, type ToldSource } from "../domain/source-history.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { believeOrigin } from "./believe-origin.ts";
import { code, shortCommit } from "./wording.ts";

/** Commits alone, or also what came between them. */
export type Depth = "revisions" | "changes";

export interface Tracing {
  readonly observed: Observed;
  /** `owner/repository` */
  readonly source: string;
  readonly depth: Depth;
  /** Ranges that the pull request tells of; what is not among them is left out. */
  readonly ranges: Set<string>;
  readonly mostRanges: number;
}

interface Traced {
  readonly image: string;
  readonly before: Seen<string> | undefined;
  readonly after: Seen<string>;
}

export function traceSource(moves: readonly ImageMove[], tracing: Tracing): Answer<ToldSource> {
  const needs: Need[] = [];
  const traced = moves.map((move) => traceMove(move, { tracing, needs }));
  if (needs.length > 0) return noAnswer("from which commits the images were built has not been read yet", needs);
  const revisions = [...new Set(traced.flatMap(({ after }) => (after.kind === "known" ? [after.value] : [])))];
  const told = { repository: tracing.source, revisions };
  if (tracing.depth === "revisions") return answer({ ...told, changes: [], gaps: [] });
  const gaps = traced.flatMap(whyUntold);
  const changes: SourceChange[] = [];
  for (const [index, { range, images }] of rangesOf(traced, tracing.source).entries()) {
    const seen = historyOf(range, { tracing, isFirst: index === 0 });
    if (seen.kind === "unknown" && seen.needs.length > 0) return seen;
    if (seen.kind === "unknown") gaps.push(seen.why);
    else changes.push({ images, base: range.base, head: range.head, history: seen.value });
  }
  return answer({ ...told, changes, gaps: [...new Set(gaps)] });
}

function traceMove(
  { image, from, to }: ImageMove,
  { tracing, needs }: { readonly tracing: Tracing; readonly needs: Need[] },
): Traced {
  const revisionOf = (digest: string) => {
    const commit = commitOf(digest);
    if (commit !== undefined) return ofGitSource(image, { commit, source: tracing.source });
    const origin = tracing.observed.imageOrigins?.[imageKey({ image, digest })];
    if (origin === undefined) needs.push({ kind: "image-origin", image, digest });
    if (origin?.kind === "known") return believeOrigin(origin.value, tracing.source);
    const told = toldOrigin(digest, { image, observed: tracing.observed });
    if (told !== undefined) return believeOrigin(told, tracing.source);
    return unknown(`could not be asked from which commit it was built: ${origin?.why ?? "it has not been read yet"}`);
  };
  const after = revisionOf(to.digest);
  const isWanted = tracing.depth === "changes" && from?.digest !== undefined && after.kind === "known";
  return { image, after, before: isWanted ? revisionOf(from.digest) : undefined };
}

/** GitHub's own events say it of images that nobody else may read. */
function toldOrigin(
  digest: string,
  { image, observed }: { readonly image: string; readonly observed: Observed },
): ImageOrigin | undefined {
  const state = observed.images[image];
  const told = state?.kind === "known" ? Object.values(state.value.told ?? {}) : [];
  return told.find((version) => version.digest === digest && version.revision !== undefined);
}

/** A version that is a commit needs nobody's word for it. */
function ofGitSource(
  image: string,
  { commit, source }: { readonly commit: string; readonly source: string },
): Seen<string> {
  const { owner, repository } = parseGitSource(image) ?? {};
  if (`${owner}/${repository}` === source.toLowerCase()) return known(commit);
  return unknown(`is not ${code(source)}, which the pipeline names as its source`);
}

/** Why there is nothing to compare for an image. */
function whyUntold({ image, before, after }: Traced): readonly string[] {
  if (after.kind === "unknown") return [notListed(`${code(image)} ${after.why}`)];
  const built = `${code(image)} was built from ${shortCommit(after.value)}`;
  if (before === undefined) return [notListed(`${built}, and what runs now is not known by its digest`)];
  if (before.kind === "unknown") return [notListed(`${built}, and what runs now ${before.why}`)];
  return before.value === after.value ? [`${built}, like what runs now: no commit came between`] : [];
}

function notListed(why: string): string {
  return `the commits are not listed: ${why}`;
}

interface Ranged {
  readonly range: SourceRange;
  readonly images: readonly string[];
}

function rangesOf(traced: readonly Traced[], source: string): readonly Ranged[] {
  const ranges = traced.flatMap(({ image, before, after }) => {
    if (before?.kind !== "known" || after.kind !== "known" || before.value === after.value) return [];
    return [{ image, range: { source, base: before.value, head: after.value } }];
  });
  const grouped = Map.groupBy(ranges, ({ range }) => rangeKey(range));
  return [...grouped.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ range: group[0].range, images: group.map(({ image }) => image) }],
  );
}

/** One range for each pipeline, and few for a group: each costs two requests, and people have to read it. */
function historyOf(
  range: SourceRange,
  { tracing, isFirst }: { readonly tracing: Tracing; readonly isFirst: boolean },
): Answer<SourceChange["history"]> {
  const { observed, ranges, mostRanges } = tracing;
  const key = rangeKey(range);
  const between = `the commits from ${shortCommit(range.base)} to ${shortCommit(range.head)} are not listed`;
  if (!ranges.has(key) && (!isFirst || ranges.size >= mostRanges))
    return noAnswer(`${between}: a pull request tells of no more than it does above`);
  ranges.add(key);
  const seen = observed.sourceHistories?.[key];
  if (seen === undefined) return noAnswer(between, [{ kind: "source-history", ...range }]);
  if (seen.kind === "unknown") return noAnswer(`${between}: ${seen.why}`);
  const { visibility } = seen.value;
  const here = observed.repository.visibility ?? "public";
  if (OPENNESS.indexOf(visibility) >= OPENNESS.indexOf(here)) return answer(seen.value);
  return noAnswer(`${between}: ${code(range.source)} is ${visibility}, and this repository is ${here}`);
}

/** Whoever may read the config repository reads what is written there (T25). */
const OPENNESS: readonly Visibility[] = ["private", "internal", "public"];
