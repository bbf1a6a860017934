// Decides how far a release has come in one of the places where its environment runs. What fails or is sick with an older
// commit says nothing about it, and what is old news says nothing at all.

import { commitOf } from "../domain/identity.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { Stage } from "../domain/live-view.ts";
import type { LiveReading } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import { judgeDriftAt } from "./judge-drift-at.ts";
import type { LiveContext, PlaceVerdict } from "./live-verdict.ts";
import { matchCommits } from "./match-commits.ts";
import { workloadsName } from "./match-images.ts";
import { matchRevisions } from "./match-revision.ts";
import { type Applied, revisionContext, whatIsApplied } from "./what-is-applied.ts";
import { code, nameTime } from "./wording.ts";

export function judgePlace(reading: LiveReading, context: LiveContext): PlaceVerdict {
  const { source } = reading.target;
  const place = (stage: Stage, reason: string, more: Partial<PlaceVerdict> = {}): PlaceVerdict => ({
    reading,
    stage,
    reason,
    drift: [],
    driftKnown: false,
    needs: [],
    ...more,
  });
  if (reading.state.kind === "unknown") {
    const since = reading.heardAt === undefined ? "" : ` since ${nameTime(reading.heardAt)}`;
    return place("no-news", `no news from ${source}${since}: ${reading.state.why}`);
  }
  const state = reading.state.value;
  const { stale, readAt } = state.freshness;
  if (stale !== undefined) {
    // Not when it was read: the text would change with every look.
    const heardAt = state.freshness.reconciledAt ?? reading.heardAt;
    const since = heardAt === undefined ? "" : ` since ${nameTime(heardAt)}`;
    return place("no-news", `no news from ${source}${since}: ${stale}`);
  }
  if (readAt < context.cameAt)
    return place("merged", `${source} was last looked at before it came, at ${nameTime(readAt)}`, { state });
  const applied = whatIsApplied(state, context);
  if (applied.kind === "unknown")
    return place("reconciling", `what ${source} runs is not fully known: ${applied.why}`, {
      state,
      needs: applied.needs,
    });
  return { ...judgeKnown(state, { applied: applied.value, reading, context }), reading, state };
}

type Judged = Omit<PlaceVerdict, "reading" | "state">;

interface Judging {
  readonly applied: Applied;
  readonly reading: LiveReading;
  readonly context: LiveContext;
}

function judgeKnown(state: LiveState, judging: Judging): Judged {
  const { applied } = judging;
  return applied.holds ? judgeApplied(state, judging) : judgeNotYet(state, judging);
}

/** The release is not applied as a whole: on its way, stuck, or not begun. */
function judgeNotYet(state: LiveState, { applied, reading, context }: Judging): Judged {
  const { source } = reading.target;
  const failed = hasFailed(state);
  // While it is being applied, what is sick may be what was there before.
  const sick = isSick(state) && state.sync.state !== "progressing";
  if (failed || sick) {
    const { release } = context.reached;
    const { match, rest } = matchCommits(state.attempted ?? state.desired, { ...context, release });
    const tried = matchRevisions(rest?.length === 0 ? undefined : rest, revisionContext(context));
    if (tried.kind === "unknown") return judged("reconciling", `${source}: ${tried.why}`, tried.needs);
    const named = tried.value.kind === "unnamed" && workloadsName(release, { state, ...context });
    // What fails or is sick with an older commit says nothing about this release.
    if (tried.value.kind === "holds" || match.kind === "holds" || named) {
      const { startedAt, at } = state.lastResult ?? {};
      const since = Math.max(state.health.since ?? 0, startedAt ?? at ?? 0);
      return ill(`${source}: ${whatIsWrong(state)}`, failed ? failingSince(state, reading) : since || undefined);
    }
  }
  if (state.suspended !== undefined) return judged("suspended", `${source}: ${applied.why}; ${state.suspended}`);
  if (hasBegun(state, context)) return judged("reconciling", `${source}: ${progressOf(state) ?? applied.why}`);
  return judged("merged", `${source}: ${applied.why}`);
}

function judged(stage: Stage, reason: string, needs: readonly Need[] = []): Judged {
  return { stage, reason, drift: [], driftKnown: false, needs };
}

function hasFailed({ sync, blocked }: LiveState): boolean {
  return sync.state === "failed" || (blocked !== undefined && !blocked.retrying);
}

function isSick({ health }: LiveState): boolean {
  return health.state === "degraded" || health.state === "missing";
}

function failingSince({ lastResult }: LiveState, reading: LiveReading): number | undefined {
  return reading.failingSince ?? lastResult?.at;
}

function ill(reason: string, since: number | undefined): Judged {
  return { ...judged("degraded", reason), ...(since !== undefined && { sickSince: since }) };
}

function hasBegun(state: LiveState, { branch, reached }: LiveContext): boolean {
  if (state.sync.state === "progressing") return true;
  const ids = [...(state.desired ?? []), ...(state.attempted ?? [])].map(({ id }) => id);
  const commits = reached.release.versions.map(({ digest }) => commitOf(digest));
  if (ids.some((id) => commits.includes(id))) return true;
  return ids.includes(branch.head) || (reached.commit !== undefined && ids.includes(reached.commit));
}

function progressOf({ sync, blocked }: LiveState): string | undefined {
  if (blocked) return `${code(blocked.code)}: ${code(blocked.message)}`;
  return sync.message === undefined ? undefined : code(sync.message);
}

function whatIsWrong({ blocked, health, lastResult, sync }: LiveState): string {
  if (blocked) return `${code(blocked.code)}: ${code(blocked.message)}`;
  const message = health.message ?? (sync.state === "failed" ? (sync.message ?? lastResult?.message) : undefined);
  return message === undefined ? `it is ${health.state === "unknown" ? "not applied" : health.state}` : code(message);
}

/** The release is applied as a whole. */
function judgeApplied(state: LiveState, judging: Judging): Judged {
  const { applied, reading } = judging;
  const { source } = reading.target;
  const drift = judgeDriftAt(state, { ...judging, commit: applied.commit });
  const converged = judgeConverged(state, judging);
  if (drift.kind === "unknown") {
    const { why, needs } = drift;
    return converged.stage === "healthy" ? judged("synced", `${source}: ${why}`, needs) : { ...converged, needs };
  }
  const { confirmed, tolerated, looked, reason } = drift.value;
  const more = { drift: confirmed, driftKnown: looked };
  if (confirmed.length === 0 || tolerated) return { ...converged, ...more };
  const drifted = `${source}: ${reason}`;
  const worst = converged.stage === "degraded" ? converged : judged("drifted", drifted);
  return { ...worst, ...more, drifted };
}

/** Whatever differs from Git has been looked into: what else is in the way? */
function judgeConverged(state: LiveState, { applied, reading }: Judging): Judged {
  const { source } = reading.target;
  if (state.sync.state === "failed") return ill(`${source}: ${whatIsWrong(state)}`, failingSince(state, reading));
  // Where the digests that run are the proof, nobody was asked about a commit.
  if (state.sync.state === "unknown" && applied.commit !== undefined)
    return judged("no-news", `${source} cannot tell whether it is in sync${quoted(state.sync.message)}`);
  if (state.suspended !== undefined) return judged("suspended", `${source}: ${state.suspended}`);
  if (state.sync.state !== "synced" && state.sync.state !== "unknown" && !mayStandBeside(state, applied))
    return judged("reconciling", `${source}: ${progressOf(state) ?? "it is being applied"}`);
  if (applied.contradiction === undefined) return judgeHealth(state, source);
  if (!isSick(state)) return judged("synced", `${source}: ${applied.contradiction}`);
  // That pods are not ready is what is seen; why they are not is what somebody can mend.
  const isExplained = state.blocked !== undefined || state.health.message !== undefined;
  return ill(`${source}: ${isExplained ? whatIsWrong(state) : applied.contradiction}`, sickSince(state));
}

/**
 * Out of step with Git and healthy all the same: what may be pruned, differences that were looked into, or a commit on its
 * way that came after the one that is applied, which others send all day where many share a repository.
 */
function mayStandBeside({ sync }: LiveState, { commit }: Applied): boolean {
  if (sync.state === "progressing") return sync.cause === "new-revision" && commit !== undefined;
  if (sync.cause === "new-revision") return commit !== undefined;
  return sync.cause === "prune-pending" || sync.cause === "drift";
}

function sickSince({ health, lastResult }: LiveState): number | undefined {
  return health.since ?? lastResult?.at;
}

function judgeHealth(state: LiveState, source: string): Judged {
  const { health } = state;
  switch (health.state) {
    case "healthy":
      return health.basis === "none"
        ? judged("synced", `${source} took it; nobody there says whether it is healthy`)
        : judged("healthy", `healthy in ${source}`);
    case "degraded":
    case "missing":
      return ill(`${source}: ${whatIsWrong(state)}`, sickSince(state));
    case "suspended":
      return judged("suspended", `${source}: it is suspended${quoted(health.message)}`);
    case "progressing":
      return judged("synced", `${source} took it, and it is progressing${quoted(health.message)}`);
    case "unknown":
      return judged("synced", `${source} took it; its health is not known${quoted(health.message)}`);
  }
}

function quoted(message: string | undefined): string {
  return message === undefined ? "" : `: ${code(message)}`;
}
