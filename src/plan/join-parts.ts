// Makes one pull request of the parts of a group: which go together, one edit, one description. A single part is told as
// if it had no group.

import { jointEditKey } from "../domain/observed.ts";
import { type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import type { Edit, EditedFile } from "../domain/place.ts";
import type { PromotionView } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { describePromotion, gatesOf } from "./describe-promotion.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Part } from "./group.ts";
import { isRollback } from "./judge-offer.ts";
import { code } from "./wording.ts";

/** Versions in one pull request: its commit names each of them, and people have to read it. */
const MOST_TOGETHER = 50;

interface Candidate {
  readonly context: EnvironmentContext;
  readonly release: Release;
}

/** Those that come first have the first claim. A way back goes without what is new: it must not wait for that. */
export function whichGoTogether<T extends Candidate>(
  candidates: readonly T[],
): { readonly together: readonly T[]; readonly left: readonly { readonly candidate: T; readonly reason: string }[] } {
  const back = candidates.filter(({ release, context }) => isRollback(release, context));
  const wanted = back.length > 0 ? back : candidates;
  const together: T[] = [];
  let versions = 0;
  for (const candidate of wanted) {
    versions += candidate.release.versions.length;
    if (versions <= MOST_TOGETHER || together.length === 0) together.push(candidate);
  }
  const reasonFor = (candidate: T) =>
    wanted.includes(candidate)
      ? `a pull request brings at most ${MOST_TOGETHER} versions, so it waits for the next one`
      : "its group goes back first, and what is new waits for that";
  const left = candidates.filter((candidate) => !together.includes(candidate));
  return { together, left: left.map((candidate) => ({ candidate, reason: reasonFor(candidate) })) };
}

/** Files that only one part writes are taken as they are; of one that several write, the edits are made one on the other. */
export function joinEdits(parts: readonly Part[]): Answer<Edit> {
  const files = parts.flatMap(({ writing }) => writing.edit.files);
  if (new Set(files.map(({ path }) => path)).size === files.length) return answer({ files: inOrder(files) });
  const asked = parts.map(({ context, writing }) => ({
    key: environmentKey(context.pipeline, context.environment),
    release: writing.release,
  }));
  const result = parts[0]?.context.observed.edits[jointEditKey(asked)];
  if (result === undefined)
    return noAnswer("the change of the whole group has not been computed yet", [{ kind: "joint-edit", parts: asked }]);
  if (result.kind === "unknown") return noAnswer(`the change of the whole group is not known: ${result.why}`);
  if (result.value.kind === "edit") return answer(result.value.edit);
  const { path, line, column, why } = result.value;
  return noAnswer(`${code(`${path}:${line}:${column}`)} cannot be edited for the whole group: ${why}`);
}

function inOrder(files: readonly EditedFile[]): readonly EditedFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function describePart(
  { context, declared, release, writing }: Part,
  { standsOn }: { readonly standsOn: string },
): PromotionView {
  const gates = gatesOf(release, { context, moved: writing.moved });
  return describePromotion({ release: writing.release, declared, edit: writing.edit, gates, standsOn }, context);
}

/** Merged by itself only where every part is. */
export function joinViews(
  views: readonly [PromotionView, ...PromotionView[]],
  { key }: { readonly key: EnvironmentKey },
): PromotionView {
  const [first, ...others] = views;
  if (others.length === 0) return { ...first, key };
  const parts = views.map((view) => ({
    ...view,
    gates: view.gates.map((gate) => ({ ...gate, pipeline: view.pipeline })),
  }));
  const { environment, labels } = first;
  const facts: Omit<PromotionView, "fingerprint"> = {
    key,
    pipeline: key.slice(0, key.indexOf("/")),
    environment,
    release: { versions: parts.flatMap(({ release }) => release.versions) },
    moves: parts.flatMap(({ moves }) => moves),
    places: parts.flatMap(({ places }) => places),
    gates: parts.flatMap(({ gates }) => gates),
    way: [],
    merge: parts.every(({ merge }) => merge === "auto") ? "auto" : "manual",
    labels,
    overriddenBy: [...new Set(parts.flatMap(({ overriddenBy }) => overriddenBy))],
    saw: parts.flatMap(({ pipeline, saw }) => [`${pipeline}:`, ...saw.map((line) => `  ${line}`)]),
    parts,
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}

export function isNotEmpty<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}
