// Obeys `/sandbox`: lends an environment to an open pull request of this repository, one at a time, and ends that again.
// The field is looked at first: what could not be put back is never lent.

import type { Command, CommandTarget } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import type { Sandbox } from "../domain/ledger.ts";
import { environmentKey, type SandboxField } from "../domain/pipeline.ts";
import type { GuardedHead } from "../domain/promotion.ts";
import { isPlainReference, sandboxKey } from "../domain/sandbox.ts";
import { describeLoan, findLoan, howItEnds, keyOfLoan } from "./find-loan.ts";
import { type FoundEnvironment, findOneEnvironment, findTargets } from "./find-targets.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed, Target } from "./order.ts";
import { code } from "./wording.ts";

type SandboxCommand = Extract<Command, { verb: "sandbox" }>;

export function obeySandbox(command: SandboxCommand, obeying: Obeying): Obeyed {
  return command.release ? release(command.target, obeying) : claim(command.target, obeying);
}

/** Where the command would have an effect: without a name, everything that this pull request has borrowed. */
export function sandboxTargets({ target, release: isRelease }: SandboxCommand, obeying: Obeying): readonly Target[] {
  const { order, context } = obeying;
  if (isRelease && isNameless(target)) {
    return loansOf(obeying).flatMap(({ pipeline, environment }) =>
      targetsNamed({ pipeline, name: environment }, obeying),
    );
  }
  const found = findTargets(target, { ...context, conversation: order.conversation });
  return found.kind === "found" ? found.targets : [];
}

function targetsNamed(target: CommandTarget, { order, context }: Obeying): readonly Target[] {
  const found = findTargets(target, { ...context, conversation: order.conversation });
  return found.kind === "found" ? found.targets : [];
}

function isNameless({ pipeline, name }: CommandTarget): boolean {
  return pipeline === undefined && name === undefined;
}

function loansOf({ order, context }: Obeying): readonly Sandbox[] {
  return context.ledger.sandboxes.filter(({ number }) => number === order.conversation.number);
}

type Found = Extract<FoundEnvironment, { readonly kind: "found" }>;

function claim(target: CommandTarget, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const found = findOneEnvironment(target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const { sandbox } = found.environment;
  if (sandbox === undefined) return whyNoSandbox(found);
  const borrower = borrowerOf(obeying);
  if (borrower === undefined)
    return {
      kind: "refused",
      what: "a sandbox is lent to an open pull request of this repository, to a branch that has environments",
      notes: ["write it on the pull request of the branch that you want to try"],
    };
  const taken = findLoan(environmentKey(found.pipeline, found.environment), context.ledger);
  if (taken) return alreadyLent(taken, obeying);
  return lend({ ...found, sandbox, borrower }, obeying);
}

function whyNoSandbox({ pipeline, environment }: Found): Obeyed {
  const { file, line } = environment.at;
  return {
    kind: "refused",
    what: `${code(environmentKey(pipeline, environment))} is no sandbox: the environment in line ${line} of ${code(file)} does not say which field may be lent`,
    notes: [
      `write there, for example, ${code("sandbox: { file: clusters/dev/root-sync.yaml, path: spec.git.branch }")}`,
    ],
  };
}

interface Borrower {
  readonly head: string;
  readonly branch: string;
}

/** People's pull requests to branches that have environments are the guarded ones; a fork's branch is not here. */
function borrowerOf({ order, context }: Obeying): Borrower | undefined {
  const { number, state } = order.conversation;
  const guarded = context.observed.guarded.find((each: GuardedHead) => each.number === number);
  if (state !== "open" || !guarded || guarded.fork || guarded.branch === undefined) return undefined;
  return { head: guarded.head, branch: guarded.branch };
}

function alreadyLent(taken: Sandbox, { order }: Obeying): Obeyed {
  const notes = [howItEnds(taken)];
  const isOurs = taken.number === order.conversation.number && taken.ended === undefined;
  return { kind: isOurs ? "noted" : "refused", what: describeLoan(taken), notes };
}

interface Lending extends Found {
  readonly sandbox: SandboxField;
  readonly borrower: Borrower;
}

function lend({ pipeline, environment, sandbox, borrower }: Lending, { order, context }: Obeying): Obeyed {
  const key = environmentKey(pipeline, environment);
  const { branch, head } = borrower;
  const value = sandbox.writes === "branch" ? branch : head;
  if (!isPlainReference(branch))
    return {
      kind: "refused",
      what: `the branch ${code(branch)} has characters that are not written into ${code(sandbox.file)}`,
      notes: ["only letters, digits and `. _ - / + # = , @` may stand in it, and it begins with a letter or a digit"],
    };
  const field = context.observed.sandboxFields?.[sandboxKey({ key, value })];
  if (field === undefined)
    return {
      kind: "waits",
      why: `${code(sandbox.file)} was not read yet`,
      needs: [{ kind: "sandbox-field", key, value }],
    };
  if (field.kind === "unknown")
    return { kind: "waits", why: `${code(sandbox.file)} could not be read: ${field.why}`, needs: [] };
  const reading = field.value;
  if (reading.kind === "refused")
    return {
      kind: "refused",
      what: `the field cannot be changed, in ${code(`${reading.path}:${reading.line}`)}`,
      notes: [reading.why],
    };
  const { present } = reading;
  const why = whyNotFrom(present, value);
  if (why !== undefined) return { kind: "refused", what: `${code(sandbox.file)} ${why}` };
  const entry: Sandbox = {
    pipeline: pipeline.name,
    environment: environment.name,
    number: order.conversation.number,
    branch,
    by: order.by.login,
    byId: order.by.id,
    at: order.at,
    before: present,
    wrote: [value],
  };
  return {
    kind: "done",
    ledger: { ...context.ledger, sandboxes: [...context.ledger.sandboxes, entry] },
    what: `${code(key)} is lent to this pull request; a pull request of ours writes ${code(value)} into ${code(sandbox.file)}`,
    notes: [howItEnds(entry), "nothing is promoted there meanwhile"],
  };
}

function whyNotFrom(present: string, value: string): string | undefined {
  if (present === value) return `says ${code(value)} already, so there would be nothing to put back`;
  if (!isPlainReference(present)) return `says ${code(present)} now, which could not be put back afterwards`;
  return undefined;
}

function release(target: CommandTarget, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const keys = sandboxTargets({ verb: "sandbox", target, release: true }, obeying).flatMap(
    ({ pipeline, environment }) =>
      (environment ? [environment] : pipeline.environments).map((each) => environmentKey(pipeline, each)),
  );
  const lent = isNameless(target)
    ? loansOf(obeying)
    : context.ledger.sandboxes.filter((each) => keys.includes(keyOfLoan(each)));
  const ending = lent.filter(({ endedAt }) => endedAt === undefined);
  const [ended] = lent;
  if (ending.length === 0)
    return ended ? { kind: "noted", what: describeLoan(ended) } : { kind: "noted", what: "nothing is lent here" };
  const sandboxes = context.ledger.sandboxes.map((each) =>
    ending.includes(each) ? { ...each, endedAt: order.at, ended: `${code(order.by.login)} released it` } : each,
  );
  return {
    kind: "done",
    ledger: { ...context.ledger, sandboxes },
    what: `${listOf(ending.map((each) => code(keyOfLoan(each))))} is given back`,
    notes: ending.map(({ before }) => `${code(before)} is put back first`),
  };
}
