// Whether an object has changed in anything that matters. Versions, field owners and the times at which a controller last
// looked move all the time, and are no news.

import { createHash } from "node:crypto";
import type { KubernetesObject } from "./cluster.ts";
import { isObject } from "./read-status.ts";

const OF_METADATA = new Set(["managedFields", "resourceVersion"]);
const HEARTBEATS = new Set(
  ["lastUpdateTime", "lastProbeTime", "lastHeartbeatTime", "lastUpdate"] // conditions; Config Sync's blocks
    .concat("lastReconciled", "lastReconciledDuration", "totalReconciliations") // Flux' history
    .concat("reconciledAt"), // Argo CD
);

export function fingerprintObject({ metadata, status, ...rest }: KubernetesObject): string {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => !OF_METADATA.has(field)));
  const parts = [inOrder(kept), inOrder(rest), inOrder(status, HEARTBEATS)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}

/** The order of fields means nothing: lists and watches give them in different ones. */
function inOrder(value: unknown, without: ReadonlySet<string> = new Set()): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, without));
  if (!isObject(value)) return value;
  const kept = Object.keys(value).filter((field) => !without.has(field));
  return kept.sort().map((field) => [field, inOrder(value[field], without)]);
}
