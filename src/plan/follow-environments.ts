// Follows the releases of one pipeline into the clusters: judges each environment that says where it runs, and decides
// what is told about it and when to look again.

import type { EnvironmentMemory } from "../domain/ledger.ts";
import { type Environment, type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import { sameRelease } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import { baseOf, readState } from "./declared-in.ts";
import { ignoredUntil } from "./drift-labels.ts";
import { findLoan } from "./find-loan.ts";
import { judgeLive } from "./judge-live.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { declaredStateAt } from "./match-revision.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { Declared } from "./read-declared.ts";
import { cameAt } from "./remember.ts";
import { nextHealthLook } from "./remember-health.ts";
import { tellDrift } from "./tell-drift.ts";
import { tellLive } from "./tell-live.ts";
import { joinTellings, NOTHING_TO_TELL, type Telling } from "./telling.ts";

export interface FollowingContext extends PipelineContext {
  readonly memories: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
}

/** By name of the environment; those that name no `live`, or whose release is not known, have no verdict. */
export function judgeEnvironments(
  declared: ReadonlyMap<string, Answer<Declared>>,
  context: FollowingContext,
): ReadonlyMap<string, LiveVerdict> {
  const verdicts = new Map<string, LiveVerdict>();
  for (const environment of context.pipeline.environments) {
    if (environment.live.length === 0) continue;
    const verdict = judgeEnvironment(environment, { declared: declared.get(environment.name), context });
    if (verdict) verdicts.set(environment.name, verdict);
  }
  return verdicts;
}

function judgeEnvironment(
  environment: Environment,
  { declared, context }: { readonly declared: Answer<Declared> | undefined; readonly context: FollowingContext },
): LiveVerdict | undefined {
  const { observed, pipeline, memories } = context;
  const key = environmentKey(pipeline, environment);
  const name = environment.branch ?? observed.repository.defaultBranch;
  const base = baseOf(name, observed);
  const reached = memories[key]?.reached[0];
  const release = declared?.kind === "known" ? declared.value.release : undefined;
  if (base.kind === "unknown" || !reached || !release || !sameRelease(reached.release, release)) return undefined;
  return judgeLive({
    observed,
    key,
    environment,
    reached,
    cameAt: cameAt(reached, observed.past),
    branch: { name, head: base.value.head },
    readDeclaredAt: (commit) => {
      const state = declaredStateAt(commit, { observed, key });
      return state.kind === "unknown" ? state : readState(state.value, { environment, context });
    },
  });
}

export function tellEnvironments(verdicts: ReadonlyMap<string, LiveVerdict>, context: FollowingContext): Telling {
  const { observed, pipeline, memories } = context;
  // Without a ledger that may be believed nothing is known of what came when.
  if (observed.ledger.kind === "unknown" || observed.ledger.value.kind === "untrusted") return NOTHING_TO_TELL;
  const tellings = pipeline.environments.flatMap((environment) => {
    const key = environmentKey(pipeline, environment);
    const verdict = verdicts.get(environment.name);
    const memory = memories[key];
    // What runs while it is lent is somebody's branch, and told there.
    if (!verdict || !memory || findLoan(key, context.ledger)) return [];
    const telling = { observed, pipeline, environment, memory, verdict };
    return [tellLive(telling), tellDrift(telling)];
  });
  return joinTellings(tellings);
}

export function nextLooks(verdicts: ReadonlyMap<string, LiveVerdict>, context: FollowingContext): readonly number[] {
  const { observed, pipeline, memories } = context;
  return pipeline.environments.flatMap((environment) => {
    const verdict = verdicts.get(environment.name);
    const key = environmentKey(pipeline, environment);
    if (!verdict) return [];
    const health = nextHealthLook(memories[key], { key, environment, pipeline, verdict, now: observed.now }) ?? [];
    return [health, endOfIgnoring(key, observed)].flat();
  });
}

/** What was ignored until a day holds up from that day on, not from the look that happens to come next. */
function endOfIgnoring(key: EnvironmentKey, { issues, now }: PipelineContext["observed"]): readonly number[] {
  const labels = issues?.kind === "known" ? (issues.value.find((issue) => issue.key === key)?.labels ?? []) : [];
  const until = ignoredUntil(labels);
  return until !== undefined && Number.isFinite(until) && until > now ? [until] : [];
}
