// What keeps an Application from converging, in Argo CD's own words: conditions that are errors, a sync that failed or is
// tried again, a deletion that waits for somebody to confirm it.

import type { Blocked } from "../../domain/live-state.ts";
import { isTrueAt, listAt, messageAt, numberAt, textAt } from "../kubernetes/read-fields.ts";
import { hidePasswords } from "./hide-passwords.ts";
import { attemptedRevisions, comparedRevisions, sameRevisions } from "./read-revisions.ts";

/** Worst first. Warnings keep nothing from converging. */
const ERRORS = ["InvalidSpecError", "ComparisonError", "SyncError", "DeletionError", "UnknownError"] as const;
/** Argo CD looks at these again by itself with every comparison; a sync that failed it leaves alone. */
const LOOKED_AT_AGAIN: ReadonlySet<string> = new Set(["ComparisonError", "UnknownError"]);

export interface Condition {
  readonly type: string;
  readonly message: string;
}

export function findCondition(application: unknown, types: readonly string[]): Condition | undefined {
  const conditions = listAt(application, "status.conditions");
  for (const type of types) {
    const found = conditions.find((condition) => textAt(condition, "type") === type);
    if (found !== undefined) return { type, message: hidePasswords(messageAt(found, "message") ?? type) };
  }
  return undefined;
}

export function findBlocked(application: unknown): Blocked | undefined {
  if (textAt(application, "metadata.deletionTimestamp") !== undefined) {
    return { code: "Deleting", message: "the Application is being deleted", retrying: false };
  }
  return findWaiting(application) ?? findRetry(application) ?? findError(application) ?? findFailure(application);
}

function findError(application: unknown): Blocked | undefined {
  const found = findCondition(application, ERRORS);
  if (found === undefined) return undefined;
  // What the objects said tells more than "one or more objects failed to apply".
  const detail = found.type === "SyncError" ? failedObjects(application) : undefined;
  const message = detail === undefined ? found.message : `${detail} (${found.message})`.slice(0, 1_000);
  return { code: found.type, message, retrying: LOOKED_AT_AGAIN.has(found.type) };
}

function findRetry(application: unknown): Blocked | undefined {
  const operation = "status.operationState";
  if (textAt(application, `${operation}.phase`) !== "Running") return undefined;
  if ((numberAt(application, `${operation}.retryCount`) ?? 0) < 1) return undefined;
  return { code: "SyncFailed", message: describeFailure(application), retrying: true };
}

/** The message of a sync that failed before, for a revision that is not the one that is compared now, is old news. */
function findFailure(application: unknown): Blocked | undefined {
  const phase = textAt(application, "status.operationState.phase");
  if (phase !== "Failed" && phase !== "Error") return undefined;
  if (textAt(application, "status.sync.status") === "Synced") return undefined;
  if (!sameRevisions(attemptedRevisions(application), comparedRevisions(application))) return undefined;
  return { code: "SyncFailed", message: describeFailure(application), retrying: false };
}

function findWaiting(application: unknown): Blocked | undefined {
  if (textAt(application, "status.operationState.phase") !== "Running") return undefined;
  const waiting = listAt(application, "status.resources").find(
    (resource) => isTrueAt(resource, "requiresPruning") && isTrueAt(resource, "requiresDeletionConfirmation"),
  );
  if (waiting === undefined) return undefined;
  const name = `${textAt(waiting, "kind") ?? "an object"} ${textAt(waiting, "name") ?? ""}`.trim();
  const message = `the sync waits until somebody confirms that ${name} may be deleted`;
  return { code: "DeletionConfirmation", message, retrying: false };
}

function describeFailure(application: unknown): string {
  const message = messageAt(application, "status.operationState.message") ?? "the sync failed without a message";
  return failedObjects(application) ?? hidePasswords(message);
}

function failedObjects(application: unknown): string | undefined {
  const failed = listAt(application, "status.operationState.syncResult.resources").filter(
    (resource) => textAt(resource, "status") === "SyncFailed" || textAt(resource, "hookPhase") === "Failed",
  );
  const words = failed.slice(0, 3).map((resource) => {
    const name = `${textAt(resource, "kind") ?? "an object"} ${textAt(resource, "name") ?? ""}`.trim();
    return `${name}: ${hidePasswords(messageAt(resource, "message") ?? "failed without a message").slice(0, 300)}`;
  });
  if (words.length === 0) return undefined;
  const more = failed.length - words.length;
  return [...words, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
