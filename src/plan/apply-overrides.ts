// Lets a release past the gates that somebody who may has overridden, and tells how to get past those that are closed.
// What happened is not made to look otherwise: an overridden gate says by whom, why, and what it would say.

import { leadOf } from "../commands/command-table.ts";
import type { GateResult } from "../domain/gate.ts";
import type { Release } from "../domain/release.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { isRequested, overridesFor } from "./recall.ts";
import { code } from "./wording.ts";

export function applyOverrides(
  gates: readonly GateResult[],
  { release, context }: { readonly release: Release; readonly context: EnvironmentContext },
): readonly GateResult[] {
  const overrides = overridesFor(release, context);
  const lead = leadOf(context.configuration.commandPrefix);
  return gates.map((gate): GateResult => {
    const { word, state, reason } = gate;
    if (state === "passed" || word === undefined) return gate;
    const override = overrides.findLast((each) => each.gate === word);
    if (!override) return { ...gate, unblock: `${lead}override ${word} <reason>` };
    const { name } = gate;
    const why = `${code(override.by)} lets it pass: ${code(override.reason)} (without that: ${reason})`;
    return { name, word, state: "passed", reason: why };
  });
}

/** Who asks for exactly this release gets its pull request at once: what it has not proven shows there as failed. */
export function demandProof(
  gates: readonly GateResult[],
  { release, context }: { readonly release: Release; readonly context: EnvironmentContext },
): readonly GateResult[] {
  if (!isRequested(release, context)) return gates;
  return gates.map((gate) => (gate.state === "waiting" ? { ...gate, state: "failed" } : gate));
}
