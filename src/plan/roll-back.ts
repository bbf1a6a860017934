// Decides whether an environment should go back: its release was stopped because it was degraded for too long just after
// it came, and the pipeline file says `rollback`. The way back is the last release that was healthy there.

import type { Requested } from "../domain/ledger.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { memoryOf, whyKeptAway } from "./recall.ts";
import { isStopped } from "./remember.ts";
import { code, nameRelease } from "./wording.ts";

function askedFor({ release, by, reason }: Requested, environment: string): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${code(by)} takes ${environment} back to ${nameRelease(release)}${why}`;
}

export interface Rollback {
  readonly release: Release;
  /** A whole sentence without a full stop. */
  readonly reason: string;
  /** A person asked for it. */
  readonly asked?: true;
}

export function findRollback(
  context: CandidateContext,
  { proposed }: { readonly proposed: Release | undefined },
): Rollback | undefined {
  const { environment, pipeline, ledger, liveIn } = context;
  const memory = memoryOf(environment.name, { pipeline, ledger });
  const { requested } = memory ?? {};
  if (requested?.back)
    return { release: requested.release, reason: askedFor(requested, environment.name), asked: true };
  if (environment.onDegraded.do !== "rollback" || !memory || !isStopped(memory)) return undefined;
  const [present, ...earlier] = memory.reached;
  const target = earlier.find(
    ({ release, healthyAt }) =>
      healthyAt !== undefined &&
      ![...memory.stopped, ...memory.rolledBack].some((each) => sameRelease(each.release, release)) &&
      whyKeptAway(release, context) === undefined,
  );
  if (!present || !target) return undefined;
  const stage = liveIn(environment.name)?.stage;
  // Silence is no reason to go back, and none to give up going back.
  const underWay = proposed !== undefined && sameRelease(proposed, target.release);
  if (stage === "healthy" || (stage !== "degraded" && !underWay)) return undefined;
  const stop = memory.stopped.find(({ release }) => sameRelease(release, present.release));
  return {
    release: target.release,
    reason: `it goes back to ${nameRelease(target.release)}, the last that was healthy in ${environment.name}: ${stop?.why ?? ""}`,
  };
}
