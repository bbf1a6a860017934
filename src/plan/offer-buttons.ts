// Decides which buttons the check of a promotion offers. Who presses one says a command; whether that is obeyed is
// decided when it arrives.

import type { Button } from "../domain/button.ts";
import type { EnvironmentContext } from "./environment-context.ts";

export function offerButtons({
  configuration,
  observed,
  pipeline,
  environment,
  ledger,
}: Pick<EnvironmentContext, "configuration" | "observed" | "pipeline" | "environment" | "ledger">): readonly Button[] {
  if (configuration.mode === "observe") return [];
  const holds = ledger.holds.filter(
    (each) => each.pipeline === pipeline.name && (each.until === undefined || each.until > observed.now),
  );
  const here = holds.some((each) => each.environment === environment.name);
  const everywhere = holds.some((each) => each.environment === undefined);
  return [
    ...(here || everywhere ? [] : (["hold"] as const)),
    ...(here ? (["resume"] as const) : []),
    // On a shared check it would be about every pipeline of the group.
    ...(everywhere && environment.group === undefined ? (["resume-pipeline"] as const) : []),
    "retry",
  ];
}

/** On the check of a group each button is about all of its members. */
export function offerGroupButtons(contexts: readonly Parameters<typeof offerButtons>[0][]): readonly Button[] {
  const offered = contexts.flatMap(offerButtons);
  return (["hold", "resume", "retry"] as const).filter((button) => offered.includes(button));
}
