// Puts together what the gates of an environment are judged on: its own facts and those of the environments before it.

import type { Release } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import type { GateContext } from "./evaluate-gate.ts";
import { reachedIn } from "./recall.ts";

export function gateContext(
  release: Release,
  { approvals, context }: { readonly approvals: GateContext["approvals"]; readonly context: CandidateContext },
): GateContext {
  const { environment, pipeline, liveIn } = context;
  const before = pipeline.environments.filter(({ name, live }) => environment.after.includes(name) && live.length > 0);
  return {
    release,
    approvals,
    reachedIn: (name) => reachedIn(name, context),
    liveIn,
    observed: before.map(({ name }) => name),
  };
}
