// Observes and plans in turns until the plan wants to know nothing more. Writes nothing, so the same serves the real run
// and every preview of it.

import type { StoredHint } from "../domain/hint.ts";
import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { planRepository } from "../plan/plan-repository.ts";
import type { RepositoryPlan } from "../plan/repository-plan.ts";
import { answerNeeds } from "./answer-needs.ts";
import { observe } from "./observe.ts";
import { heedHints } from "./remember-told.ts";
import type { Shell } from "./shell.ts";

export interface Deciding {
  readonly hints: readonly StoredHint[];
  /** No further questions are asked once this says no. */
  readonly inTime: () => boolean;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

/** Facts lead to questions and answers to further questions; each round answers all that are open. */
const ROUNDS = 12;

export interface Decided {
  readonly observed: Observed;
  readonly plan: RepositoryPlan;
  /** GraphQL node id of the repository. */
  readonly node: string;
  readonly imagesLeft: number;
}

export async function decide({ hints, inTime, at, shell }: Deciding): Promise<Decided> {
  await heedHints(hints, { at, shell });
  const observation = await observe({ hints, at, shell });
  const { node, indexOf, imagesLeft } = observation;
  let { observed } = observation;
  let plan = planRepository(observed);
  let asked = new Set<string>();
  for (let round = 0; round < ROUNDS && plan.needs.length > 0 && inTime(); round += 1) {
    const names = new Set(plan.needs.map(nameNeed));
    // An answer that leaves the same questions open will not get better by asking again.
    if (names.isSubsetOf(asked)) break;
    asked = asked.union(names);
    observed = await answerNeeds(plan.needs, { observation: { observed, node, indexOf, imagesLeft }, at, shell });
    plan = planRepository(observed);
  }
  return { observed, plan, node, imagesLeft };
}

function nameNeed(need: Need): string {
  return JSON.stringify(need);
}
