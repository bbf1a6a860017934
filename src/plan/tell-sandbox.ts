// Decides what the one comment on a pull request that borrows an environment says: who has it and since when, how its
// branch came there, and what really runs. Edited only when its text changes.

import type { LiveReading } from "../domain/observed.ts";
import type { SandboxPlace, SandboxStage, SandboxView } from "../domain/sandbox.ts";
import { fingerprint } from "./fingerprint.ts";
import type { SandboxContext } from "./sandbox-context.ts";
import { NOTHING_TO_TELL, type Telling } from "./telling.ts";
import { code } from "./wording.ts";

interface Told {
  readonly stage: SandboxStage;
  readonly reason: string;
}

export function tellSandbox({ stage, reason }: Told, context: SandboxContext): Telling {
  const { observed, claim, key } = context;
  const { number } = claim;
  const told = observed.told[number];
  if (told === undefined) return { ...NOTHING_TO_TELL, needs: [{ kind: "told", number }] };
  if (told.kind === "unknown") {
    const why = `what was said on pull request ${number} is not known: ${told.why}`;
    return { ...NOTHING_TO_TELL, waits: [{ key, reason: why }] };
  }
  const view = viewSandbox({ stage, reason }, context);
  const present = presentComment(context);
  if (present?.fingerprint === view.fingerprint) return NOTHING_TO_TELL;
  const comment = present && { comment: present.id };
  return { ...NOTHING_TO_TELL, actions: [{ kind: "tell-sandbox", key, number, view, ...comment, reason }] };
}

/** The comment says that it was given back. */
export function isToldOver(context: SandboxContext): boolean {
  return presentComment(context)?.fingerprint.startsWith("given-back.") ?? false;
}

function presentComment({ observed, claim, key }: SandboxContext) {
  const told = observed.told[claim.number];
  return told?.kind === "known" ? told.value.comments.find(({ topic }) => topic === `sandbox/${key}`) : undefined;
}

function viewSandbox({ stage, reason }: Told, context: SandboxContext): SandboxView {
  const { key, environment, claim, pull } = context;
  const facts: Omit<SandboxView, "fingerprint"> = {
    key,
    environment: environment.name,
    stage,
    by: claim.by,
    at: claim.at,
    ...(pull && { pull: pull.number }),
    reason,
    places: stage === "lent" ? placesOf(context) : [],
  };
  return { ...facts, fingerprint: `${stage}.${fingerprint(facts)}` };
}

function placesOf({ observed, key, borrower }: SandboxContext): readonly SandboxPlace[] {
  return (observed.live[key] ?? []).map((reading) => placeOf(reading, borrower?.head?.oid));
}

const LONGEST_MESSAGE = 300;

/** Old news prove neither sync nor health; only what is applied completely counts as running. */
function placeOf({ target: { source, name }, state }: LiveReading, head: string | undefined): SandboxPlace {
  const silent = { source, name, isHead: false };
  if (state.kind === "unknown") return { ...silent, reason: `no news from ${source}` };
  const { observed, sync, health, freshness, blocked, suspended } = state.value;
  if (freshness.stale !== undefined) return { ...silent, reason: `no news from ${source}: what it says is old` };
  const revision = observed?.find(({ kind }) => kind === "git")?.id;
  const message = blocked?.message ?? suspended ?? health.message ?? sync.message;
  return {
    source,
    name,
    ...(revision !== undefined && { revision }),
    isHead: revision !== undefined && revision === head,
    sync: sync.state,
    health: health.state,
    ...(message !== undefined && { reason: code(message.slice(0, LONGEST_MESSAGE)) }),
  };
}
