// Obeys `/rollback`: an environment goes back to what was there before, by a pull request as every other. What it leaves is
// blocked and the environment held in the same breath, so that nothing brings it back while people look for the cause.

import type { Command } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import type { Hold, Reached, Requested } from "../domain/ledger.ts";
import { proposalKey } from "../domain/pipeline.ts";
import { describeRelease, type Release, sameRelease } from "../domain/release.ts";
import { declaredIn } from "./declared-in.ts";
import { findBlock } from "./find-block.ts";
import { findRelease } from "./find-release.ts";
import { findOneEnvironment, findTargets } from "./find-targets.ts";
import { blocksOf } from "./obey-block.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import { type Where, whereIs, withRequest } from "./obey-promote.ts";
import type { ObeyContext, Obeyed } from "./order.ts";
import { code, nameRelease, nameTime } from "./wording.ts";

type RollbackCommand = Extract<Command, { verb: "rollback" }>;

export function obeyRollBack(command: RollbackCommand, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const place = { ...context, conversation: order.conversation };
  if (command.to?.kind === "time") {
    const found = findTargets(command.target, place);
    if (found.kind === "not-found") return notFound(found);
    const wheres = found.targets.flatMap(({ pipeline, environment }) =>
      (environment ? [environment] : pipeline.environments).map((each) =>
        whereIs({ pipeline, environment: each }, obeying),
      ),
    );
    return rollBackTo(command.to.at, { wheres, obeying });
  }
  const found = findOneEnvironment(command.target, place);
  return found.kind === "not-found"
    ? notFound(found)
    : rollBackOne(command, { where: whereIs(found, obeying), obeying });
}

interface Going {
  readonly where: Where;
  readonly obeying: Obeying;
}

function rollBackOne({ to }: RollbackCommand, going: Going): Obeyed {
  const present = presentIn(going);
  if (present.kind !== "present") return present;
  const target = to?.kind === "version" ? versionMeant(to.version, going) : lastGood(present.reached, going);
  if (target.kind !== "target") return target;
  return goBack([{ where: going.where, from: present.reached.release, to: target.release }], going.obeying);
}

type Present = { readonly kind: "present"; readonly reached: Reached } | Extract<Obeyed, { kind: "waits" | "refused" }>;

/** What Git declares and what the ledger knows have to be the same: else the way back would start somewhere else. */
function presentIn({ where, obeying: { context } }: Going): Present {
  const { key, environment, pipeline, memory } = where;
  const declared = declaredIn(environment, { ...context, pipeline, mayCatchUp: new Map() });
  const [reached] = memory.reached;
  if (declared.kind === "unknown")
    return { kind: "waits", why: `what ${code(key)} has is not known: ${declared.why}`, needs: declared.needs };
  const { release, gap, images } = declared.value;
  if (images.some(({ pins }) => pins.length > 1))
    return {
      kind: "refused",
      what: `what ${code(key)} has is not one version: ${gap?.why ?? "its places disagree"}`,
      notes: ["mend its files by a pull request first"],
    };
  if (!release)
    return {
      kind: "waits",
      why: `what ${code(key)} has is not fully known: ${gap?.why ?? "its places disagree"}`,
      needs: gap?.needs ?? [],
    };
  if (reached && sameRelease(reached.release, release)) return { kind: "present", reached };
  return { kind: "waits", why: `${code(key)} has just changed`, needs: [] };
}

type Target = { readonly kind: "target"; readonly release: Release } | Extract<Obeyed, { kind: "waits" | "refused" }>;

function versionMeant(version: string, { where, obeying: { context } }: Going): Target {
  const found = findRelease(version, { ...context, pipeline: where.pipeline });
  switch (found.kind) {
    case "found":
      return wasThere(found.release, where);
    case "missing":
      return { kind: "refused", what: found.why };
    case "unknown":
      return { kind: "waits", why: found.why, needs: found.needs };
  }
}

/** Else `/rollback` would bring what is new past the gates, and past the hold. */
function wasThere(release: Release, { key, environment, memory }: Where): Target {
  if (memory.reached.some((each) => sameRelease(each.release, release))) return { kind: "target", release };
  const command = `/promote ${describeRelease(release)} to ${environment.name}`;
  return {
    kind: "refused",
    what: `${nameRelease(release)} was never in ${code(key)} as far as is remembered, so it is no way back`,
    notes: [`${code(command)} brings it, with the gates of a promotion`],
  };
}

/**
 * On a merged promotion: before what that one brought, whatever was merged since. Where it can be seen what runs, only what
 * was healthy counts.
 */
function lastGood(present: Reached, { where, obeying }: Going): Target {
  const { key, pipeline, environment, memory } = where;
  const { conversation } = obeying.order;
  const isHere =
    (conversation.key === key || conversation.key === proposalKey(pipeline, environment)) &&
    conversation.state === "merged";
  const index = isHere ? memory.reached.findIndex(({ pullRequest }) => pullRequest === conversation.number) : 0;
  const before = memory.reached.slice(Math.max(0, index) + 1);
  const bad = [...memory.rolledBack, ...memory.stopped].map(({ release }) => release);
  const good = before.find(
    ({ release, healthyAt }) =>
      !sameRelease(release, present.release) &&
      (environment.live.length === 0 || healthyAt !== undefined) &&
      !bad.some((each) => sameRelease(each, release)) &&
      !findBlock(release, obeying.context.ledger),
  );
  if (good) return { kind: "target", release: good.release };
  const seen = environment.live.length === 0 ? "was there before" : "was healthy there before";
  return {
    kind: "refused",
    what: `nothing is known that ${seen} ${nameRelease(present.release)} in ${code(key)}`,
    notes: [`name it: ${code(`/rollback ${environment.name} to <version>`)}`],
  };
}

function rollBackTo(
  at: number,
  { wheres, obeying }: { readonly wheres: readonly Where[]; readonly obeying: Obeying },
): Obeyed {
  const moves: Move[] = [];
  const without: string[] = [];
  for (const where of wheres) {
    const present = presentIn({ where, obeying });
    if (present.kind !== "present") return present;
    const then = whatWasThere(where, at);
    if (!then) without.push(where.key);
    else if (!sameRelease(then, present.reached.release))
      moves.push({ where, from: present.reached.release, to: then });
  }
  if (moves.length === 0 && without.length === 0)
    return { kind: "noted", what: `what was there on ${nameTime(at)} is what is there now` };
  if (moves.length === 0)
    return {
      kind: "refused",
      what: `what ${listOf(without.slice(0, 10).map(code))} had on ${nameTime(at)} is not remembered`,
    };
  const gone = goBack(moves, obeying);
  const missing =
    without.length > 0 ? [`of ${listOf(without.slice(0, 10).map(code))} it is not remembered what was there then`] : [];
  return gone.kind === "done" ? { ...gone, notes: [...missing, ...(gone.notes ?? [])] } : gone;
}

/** Each release stood from an arrival until the next one's; of one that came more often, the first and the last are known. */
function whatWasThere({ memory }: Where, at: number): Release | undefined {
  const arrivals = memory.reached.flatMap(({ release, at: first, again = first }) => [
    { release, since: first },
    { release, since: again },
  ]);
  return arrivals.filter(({ since }) => since <= at).sort((a, b) => b.since - a.since)[0]?.release;
}

interface Move {
  readonly where: Where;
  readonly from: Release;
  readonly to: Release;
}

function goBack(moves: readonly Move[], { order, context }: Obeying): Obeyed {
  const already = moves.find(({ from, to }) => sameRelease(from, to));
  if (already) return { kind: "noted", what: `${code(already.where.key)} has ${nameRelease(already.to)} already` };
  const blocked = moves.find(({ to }) => findBlock(to, context.ledger));
  if (blocked)
    return {
      kind: "refused",
      what: `${nameRelease(blocked.to)} is blocked`,
      notes: ["`/unblock` comes first, or name another version"],
    };
  if (moves.every(({ where: { memory }, to }) => memory.requested?.back && sameRelease(memory.requested.release, to)))
    return {
      kind: "noted",
      what: `${listOf(moves.slice(0, 20).map(({ where }) => code(where.key)))} is on the way back already`,
    };
  let { ledger } = context;
  // What one environment goes back to must not be blocked because another leaves it.
  const wanted = new Set(moves.flatMap(({ to }) => to.versions.map(({ digest }) => digest)));
  for (const move of moves) ledger = takeBack(move, { order, ledger, wanted });
  const left = [...new Set(ledger.blocks.slice(context.ledger.blocks.length).map(({ tag }) => code(tag)))].slice(0, 20);
  const told = moves
    .slice(0, 20)
    .map(({ where, from, to }) => `${code(where.key)} from ${nameRelease(from)} to ${nameRelease(to)}`);
  const [first] = moves;
  return {
    kind: "done",
    ledger,
    what: `a pull request takes ${listOf(told)}${moves.length > told.length ? " and others" : ""}`,
    notes: [
      ...(left.length > 0 ? [`blocked: ${listOf(left)}`] : []),
      `nothing else comes there until ${code("/resume")}, also when that pull request is closed`,
    ],
    ...(moves.length === 1 && first && { requested: { key: first.where.key, release: first.to } }),
  };
}

function takeBack(
  { where, from, to }: Move,
  {
    order,
    ledger,
    wanted,
  }: Pick<Obeying, "order"> & Pick<ObeyContext, "ledger"> & { readonly wanted: ReadonlySet<string> },
): ObeyContext["ledger"] {
  const { pipeline, environment, memory } = where;
  const word = { by: order.by.login, at: order.at };
  const requested: Requested = { release: to, ...word, byId: order.by.id, back: true };
  const hold: Hold = {
    pipeline: pipeline.name,
    environment: environment.name,
    ...word,
    reason: `rolled back from ${nameRelease(from).replaceAll("`", "")}`,
  };
  const left = from.versions.filter(({ digest }) => !wanted.has(digest));
  const fresh = left.filter(({ digest }) => !ledger.blocks.some((block) => block.digest === digest));
  const others = ledger.holds.filter(
    (each) => each.pipeline !== hold.pipeline || each.environment !== hold.environment,
  );
  const reason = `rolled back in ${where.key}`;
  return withRequest(requested, {
    where: { ...where, memory: ledger.environments[where.key] ?? memory },
    ledger: {
      ...ledger,
      holds: [...others, hold],
      blocks: [...ledger.blocks, ...blocksOf(fresh, { ...word, reason })],
    },
  });
}
