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

export function fingerprintObject({ metadata, ...rest }: KubernetesObject): string {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => !OF_METADATA.has(field)));
  const status = dropHeartbeats(rest.status);
  return createHash("sha256")
    .update(JSON.stringify([kept, { ...rest, status }]))
    .digest("base64");
}

function dropHeartbeats(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropHeartbeats);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([field]) => !HEARTBEATS.has(field));
  return Object.fromEntries(kept.map(([field, child]) => [field, dropHeartbeats(child)]));
}
