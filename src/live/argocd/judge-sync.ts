// Whether an Application is in sync, and if not, why: a new revision, a change by hand, something to prune, a failed
// apply, or another source. The rows are tried in order, and the first that holds is the answer.

import type { LiveSync } from "../../domain/live-state.ts";
import { isTrueAt, listAt, messageAt, numberAt, textAt, timeAt, valueAt } from "../kubernetes/read-fields.ts";
import { changedSince, compareSources } from "./compare-sources.ts";
import { findCondition } from "./find-blocked.ts";
import { appliedRevisions, attemptedRevisions, comparedRevisions, isPartial, sameRevisions } from "./read-revisions.ts";

const RUNNING: ReadonlySet<string | undefined> = new Set(["Running", "Terminating"]);
const FAILED: ReadonlySet<string | undefined> = new Set(["Failed", "Error"]);

export function judgeSync(application: unknown): LiveSync {
  const status = textAt(application, "status.sync.status");
  const unable = findCondition(application, ["InvalidSpecError", "ComparisonError"]);
  if (textAt(application, "metadata.deletionTimestamp") !== undefined) return say("unknown", "it is being deleted");
  if (unable !== undefined) return say("unknown", unable.message);
  if (status !== "Synced" && status !== "OutOfSync") return say("unknown", "Argo CD could not compare it with Git");
  const change = changedSince(application);
  if (change === "never-compared") return say("unknown", "Argo CD does not say what it compared it with");
  if (change !== undefined) {
    return { state: "out-of-sync", cause: change, message: "its spec has changed since it was last compared" };
  }
  if (isOperating(application)) return say("progressing", messageAt(application, "status.operationState.message"));
  if (status === "Synced") return { state: "synced" };
  return judgeDifference(application);
}

export function isOperating(application: unknown): boolean {
  // Asked for and not picked up yet.
  if ((valueAt(application, "operation") ?? undefined) !== undefined) return true;
  return RUNNING.has(textAt(application, "status.operationState.phase"));
}

function judgeDifference(application: unknown): LiveSync {
  const resources = listAt(application, "status.resources");
  const differing = resources.filter((resource) => (textAt(resource, "status") ?? "Synced") !== "Synced");
  if (differing.length > 0 && differing.every((resource) => isTrueAt(resource, "requiresPruning"))) {
    return { state: "out-of-sync", cause: "prune-pending" };
  }
  const compared = comparedRevisions(application);
  const applied = appliedRevisions(application);
  if (compared !== undefined && applied !== undefined && sameRevisions(compared, applied)) {
    const change = compareSources(applied.sources, compared.sources);
    if (change !== undefined) return { state: "out-of-sync", cause: change };
    if (isComparedBeforeItsSync(application)) {
      return say("progressing", "Argo CD has not compared it again since its last sync ended");
    }
    return { state: "out-of-sync", cause: "drift", ...healingSoFar(application) };
  }
  if (hasFailedAt(application)) {
    const message = messageAt(application, "status.operationState.message");
    return { state: "failed", cause: "apply-failed", ...(message !== undefined && { message }) };
  }
  // A partial sync that left no history says nothing about the rest, so what is new stays unknown.
  const neverTried = attemptedRevisions(application) === undefined;
  return compared !== undefined && (applied !== undefined || neverTried)
    ? { state: "out-of-sync", cause: "new-revision" }
    : { state: "out-of-sync" };
}

/**
 * Between the end of a sync and the next comparison the status still says what differed before. A sync of chosen objects
 * is one of self-heal, which may come again and again and would hide the drift that it fights.
 */
function isComparedBeforeItsSync(application: unknown): boolean {
  const operation = valueAt(application, "status.operationState");
  if (textAt(operation, "phase") !== "Succeeded" || isPartial(operation)) return false;
  if (!sameRevisions(attemptedRevisions(application), comparedRevisions(application))) return false;
  return (
    (timeAt(operation, "finishedAt") ?? 0) > (timeAt(application, "status.reconciledAt") ?? Number.POSITIVE_INFINITY)
  );
}

/** The last operation was for what the comparison found, and failed: automated sync does not try that one again. */
export function hasFailedAt(application: unknown): boolean {
  if (!FAILED.has(textAt(application, "status.operationState.phase"))) return false;
  return sameRevisions(attemptedRevisions(application), comparedRevisions(application));
}

/** A difference that comes back after every heal is a mutating webhook or a default more often than a person. */
function healingSoFar(application: unknown): Pick<LiveSync, "message"> {
  const attempts = numberAt(application, "status.operationState.operation.sync.autoHealAttemptsCount") ?? 0;
  if (attempts < 2) return {};
  return { message: `self-heal has tried ${attempts} times, and the difference comes back` };
}

function say(state: LiveSync["state"], message: string | undefined): LiveSync {
  return { state, ...(message !== undefined && { message }) };
}
