// Decides what the open pull request of a group should say: for which of its members, and which release. What people have
// looked at is exchanged only for a reason that their approvals do not hold up; a member that may not go on leaves, so
// that the others can.

import { listOf } from "../domain/count-words.ts";
import type { GateResult } from "../domain/gate.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { sameRelease } from "../domain/release.ts";
import type { OpenGroup, Part } from "./group.ts";
import { isNotEmpty, whichGoTogether } from "./join-parts.ts";
import type { Change, LeftOut, Stance, Wait, WrittenStance } from "./stance.ts";
import { takeStance } from "./take-stance.ts";
import { code } from "./wording.ts";
import { writeStance } from "./write-stance.ts";

export interface ChosenParts {
  /** What the pull request says now; a part that cannot be written any more is missing. */
  readonly present: readonly Part[];
  /** A gate that has failed for each of those, and for what it says for others than its members. */
  readonly failing: readonly GateResult[];
  /** What it says when its head moves. */
  readonly next: readonly Part[];
  /** Why the head moves for `next`; absent: it does not move for that. */
  readonly reason?: string;
  readonly notes: readonly string[];
  readonly left: readonly LeftOut[];
  readonly doubts: readonly NonNullable<Stance["doubt"]>[];
}

export type Choice =
  | ({ readonly kind: "chosen" } & ChosenParts)
  | { readonly kind: "close"; readonly reason: string }
  /** Nothing of it can be written any more. */
  | { readonly kind: "stuck"; readonly gates: readonly [GateResult, ...GateResult[]] }
  | Wait;

export function chooseParts(group: OpenGroup): Choice {
  const stances: Stance[] = [];
  for (const member of group.members) {
    const stance = takeStance(member, group);
    if (stance.kind === "wait") return stance;
    if (stance.kind === "stance") stances.push(stance.stance);
  }
  const left: LeftOut[] = [];
  const written: WrittenStance[] = [];
  for (const stance of stances) {
    const one = writeStance(stance);
    if (one.kind === "wait") return one;
    left.push(...one.left);
    written.push(one.stance);
  }
  return compose(written, { group, left });
}

function compose(
  stances: readonly WrittenStance[],
  { group, left }: { readonly group: OpenGroup; readonly left: readonly LeftOut[] },
): Choice {
  const { promotion } = group;
  const present = stances.flatMap(({ presentPart }) => presentPart ?? []);
  const able = stances.filter(({ nextPart, aside }) => nextPart && !aside);
  const staying = able.length > 0 ? able : stances.filter(({ nextPart }) => nextPart);
  // Whoever is there already has the first claim.
  const parts = [...staying]
    .sort((a, b) => Number(!a.present) - Number(!b.present))
    .flatMap((one) => one.nextPart ?? []);
  const { together, left: waiting } = whichGoTogether(parts);
  const changes = changesOf(stances, { group, next: together });
  const unwritten = stances.flatMap(failedToWrite);
  if (!isNotEmpty(together)) return isNotEmpty(unwritten) ? { kind: "stuck", gates: unwritten } : closing(changes);
  const approvers = promotion.approvals.filter(({ head }) => head === promotion.head.oid).map(({ by }) => by);
  const isKept = approvers.length > 0 && present.some(({ context }) => context.environment.supersede !== "always");
  const mayChange = !promotion.inMergeQueue && (!isKept || changes.some(({ firm }) => firm));
  const reason = changes.map((change) => change.reason).join("; ");
  const held = isKept ? `${reason}: that waits because ${listOf(approvers)} approved this head` : reason;
  return {
    kind: "chosen",
    present,
    failing: [...unwritten, ...strangersIn(group).map(failedStranger)],
    next: together,
    ...(changes.length > 0 && mayChange && { reason }),
    notes: [
      ...stances.flatMap(({ context, notes }) => notes.map((note) => `${code(context.pipeline.name)}: ${note}`)),
      ...(changes.length > 0 && !mayChange ? [held] : []),
    ],
    left: [
      ...left,
      ...waiting.map(({ candidate: { context }, reason: why }) => ({
        context,
        situation: "waits-to-be-proposed" as const,
        reason: why,
      })),
    ],
    doubts: stances.flatMap(({ doubt }) => doubt ?? []),
  };
}

function failedToWrite({ context, unwritten }: WrittenStance): readonly GateResult[] {
  if (unwritten === undefined) return [];
  return [{ pipeline: context.pipeline.name, name: "written", state: "failed", reason: unwritten }];
}

function closing(changes: readonly Change[]): Choice {
  return { kind: "close", reason: changes.map(({ reason }) => reason).join("; ") };
}

/** Every difference between what the pull request says and what it should say. */
function changesOf(
  stances: readonly WrittenStance[],
  { group, next }: { readonly group: OpenGroup; readonly next: readonly Part[] },
): readonly Change[] {
  const changes = stances.flatMap(({ context, present, change, aside }): readonly Change[] => {
    const then = next.find((part) => part.context === context);
    if (!present) return then && change ? [change] : [];
    if (!then) {
      const why = change ?? aside ?? { reason: "its group goes back first", firm: true };
      return [{ reason: `${context.pipeline.name} leaves: ${why.reason}`, firm: why.firm }];
    }
    return change && !sameRelease(then.release, present.release) ? [change] : [];
  });
  const gone = strangersIn(group).map((key) => ({ reason: describeStranger(key), firm: true }));
  const unreadable = group.promotion.head.parts === undefined || group.promotion.head.parts.length === 0;
  return [
    ...changes,
    ...gone,
    ...(unreadable ? [{ reason: "the commit of this pull request does not say what it promotes", firm: true }] : []),
  ];
}

function strangersIn({ members, promotion }: OpenGroup): readonly EnvironmentKey[] {
  const known = new Set(members.map(({ context }) => context.key));
  return (promotion.head.parts ?? []).map(({ key }) => key).filter((key) => !known.has(key));
}

function failedStranger(key: EnvironmentKey): GateResult {
  return { name: "members", state: "failed", reason: describeStranger(key) };
}

function describeStranger(key: EnvironmentKey): string {
  return `${key} is promoted elsewhere, or no longer`;
}
