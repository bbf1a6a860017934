// Obeys one order: first whether it may be given here and by this person, then what it does. Every way in comes through
// here, so that nobody gets past one of these questions by another door.

import { type Authorization, authorize } from "../commands/authorize.ts";
import { commandRow } from "../commands/command-table.ts";
import type { CommandTarget, Verb } from "../domain/command.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { findTargets, keysOf } from "./find-targets.ts";
import { obeyBlock, obeyUnblock, pipelinesFreed, pipelinesMeant } from "./obey-block.ts";
import { obeyDrift } from "./obey-drift.ts";
import { notFound, type Obeying, obeyHold, obeyResume } from "./obey-hold.ts";
import { obeyOverride } from "./obey-override.ts";
import { obeyPromote } from "./obey-promote.ts";
import { obeyRetag } from "./obey-retag.ts";
import { obeyRefresh, obeyRetry } from "./obey-retry.ts";
import { obeyRollBack } from "./obey-roll-back.ts";
import { obeySandbox, sandboxTargets } from "./obey-sandbox.ts";
import type { ObeyContext, Obeyed, Order, Target } from "./order.ts";
import { code } from "./wording.ts";

export function obeyOrder(order: Order, context: ObeyContext): Obeyed {
  const obeying = { order, context };
  return whyNotHere(obeying) ?? whyNotBy(obeying) ?? whatFits(carryOut(obeying));
}

/** More would make a file of the ledger that could not be read again. */
const MOST_HOLDS = 600;
const MOST_BLOCKS = 600;

function whatFits(obeyed: Obeyed): Obeyed {
  if (obeyed.kind !== "done") return obeyed;
  const { holds, blocks } = obeyed.ledger;
  if (holds.length <= MOST_HOLDS && blocks.length <= MOST_BLOCKS) return obeyed;
  return { kind: "refused", what: `that would be more than ${MOST_HOLDS} holds or blocks`, notes: ["end some first"] };
}

/** What the place and the moment forbid, whoever asks. */
function whyNotHere({ order, context }: Obeying): Obeyed | undefined {
  const { verb } = order.command;
  if (!commandRow(verb).changes) return undefined;
  const { conversation } = order;
  if (conversation.fork)
    return { kind: "refused", what: "this pull request comes from a fork, and nothing is ordered from there" };
  if (conversation.state === "closed" && conversation.kind !== "promotion")
    return {
      kind: "refused",
      what: "this pull request is closed",
      notes: ["write it on an open one, or on the promotion itself"],
    };
  if (context.configuration.mode === "observe")
    return { kind: "refused", what: "`mode: observe` only reports, so nothing can be ordered" };
  return whyNotRemembered(context) ?? whyTooMany({ order, context });
}

function whyNotRemembered({ observed: { ledger } }: ObeyContext): Obeyed | undefined {
  if (ledger.kind === "unknown")
    return { kind: "waits", why: `the ledger could not be read: ${ledger.why}`, needs: [] };
  return ledger.value.kind === "untrusted"
    ? { kind: "refused", what: `nothing can be remembered: ${ledger.value.why}` }
    : undefined;
}

const HOUR = 3_600_000;
const MOST_IN_AN_HOUR = 30;

/** T27: whoever is in such a hurry is a program, or will not be sorry to wait. */
function whyTooMany({ order, context }: Obeying): Obeyed | undefined {
  const recent = context.ledger.commands.filter(({ byId, at }) => byId === order.by.id && order.at - at < HOUR);
  if (recent.length < MOST_IN_AN_HOUR) return undefined;
  return {
    kind: "refused",
    what: `${code(order.by.login)} has given ${recent.length} commands in the last hour, and that is the limit`,
  };
}

function whyNotBy({ order, context }: Obeying): Obeyed | undefined {
  const { verb } = order.command;
  const targets = targetsOf({ order, context });
  const verdict = authorize({
    actor: order.by,
    verb,
    targets: targets.flatMap(({ pipeline, environment }) =>
      (environment ? [environment] : pipeline.environments).map((each) => ({
        name: environmentKey(pipeline, each),
        allow: each.allow[verb],
        demanded: each.demanded[verb] ?? [],
      })),
    ),
    person: context.observed.people[order.by.login.toLowerCase()],
    memberships: context.observed.memberships,
  });
  switch (verdict.kind) {
    case "allowed":
      return undefined;
    case "refused":
      return { kind: "refused", what: verdict.why };
    case "unknown":
      return { kind: "waits", why: verdict.why, needs: [] };
    case "needs":
      return {
        kind: "waits",
        why: `what ${code(order.by.login)} may do was not asked yet`,
        needs: needsOf(verdict, order),
      };
  }
}

function needsOf(
  { person, memberships }: Extract<Authorization, { kind: "needs" }>,
  { by: { login } }: Order,
): readonly Need[] {
  return [
    ...(person ? [{ kind: "person", login } as const] : []),
    ...memberships.map((membership) => ({ kind: "membership", ...membership }) as const),
  ];
}

/** Where an order would have an effect. What names nothing that exists needs no more than the general right. */
function targetsOf(obeying: Obeying): readonly Target[] {
  const { order, context } = obeying;
  const { command } = order;
  if (command.verb === "sandbox") return sandboxTargets(command, obeying);
  if ("target" in command) {
    const found = findTargets(command.target, { ...context, conversation: order.conversation });
    return found.kind === "found" ? found.targets : [];
  }
  switch (command.verb) {
    case "block":
      return pipelinesMeant(obeying).map((pipeline) => ({ pipeline }));
    case "unblock":
      return pipelinesFreed(command, obeying).map((pipeline) => ({ pipeline }));
    case "override":
      return overriddenIn(obeying);
    case "help":
      return [];
  }
}

function overriddenIn({ order, context }: Obeying): readonly Target[] {
  const key = context.requested?.key ?? order.conversation.key;
  if (key !== undefined) {
    const found = findTargets({}, { ...context, conversation: { ...order.conversation, key } });
    return found.kind === "found" ? found.targets : [];
  }
  // A guard speaks for every environment that the pull request may touch.
  return context.configuration.pipelines.map((pipeline) => ({ pipeline }));
}

function carryOut(obeying: Obeying): Obeyed {
  const { command } = obeying.order;
  switch (command.verb) {
    case "promote":
      return obeyPromote(command, obeying);
    case "rollback":
      return obeyRollBack(command, obeying);
    case "hold":
      return obeyHold(command, obeying);
    case "resume":
      return obeyResume(command.target, obeying);
    case "block":
      return obeyBlock(command, obeying);
    case "unblock":
      return obeyUnblock(command, obeying);
    case "override":
      return obeyOverride(command, obeying);
    case "adopt":
    case "ignore":
      return obeyDrift(command, obeying);
    case "retry":
      return obeyRetry(command.target, obeying);
    case "refresh":
      return obeyRefresh(command.target, obeying);
    case "sandbox":
      return obeySandbox(command, obeying);
    case "retag":
      return obeyRetag(command, obeying);
    case "status":
    case "diff":
    case "why":
      return ask(command, obeying);
    case "help":
      return { kind: "asks", about: [] };
  }
}

const WHOLE: Verb = "status";

/** `/status` without a name is about the whole way, and where no pipeline is near, about all of them. */
function ask(
  { verb, target }: { readonly verb: Verb; readonly target: CommandTarget },
  { order, context }: Obeying,
): Obeyed {
  const { configuration } = context;
  const found = findTargets(target, { configuration, conversation: order.conversation });
  const named = target.name !== undefined || target.pipeline !== undefined;
  if (found.kind === "found" && verb === WHOLE && !named)
    return { kind: "asks", about: keysOf(found.targets.map(({ pipeline }) => ({ pipeline }))) };
  if (found.kind === "found") return { kind: "asks", about: keysOf(found.targets) };
  if (named || verb !== WHOLE) return notFound(found);
  return { kind: "asks", about: keysOf(configuration.pipelines.map((pipeline) => ({ pipeline }))) };
}
