// What the planner of one pipeline works on. Types only.

import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey, Pipeline } from "../domain/pipeline.ts";

export interface PipelineContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly pipeline: Pipeline;
  readonly ledger: Ledger;
  /** The promotion whose turn it is to be brought up to date, by base branch. */
  readonly mayCatchUp: ReadonlyMap<string, number>;
  /** What a person wants to be tried once more, in this pass. */
  readonly reconsidered?: ReadonlySet<EnvironmentKey>;
}

/** Something that the ledger does not know yet. */
export interface News {
  readonly key: EnvironmentKey;
  readonly reason: string;
}
