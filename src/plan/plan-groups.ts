// Plans the environments that are proposed together: a group with an open pull request is tended as a whole, and what a
// group without one wants to have opened becomes one wish.

import type { Observed } from "../domain/observed.ts";
import { type EnvironmentKey, proposalKey } from "../domain/pipeline.ts";
import type { EnvironmentDecision } from "./environment-context.ts";
import type { Member } from "./group.ts";
import type { Wish } from "./open-promotions.ts";
import { tendGroup } from "./tend-group.ts";

export interface GroupPlans {
  readonly decisions: readonly EnvironmentDecision[];
  readonly wishes: readonly Wish[];
}

/** `observed`: with every pull request once. */
export function planGroups(members: readonly Member[], observed: Observed): GroupPlans {
  const groups = Map.groupBy(members, ({ context }) => proposalKey(context.pipeline, context.environment));
  const plans = [...groups].map(([key, group]) => planGroup(key, { members: group, observed }));
  return {
    decisions: plans.flatMap(({ decisions }) => decisions),
    wishes: plans.flatMap(({ wishes }) => wishes),
  };
}

function planGroup(
  key: EnvironmentKey,
  { members, observed }: { readonly members: readonly Member[]; readonly observed: Observed },
): GroupPlans {
  const baseName = members[0]?.context.baseName;
  const own = observed.promotions.filter((each) => each.key === key);
  const promotion = own.find(({ base }) => base === baseName) ?? own[0];
  if (promotion) return { decisions: tendGroup({ key, promotion, members }), wishes: [] };
  const openings = members.flatMap(({ alone }) => alone?.opening ?? []);
  const decisions = members.flatMap(({ alone }): readonly EnvironmentDecision[] => {
    if (!alone) return [];
    const { opening: _, ...decision } = alone;
    return [decision];
  });
  return { decisions, wishes: openings.length > 0 ? [{ key, openings, joint: true }] : [] };
}
