// Decides what confirmed drift holds up: promotions out of the environment always, and into it where its pipeline file
// says `on-drift: hold`. Drift that a person chose to ignore holds up nothing.

import type { GateResult } from "../domain/gate.ts";
import type { CandidateContext } from "./candidate-context.ts";

export function driftGates({ environment, liveIn }: CandidateContext): readonly GateResult[] {
  const names = [...environment.after, ...(environment.onDrift === "hold" ? [environment.name] : [])];
  return names.flatMap((name) => {
    const verdict = liveIn(name);
    if (verdict?.stage !== "drifted") return [];
    const reason = `${name} was changed by hand: ${verdict.reason}`;
    return [{ name: `no drift in ${name}`, state: "waiting", reason } as const];
  });
}
