// Decides what becomes of one lent environment: which value its field should have, whether somebody else has spoken
// there, and when what was lent is back. How the value comes to Git is decided in `propose-sandbox.ts`.

import type { SandboxStage } from "../domain/sandbox.ts";
import { sandboxKey } from "../domain/sandbox.ts";
import { proposeSandbox } from "./propose-sandbox.ts";
import type { SandboxContext, SandboxDecision } from "./sandbox-context.ts";
import { isToldOver, tellSandbox } from "./tell-sandbox.ts";
import { code, shortCommit } from "./wording.ts";

export function tendSandbox(context: SandboxContext): SandboxDecision {
  const { claim, key, pull, baseName, field } = context;
  const wanted = wantedValue(context);
  if (wanted === undefined)
    return stay(context, { reason: `the head of pull request ${claim.number} is not known at the moment` });
  if (pull && pull.base !== baseName)
    return close(context, `it goes to ${code(pull.base)}, but ${code(key)} is on ${code(baseName)}`);
  if (pull?.head.ownership.kind === "foreign") {
    const { by, commit } = pull.head.ownership;
    const reason = `pull request ${pull.number} has commit ${shortCommit(commit)} by ${code(by)}, so it is left alone; take that commit off the branch, or close the pull request`;
    return stay(context, { reason, told: "waiting" });
  }
  const reading = context.observed.sandboxFields?.[sandboxKey({ key, value: wanted })];
  if (reading === undefined) {
    const needs = [{ kind: "sandbox-field", key, value: wanted } as const];
    return { ...stay(context, { reason: `${code(field.file)} was not read yet` }), needs };
  }
  if (reading.kind === "unknown")
    return stay(context, { reason: `${code(field.file)} could not be read: ${reading.why}` });
  if (reading.value.kind === "refused") {
    const { path, line, why } = reading.value;
    return stay(context, { reason: `${code(`${path}:${line}`)} cannot be changed: ${why}`, told: "waiting" });
  }
  const { present, edit } = reading.value;
  if (present === wanted) return settle(context, present);
  if (present !== claim.before && !claim.wrote.includes(present)) return leaveToPeople(context, present);
  if (claim.endedAt === undefined && !claim.wrote.includes(wanted)) return follow(context, { wanted, present });
  return proposeSandbox({ wanted, present, edit }, context);
}

function wantedValue({ claim, field, borrower }: SandboxContext): string | undefined {
  if (claim.endedAt !== undefined) return claim.before;
  return field.writes === "branch" ? claim.branch : borrower?.head?.oid;
}

const MOST_REMEMBERED = 20;

/** What we are about to write is remembered first, so that it is known for ours whatever happens next. */
function follow(
  context: SandboxContext,
  { wanted, present }: { readonly wanted: string; readonly present: string },
): SandboxDecision {
  const { claim, key } = context;
  const recent = claim.wrote.slice(-MOST_REMEMBERED);
  const wrote = [...claim.wrote.filter((each) => each === present || recent.includes(each)), wanted];
  const news = [`${code(key)} follows pull request ${claim.number} to ${code(wanted)}`];
  return {
    ...stay(context, { reason: `${code(key)} is about to follow to ${code(wanted)}` }),
    claim: { ...claim, wrote },
    news,
  };
}

/** The field says what it should. */
function settle(context: SandboxContext, present: string): SandboxDecision {
  const { claim, key, field, pull } = context;
  if (pull) return close(context, `${code(field.file)} says ${code(present)} already`);
  if (claim.endedAt === undefined) {
    const reason = `${code(field.file)} says ${code(present)}`;
    return stay(context, { reason: `${code(key)} is lent to pull request ${claim.number}: ${reason}`, told: "lent" });
  }
  return finish(context, `${code(field.file)} says ${code(present)} again`);
}

/** Somebody wrote something else there: that is the newer word. */
function leaveToPeople(context: SandboxContext, present: string): SandboxDecision {
  const { claim, field, pull } = context;
  const found = `somebody wrote ${code(present)} into ${code(field.file)}`;
  if (pull) return close(context, `${found}, and that stays`);
  if (claim.endedAt !== undefined) return finish(context, `${found}, and that stays`);
  const reason = `${found}, and that is left alone; \`/sandbox release\` ends this, and a new claim begins with it`;
  return stay(context, { reason, told: "waiting" });
}

/** First it is said, then it is forgotten: what is forgotten can be said no more. */
function finish(context: SandboxContext, why: string): SandboxDecision {
  const { claim, key } = context;
  const reason = `${code(key)} is free again: ${claim.ended ?? "it is over"}; ${why}`;
  if (isToldOver(context)) return { news: [reason], actions: [], waits: [], needs: [] };
  return stay(context, { reason, told: "given-back" });
}

function close(context: SandboxContext, reason: string): SandboxDecision {
  const { key, claim, pull } = context;
  if (!pull) throw new Error("only an open pull request can be closed");
  const { number, head } = pull;
  return {
    claim,
    news: [],
    actions: [{ kind: "close", key, number, head: head.oid, reason }],
    waits: [],
    needs: [],
  };
}

/** Nothing is written to Git now. `told`: what the comment on the pull request says. */
export function stay(
  context: SandboxContext,
  { reason, told }: { readonly reason: string; readonly told?: SandboxStage },
): SandboxDecision {
  const { claim, key } = context;
  const telling = told === undefined ? undefined : tellSandbox({ stage: told, reason }, context);
  return {
    claim,
    news: [],
    actions: telling?.actions ?? [],
    waits: [{ key, reason }, ...(telling?.waits ?? [])],
    needs: telling?.needs ?? [],
  };
}
