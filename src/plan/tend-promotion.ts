// Decides what becomes of an open promotion of ours: closed, moved to another release, or kept. A head that people have
// looked at moves only for a reason. What a kept promotion needs next is decided in `keep-promotion.ts`.

import { listOf } from "../domain/count-words.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import { computeEdit } from "./compute-edit.ts";
import { decide, waitWith } from "./decide.ts";
import type { EnvironmentContext, EnvironmentDecision, Offer, Tended } from "./environment-context.ts";
import { isDeclared } from "./is-declared.ts";
import { keepPromotion } from "./keep-promotion.ts";
import { movePromotion } from "./move-promotion.ts";
import { isRequested, requestedIn, whyKeptAway } from "./recall.ts";
import { nameRelease } from "./wording.ts";

export function tendPromotion(tended: Tended, context: EnvironmentContext): EnvironmentDecision {
  const { promotion } = tended;
  const successor = whatFollows(tended, context);
  switch (successor.kind) {
    case "keep":
      return withDoubt(tended.offer, keepPromotion({ ...tended, ...successor, proposed: successor.release }, context));
    case "replace":
      return replace(successor, tended, context);
    case "close":
      return decide(context, {
        situation: "superseded",
        actions: [
          {
            kind: "close",
            key: context.key,
            number: promotion.number,
            head: promotion.head.oid,
            reason: successor.reason,
          },
        ],
      });
    case "wait":
      return waitWith(context, { situation: "candidate-unknown", reason: successor.reason, needs: successor.needs });
  }
}

/** What is not known about a newer version is a reason to ask and to say so, never one to write. */
function withDoubt(offer: Answer<Offer>, decision: EnvironmentDecision): EnvironmentDecision {
  if (offer.kind === "known") return decision;
  const reason = `whether there is a newer version is not known: ${offer.why}`;
  return {
    ...decision,
    waits: [...decision.waits, { key: decision.key, reason }],
    needs: [...decision.needs, ...offer.needs],
  };
}

export type Successor =
  | { readonly kind: "keep"; readonly release: Release; readonly notes: readonly string[] }
  /** Firm: an approval of what is proposed now does not hold it up. */
  | { readonly kind: "replace"; readonly release: Release; readonly reason: string; readonly firm: boolean }
  | { readonly kind: "close"; readonly reason: string }
  | {
      readonly kind: "wait";
      readonly reason: string;
      readonly needs: Extract<Answer<Offer>, { kind: "unknown" }>["needs"];
    };

export function whatFollows(tended: Tended, context: EnvironmentContext): Successor {
  const { proposed, offer, promotion, declared } = tended;
  if (!proposed) return whatFollowsUnreadable(tended);
  const keep = (...notes: readonly string[]): Successor => ({ kind: "keep", release: proposed, notes });
  if (isDeclared(proposed, declared))
    return { kind: "close", reason: `${context.environment.name} has ${nameRelease(proposed)} already` };
  if (promotion.inMergeQueue) return keep();
  if (offer.kind === "unknown") return keep();
  const next = offer.value;
  if (next.kind === "offered" && !sameRelease(next.release, proposed))
    return supersede(proposed, { tended, next }, context);
  const kept = whyKeptAway(proposed, context);
  // A blocked or stopped version stays where people see it, in red; one that was rolled back before has no business here.
  if (kept && !isRequested(proposed, context))
    return kept.kind === "rolled-back" ? { kind: "close", reason: kept.reason } : keep();
  if (next.kind === "nothing")
    return { kind: "close", reason: `${nameRelease(proposed)} is no longer offered: ${next.reason}` };
  return next.kind === "later" && !sameRelease(next.release, proposed)
    ? keep(`next comes ${nameRelease(next.release)}: ${next.reason}`)
    : keep();
}

/** Our commit's trailers cannot be read: the pull request is made to say what the candidate is. */
function whatFollowsUnreadable({ offer, promotion }: Tended): Successor {
  if (promotion.inMergeQueue) return { kind: "wait", reason: "it is in the merge queue", needs: [] };
  if (offer.kind === "unknown") return { kind: "wait", reason: offer.why, needs: offer.needs };
  switch (offer.value.kind) {
    case "offered":
      return {
        kind: "replace",
        release: offer.value.release,
        reason: "the commit of this pull request does not say what it promotes",
        firm: true,
      };
    case "later":
      return { kind: "wait", reason: offer.value.reason, needs: [] };
    case "nothing":
      return { kind: "close", reason: offer.value.reason };
  }
}

function supersede(
  proposed: Release,
  { tended, next }: { tended: Tended; next: Extract<Offer, { kind: "offered" }> },
  context: EnvironmentContext,
): Successor {
  const { promotion } = tended;
  const approvers = promotion.approvals.filter(({ head }) => head === promotion.head.oid).map(({ by }) => by);
  const stopped = whyKeptAway(proposed, context) !== undefined;
  const asked = requestedIn(context.environment.name, context);
  const firm = stopped || (asked !== undefined && sameRelease(asked.release, next.release));
  if (approvers.length > 0 && !firm && context.environment.supersede === "until-approved") {
    const note = `next comes ${nameRelease(next.release)}: it waits because ${listOf(approvers)} approved this head`;
    return { kind: "keep", release: proposed, notes: [note] };
  }
  return {
    kind: "replace",
    release: next.release,
    reason: `${nameRelease(next.release)} takes the place of ${nameRelease(proposed)}: ${next.reason}`,
    firm,
  };
}

function replace(
  { release, reason }: { readonly release: Release; readonly reason: string },
  { promotion, declared, base }: Tended,
  context: EnvironmentContext,
): EnvironmentDecision {
  const writing = computeEdit(release, context);
  if (writing.kind === "unknown")
    return waitWith(context, { situation: "candidate-unknown", reason: writing.why, needs: writing.needs });
  switch (writing.value.kind) {
    case "writable":
      return movePromotion(
        { promotion, declared, base, proposed: release, writing: writing.value, notes: [], reason },
        context,
      );
    case "nothing-to-write":
    case "refused": {
      const why = writing.value.kind === "refused" ? writing.value.reason : "its places would say the same afterwards";
      return waitWith(context, {
        situation: "cannot-be-written",
        reason: `${nameRelease(release)} cannot be written: ${why}`,
      });
    }
  }
}
