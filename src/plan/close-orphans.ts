// Decides what becomes of promotions that no environment tends: those that the pipeline file no longer names, and twins
// that a person pointed to another branch. They are closed. While there is an error in the file the former stay as they
// are: what cannot be read may name them.

import type { Observed } from "../domain/observed.ts";
import {
  type Configuration,
  type EnvironmentKey,
  environmentKey,
  promotionBranch,
  proposalKey,
} from "../domain/pipeline.ts";
import type { ClosePromotion, Wait } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import { code } from "./wording.ts";

export function closeOrphans({
  configuration,
  observed,
}: {
  readonly configuration: Configuration;
  readonly observed: Observed;
}): {
  readonly actions: readonly ClosePromotion[];
  readonly waits: readonly Wait[];
} {
  const bases = new Map(
    configuration.pipelines.flatMap((pipeline) =>
      pipeline.environments.map(
        (each) => [proposalKey(pipeline, each), each.branch ?? observed.repository.defaultBranch] as const,
      ),
    ),
  );
  const unread = configuration.broken.length > 0 || configuration.findings.some(({ severity }) => severity === "error");
  const actions: ClosePromotion[] = closeTwins(bases, observed.promotions);
  const waits: Wait[] = [];
  for (const { key, number, head } of observed.promotions.filter((each) => !bases.has(each.key))) {
    if (unread) {
      waits.push({ key, reason: `pull request ${number} stays as it is until the pipeline file can be read` });
    } else if (head.ownership.kind === "ours") {
      actions.push({ kind: "close", key, number, head: head.oid, reason: whyOrphaned(key, configuration) });
    }
  }
  return { actions, waits };
}

function whyOrphaned(key: EnvironmentKey, { pipelines }: Configuration): string {
  for (const pipeline of pipelines)
    for (const environment of pipeline.environments)
      if (environmentKey(pipeline, environment) === key)
        return `${key} is proposed together with others of its group, on ${code(promotionBranch(proposalKey(pipeline, environment)))}`;
  return `the pipeline file no longer names ${key}`;
}

function closeTwins(bases: ReadonlyMap<EnvironmentKey, string>, promotions: readonly Promotion[]): ClosePromotion[] {
  return promotions.flatMap(({ key, number, base, head }) => {
    const right = promotions.find((each) => each.key === key && each.base === bases.get(key));
    if (right === undefined || base === right.base) return [];
    const reason = `${key} is promoted by pull request ${right.number}, and this one goes to ${code(base)}`;
    return [{ kind: "close", key, number, head: head.oid, reason }];
  });
}
