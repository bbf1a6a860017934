// Decides what the ledger has to remember of the environments of one pipeline after a look at Git, and then after a look
// at what runs.

import { type EnvironmentMemory, NOTHING_REMEMBERED } from "../domain/ledger.ts";
import { type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import { baseOf } from "./declared-in.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { compareReleases, orderFacts } from "./order-releases.ts";
import type { News, PipelineContext } from "./pipeline-context.ts";
import type { Declared } from "./read-declared.ts";
import { remember } from "./remember.ts";
import { rememberHealth } from "./remember-health.ts";
import { traceArrival } from "./trace-arrival.ts";

export interface Memorised {
  readonly memories: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
  readonly news: readonly News[];
  /** What has to be known before an arrival can be remembered. */
  readonly needs: readonly Need[];
}

export function memorise(declared: ReadonlyMap<string, Answer<Declared>>, context: PipelineContext): Memorised {
  const { observed, pipeline, ledger } = context;
  const facts = orderFacts({ observed, pipeline, ledger });
  const needed = releasesInUse(declared, context);
  const memories: Record<EnvironmentKey, EnvironmentMemory> = {};
  const news: News[] = [];
  const needs: Need[] = [];
  for (const environment of pipeline.environments) {
    const key = environmentKey(pipeline, environment);
    const before = ledger.environments[key];
    if (before) memories[key] = before;
    const baseName = environment.branch ?? observed.repository.defaultBranch;
    const base = baseOf(baseName, observed);
    if (base.kind === "unknown") continue;
    const present = declared.get(environment.name);
    const memorised = remember({
      key,
      memory: before,
      declared: present?.kind === "known" ? present.value.release : undefined,
      // Whoever makes a commit gives it its time.
      base: { ...base.value, committedAt: Math.min(base.value.committedAt, observed.now) },
      baseName,
      needed,
      follows: environment.sameAs !== undefined,
      past: observed.past.filter((each) => each.key === key),
      open: observed.promotions.find((each) => each.key === key),
      compare: (a, b) => compareReleases(a, b, { pipeline, facts }),
    });
    const { head, author } = base.value;
    const traced = traceArrival(memorised, { key, environment, observed, before, head, author });
    if (traced.kind === "not-yet") {
      needs.push(...traced.needs);
      continue;
    }
    if (traced.memory !== NOTHING_REMEMBERED) memories[key] = traced.memory;
    news.push(...traced.reasons.map((reason) => ({ key, reason })));
  }
  return { memories, news, needs };
}

/** What the clusters show comes on top. */
export function memoriseHealth(
  arrived: Memorised,
  { verdicts, context }: { readonly verdicts: ReadonlyMap<string, LiveVerdict>; readonly context: PipelineContext },
): Memorised {
  const { pipeline } = context;
  const memories = { ...arrived.memories };
  const news = [...arrived.news];
  for (const environment of pipeline.environments) {
    const key = environmentKey(pipeline, environment);
    const verdict = verdicts.get(environment.name);
    const memory = memories[key];
    if (!verdict || !memory) continue;
    const healthy = rememberHealth(memory, { key, environment, pipeline, verdict });
    memories[key] = healthy.memory;
    news.push(...healthy.reasons.map((reason) => ({ key, reason })));
  }
  return { memories, news, needs: arrived.needs };
}

/** What stands somewhere in the pipeline, or is proposed somewhere: the gates ask where it has been. */
function releasesInUse(
  declared: ReadonlyMap<string, Answer<Declared>>,
  { observed, pipeline }: PipelineContext,
): readonly Release[] {
  const standing = [...declared.values()].flatMap((each) => (each.kind === "known" ? (each.value.release ?? []) : []));
  const keys = pipeline.environments.map((each) => environmentKey(pipeline, each));
  const proposed = observed.promotions.flatMap(({ key, head }) => (keys.includes(key) ? (head.release ?? []) : []));
  return [...standing, ...proposed];
}
