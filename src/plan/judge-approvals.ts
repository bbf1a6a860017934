// Judges whether enough people approved a promotion: on the head that is there now, members of the teams where the gate
// names some, and never whoever asked for it or pushed to its branch. Whose membership is not known does not count.

import { membershipKey } from "../domain/conversation.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import type { ApprovalsGate, GateResult } from "../domain/gate.ts";
import type { Need } from "../domain/plan.ts";
import type { Approval } from "../domain/promotion.ts";
import type { GateContext } from "./gate-context.ts";
import { code } from "./wording.ts";

type Weighed =
  | { readonly kind: "counts"; readonly by: string }
  | { readonly kind: "unread"; readonly by: string }
  /** `why`: a clause that people read. */
  | { readonly kind: "does-not-count"; readonly by: string; readonly why: string };

export function judgeApprovals(gate: ApprovalsGate, context: GateContext): GateResult {
  const name = nameApprovals(gate);
  const weighed = weighAll(gate, context);
  const people = weighed.flatMap((each) => (each.kind === "counts" ? [code(each.by)] : []));
  const by = people.length > 0 ? `${listOf(people)} approved this head` : nobody(weighed);
  if (people.length >= gate.count) return { name, state: "passed", reason: by };
  const whom = gate.teams.length === 0 ? "people with write access" : `members of ${listOf(gate.teams.map(code))}`;
  const wanted = `${countOf(gate.count, "approval")} of ${whom} ${gate.count === 1 ? "is" : "are"} asked for`;
  const reasons = [by, ...weighed.flatMap(whyNot), ...approvedBefore(context), wanted];
  return { name, state: "waiting", reason: reasons.join("; ") };
}

/** Only as many as the gate lacks: most approvals are by members. */
export function membershipNeeds(gate: ApprovalsGate, context: GateContext): readonly Need[] {
  const weighed = weighAll(gate, context);
  const missing = gate.count - weighed.filter(({ kind }) => kind === "counts").length;
  const unread = weighed.filter(({ kind }) => kind === "unread").slice(0, Math.max(0, missing));
  return unread.flatMap(({ by: login }) =>
    gate.teams
      .filter((team) => context.memberships[membershipKey({ team, login })] === undefined)
      .map((team): Need => ({ kind: "membership", team, login })),
  );
}

function weighAll(gate: ApprovalsGate, context: GateContext): readonly Weighed[] {
  return standing(context).map((approval) => weigh(approval, gate, context));
}

/** One for each person. */
function standing({ promotion }: GateContext): readonly Approval[] {
  const here = (promotion?.approvals ?? []).filter(({ head }) => head === promotion?.head.oid);
  return [...new Map(here.map((approval) => [approval.by.toLowerCase(), approval])).values()];
}

function weigh(approval: Approval, { teams }: ApprovalsGate, context: GateContext): Weighed {
  const { by } = approval;
  const own = whyOwn(approval, context);
  if (own !== undefined) return { kind: "does-not-count", by, why: own };
  if (teams.length === 0) return { kind: "counts", by };
  const seen = teams.map((team) => context.memberships[membershipKey({ team, login: by })]);
  if (seen.some((each) => each?.kind === "known" && each.value)) return { kind: "counts", by };
  if (seen.includes(undefined)) return { kind: "unread", by };
  const unknown = seen.find((each) => each?.kind === "unknown");
  const named = listOf(teams.map(code));
  if (unknown?.kind === "unknown")
    return { kind: "does-not-count", by, why: `whether ${code(by)} is in ${named} is not known: ${unknown.why}` };
  return { kind: "does-not-count", by, why: `the approval of ${code(by)} does not count, who is not in ${named}` };
}

/** Four eyes: nobody is the second pair for what they set going. */
function whyOwn({ by, byId }: Approval, { requestedBy, promotion }: GateContext): string | undefined {
  const same = (login: string) => login.toLowerCase() === by.toLowerCase();
  if (requestedBy.some((asker) => asker.byId === byId || same(asker.by)))
    return `the approval of ${code(by)} does not count, who asked for this promotion`;
  if (promotion?.pushedBy.some(same)) return `the approval of ${code(by)} does not count, who pushed to its branch`;
  return undefined;
}

function nobody(weighed: readonly Weighed[]): string {
  return weighed.length === 0
    ? "nobody has approved this head yet"
    : "nobody whose approval counts has approved this head";
}

function whyNot(weighed: Weighed): readonly string[] {
  switch (weighed.kind) {
    case "counts":
      return [];
    case "unread":
      return [`which teams ${code(weighed.by)} is in has not been read yet`];
    case "does-not-count":
      return [weighed.why];
  }
}

function approvedBefore(context: GateContext): readonly string[] {
  const here = new Set(standing(context).map(({ by }) => by));
  const older = [...new Set((context.promotion?.approvals ?? []).map(({ by }) => by))].filter((by) => !here.has(by));
  return older.length === 0 ? [] : [`${listOf(older.map(code))} approved another head, which no longer counts`];
}

function nameApprovals({ count, teams }: ApprovalsGate): string {
  return teams.length === 0 ? countOf(count, "approval") : `${countOf(count, "approval")} from ${listOf(teams)}`;
}
