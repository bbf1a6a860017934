// Decides how the value of a lent environment comes to Git: by one pull request of ours, edited in place, merged by us
// only where the environment merges by itself and no gate of its merge would be passed by.

import type { CheckView } from "../domain/check-view.ts";
import type { Edit } from "../domain/place.ts";
import type { Action } from "../domain/plan.ts";
import { NO_SANDBOX_PULLS, type SandboxPull, type SandboxPullView } from "../domain/sandbox.ts";
import { decideHead, type HeadDecision } from "./decide-head.ts";
import { findHold } from "./find-hold.ts";
import { fingerprint } from "./fingerprint.ts";
import { freezesOf } from "./gate-context.ts";
import type { SandboxContext, SandboxDecision } from "./sandbox-context.ts";
import { setCheck } from "./set-check.ts";
import { tellSandbox } from "./tell-sandbox.ts";
import { code, nameTime } from "./wording.ts";

export interface Proposal {
  readonly wanted: string;
  readonly present: string;
  readonly edit: Edit;
}

/** How soon to look again where GitHub computes something lazily; milliseconds. */
const SOON = 10_000;

export function proposeSandbox(proposal: Proposal, context: SandboxContext): SandboxDecision {
  const stopped = whyDeclined(context) ?? whyHeld(context);
  if (stopped !== undefined) return decided(context, { waits: [stopped], told: { stage: "waiting", reason: stopped } });
  return context.pull ? keepPull(proposal, context.pull, context) : openPull(proposal, context);
}

/** A person who closed it had the last word. */
function whyDeclined({ observed, claim, key, field, pull }: SandboxContext): string | undefined {
  if (pull) return undefined;
  const { past } = observed.sandboxPulls ?? NO_SANDBOX_PULLS;
  // GitHub's times have no milliseconds.
  const since = Math.floor((claim.endedAt ?? claim.at) / 1_000) * 1_000;
  const [last] = past.filter((each) => each.key === key && each.openedAt >= since).sort((a, b) => b.number - a.number);
  if (last === undefined || last.outcome === "merged" || last.byUs) return undefined;
  const cure =
    claim.endedAt === undefined
      ? "reopen it, or give the sandbox back"
      : `reopen it, or correct ${code(field.file)} by hand`;
  return `${code(last.by)} closed pull request ${last.number}, so ${code(field.file)} is left alone; ${cure}`;
}

/** What stops promotions stops lending, too; to put something back is always allowed. */
function whyHeld({
  observed,
  claim,
  ledger,
  configuration,
  environment,
  pipeline,
}: SandboxContext): string | undefined {
  if (claim.endedAt !== undefined) return undefined;
  const hold = findHold({ pipeline, environment }, { ledger, now: observed.now });
  if (hold) return `${environment.name} is held by ${code(hold.by)}: ${code(hold.reason)}`;
  const freeze = freezesOf(environment, configuration).find(
    ({ from, to }) => from <= observed.now && observed.now < to,
  );
  return freeze && `frozen until ${nameTime(freeze.to)}: ${freeze.why}`;
}

function openPull({ edit, ...proposal }: Proposal, context: SandboxContext): SandboxDecision {
  const { observed, key, field, baseName, base } = context;
  const { strays } = observed.sandboxPulls ?? NO_SANDBOX_PULLS;
  const stray = strays.find((each) => each.key === key);
  if (stray?.head.ownership.kind === "foreign") {
    const reason = `branch ${code(stray.branch)} has a commit by ${code(stray.head.ownership.by)} and no pull request of ours, so it is left alone; delete it`;
    return decided(context, { waits: [reason], told: { stage: "waiting", reason } });
  }
  const action: Action = {
    kind: "propose-sandbox",
    key,
    base: baseName,
    baseHead: base.head,
    baseTree: base.tree,
    ...(stray && { branchHead: stray.head.oid }),
    edit,
    view: viewPull(proposal, context),
    reason: `${code(proposal.wanted)} has to stand in ${code(field.file)}: ${whyOf(context)}`,
  };
  return decided(context, { actions: [action] });
}

function keepPull({ edit, ...proposal }: Proposal, pull: SandboxPull, context: SandboxContext): SandboxDecision {
  const { observed, key, baseName, base } = context;
  const head = decideHead(pull, { edit, baseHead: base.head, observed });
  if (head.kind === "unknown") return { ...decided(context, { waits: [head.why] }), needs: head.needs };
  const view = viewPull(proposal, context);
  const moved = whyItMoves(pull, { decision: head.value, context });
  if (moved !== undefined || pull.describedAs !== view.fingerprint) {
    const reason = moved ?? `pull request ${pull.number} has to say something else`;
    const { number } = pull;
    const where = { key, base: baseName, baseHead: base.head, baseTree: base.tree, branchHead: pull.head.oid, number };
    return decided(context, {
      actions: [{ kind: "propose-sandbox", ...where, ...(moved !== undefined && { edit }), view, reason }],
    });
  }
  return mergePull({ pull, view }, context);
}

function whyItMoves(
  pull: SandboxPull,
  { decision, context }: { readonly decision: HeadDecision; readonly context: SandboxContext },
): string | undefined {
  if (decision.kind === "moves") return decision.reason;
  const behind = pull.mergeState === "behind" && !pull.inMergeQueue && pull.head.parent !== context.base.head;
  if (!behind || !mergesByItself(context)) return undefined;
  return `${code(pull.base)} takes only heads that are up to date`;
}

interface Mergeable {
  readonly pull: SandboxPull;
  readonly view: SandboxPullView;
}

function mergePull({ pull, view }: Mergeable, context: SandboxContext): SandboxDecision {
  const { observed, claim, key, base } = context;
  const subject = `pull request ${pull.number}`;
  const check = checkOf(view, context);
  const checks = setCheck(check, { head: pull.head.oid, present: pull.check, subject });
  const stage = claim.endedAt === undefined ? "proposed" : "ending";
  const told = { stage, reason: `${subject} writes ${code(view.to)} into ${code(view.path)}; ${view.merge}` } as const;
  const wait = whyNotMerged({ pull, view, fresh: checks.length > 0 }, context);
  if (wait) return decided(context, { actions: checks, waits: [wait.reason], told, lookAgainAt: wait.until });
  const method = base.usesMergeQueue ? "queue" : (observed.repository.mergeMethods[0] ?? "merge");
  const reason = `${code(key)} merges by itself: ${whyOf(context)}`;
  return decided(context, {
    actions: [{ kind: "merge-sandbox", key, number: pull.number, head: pull.head.oid, method, view, reason }],
  });
}

function whyNotMerged(
  { pull, view, fresh }: Mergeable & { readonly fresh: boolean },
  context: SandboxContext,
): { readonly reason: string; readonly until?: number } | undefined {
  const subject = `pull request ${pull.number}`;
  const soon = context.observed.now + SOON;
  if (!mergesByItself(context)) return { reason: `${subject}: ${view.merge}` };
  if (pull.draft) return { reason: `${subject} is a draft; a person has to mark it ready` };
  if (pull.inMergeQueue) return { reason: `${subject} is in the merge queue` };
  if (pull.leftQueue)
    return { reason: `${subject} was taken out of the merge queue by ${code(pull.leftQueue.by)}; put it back by hand` };
  if (fresh) return { reason: `${subject} merges once its check says so`, until: soon };
  if (pull.mergeable !== "mergeable") return { reason: `${subject} is not mergeable yet, as GitHub says`, until: soon };
  if (pull.mergeState === "clean") return undefined;
  return {
    reason: `GitHub says that a rule of ${code(pull.base)} is not met by ${subject}: a review, a check, or its base`,
  };
}

/** Nobody gets past an approval, a window or a check by way of a sandbox. */
function mergesByItself({ configuration, environment }: SandboxContext): boolean {
  const gated = environment.mergeWhen.some(({ kind }) => kind !== "healthy" && kind !== "merged");
  return configuration.mode === "full" && environment.merge === "auto" && !gated;
}

function mergeWords(context: SandboxContext): string {
  const { configuration, environment } = context;
  if (mergesByItself(context)) return "it is merged by itself";
  if (configuration.mode !== "full") return `a person merges it, because the mode is ${configuration.mode}`;
  if (environment.merge !== "auto") return `a person merges it, because ${environment.name} has \`merge: manual\``;
  return `a person merges it, because the merge to ${environment.name} has gates`;
}

function whyOf({ claim }: SandboxContext): string {
  if (claim.ended !== undefined) return claim.ended;
  return `${code(claim.by)} claimed it for pull request ${claim.number}`;
}

function viewPull({ wanted, present }: Omit<Proposal, "edit">, context: SandboxContext): SandboxPullView {
  const { key, pipeline, environment, claim, field } = context;
  const facts: Omit<SandboxPullView, "fingerprint"> = {
    key,
    pipeline: pipeline.name,
    environment: environment.name,
    direction: claim.endedAt === undefined ? "lend" : "take-back",
    number: claim.number,
    by: claim.by,
    path: field.file,
    from: present,
    to: wanted,
    why: whyOf(context),
    merge: mergeWords(context),
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}

function checkOf({ direction, number, environment }: SandboxPullView, { key }: SandboxContext): CheckView {
  const title =
    direction === "lend"
      ? `Lends ${environment} to pull request ${number}`
      : `Puts back what ${environment} had before pull request ${number}`;
  const notes = [
    "it changes one value, and no version of an image",
    "nothing is promoted there until it is given back",
  ];
  const facts = { state: "success", title, subject: { kind: "sandbox", key, notes } } as const;
  return { ...facts, fingerprint: fingerprint(facts) };
}

interface Decided {
  readonly actions?: readonly Action[];
  readonly waits?: readonly string[];
  readonly told?: Parameters<typeof tellSandbox>[0];
  readonly lookAgainAt?: number | undefined;
}

function decided(context: SandboxContext, { actions = [], waits = [], told, lookAgainAt }: Decided): SandboxDecision {
  const { claim, key } = context;
  const telling = told && tellSandbox(told, context);
  return {
    claim,
    news: [],
    actions: [...actions, ...(telling?.actions ?? [])],
    waits: [...waits.map((reason) => ({ key, reason })), ...(telling?.waits ?? [])],
    needs: telling?.needs ?? [],
    ...(lookAgainAt !== undefined && { lookAgainAt }),
  };
}
