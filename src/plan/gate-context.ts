// Puts together what the gates of an environment are judged on: its own facts and those of the environments before it.

import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import type { GateContext } from "./evaluate-gate.ts";
import { reachedIn } from "./recall.ts";

export function gateContext(
  release: Release,
  { promotion, context }: { readonly promotion: Promotion | undefined; readonly context: CandidateContext },
): GateContext {
  const { environment, pipeline, liveIn, observed } = context;
  const before = pipeline.environments.filter(({ name, live }) => environment.after.includes(name) && live.length > 0);
  return {
    release,
    approvals: promotion?.approvals ?? [],
    head: promotion?.head.oid,
    now: observed.now,
    reachedIn: (name) => reachedIn(name, context),
    liveIn,
    observed: before.map(({ name }) => name),
  };
}
