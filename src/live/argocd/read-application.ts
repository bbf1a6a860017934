// An Argo CD Application, from its API or from the cluster, as a live state. The object is whatever somebody sent: every
// field may be missing or of another type, and then that part is not known. Reads no clock: `now` comes along.

import type { LastResult, LiveHealth, LiveState } from "../../domain/live-state.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import { isTrueAt, listAt, messageAt, numberAt, textAt, timeAt, valueAt } from "../kubernetes/read-fields.ts";
import { describeHealing, findSuspended } from "./describe-healing.ts";
import { findBlocked } from "./find-blocked.ts";
import { hidePasswords } from "./hide-passwords.ts";
import { type FreshnessContext, judgeFreshness } from "./judge-freshness.ts";
import { isOperating, judgeSync } from "./judge-sync.ts";
import { findPrunable, findSuspects, readHealthState, readResources } from "./read-resources.ts";
import { appliedRevisions, attemptedRevisions, comparedRevisions } from "./read-revisions.ts";

export interface ApplicationContext extends FreshnessContext {
  /** Its page in Argo CD. */
  readonly link?: string | undefined;
}

export function readApplication(application: unknown, context: ApplicationContext): Seen<LiveState> {
  const object = applicationObject(application);
  if (object === undefined) return unknown("what Argo CD answered is no Application");
  const sync = judgeSync(application);
  const desired = comparedRevisions(application)?.revisions;
  const attempted = attemptedRevisions(application)?.revisions;
  const observed = sync.state === "synced" ? desired : appliedRevisions(application)?.revisions;
  const suspended = findSuspended(application, sync);
  const lastResult = readLastResult(application);
  const blocked = findBlocked(application);
  return known({
    reconciler: "argocd",
    object,
    ...(desired && { desired }),
    ...(attempted && { attempted }),
    ...(observed && { observed }),
    sync: sync.message === undefined ? sync : { ...sync, message: hidePasswords(sync.message) },
    health: readHealth(application),
    ...(suspended !== undefined && { suspended }),
    freshness: judgeFreshness(application, context),
    ...(lastResult && { lastResult }),
    ...(blocked && { blocked }),
    resources: readResources(application),
    suspects: sync.cause === "drift" ? findSuspects(application) : [],
    prunable: findPrunable(application),
    // The images of the summary are those of specs, without workload or pod: nothing that proves what runs.
    containers: [],
    healing: describeHealing(application),
    ...(context.link?.startsWith("https://") && { link: context.link }),
  });
}

export function applicationObject(application: unknown): ObjectReference | undefined {
  const name = textAt(application, "metadata.name");
  if (name === undefined) return undefined;
  const namespace = textAt(application, "metadata.namespace");
  const uid = textAt(application, "metadata.uid");
  const generation = numberAt(application, "metadata.generation");
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    ...(namespace !== undefined && { namespace }),
    name,
    ...(uid !== undefined && { uid }),
    ...(generation !== undefined && { generation }),
  };
}

function readHealth(application: unknown): LiveHealth {
  const state = readHealthState(textAt(application, "status.health.status"));
  if (state === undefined) return { state: "unknown", basis: "none" };
  const since = findSince(application);
  const message = messageAt(application, "status.health.message");
  return {
    state,
    basis: "reconciler",
    ...(since !== undefined && { since }),
    ...(message !== undefined && { message: hidePasswords(message) }),
  };
}

/**
 * Argo CD keeps the time of the last change of health, also when it was healthy before and after a new revision. What was
 * healthy before the last apply is no health of what is applied now, so no time before that apply counts; and while one is
 * going on, or when the time of the change is missing, there is no time to give.
 */
function findSince(application: unknown): number | undefined {
  const changed = timeAt(application, "status.health.lastTransitionTime");
  if (changed === undefined || isOperating(application)) return undefined;
  const dry = isTrueAt(application, "status.operationState.operation.sync.dryRun");
  const operated = dry ? undefined : timeAt(application, "status.operationState.finishedAt");
  const deployed = timeAt(listAt(application, "status.history").at(-1), "deployedAt");
  return Math.max(changed, operated ?? changed, deployed ?? changed);
}

const PHASES: Readonly<Record<string, LastResult["phase"]>> = {
  Succeeded: "succeeded",
  Failed: "failed",
  Error: "failed",
  Running: "running",
  Terminating: "running",
};

function readLastResult(application: unknown): LastResult | undefined {
  const operation = valueAt(application, "status.operationState");
  const phase = textAt(operation, "phase");
  if (phase === undefined) return undefined;
  const startedAt = timeAt(operation, "startedAt");
  const at = timeAt(operation, "finishedAt");
  const message = messageAt(operation, "message");
  const automated = isTrueAt(operation, "operation.initiatedBy.automated");
  const by = automated ? "automated" : textAt(operation, "operation.initiatedBy.username");
  return {
    phase: Object.hasOwn(PHASES, phase) ? (PHASES[phase] ?? "unknown") : "unknown",
    ...(startedAt !== undefined && { startedAt }),
    ...(at !== undefined && { at }),
    ...(message !== undefined && { message: hidePasswords(message) }),
    ...(by !== undefined && { by }),
  };
}
