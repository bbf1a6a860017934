// Obeys `/block` and `/unblock`: a blocked digest goes nowhere, in no pipeline of the repository, until it is unblocked.

import type { Command } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import { isIdentityStart, meansIdentity } from "../domain/identity.ts";
import type { Block } from "../domain/ledger.ts";
import { type Pipeline, proposedUnder } from "../domain/pipeline.ts";
import { describeVersion, type ImageVersion } from "../domain/release.ts";
import { type FoundRelease, findRelease, releasesSeen } from "./find-release.ts";
import type { Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { code, shortDigest } from "./wording.ts";

type BlockCommand = Extract<Command, { verb: "block" }>;
type UnblockCommand = Extract<Command, { verb: "unblock" }>;

export function obeyBlock({ version, reason }: BlockCommand, { order, context }: Obeying): Obeyed {
  const pipelines = pipelinesMeant({ order, context });
  if (isIdentityStart(version)) return blockDigest(version, { reason, pipelines, obeying: { order, context } });
  const found = pipelines.map((pipeline) => ({ pipeline, found: findRelease(version, { ...context, pipeline }) }));
  const releases = found.flatMap((each) => (each.found.kind === "found" ? [each.found.release] : []));
  const unknown = found.find((each) => each.found.kind === "unknown")?.found;
  // Of many pipelines only those that have seen it are asked: a tag that is common to all would be looked up in each.
  if (releases.length === 0 && unknown?.kind === "unknown" && pipelines.length === 1)
    return { kind: "waits", why: unknown.why, needs: unknown.needs };
  if (releases.length === 0) return { kind: "confused", what: whyMissing(version, found), notes: [HINT] };
  const digests = new Set(releases.map((release) => release.versions.map(({ digest }) => digest).join(" ")));
  if (digests.size > 1) {
    const names = found.filter((each) => each.found.kind === "found").map(({ pipeline }) => code(pipeline.name));
    return {
      kind: "confused",
      what: `${code(version)} is a version of ${listOf(names.slice(0, 10))}, and each means another digest`,
      notes: [HINT],
    };
  }
  return block(releases[0]?.versions ?? [], { version, reason, obeying: { order, context } });
}

/** Whichever releases it is a part of: the digest is the identity. */
function blockDigest(
  version: string,
  {
    reason,
    pipelines,
    obeying,
  }: { readonly reason: string; readonly pipelines: readonly Pipeline[]; readonly obeying: Obeying },
): Obeyed {
  const seen = pipelines
    .flatMap((pipeline) => releasesSeen({ ...obeying.context, pipeline }))
    .flatMap(({ versions }) => versions.filter(({ digest }) => meansIdentity(version, digest)));
  const [first] = seen;
  if (!first)
    return { kind: "confused", what: `no pipeline here has seen ${code(shortDigest(version))}`, notes: [HINT] };
  if (seen.some(({ digest }) => digest !== first.digest))
    return { kind: "confused", what: `${code(version)} begins several digests`, notes: ["write more of it"] };
  return block([first], { version, reason, obeying });
}

const HINT = "write the command on a promotion of its pipeline, or write the digest";

function block(
  meant: readonly ImageVersion[],
  { version, reason, obeying }: { readonly version: string; readonly reason: string; readonly obeying: Obeying },
): Obeyed {
  const { order, context } = obeying;
  const { ledger } = context;
  const blocks = blocksOf(meant, { by: order.by.login, at: order.at, reason });
  const fresh = blocks.filter(({ digest }) => !ledger.blocks.some((each) => each.digest === digest));
  if (fresh.length === 0) {
    const before = ledger.blocks.find(({ digest }) => digest === blocks[0]?.digest);
    return {
      kind: "noted",
      what: `${code(version)} is blocked already, by ${code(before?.by ?? "")}: ${code(before?.reason ?? "")}`,
    };
  }
  const proposed = context.observed.promotions.filter(({ head }) =>
    head.release?.versions.some(({ digest }) => fresh.some((each) => each.digest === digest)),
  );
  return {
    kind: "done",
    ledger: { ...ledger, blocks: [...ledger.blocks, ...fresh] },
    what: `${code(version)} (${fresh.map(({ digest }) => code(shortDigest(digest))).join(", ")}) goes nowhere any more`,
    notes: [
      ...(proposed.length > 0
        ? [
            `pull requests that propose it turn red: ${listOf([...new Set(proposed.map(({ number }) => String(number)))])}`,
          ]
        : []),
      "where it runs already, it stays: `/rollback` takes an environment back",
      `${code(`/unblock ${version}`)} ends this`,
    ],
  };
}

export function blocksOf(
  versions: readonly ImageVersion[],
  word: { readonly by: string; readonly at: number; readonly reason: string },
): readonly Block[] {
  return versions.map(({ image, tag, digest }) => ({ image, tag, digest, ...word }));
}

export function obeyUnblock({ version }: UnblockCommand, { order, context }: Obeying): Obeyed {
  const { ledger } = context;
  const named = blocksNamed(version, ledger);
  const blocks = blocksEnded(version, { order, context });
  if (blocks.length === 0) {
    const elsewhere =
      named.length > 0 ? [`it is blocked as ${listOf(named.slice(0, 5).map(({ image }) => code(image)))}`] : [];
    return { kind: "noted", what: `${code(version)} is not blocked here`, notes: elsewhere };
  }
  return {
    kind: "done",
    ledger: { ...ledger, blocks: ledger.blocks.filter((each) => !blocks.includes(each)) },
    what: `${code(version)} may be promoted again`,
    notes: blocks.map(({ by, reason }) => `it was blocked by ${code(by)}: ${code(reason)}`),
  };
}

function blocksNamed(version: string, { blocks }: Obeying["context"]["ledger"]): readonly Block[] {
  const isNamed = (block: Block) => block.tag === version || describeVersion(block) === version;
  return blocks.filter((block) => isNamed(block) || meansIdentity(version, block.digest));
}

function blocksEnded(version: string, obeying: Obeying): readonly Block[] {
  const images = new Set(pipelinesMeant(obeying).flatMap((pipeline) => pipeline.images.map(({ image }) => image)));
  return blocksNamed(version, obeying.context.ledger).filter(({ image }) => images.has(image));
}

/** A block is for the whole repository, so its end is, too: everywhere where the image is promoted. */
export function pipelinesFreed({ version }: UnblockCommand, obeying: Obeying): readonly Pipeline[] {
  const meant = pipelinesMeant(obeying);
  const freed = blocksEnded(version, obeying).map(({ image }) => image);
  return obeying.context.configuration.pipelines.filter(
    (pipeline) => meant.includes(pipeline) || pipeline.images.some(({ image }) => freed.includes(image)),
  );
}

/** That of the conversation, else all. */
export function pipelinesMeant({ order, context }: Obeying): readonly Pipeline[] {
  const { pipelines } = context.configuration;
  const { key } = order.conversation;
  const members = key === undefined ? [] : proposedUnder(key, { pipelines }).map(({ pipeline }) => pipeline);
  const own = pipelines.filter((each) => each.name === key?.split("/")[0] || members.includes(each));
  return own.length > 0 ? own : pipelines;
}

function whyMissing(
  version: string,
  found: readonly { readonly pipeline: Pipeline; readonly found: FoundRelease }[],
): string {
  const [only, ...more] = found;
  if (only && more.length === 0 && only.found.kind === "missing") return only.found.why;
  return `no pipeline here has seen ${code(version)}`;
}
