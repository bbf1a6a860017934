// Decides what confirmed drift holds up: promotions out of the environment always, and into it where its pipeline file
// says `on-drift: hold`. Drift that a person chose to ignore holds up nothing.

import { listOf } from "../domain/count-words.ts";
import type { GateResult } from "../domain/gate.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { ignoredUntil } from "./drift-labels.ts";

/** A way back takes nothing out of the environments before. */
export function driftGates(context: CandidateContext, { isWayBack }: { readonly isWayBack: boolean }) {
  const { environment } = context;
  const before = isWayBack ? [] : environment.after;
  const names = [...before, ...(environment.onDrift === "hold" ? [environment.name] : [])];
  return names.flatMap((name): readonly GateResult[] => {
    const reason = whyHeldUp(name, context);
    return reason === undefined ? [] : [{ name: `no drift in ${name}`, word: "drift", state: "waiting", reason }];
  });
}

function whyHeldUp(name: string, { liveIn, observed, pipeline }: CandidateContext): string | undefined {
  const places = liveIn(name)?.places ?? [];
  const drifted = places.flatMap((place) => place.drifted ?? []);
  if (drifted.length > 0) return `${name} was changed by hand: ${listOf(drifted)}`;
  // What was confirmed once holds up until it is known to be gone: that is when its issue closes.
  const issues = observed.issues?.kind === "known" ? observed.issues.value : [];
  const issue = issues.find(({ key }) => key === environmentKey(pipeline, { name }));
  const isIgnored = (ignoredUntil(issue?.labels ?? []) ?? 0) > observed.now;
  if (!issue || isIgnored || places.every(({ driftKnown }) => driftKnown)) return undefined;
  return `${name} was changed by hand, as issue ${issue.number} says, and whether it still is is not known`;
}
