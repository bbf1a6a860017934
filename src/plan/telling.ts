// What is said about an environment that is followed into its clusters, and what that rests on.

import type { EnvironmentMemory } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Environment, Pipeline } from "../domain/pipeline.ts";
import type { Action, Need, Wait } from "../domain/plan.ts";
import type { LiveVerdict } from "./live-verdict.ts";

export interface TellingContext {
  readonly observed: Observed;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly memory: EnvironmentMemory;
  readonly verdict: LiveVerdict;
}

export interface Telling {
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  readonly needs: readonly Need[];
}

export const NOTHING_TO_TELL: Telling = { actions: [], waits: [], needs: [] };

export function joinTellings(tellings: readonly Telling[]): Telling {
  return {
    actions: tellings.flatMap(({ actions }) => actions),
    waits: tellings.flatMap(({ waits }) => waits),
    needs: tellings.flatMap(({ needs }) => needs),
  };
}
