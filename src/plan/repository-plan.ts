// The plan of a whole repository, with the case that every environment is in. Types only.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Plan } from "../domain/plan.ts";
import type { Situation } from "./environment-context.ts";

export interface RepositoryPlan extends Plan {
  /** The case of every environment, for the page, `stagecoach plan` and the tests. */
  readonly situations: Readonly<Record<EnvironmentKey, Situation>>;
}
