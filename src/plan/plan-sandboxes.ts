// Plans every environment that is lent: whether its time is over, and what becomes of its field. Closes our own pull
// requests that no claim asks for any more, and sweeps their branches.

import type { Sandbox } from "../domain/ledger.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { ClosePromotion, DeleteBranch, Plan } from "../domain/plan.ts";
import { NO_SANDBOX_PULLS } from "../domain/sandbox.ts";
import { findLoan, keyOfLoan } from "./find-loan.ts";
import type { SandboxContext, SandboxDecision, SandboxesContext } from "./sandbox-context.ts";
import { tendSandbox } from "./tend-sandbox.ts";
import { code } from "./wording.ts";

export interface SandboxesPlan extends Omit<Plan, "unanswered"> {
  /** Every claim as it is to be remembered. */
  readonly sandboxes: readonly Sandbox[];
  readonly news: readonly string[];
}

export function planSandboxes(context: SandboxesContext): SandboxesPlan {
  const decisions = context.ledger.sandboxes.map((claim) => decideClaim(claim, context));
  const news = decisions.flatMap((decision) => decision.news);
  const times = decisions.flatMap(({ lookAgainAt }) => lookAgainAt ?? []);
  return {
    sandboxes: news.length > 0 ? decisions.flatMap(({ claim }) => claim ?? []) : context.ledger.sandboxes,
    news,
    actions: [...decisions.flatMap((each) => each.actions), ...closeUnclaimed(context), ...sweepBranches(context)],
    waits: decisions.flatMap((each) => each.waits),
    needs: decisions.flatMap((each) => each.needs),
    ...(times.length > 0 && { lookAgainAt: Math.min(...times) }),
  };
}

function decideClaim(claim: Sandbox, context: SandboxesContext): SandboxDecision {
  const { observed } = context;
  const key = keyOfLoan(claim);
  const waits = (reason: string): SandboxDecision => ({
    claim,
    news: [],
    actions: [],
    waits: [{ key, reason }],
    needs: [],
  });
  // A clone knows no pull requests; that none is open would look the same.
  if (observed.conversations.length === 0) return waits(`${code(key)} is lent, and no pull request could be seen`);
  const ended = claim.endedAt === undefined ? whyEnded(claim, context) : undefined;
  if (ended !== undefined) {
    const news = [`${code(key)} is no longer lent to pull request ${claim.number}: ${ended}`];
    return {
      ...waits(`${code(key)} is given back: ${ended}`),
      claim: { ...claim, endedAt: observed.now, ended },
      news,
    };
  }
  const found = findContext(claim, context);
  if (found) return tendSandbox(found);
  return whereIsIt(claim, { context, waits });
}

/** Every open pull request is seen, so one that is not among them is over. */
function whyEnded({ number }: Sandbox, { observed }: SandboxesContext): string | undefined {
  const state = observed.conversations.find((each) => each.number === number)?.state ?? "closed";
  return state === "open" ? undefined : `pull request ${number} is ${state}`;
}

function findContext(claim: Sandbox, context: SandboxesContext): SandboxContext | undefined {
  const { observed, configuration } = context;
  const key = keyOfLoan(claim);
  const pipeline = configuration.pipelines.find(({ name }) => name === claim.pipeline);
  const environment = pipeline?.environments.find((each) => environmentKey(pipeline, each) === key);
  const baseName = environment?.branch ?? observed.repository.defaultBranch;
  const base = observed.branches[baseName];
  if (!pipeline || !environment?.sandbox || base?.kind !== "known") return undefined;
  const { open } = observed.sandboxPulls ?? NO_SANDBOX_PULLS;
  const own = open.filter((each) => each.key === key);
  return {
    ...context,
    key,
    claim,
    pipeline,
    environment,
    field: environment.sandbox,
    baseName,
    base: base.value,
    borrower: observed.conversations.find((each) => each.number === claim.number),
    pull: own.find((each) => each.base === baseName) ?? own[0],
  };
}

interface Lost {
  readonly context: SandboxesContext;
  readonly waits: (reason: string) => SandboxDecision;
}

function whereIsIt(claim: Sandbox, { context, waits }: Lost): SandboxDecision {
  const { configuration } = context;
  const key = keyOfLoan(claim);
  const unread = configuration.broken.length > 0 || configuration.findings.some(({ severity }) => severity === "error");
  const isNamed = configuration.pipelines.some(({ name, environments }) =>
    environments.some((each) => name === claim.pipeline && each.name === claim.environment && each.sandbox),
  );
  if (unread) return waits(`${code(key)} stays as it is until the pipeline file can be read`);
  if (isNamed) return waits(`${code(key)} stays as it is until its branch can be read`);
  if (claim.endedAt === undefined)
    return waits(
      `${code(key)} is lent, but the pipeline file no longer says which field; write its \`sandbox\` again, or release it`,
    );
  const reason = `${code(key)} is free: the pipeline file no longer says where ${code(claim.before)} would be put back`;
  return { news: [reason], actions: [], waits: [], needs: [] };
}

/** Who has claimed what is only known from a ledger that may be believed. */
function knowsClaims({ ledger }: SandboxesContext["observed"]): boolean {
  return ledger.kind === "known" && ledger.value.kind !== "untrusted";
}

function closeUnclaimed({ observed, ledger }: SandboxesContext): readonly ClosePromotion[] {
  if (!knowsClaims(observed)) return [];
  const { open } = observed.sandboxPulls ?? NO_SANDBOX_PULLS;
  return open
    .filter(({ key, head }) => findLoan(key, ledger) === undefined && head.ownership.kind === "ours")
    .map(({ key, number, head }) => ({
      kind: "close",
      key,
      number,
      head: head.oid,
      reason: `${code(key)} is not lent to anybody, so pull request ${number} has nothing to do`,
    }));
}

/** A branch whose pull request is over serves nobody, unless a person closed it and may reopen it. */
function sweepBranches({ observed, ledger }: SandboxesContext): readonly DeleteBranch[] {
  if (!knowsClaims(observed)) return [];
  const { strays, past } = observed.sandboxPulls ?? NO_SANDBOX_PULLS;
  return strays
    .filter(({ key, head }) => head.ownership.kind === "ours" && findLoan(key, ledger) === undefined)
    .filter(({ head }) => past.some((each) => each.head === head.oid && (each.outcome === "merged" || each.byUs)))
    .map(({ branch, head }) => ({
      kind: "delete-branch",
      branch,
      head: head.oid,
      reason: `the pull request on ${code(branch)} is over`,
    }));
}
