// Obeys `/override`: lets one release past one gate of its promotion, or one head of a person's pull request past a guard.
// It counts for what was seen: not for a head that moved while the command was written, and for nothing that comes later.

import type { Command } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import type { Override } from "../domain/ledger.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { ReleasePart } from "../domain/promotion.ts";
import { findOneEnvironment } from "./find-targets.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { GUARD_WORDS, gateWordsOf } from "./override-words.ts";
import { code, nameRelease, shortCommit } from "./wording.ts";

type OverrideCommand = Extract<Command, { verb: "override" }>;

export function obeyOverride(command: OverrideCommand, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const { conversation } = order;
  if (context.unmet !== undefined)
    return {
      kind: "refused",
      what: `it was meant for ${code(context.unmet)}, which was not carried out`,
      notes: ["write it again together with that, or alone on the pull request that it is for"],
    };
  if (conversation.kind === "dashboard" && command.gate === "environments") return overrideReach(command, obeying);
  if (context.requested) return overrideGate(command, { ...context.requested, obeying });
  if (conversation.state !== "open" || conversation.head === undefined)
    return { kind: "refused", what: "an override counts for an open pull request and what it shows", notes: [HINT] };
  const { oid, committedAt } = conversation.head;
  if (order.head !== undefined && order.head !== oid)
    return {
      kind: "refused",
      what: `the head is ${shortCommit(oid)} by now, and this was given for ${shortCommit(order.head)}`,
      notes: ["look at it, and press the button of its check"],
    };
  // The second is the finest that GitHub tells: what was made in the same one was not seen before it was written.
  if (order.head === undefined && committedAt >= order.at)
    return {
      kind: "refused",
      what: `the head became ${shortCommit(oid)} while this was written, so it was not what you saw`,
      notes: ["look at it, and write the command again"],
    };
  if (conversation.kind === "promotion") return onPromotion(command, obeying);
  return overrideGuard(command, { head: oid, obeying });
}

const HINT = "write it on the pull request, or in one comment with the `/promote` that it is for";

function onPromotion(command: OverrideCommand, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const { number } = order.conversation;
  const parts = context.observed.promotions
    .filter((each) => each.number === number && each.head.ownership.kind === "ours")
    .flatMap(({ key, head: { release } }) => (release ? [{ key, release }] : []));
  const [only, ...more] = parts;
  if (!only)
    return {
      kind: "refused",
      what: "this pull request is not as Stagecoach made it, so nothing of it can be let past a gate",
    };
  return more.length > 0 ? overrideTogether(command, { parts, obeying }) : overrideGate(command, { ...only, obeying });
}

/** On the pull request of a group: for each of its releases whose environment has such a gate. */
function overrideTogether(
  command: OverrideCommand,
  { parts, obeying }: { readonly parts: readonly ReleasePart[]; readonly obeying: Obeying },
): Obeyed {
  const { order } = obeying;
  let { context } = obeying;
  const done: Extract<Obeyed, { kind: "done" }>[] = [];
  let other: Obeyed | undefined;
  for (const part of parts) {
    const obeyed = overrideGate(command, { ...part, obeying: { order, context } });
    if (obeyed.kind === "done") {
      done.push(obeyed);
      context = { ...context, ledger: obeyed.ledger };
    } else other ??= obeyed;
  }
  const [first] = done;
  if (!first) return other ?? { kind: "noted", what: "there is nothing to let past a gate" };
  return { ...first, ledger: context.ledger, what: listOf(done.map(({ what }) => what)) };
}

interface Promoting extends NonNullable<Obeying["context"]["requested"]> {
  readonly obeying: Obeying;
}

function overrideGate({ gate, reason }: OverrideCommand, { key, release, obeying }: Promoting): Obeyed {
  const { order, context } = obeying;
  const [pipelineName = "", name = ""] = key.split("/");
  const found = findOneEnvironment({ pipeline: pipelineName, name }, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const words = gateWordsOf(found.environment);
  if (!words.includes(gate))
    return {
      kind: "confused",
      what: `${code(environmentKey(found.pipeline, found.environment))} has no gate ${code(gate)} that can be overridden`,
      notes: [`it has ${listOf(words.map(code))}`],
    };
  const { demandedGates, demanded } = found.environment;
  // Whom the operator names was asked already; where nobody is named, no repository goes below.
  if (demandedGates.some((kind) => kind === gate) && (demanded.override ?? []).length === 0)
    return {
      kind: "refused",
      what: `the operator demands the gate ${code(gate)} of ${code(key)} and names nobody who may override it`,
      notes: [`${code("floor")} in the operator's settings can name somebody under ${code("allow")}`],
    };
  return record(
    { gate, pipeline: pipelineName, environment: name, release, reason },
    { what: `${nameRelease(release)} may pass the gate ${code(gate)} of ${code(key)}`, obeying },
  );
}

function overrideGuard(
  { gate, reason }: OverrideCommand,
  { head, obeying }: { readonly head: string; readonly obeying: Obeying },
): Obeyed {
  if (!GUARD_WORDS.includes(gate))
    return {
      kind: "confused",
      what: `there is no guard ${code(gate)}`,
      notes: [`there are ${listOf(GUARD_WORDS.map(code))}`],
    };
  return record({ gate, head, reason }, { what: `${shortCommit(head)} may pass the guard ${code(gate)}`, obeying });
}

/** The only override that is about no pull request: how many environments may change at once. */
function overrideReach({ gate, reason }: OverrideCommand, obeying: Obeying): Obeyed {
  return record(
    { gate, reason },
    { what: "for an hour as many environments may change at once as there are", obeying },
  );
}

function record(
  override: Omit<Override, "by" | "byId" | "at">,
  { what, obeying: { order, context } }: { readonly what: string; readonly obeying: Obeying },
): Obeyed {
  const { ledger } = context;
  const { by, at } = order;
  return {
    kind: "done",
    ledger: { ...ledger, overrides: [...ledger.overrides, { ...override, by: by.login, byId: by.id, at }] },
    what,
    notes: ["it counts for exactly this and is remembered in the ledger with its reason"],
  };
}
