// Decides for one member of a group what the group's open pull request should say for it: as it would on a pull request of
// its own, but what would stand there in red steps aside.

import type { Release } from "../domain/release.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import type { Member, OpenGroup } from "./group.ts";
import { describeHold, findHoldAgainst, isRollback, judgeOffer } from "./judge-offer.ts";
import { withPipelineTags } from "./plan-environment.ts";
import { isRequested, whyKeptAway } from "./recall.ts";
import type { Change, Stance, Wait } from "./stance.ts";
import { whatFollows } from "./tend-promotion.ts";

export type StanceReading =
  | { readonly kind: "stance"; readonly stance: Stance }
  | Wait
  /** It has nothing to do with the pull request. */
  | { readonly kind: "outside" };

export function takeStance(
  { context, alone }: Member,
  { promotion: { head, inMergeQueue } }: OpenGroup,
): StanceReading {
  const { promotion, declared, base } = context;
  if (alone) {
    const { opening } = alone;
    if (!opening || inMergeQueue) return { kind: "outside" };
    const { release, reason } = opening;
    // What somebody asked for, and a way back, do not wait until others are merged.
    const firm = isRequested(release, context) || isRollback(release, context);
    const change = { reason: `${context.pipeline.name} joins: ${reason}`, firm };
    return { kind: "stance", stance: { context, next: { declared: opening.declared, release }, change, notes: [] } };
  }
  const unknown = [declared, base].find(({ kind }) => kind === "unknown");
  if (unknown?.kind === "unknown")
    return { kind: "wait", situation: "desired-unknown", reason: unknown.why, needs: unknown.needs };
  if (!promotion?.head.release || declared.kind === "unknown" || base.kind === "unknown")
    throw new Error(`nothing is proposed on ${head.oid} for a member that has no decision of its own`);
  const proposed = withPipelineTags(promotion.head.release, context);
  const tended = {
    promotion,
    proposed,
    declared: declared.value,
    base: base.value,
    offer: judgeOffer(declared.value, context),
  };
  return { kind: "stance", stance: follow(tended, context) };
}

function follow(
  tended: Parameters<typeof whatFollows>[0] & { readonly proposed: Release },
  context: EnvironmentContext,
): Stance {
  const { declared, proposed, offer } = tended;
  const { name } = context.pipeline;
  const present = { declared, release: proposed };
  const doubt = offer.kind === "unknown" && {
    doubt: { reason: `whether there is a newer version of ${name} is not known: ${offer.why}`, needs: offer.needs },
  };
  const successor = whatFollows(tended, context);
  switch (successor.kind) {
    case "keep": {
      const aside = whyAside(proposed, context);
      return { context, present, next: present, notes: successor.notes, ...(aside && { aside }), ...doubt };
    }
    case "replace": {
      const next = { declared, release: successor.release };
      const change = { reason: `${name}: ${successor.reason}`, firm: successor.firm };
      return { context, present, next, change, notes: [], ...doubt };
    }
    case "close":
      return { context, present, change: { reason: successor.reason, firm: true }, notes: [], ...doubt };
    case "wait":
      return { context, present, next: present, notes: [successor.reason], ...doubt };
  }
}

/** What stays visible in red on a pull request of its own would hold up the others here. */
function whyAside(proposed: Release, context: EnvironmentContext): Change | undefined {
  const kept = isRequested(proposed, context) ? undefined : whyKeptAway(proposed, context);
  if (kept) return { reason: kept.reason, firm: true };
  const hold = findHoldAgainst(proposed, context);
  return hold && { reason: describeHold(hold).reason, firm: false };
}
