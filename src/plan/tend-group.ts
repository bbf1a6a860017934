// Decides what becomes of the open pull request of a group: closed, moved to what its members should have now, or kept
// until every gate of all of them has passed. What each member should have is decided in `choose-parts.ts`.

import type { Button } from "../domain/button.ts";
import type { GateResult } from "../domain/gate.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Edit } from "../domain/place.ts";
import type { Need, PromotionView, UpdatePromotion } from "../domain/plan.ts";
import type { Answer } from "./answer.ts";
import { type ChosenParts, chooseParts } from "./choose-parts.ts";
import { decide, waitWith } from "./decide.ts";
import { decideHead } from "./decide-head.ts";
import { checkOf } from "./describe-promotion.ts";
import type { EnvironmentContext, EnvironmentDecision } from "./environment-context.ts";
import { beforeMerge, beforeProposal, gateNeeds, nextQuestions } from "./gate-needs.ts";
import type { OpenGroup, Part } from "./group.ts";
import { describePart, isNotEmpty, joinEdits, joinViews } from "./join-parts.ts";
import { checkAnew, describeLeftQueue, redescribe, relabel, withMerge } from "./keep-promotion.ts";
import { offerGroupButtons } from "./offer-buttons.ts";
import { isTakenBack, stopBeforeTending } from "./plan-environment.ts";
import { code, nameRelease } from "./wording.ts";

export function tendGroup(group: OpenGroup): readonly EnvironmentDecision[] {
  const lead = leadOf(group);
  const stopped =
    stopBeforeTending(lead, { takenBack: group.members.some(({ context }) => isTakenBack(context)) }) ??
    whyNotReadable(group, lead);
  if (stopped) return forAll(stopped, group);
  const choice = chooseParts(group);
  switch (choice.kind) {
    case "wait":
      return forAll(waitWith(lead, choice), group);
    case "close":
      return forAll(close(choice.reason, { group, lead }), group);
    case "stuck":
      return forAll(failCheck(choice.gates, { group, lead }), group);
    case "chosen":
      return keepOrMove(choice, { group, lead });
  }
}

/** The whole group as if it were one environment; its members have one name and one branch. */
function leadOf({ key, promotion, members }: OpenGroup): EnvironmentContext {
  const [first] = members;
  if (!first) throw new Error(`nobody is left in ${key}`);
  const isReconsidered = members.some(({ context }) => context.reconsidered?.has(context.key));
  return { ...first.context, key, promotion, ...(isReconsidered && { reconsidered: new Set([key]) }) };
}

function buttonsOf({ members }: OpenGroup): readonly Button[] {
  return offerGroupButtons(members.map(({ context }) => context));
}

/** A pipeline that cannot be read may still be a member. */
function whyNotReadable(group: OpenGroup, lead: EnvironmentContext): EnvironmentDecision | undefined {
  const { broken, findings } = lead.configuration;
  const known = new Set<string>(group.members.map(({ context }) => context.key));
  const stranger = group.promotion.head.parts?.find(({ key }) => !known.has(key));
  if (!stranger || (broken.length === 0 && !findings.some(({ severity }) => severity === "error"))) return undefined;
  const reason = `pull request ${group.promotion.number} promotes ${stranger.key} too, and stays as it is until the pipeline file can be read`;
  return waitWith(lead, { situation: "candidate-unknown", reason });
}

interface Tending {
  readonly group: OpenGroup;
  readonly lead: EnvironmentContext;
}

function close(reason: string, { group, lead }: Tending): EnvironmentDecision {
  const { key, promotion } = group;
  const action = { kind: "close", key, number: promotion.number, head: promotion.head.oid, reason } as const;
  return decide(lead, { situation: "superseded", actions: [action] });
}

/** It stays as it is, in red. */
function failCheck(gates: readonly [GateResult, ...GateResult[]], { group, lead }: Tending): EnvironmentDecision {
  const { promotion } = group;
  const check = checkOf(gates, { view: { key: group.key, merge: "manual" }, notes: [], buttons: buttonsOf(group) });
  const [{ reason }] = gates;
  const actions = checkAnew(check, { promotion, doubtful: false });
  return decide(lead, { situation: "cannot-be-written", actions, waits: [reason], gates });
}

function keepOrMove(chosen: ChosenParts, tending: Tending): readonly EnvironmentDecision[] {
  const { present, next, reason } = chosen;
  if (reason !== undefined) return move(next, { reason, chosen, tending });
  const { group, lead } = tending;
  const edit = joinEdits(present);
  const head = edit.kind === "known" ? headOf(edit.value, tending) : edit;
  if (head.kind === "unknown") {
    const wait = waitWith(lead, { situation: "waits-for-github", reason: head.why, needs: head.needs });
    return complete(wait, { views: [], chosen, tending });
  }
  if (head.value.kind === "moves") return move(next, { reason: head.value.reason, chosen, tending });
  const { promotion } = group;
  if (!isNotEmpty(present) && isNotEmpty(chosen.failing)) return forAll(failCheck(chosen.failing, tending), group);
  const asked = present.flatMap(judgedOf);
  const needs = asked.flatMap(gateNeeds);
  if (needs.length > 0) return complete(waitForGates(lead, needs), { views: [], chosen, tending });
  const views = present.map((part) => describePart(part, { standsOn: promotion.head.parent }));
  if (!isNotEmpty(views)) throw new Error(`nothing of pull request ${promotion.number} is left to keep`);
  const view = joinViews(views, group);
  const notes = [...chosen.notes, ...leftQueueNotes(group)];
  const check = checkOf([...chosen.failing, ...view.gates], { view, notes, buttons: buttonsOf(group) });
  if (check.state === "success" && promotion.mergeState === "behind" && !promotion.inMergeQueue && lead.mayCatchUp) {
    const why = `${code(promotion.base)} takes only heads that are up to date, and every gate has passed`;
    return move(next, { reason: why, chosen, tending });
  }
  const changes = [
    ...relabel(promotion, view),
    ...redescribe(promotion, view),
    ...checkAnew(check, { promotion, doubtful: chosen.doubts.length > 0 }),
  ];
  const decision = withMerge({ changes, check, view, promotion }, lead);
  const looks = [decision.lookAgainAt ?? [], asked.flatMap(nextQuestions)].flat();
  const lookAgain = looks.length === 0 ? {} : { lookAgainAt: Math.min(...looks) };
  return complete({ ...decision, ...lookAgain }, { views, chosen, tending });
}

function waitForGates(lead: EnvironmentContext, needs: readonly Need[]): EnvironmentDecision {
  const reason = `what the gates of ${lead.environment.name} rest on has not been read yet`;
  return waitWith(lead, { situation: "waits-at-the-gates", reason, needs });
}

function judgedOf({ context, release }: Part) {
  return [beforeProposal(release, context), beforeMerge(release, context)];
}

function headOf(edit: Edit, { group, lead }: Tending): ReturnType<typeof decideHead> {
  if (lead.base.kind === "unknown") return lead.base;
  return decideHead(group.promotion, { edit, baseHead: lead.base.value.head, observed: lead.observed });
}

interface Moving {
  readonly reason: string;
  readonly chosen: ChosenParts;
  readonly tending: Tending;
}

function move(parts: readonly Part[], { reason, chosen, tending }: Moving): readonly EnvironmentDecision[] {
  const { group, lead } = tending;
  const edit: Answer<Edit> = joinEdits(parts);
  if (edit.kind === "unknown" || lead.base.kind === "unknown") {
    const why = edit.kind === "unknown" ? edit : lead.base;
    if (why.kind === "known") throw new Error("what is known is no reason to wait");
    const wait = waitWith(lead, { situation: "candidate-unknown", reason: why.why, needs: why.needs });
    return complete(wait, { views: [], chosen, tending });
  }
  const base = lead.base.value;
  const { promotion } = group;
  const views = parts.map((part) => describePart(unseen(part), { standsOn: base.head }));
  if (!isNotEmpty(views)) throw new Error(`nothing is left for pull request ${promotion.number}`);
  const view = joinViews(views, group);
  const action: UpdatePromotion = {
    kind: "update",
    key: group.key,
    number: promotion.number,
    head: promotion.head.oid,
    baseHead: base.head,
    baseTree: base.tree,
    edit: edit.value,
    view,
    check: checkOf(view.gates, { view, notes: [], buttons: buttonsOf(group) }),
    describe: promotion.describedAs !== view.fingerprint,
    reason,
  };
  const decision = decide(lead, { situation: "updates", actions: [action], view });
  return complete(decision, { views, chosen, tending });
}

/** Whoever approved has seen the head that was, not the one that comes. */
function unseen(part: Part): Part {
  const { context } = part;
  if (!context.promotion) return part;
  return { ...part, context: { ...context, promotion: { ...context.promotion, approvals: [] } } };
}

function leftQueueNotes({ promotion: { leftQueue } }: OpenGroup): readonly string[] {
  return leftQueue ? [`it ${describeLeftQueue(leftQueue)}`] : [];
}

interface Completing {
  readonly views: readonly PromotionView[];
  readonly chosen: ChosenParts;
  readonly tending: Tending;
}

/** What the pull request does is what every member does, and each waits for its own besides. */
function complete(
  decision: EnvironmentDecision,
  { views, chosen, tending: { group } }: Completing,
): readonly EnvironmentDecision[] {
  const doubts = chosen.doubts.map(({ reason }) => reason);
  const needs = [...decision.needs, ...chosen.doubts.flatMap((doubt) => doubt.needs)];
  return group.members.map(({ context, alone }) => {
    const { key } = context;
    const view = views.find((each) => each.key === key);
    const left = chosen.left.find((each) => each.context === context);
    if (left) return { ...waitWith(context, left), needs };
    if (alone && !view)
      return { ...(alone.opening ? waitToJoin(context, group, chosen) : alone), ...withNeeds(alone, needs) };
    const waits = [...decision.waits.map((wait) => ({ ...wait, key })), ...doubts.map((reason) => ({ key, reason }))];
    const { view: _, gates: __, ...shared } = decision;
    return { ...shared, key, waits, needs, ...(view && { view, gates: view.gates }) };
  });
}

function withNeeds(
  { needs }: EnvironmentDecision,
  more: EnvironmentDecision["needs"],
): Pick<EnvironmentDecision, "needs"> {
  return { needs: [...needs, ...more] };
}

function waitToJoin(
  context: EnvironmentContext,
  { promotion }: OpenGroup,
  { next, notes }: ChosenParts,
): EnvironmentDecision {
  const part = next.find((each) => each.context === context);
  const named = part ? nameRelease(part.release) : "its newest version";
  const why = notes.length > 0 ? notes.join("; ") : "it joins when the head moves";
  const reason = `${named} waits for pull request ${promotion.number} of its group: ${why}`;
  return waitWith(context, { situation: "waits-to-be-proposed", reason });
}

function forAll(decision: EnvironmentDecision, { members }: OpenGroup): readonly EnvironmentDecision[] {
  return members.map(({ context, alone }) => {
    // What waits for reasons of its own says those.
    if (alone && !alone.opening) return alone;
    const key = environmentKey(context.pipeline, context.environment);
    return { ...decision, key, waits: decision.waits.map((wait) => ({ ...wait, key })) };
  });
}
