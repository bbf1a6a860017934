// Decides what a promotion needs next whose release stays: a new head, a better text, a check, the merge, or patience.
// It is merged only when the check that people see says so already.

import type { CheckView } from "../domain/check-view.ts";
import type { Action, PromotionView } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import { computeEdit, type Writing } from "./compute-edit.ts";
import { decide, waitWith } from "./decide.ts";
import { decideHead } from "./decide-head.ts";
import { checkOf, describePromotion, gatesOf } from "./describe-promotion.ts";
import type { EnvironmentContext, EnvironmentDecision, Situation, Tended } from "./environment-context.ts";
import { freezesOf } from "./gate-context.ts";
import { beforeMerge, beforeProposal, gateNeeds, nextQuestions } from "./gate-needs.ts";
import { leaveQueue } from "./leave-queue.ts";
import { movePromotion } from "./move-promotion.ts";
import { offerButtons } from "./offer-buttons.ts";
import { setCheck } from "./set-check.ts";
import { code, nameRelease } from "./wording.ts";

/** How soon to look again where GitHub computes something lazily; milliseconds. */
const SOON = 10_000;

export interface Kept extends Tended {
  readonly proposed: Release;
  readonly notes: readonly string[];
}

export function keepPromotion(kept: Kept, context: EnvironmentContext): EnvironmentDecision {
  const { proposed } = kept;
  const writing = computeEdit(proposed, context);
  if (writing.kind === "unknown")
    return waitWith(context, { situation: "candidate-unknown", reason: writing.why, needs: writing.needs });
  switch (writing.value.kind) {
    case "refused":
      return cannotBeWritten(writing.value.reason, { kept, context });
    case "nothing-to-write":
      return cannotBeWritten(`the files of ${context.environment.name} would not change`, { kept, context });
    case "writable":
      return keepWritable(writing.value, kept, context);
  }
}

function cannotBeWritten(
  why: string,
  { kept, context }: { kept: Kept; context: EnvironmentContext },
): EnvironmentDecision {
  const { promotion, notes } = kept;
  const gates = [
    { name: "written", state: "failed", reason: why } as const,
    ...gatesOf(kept.proposed, { context, moved: undefined }),
  ];
  const check = checkOf(gates, {
    view: { key: context.key, merge: context.environment.merge },
    notes,
    buttons: offerButtons(context),
  });
  return decide(context, {
    situation: "cannot-be-written",
    actions: checkAnew(check, { promotion, doubtful: false }),
    waits: [why],
    gates,
  });
}

function keepWritable(
  writing: Extract<Writing, { kind: "writable" }>,
  kept: Kept,
  context: EnvironmentContext,
): EnvironmentDecision {
  const { promotion, declared, base, proposed } = kept;
  const left = promotion.leftQueue ? [`it ${describeLeftQueue(promotion.leftQueue)}`] : [];
  const notes = [...kept.notes, ...left];
  const head = decideHead(promotion, { edit: writing.edit, baseHead: base.head, observed: context.observed });
  if (head.kind === "unknown")
    return waitWith(context, { situation: "waits-for-github", reason: head.why, needs: head.needs });
  const move = { promotion, declared, base, proposed, writing, notes };
  if (head.value.kind === "moves") return movePromotion({ ...move, reason: head.value.reason }, context);
  const needs = [beforeProposal(proposed, context), beforeMerge(proposed, context)].flatMap(gateNeeds);
  if (needs.length > 0) {
    const reason = `what the gates of ${context.environment.name} rest on has not been read yet`;
    return waitWith(context, { situation: "waits-at-the-gates", reason, needs });
  }
  const gates = gatesOf(proposed, { context, moved: writing.moved });
  const described = { release: writing.release, declared, edit: writing.edit, gates, standsOn: promotion.head.parent };
  const view = describePromotion(described, context);
  const check = checkOf(gates, { view, notes, buttons: offerButtons(context) });
  if (check.state === "success" && promotion.mergeState === "behind" && !promotion.inMergeQueue && context.mayCatchUp) {
    const reason = `${code(promotion.base)} takes only heads that are up to date, and every gate has passed`;
    return movePromotion({ ...move, reason }, context);
  }
  const doubtful = kept.offer.kind === "unknown";
  const changes = [
    ...relabel(promotion, view),
    ...redescribe(promotion, view),
    ...checkAnew(check, { promotion, doubtful }),
  ];
  return withMerge({ changes, check, view, promotion }, context);
}

export function relabel(promotion: Promotion, view: PromotionView): readonly Action[] {
  const missing = view.labels.filter((label) => !promotion.labels.includes(label));
  if (missing.length === 0) return [];
  return [
    {
      kind: "label",
      key: view.key,
      number: promotion.number,
      labels: missing,
      reason: `${subjectOf(promotion)} lacks a label of ours`,
    },
  ];
}

export function redescribe(promotion: Promotion, view: PromotionView): readonly Action[] {
  if (promotion.describedAs === view.fingerprint) return [];
  return [
    {
      kind: "describe",
      key: view.key,
      number: promotion.number,
      view,
      reason: `${subjectOf(promotion)} has to say something else`,
    },
  ];
}

/** What the head's check says from now on, and what follows from it at once. */
export function checkAnew(
  check: CheckView,
  { promotion, doubtful }: { readonly promotion: Promotion; readonly doubtful: boolean },
): readonly Action[] {
  // While it is not known what comes next, the check cannot say it; that alone is no reason to write another.
  const stands = doubtful && promotion.check?.state === check.state;
  const { head, check: present } = promotion;
  return [
    ...(stands ? [] : setCheck(check, { head: head.oid, present, subject: subjectOf(promotion) })),
    ...leaveQueue(promotion, check),
  ];
}

interface Mergeable {
  readonly changes: readonly Action[];
  readonly check: CheckView;
  readonly view: PromotionView;
  readonly promotion: Promotion;
}

export function withMerge(
  { changes, check, view, promotion }: Mergeable,
  context: EnvironmentContext,
): EnvironmentDecision {
  const waits = (situation: Situation, reason: string, lookAgainAt?: number) =>
    beforeItCloses(decide(context, { situation, actions: changes, waits: [reason], lookAgainAt, view }), {
      view,
      context,
    });
  const soon = context.observed.now + SOON;
  const subject = subjectOf(promotion);
  if (check.state !== "success")
    return waits("waits-at-the-gates", `${subject} waits: ${check.title}`, nextOpening(view));
  if (promotion.inMergeQueue) return waits("waits-for-github", `${subject} is in the merge queue`);
  if (promotion.draft) return waits("waits-for-a-person", `${subject} is a draft; a person has to mark it ready`);
  if (view.merge === "manual") return waits("waits-for-a-person", `${subject} waits for a person to merge it`);
  if (promotion.leftQueue && !context.reconsidered?.has(context.key))
    return waits("waits-for-a-person", `${subject} ${describeLeftQueue(promotion.leftQueue)}`);
  if (changes.length > 0) return waits("waits-for-github", `${subject} merges once its check says so`, soon);
  if (promotion.mergeable === "unknown")
    return waits("waits-for-github", `GitHub has not computed yet whether ${subject} can be merged`, soon);
  if (promotion.mergeable === "conflicting")
    return waits("waits-for-github", `GitHub still sees a conflict in ${subject}`, soon);
  if (promotion.mergeState === "behind")
    return waits(
      "waits-for-github",
      `${subject} waits for its turn: ${code(promotion.base)} takes only heads that are up to date`,
    );
  if (promotion.mergeState === "blocked") {
    return waits(
      "waits-for-a-person",
      `GitHub says that a rule of ${code(promotion.base)} is not met by ${subject}: a required review or check`,
    );
  }
  return decide(context, { situation: "merges", actions: [mergeAction(view, promotion, context)], view });
}

/** Whoever took it out, a person or a failing group: to put the same head back would be to argue with them. */
export function describeLeftQueue({ by, why }: NonNullable<Promotion["leftQueue"]>): string {
  return `was taken out of the merge queue by ${code(by)} (${code(why)}); put it back by hand or by ${code("/retry")}, or wait for a newer version`;
}

/** A freeze closes the check when it begins and a window when it ends, not when somebody happens to look. */
function beforeItCloses(
  decision: EnvironmentDecision,
  { view, context }: { readonly view: PromotionView; readonly context: EnvironmentContext },
): EnvironmentDecision {
  const { configuration, environment, observed } = context;
  const closings = view.gates.flatMap(({ changesAt }) => changesAt ?? []);
  const freezes = freezesOf(environment, configuration).flatMap(({ from }) => (from > observed.now ? [from] : []));
  const asks = [beforeProposal(view.release, context), beforeMerge(view.release, context)].flatMap(nextQuestions);
  const times = [...closings, ...freezes, ...asks];
  if (times.length === 0) return decision;
  return { ...decision, lookAgainAt: Math.min(...times, decision.lookAgainAt ?? Number.POSITIVE_INFINITY) };
}

function mergeAction(view: PromotionView, promotion: Promotion, context: EnvironmentContext): Action {
  const base = context.base.kind === "known" ? context.base.value : undefined;
  const method = base?.usesMergeQueue ? "queue" : (context.observed.repository.mergeMethods[0] ?? "merge");
  const reason = `every gate of ${context.environment.name} has passed for ${nameRelease(view.release)}`;
  return { kind: "merge", key: view.key, number: promotion.number, head: promotion.head.oid, method, view, reason };
}

function nextOpening(view: PromotionView): number | undefined {
  const times = view.gates.flatMap(({ state, expectedAt }) =>
    state === "waiting" && expectedAt !== undefined ? [expectedAt] : [],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function subjectOf({ number }: Promotion): string {
  return `pull request ${number}`;
}
