// Moves an open promotion to a new head on the base as it is now, with its text and check in the same action.

import type { BranchState } from "../domain/observed.ts";
import type { UpdatePromotion } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { Writing } from "./compute-edit.ts";
import { decide } from "./decide.ts";
import { checkOf, describePromotion, gatesOf } from "./describe-promotion.ts";
import type { EnvironmentContext, EnvironmentDecision } from "./environment-context.ts";
import { offerButtons } from "./offer-buttons.ts";
import type { Declared } from "./read-declared.ts";

export interface Move {
  readonly promotion: Promotion;
  readonly declared: Declared;
  readonly base: BranchState;
  /** With the pipeline's tags. */
  readonly proposed: Release;
  readonly writing: Extract<Writing, { kind: "writable" }>;
  readonly notes: readonly string[];
  readonly reason: string;
}

export function movePromotion(move: Move, context: EnvironmentContext): EnvironmentDecision {
  const { promotion, declared, base, writing, notes, reason } = move;
  // Whoever approved has seen the head that was, not the one that comes; so have checks and endpoints.
  const head = { ...promotion.head, oid: "" };
  const unseen = { ...context, promotion: { ...promotion, head, approvals: [], checks: { total: 0, found: [] } } };
  const gates = gatesOf(move.proposed, { context: unseen, moved: writing.moved });
  const view = describePromotion(
    { release: writing.release, declared, edit: writing.edit, gates, standsOn: base.head },
    context,
  );
  const action: UpdatePromotion = {
    kind: "update",
    key: context.key,
    number: promotion.number,
    head: promotion.head.oid,
    baseHead: base.head,
    baseTree: base.tree,
    edit: writing.edit,
    view,
    check: checkOf(gates, { view, notes, buttons: offerButtons(context) }),
    describe: promotion.describedAs !== view.fingerprint,
    reason,
  };
  return decide(context, { situation: "updates", actions: [action], view });
}
