// Decides when a person must act on what runs: then a comment of its own says so, once for each situation. Everything
// that mends itself is told in the comment that follows the release.

import { listOf } from "../domain/count-words.ts";
import type { AttentionView } from "../domain/live-view.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Action } from "../domain/plan.ts";
import { sameRelease } from "../domain/release.ts";
import { type ToldOnPullRequest, topicFor } from "../domain/told.ts";
import { isStopped } from "./remember.ts";
import type { TellingContext } from "./telling.ts";
import { nameRelease } from "./wording.ts";

export function callForAttention({
  number,
  told,
  context,
}: {
  readonly number: number;
  readonly told: ToldOnPullRequest;
  readonly context: TellingContext;
}): readonly Action[] {
  const view = whatNeedsAPerson(context);
  if (!view || told.comments.some(({ topic }) => topic === `attention/${view.situation}`)) return [];
  const reason = `somebody has to act in ${view.environment}: ${view.what}`;
  return [{ kind: "call-for-attention", key: view.key, number, view, reason }];
}

function whatNeedsAPerson(context: TellingContext): AttentionView | undefined {
  const { pipeline, environment, memory, verdict } = context;
  const key = environmentKey(pipeline, environment);
  const release = verdict.reached.release;
  const view = (situation: string, what: string, ways: readonly string[]): AttentionView => ({
    key,
    environment: environment.name,
    release,
    situation: topicFor(situation, { key, ...verdict.reached }),
    what,
    ways,
  });
  if (verdict.stage === "healthy") return undefined;
  if (isStopped(memory)) {
    const stop = memory.stopped.find((each) => sameRelease(each.release, release));
    const what = `${nameRelease(release)} is stopped, because ${stop?.why ?? verdict.reason}`;
    return view("stopped", what, waysAfterStop(context));
  }
  const stuck = verdict.places.filter(({ state, stage }) => stage === "degraded" && state?.blocked?.retrying === false);
  if (stuck.length === 0) return undefined;
  const what = `${listOf(stuck.map(({ reason }) => reason))}; it is not tried again by itself`;
  return view("blocked", what, ["mend the cause, then sync it by hand or merge another commit"]);
}

function waysAfterStop({ environment, pipeline }: TellingContext): readonly string[] {
  const after = pipeline.environments.filter((each) => each.after.includes(environment.name)).map(({ name }) => name);
  const further = after.length > 0 ? [`it goes no further to ${listOf(after)}; a newer version does`] : [];
  const back =
    environment.onDegraded.do === "rollback"
      ? "a pull request back to the last release that was healthy here follows, where there is one"
      : "to go back, revert this pull request";
  return [...further, back];
}
