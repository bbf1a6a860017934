// Decides the check on heads that are not promotions of ours: people's pull requests to governed branches, merge
// groups, and the default branch itself when its pipeline file is broken. The check can be required, so every such
// head gets one, and it is never neutral and never skipped. What a pull request removes is judged in `guard-removals.ts`,
// what it changes in `guard-change.ts`.

import type { CheckSubject, CheckView } from "../domain/check-view.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import type { Override } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need, SetCheck } from "../domain/plan.ts";
import type { CheckState, GuardedHead } from "../domain/promotion.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { composeChangeCheck } from "./compose-change-check.ts";
import { fingerprint } from "./fingerprint.ts";
import { guardChange } from "./guard-change.ts";
import { guardRemovals } from "./guard-removals.ts";
import { setCheck } from "./set-check.ts";

export interface GuardedContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  /** Verdicts of this pass on our own promotions, by number. */
  readonly verdicts: ReadonlyMap<number, CheckView["state"]>;
  /** What is known of every environment, by its key. */
  readonly candidates: ReadonlyMap<EnvironmentKey, CandidateContext>;
  /** As the ledger has them. */
  readonly overrides: readonly Override[];
}

export interface GuardedPlan {
  readonly actions: readonly SetCheck[];
  readonly needs: readonly Need[];
  /** Heads on which what our own promotions say does not count. */
  readonly overruled: ReadonlySet<string>;
}

export function planGuarded(context: GuardedContext): GuardedPlan {
  const promoted = new Set(context.observed.promotions.map(({ head }) => head.oid));
  const judged = judgePulls(context);
  const heads = [...Map.groupBy(context.observed.guarded, ({ head }) => head)];
  const plans = heads.map(([head, guarded]) => ({ head, ...checkHead(guarded, { context, judged }) }));
  // On a promotion's commit the promotion speaks, unless somebody else's pull request may not pass.
  const speaking = plans.filter(({ head, state }) => !promoted.has(head) || (state && state !== "success"));
  return {
    actions: [...speaking.flatMap(({ actions }) => actions), ...checkBase(context)],
    needs: plans.flatMap(({ needs }) => needs),
    overruled: new Set(speaking.map(({ head }) => head)),
  };
}

type PullVerdict =
  | { readonly kind: "needs"; readonly needs: readonly Need[] }
  | { readonly kind: "judged"; readonly check: CheckView };

/** People's pull requests, by number. */
type JudgedPulls = ReadonlyMap<number, PullVerdict>;

function judgePulls(context: GuardedContext): JudgedPulls {
  const pulls = context.observed.guarded.flatMap((guarded) =>
    guarded.number === undefined ? [] : [{ ...guarded, number: guarded.number }],
  );
  return new Map(pulls.map((pull) => [pull.number, judgePull(pull, context)]));
}

function judgePull(pull: GuardedHead & { readonly number: number }, context: GuardedContext): PullVerdict {
  const removals = guardRemovals(pull, context);
  const change = guardChange(pull, context);
  if (removals.kind === "needs" || change.kind === "needs") {
    const needs = [
      ...(removals.kind === "needs" ? [removals.need] : []),
      ...(change.kind === "needs" ? change.needs : []),
    ];
    return { kind: "needs", needs };
  }
  return { kind: "judged", check: viewOf(composeChangeCheck({ change, removals })) };
}

interface HeadPlan extends Pick<GuardedPlan, "actions" | "needs"> {
  /** Absent while something has to be known first. */
  readonly state?: CheckView["state"];
}

const WORST_FIRST: readonly CheckView["state"][] = ["failure", "in-progress", "success"];

interface Judging {
  readonly context: GuardedContext;
  readonly judged: JudgedPulls;
}

/** GitHub keeps a check by its commit: what one pull request may do must not open another one with the same head. */
function checkHead(guarded: readonly GuardedHead[], judging: Judging): HeadPlan {
  const verdicts = guarded.map((one) => judgeGuarded(one, judging));
  const needs = verdicts.flatMap((verdict) => (verdict.kind === "needs" ? verdict.needs : []));
  if (needs.length > 0) return { actions: [], needs };
  const known = verdicts.flatMap((verdict) => (verdict.kind === "judged" ? [verdict] : []));
  const [worst] = known.sort((a, b) => WORST_FIRST.indexOf(a.check.state) - WORST_FIRST.indexOf(b.check.state));
  if (worst === undefined) return { actions: [], needs };
  const { check, head, present, subject } = worst;
  return { actions: setCheck(check, { head, present, subject }), needs, state: check.state };
}

type HeadVerdict =
  | Extract<PullVerdict, { readonly kind: "needs" }>
  | {
      readonly kind: "judged";
      readonly check: CheckView;
      readonly head: string;
      readonly present: CheckState | undefined;
      readonly subject: string;
    };

function judgeGuarded(guarded: GuardedHead, { context, judged }: Judging): HeadVerdict {
  const { number, head, check: present } = guarded;
  if (number === undefined) {
    const subject = `merge group ${head.slice(0, 7)}`;
    return { kind: "judged", check: checkMergeGroup(guarded, { context, judged }), head, present, subject };
  }
  const verdict = judged.get(number);
  if (verdict === undefined) throw new Error("a pull request was not judged");
  return verdict.kind === "needs" ? verdict : { ...verdict, head, present, subject: `pull request ${number}` };
}

/** A group is as good as what is in it: it may not carry a promotion or a change past what closed while it was queued. */
function checkMergeGroup({ contains, others = [] }: GuardedHead, { context, judged }: Judging): CheckView {
  const subject: CheckSubject = { kind: "merge-group", promotions: contains, notes: [] };
  const named = (numbers: readonly number[]) => listOf(numbers.map((number) => `pull request ${number}`));
  const stateOf = (number: number) => {
    const verdict = judged.get(number);
    return verdict?.kind === "judged" ? verdict.check.state : undefined;
  };
  const failed = contains.filter((number) => context.verdicts.get(number) === "failure");
  if (failed.length > 0) return viewOf({ state: "failure", title: `A gate of ${named(failed)} has failed`, subject });
  const refused = others.filter((number) => stateOf(number) === "failure");
  if (refused.length > 0)
    return viewOf({ state: "failure", title: `The check of ${named(refused)} has failed`, subject });
  const waiting = contains.filter((number) => context.verdicts.get(number) !== "success");
  if (waiting.length > 0) return viewOf({ state: "in-progress", title: `${named(waiting)} waits at a gate`, subject });
  const open = others.filter((number) => stateOf(number) !== "success");
  if (open.length > 0)
    return viewOf({ state: "in-progress", title: `The check of ${named(open)} is not done`, subject });
  const title = contains.length === 0 ? "No promotion of Stagecoach's" : `Every gate of ${named(contains)} has passed`;
  return viewOf({ state: "success", title, subject });
}

/**
 * What stops the whole repository is shown on the head of the default branch: a ledger that is not ours, errors in the
 * pipeline file. A head where nothing is wrong gets no check of its own, unless it carries one that says otherwise.
 */
function checkBase({ observed, configuration }: GuardedContext): readonly SetCheck[] {
  const branch = observed.branches[observed.repository.defaultBranch];
  if (branch?.kind !== "known") return [];
  const check = distrustView(observed) ?? findingsView(configuration) ?? allClear(branch.value.check, observed);
  if (!check) return [];
  return setCheck(check, {
    head: branch.value.head,
    present: branch.value.check,
    subject: `the head of ${observed.repository.defaultBranch}`,
  });
}

function allClear(present: CheckState | undefined, { ledger }: Observed): CheckView | undefined {
  if (present === undefined || present.state === "success" || ledger.kind === "unknown") return undefined;
  const subject: CheckSubject = { kind: "nothing-of-ours", notes: [] };
  return viewOf({ state: "success", title: "Nothing stops Stagecoach here any more", subject });
}

function distrustView({ ledger }: Observed): CheckView | undefined {
  if (ledger.kind === "unknown" || ledger.value.kind !== "untrusted") return undefined;
  const { why } = ledger.value;
  return viewOf({
    state: "failure",
    title: `Nothing is promoted: ${why}`,
    subject: { kind: "findings", findings: [], notes: [why] },
  });
}

function findingsView({ findings }: Configuration): CheckView | undefined {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  const title = `${countOf(errors.length, "error")} in the pipeline file: ${errors[0]?.message ?? ""}`;
  return viewOf({ state: "failure", title, subject: { kind: "findings", findings, notes: [] } });
}

/** What another pipeline file would lead to changes with the world, and is told once. */
function viewOf(facts: Omit<CheckView, "fingerprint">): CheckView {
  const { subject } = facts;
  const lasting = subject.kind === "change" ? { ...facts, subject: { ...subject, preview: [] } } : facts;
  return { ...facts, fingerprint: fingerprint(lasting) };
}
