// Obeys `/promote`: a person's choice becomes the candidate of one environment. Whatever stands in its way shows as a gate
// on the pull request; only a block is final.

import type { Command } from "../domain/command.ts";
import { type EnvironmentMemory, NOTHING_REMEMBERED, type Requested } from "../domain/ledger.ts";
import { type Environment, type EnvironmentKey, environmentKey, type Pipeline } from "../domain/pipeline.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import { declaredIn } from "./declared-in.ts";
import { findBlock } from "./find-block.ts";
import { findHold } from "./find-hold.ts";
import { findRelease } from "./find-release.ts";
import { findOneEnvironment } from "./find-targets.ts";
import { isDeclared } from "./is-declared.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { compareReleases, orderFacts } from "./order-releases.ts";
import { code, nameRelease } from "./wording.ts";

type PromoteCommand = Extract<Command, { verb: "promote" }>;

export interface Where {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly key: EnvironmentKey;
  readonly memory: EnvironmentMemory;
}

export function obeyPromote(command: PromoteCommand, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const found = findOneEnvironment(command.target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const where = whereIs(found, obeying);
  const { sameAs } = where.environment;
  if (sameAs !== undefined)
    return {
      kind: "refused",
      what: `${code(where.key)} takes what ${code(sameAs)} runs and nothing else; promote there`,
    };
  if (command.version === undefined) return promoteRefused(where, obeying);
  const release = findRelease(command.version, { ...context, pipeline: where.pipeline });
  switch (release.kind) {
    case "missing":
      return { kind: "refused", what: release.why };
    case "unknown":
      return { kind: "waits", why: release.why, needs: release.needs };
    case "found":
      return request(release.release, { where, obeying });
  }
}

export function whereIs(
  { pipeline, environment }: { readonly pipeline: Pipeline; readonly environment: Environment },
  { context }: Obeying,
): Where {
  const key = environmentKey(pipeline, environment);
  return { pipeline, environment, key, memory: context.ledger.environments[key] ?? NOTHING_REMEMBERED };
}

/** Without a version: what this pull request proposes or proposed, else what was refused here last. */
function promoteRefused(where: Where, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const { number } = order.conversation;
  const open = context.observed.promotions.find((each) => each.number === number && each.key === where.key);
  if (open?.head.ownership.kind === "ours" && open.head.release)
    return {
      kind: "noted",
      what: `${nameRelease(open.head.release)} is proposed here already`,
      notes: ["`/why` tells what it waits for"],
    };
  const past = context.observed.past.find((each) => each.number === number && each.key === where.key);
  const refused = [...where.memory.declined, ...where.memory.rolledBack].sort((a, b) => b.at - a.at)[0];
  const release = open?.head.release ?? past?.release ?? refused?.release;
  if (release) return request(release, { where, obeying });
  return {
    kind: "noted",
    what: `nothing was refused in ${code(where.key)}: the newest version that may come there comes by itself`,
    notes: [`to bring another one, write ${code(`/promote <version> to ${where.environment.name}`)}`],
  };
}

function request(release: Release, { where, obeying }: { readonly where: Where; readonly obeying: Obeying }): Obeyed {
  const { order, context } = obeying;
  const { key, environment, memory } = where;
  const { ledger } = context;
  const blocked = findBlock(release, ledger);
  if (blocked)
    return {
      kind: "refused",
      what: `${nameRelease(release)} is blocked by ${code(blocked.by)}: ${code(blocked.reason)}`,
      notes: [`${code(`/unblock ${blocked.tag}`)} comes first`],
    };
  const declared = declaredIn(environment, { ...context, pipeline: where.pipeline, mayCatchUp: new Map() });
  if (declared.kind === "known" && isDeclared(release, declared.value)) return stay(release, { where, obeying });
  const requested: Requested = { release, at: order.at, by: order.by.login, byId: order.by.id };
  return {
    kind: "done",
    ledger: withRequest(requested, { where, ledger }),
    what: `${nameRelease(release)} is what ${code(key)} takes next`,
    notes: [...replaced(memory, release), ...leavesBehind(release, { where, obeying }), ...heldUp(where, obeying)],
    requested: { key, release },
  };
}

/** Git goes back then, and what was newer is not taken for the next thing to promote. */
function leavesBehind(
  release: Release,
  { where: { pipeline, key, memory }, obeying }: { readonly where: Where; readonly obeying: Obeying },
): readonly string[] {
  const [present] = memory.reached;
  if (!present) return [];
  const facts = orderFacts({ ...obeying.context, pipeline });
  if (compareReleases(release, present.release, { pipeline, facts }) !== "older") return [];
  return [
    `it is older than ${nameRelease(present.release)}, which counts as rolled back in ${code(key)} once this is there, and goes no further from it`,
  ];
}

/** The last word counts: who orders what is there wants nothing else. */
function stay(release: Release, { where, obeying }: { readonly where: Where; readonly obeying: Obeying }): Obeyed {
  const { key, memory } = where;
  const has = `${code(key)} has ${nameRelease(release)} already`;
  const { requested, ...others } = memory;
  if (!requested) return { kind: "noted", what: has };
  const { ledger } = obeying.context;
  return {
    kind: "done",
    ledger: { ...ledger, environments: { ...ledger.environments, [key]: others } },
    what: `${has} and keeps it`,
    notes: replaced(memory, release),
  };
}

export function withRequest(
  requested: Requested,
  { where: { key, memory }, ledger }: { readonly where: Where; readonly ledger: Obeying["context"]["ledger"] },
): Obeying["context"]["ledger"] {
  return { ...ledger, environments: { ...ledger.environments, [key]: { ...memory, requested } } };
}

function replaced({ requested }: EnvironmentMemory, release: Release): readonly string[] {
  if (!requested || sameRelease(requested.release, release)) return [];
  return [`before, ${code(requested.by)} had asked for ${nameRelease(requested.release)}`];
}

function heldUp(where: Where, { context }: Obeying): readonly string[] {
  const hold = findHold(where, { ledger: context.ledger, now: context.observed.now });
  return hold
    ? [`it waits, because ${code(hold.by)} holds it: ${code(hold.reason)}; ${code("/resume")} lets it go on`]
    : [];
}
