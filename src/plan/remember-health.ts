// Decides what the ledger has to remember of an environment's health: when its release was first healthy, how long it
// has been so, and that it is stopped because it was degraded for too long just after it came. Writes nothing.

import type { EnvironmentMemory, Reached, Stopped } from "../domain/ledger.ts";
import type { Environment, EnvironmentKey, Pipeline } from "../domain/pipeline.ts";
import { sameRelease } from "../domain/release.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import type { Memorised } from "./remember.ts";
import { nameRelease, nameTime } from "./wording.ts";

export interface HealthContext {
  readonly key: EnvironmentKey;
  readonly environment: Environment;
  readonly pipeline: Pipeline;
  readonly verdict: LiveVerdict;
}

export function rememberHealth(memory: EnvironmentMemory, context: HealthContext): Memorised {
  const { verdict } = context;
  const [present, ...earlier] = memory.reached;
  if (!present || !sameRelease(present.release, verdict.reached.release)) return { memory, reasons: [] };
  const healthy = rememberHealthy(present, context);
  const stop = rememberStop(memory, { present: healthy.present, context });
  const reasons = [...healthy.reasons, ...stop.map(({ why }) => describeStop(why, context))];
  if (reasons.length === 0) return { memory, reasons };
  return {
    memory: { ...memory, reached: [healthy.present, ...earlier], stopped: [...stop, ...memory.stopped] },
    reasons,
  };
}

function rememberHealthy(
  present: Reached,
  { key, environment, pipeline, verdict }: HealthContext,
): { readonly present: Reached; readonly reasons: readonly string[] } {
  const { healthy } = verdict;
  if (!healthy) return { present, reasons: [] };
  const name = nameRelease(present.release);
  const soaked = soaksOf(environment, pipeline)
    .filter((duration) => duration > (present.soaked ?? 0) && healthy.until - healthy.since >= duration)
    .at(-1);
  return {
    present: {
      ...present,
      ...(present.healthyAt === undefined && { healthyAt: healthy.since }),
      ...(soaked !== undefined && { soaked }),
    },
    reasons: [
      ...(present.healthyAt === undefined ? [`${name} is healthy in ${key} since ${nameTime(healthy.since)}`] : []),
      ...(soaked === undefined
        ? []
        : [`${name} has been healthy in ${key} since ${nameTime(healthy.since)} without a break`]),
    ],
  };
}

/** How long somebody wants a release to be healthy here: the soaks of the environments after, and its own deadline. */
export function soaksOf(environment: Environment, pipeline: Pipeline): readonly number[] {
  const asked = pipeline.environments
    .filter(({ after }) => after.includes(environment.name))
    .flatMap(({ proposeWhen, mergeWhen }) => [...proposeWhen, ...mergeWhen])
    .flatMap((gate) => (gate.kind === "soak" ? [gate.duration] : []));
  return [...new Set([...asked, environment.onDegraded.deadline])].sort((a, b) => a - b);
}

/**
 * Only what a promotion just brought is stopped. It counts as just brought until it has been healthy for as long as the
 * deadline: what breaks later has other causes than the move.
 */
function rememberStop(
  memory: EnvironmentMemory,
  { present, context }: { readonly present: Reached; readonly context: HealthContext },
): readonly Stopped[] {
  const deadline = stopDeadline(present, context);
  if (deadline === undefined || memory.stopped.some(({ release }) => sameRelease(release, present.release))) return [];
  const { degraded } = context.verdict;
  if (!degraded || degraded.until < deadline) return [];
  const why = `${context.environment.name} was degraded with it from ${nameTime(degraded.since)} on: ${degraded.why}`;
  return [{ release: present.release, at: degraded.until, why: why.slice(0, 1_000) }];
}

const LONGEST_TRIAL = 24 * 60 * 60_000;

/** When the unbroken degradation of the present release will have lasted too long; absent: it is not on trial. */
export function stopDeadline(present: Reached, { environment, verdict }: HealthContext): number | undefined {
  const { onDegraded } = environment;
  if (onDegraded.do === "nothing" || !verdict.degraded || present.pullRequest === undefined) return undefined;
  if ((present.soaked ?? 0) >= onDegraded.deadline) return undefined;
  // What nobody looked at for so long after it came is not known to have been broken by it.
  if (verdict.degraded.since - verdict.cameAt > LONGEST_TRIAL) return undefined;
  return verdict.degraded.since + onDegraded.deadline;
}

function describeStop(why: string, { key, verdict }: HealthContext): string {
  return `${nameRelease(verdict.reached.release)} is stopped in ${key}: ${why}`;
}

/** When something about the environment's health will have to be remembered or judged anew; epoch milliseconds. */
export function nextHealthLook(
  memory: EnvironmentMemory | undefined,
  context: HealthContext & { readonly now: number },
): number | undefined {
  const { verdict, environment, pipeline, now } = context;
  const present = memory?.reached[0];
  if (!present) return undefined;
  const { healthy } = verdict;
  if (healthy) {
    const next = soaksOf(environment, pipeline).find((duration) => duration > (present.soaked ?? 0));
    if (next === undefined) return undefined;
    // A report may be older than the moment that it would have to speak of.
    return healthy.since + next > now ? healthy.since + next : now + 30 * SECOND;
  }
  const deadline = stopDeadline(present, context);
  const patience = now + patienceWith(now - present.at);
  return deadline === undefined || deadline <= now ? patience : Math.min(deadline, patience);
}

const SECOND = 1_000;

/** News are looked for often just after a merge and ever more rarely later; webhooks and watches tell sooner. */
function patienceWith(age: number): number {
  return Math.min(Math.max(age / 10, 30 * SECOND), 600 * SECOND);
}
