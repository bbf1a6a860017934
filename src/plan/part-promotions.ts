// Shows every environment the pull requests that concern it: the promotion of a group is one for each of its members,
// with that member's part of it. Whoever counts pull requests, or acts on one, looks at what was observed itself.

import type { Observed } from "../domain/observed.ts";
import { type Configuration, type EnvironmentKey, environmentKey, proposalKey } from "../domain/pipeline.ts";
import type { PastPromotion, Promotion } from "../domain/promotion.ts";

export function partPromotions(observed: Observed, { pipelines }: Pick<Configuration, "pipelines">): Observed {
  const { promotions, past } = observed;
  const grouped = new Map(
    pipelines.flatMap((pipeline) =>
      pipeline.environments
        .filter(({ group }) => group !== undefined)
        .map((environment) => [environmentKey(pipeline, environment), proposalKey(pipeline, environment)] as const),
    ),
  );
  if (grouped.size === 0 && !past.some(({ parts }) => parts)) return observed;
  return {
    ...observed,
    promotions: promotions.flatMap((promotion) => partsOf(promotion, grouped)),
    past: past.flatMap(partsOfPast),
  };
}

/** What a group proposes for an environment that is no member is no promotion of that environment. */
function partsOf(promotion: Promotion, grouped: ReadonlyMap<EnvironmentKey, EnvironmentKey>): readonly Promotion[] {
  const { key, head } = promotion;
  const { parts = [], release: _, ...alone } = head;
  if (![...grouped.values()].includes(key)) return grouped.has(key) ? [] : [promotion];
  return parts
    .filter((part) => grouped.get(part.key) === key)
    .map((part) => ({ ...promotion, key: part.key, head: { ...alone, release: part.release } }));
}

/** Who belongs together today says nothing about what was merged or closed together. */
function partsOfPast(past: PastPromotion): readonly PastPromotion[] {
  const { parts, ...alone } = past;
  if (parts === undefined) return [past];
  return parts.map(({ key, release }) => ({ ...alone, key, release, shared: true as const }));
}
