// Whether an object has changed in anything that matters. Versions, field owners and the times at which a controller last
// looked move all the time, and are no news; nor is it that a controller looks once more, as Flux does at every interval.

import { createHash } from "node:crypto";
import { withoutMeasuredTimes } from "../kubernetes/measured-times.ts";
import type { KubernetesObject } from "./cluster.ts";
import { isObject } from "./read-status.ts";

export interface Fingerprint {
  readonly whole: string;
  /** Without its conditions. */
  readonly rest: string;
}

const OF_METADATA = new Set(["managedFields", "resourceVersion"]);
const HEARTBEATS = new Set(
  ["lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime", "lastUpdate"] // conditions; Config Sync
    .concat("lastReconciled", "lastReconciledDuration", "totalReconciliations") // Flux' history
    .concat("reconciledAt"), // Argo CD
);

/** `before`: what it was. It still is while its controller looks again, and nothing but its conditions says so. */
export function fingerprintObject(object: KubernetesObject, before?: Fingerprint): Fingerprint {
  const { metadata, status, ...declared } = object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => !OF_METADATA.has(field)));
  const conditions = isObject(status) ? status.conditions : undefined;
  const facts = isObject(status) ? { ...status, conditions: undefined } : status;
  const rest = hash([inOrder(kept), inOrder(declared), inOrder(facts, HEARTBEATS)]);
  if (before?.rest === rest && looksAgain(conditions)) return before;
  return { rest, whole: hash([rest, inOrder(conditions, HEARTBEATS)]) };
}

function looksAgain(conditions: unknown): boolean {
  if (!Array.isArray(conditions)) return false;
  return conditions.some((each) => isObject(each) && each.type === "Ready" && each.status === "Unknown");
}

function hash(parts: unknown): string {
  return createHash("sha256")
    .update(withoutMeasuredTimes(JSON.stringify(parts)))
    .digest("base64");
}

const NOTHING_LEFT_OUT: ReadonlySet<string> = new Set();
/** What lies deeper was made to exhaust a reader; changes in it are found by the periodic look. */
const DEEPEST = 100;

/** The order of fields means nothing: lists and watches give them in different ones. */
function inOrder(value: unknown, without = NOTHING_LEFT_OUT, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((item) => inOrder(item, without, depth + 1));
  if (!isObject(value)) return value;
  const kept = Object.keys(value).filter((field) => !without.has(field));
  return kept.sort().map((field) => [field, inOrder(value[field], without, depth + 1)]);
}
