// What is known when a release is chosen for an environment. Types only.

import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Environment, Pipeline } from "../domain/pipeline.ts";
import type { Answer } from "./answer.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import type { OrderFacts } from "./order-releases.ts";
import type { Declared } from "./read-declared.ts";

export interface CandidateContext {
  readonly observed: Observed;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly ledger: Ledger;
  readonly facts: OrderFacts;
  /** What the other environments declare, by name. */
  readonly declaredIn: (environment: string) => Answer<Declared>;
  /** How far the present release of an environment is, by name; absent where it names no `live`. */
  readonly liveIn: (environment: string) => LiveVerdict | undefined;
}
