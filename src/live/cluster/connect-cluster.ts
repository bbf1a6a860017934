// A Kubernetes API server behind the interface that readers know. `@kubernetes/client-node` signs in; requests are made
// here, because it follows redirects, reads bodies of any size, waits for ever, and stops watching when a connection breaks.

import { known, unknown } from "../../domain/seen.ts";
import { checkObject } from "./check-object.ts";
import type { Cluster } from "./cluster.ts";
import { CLUSTER_LIMITS, type ClusterLimits } from "./cluster-limits.ts";
import { runDry } from "./dry-run.ts";
import { explainStatus } from "./explain-status.ts";
import { listPages } from "./list-pages.ts";
import { readJsonObject, saysAbsent } from "./read-status.ts";
import { intentOf, resourcePath } from "./resource-path.ts";
import { type Connection, sendRequest } from "./send-request.ts";
import { type ClusterAccess, openEntrance } from "./sign-in.ts";
import { watchObjects } from "./watch-objects.ts";

export interface ClusterOptions {
  /** For people: `the cluster prod-eu`. */
  readonly name: string;
  readonly access: ClusterAccess;
  readonly userAgent?: string;
  readonly limits?: ClusterLimits;
  /** Between 0 and 1. */
  readonly random?: () => number;
  readonly onRequest?: Connection["onRequest"];
  /** A fault of ours has ended a watch. */
  readonly onFault?: (error: unknown) => void;
}

/** Under this name writes are recorded in managed fields. */
const MANAGER = "stagecoach";

/** Nothing is asked before the first call; a kubeconfig that cannot be read is a reason, not an error. */
export function connectCluster(options: ClusterOptions): Cluster & { close(): void } {
  const { name, access, userAgent = MANAGER, limits = CLUSTER_LIMITS, random = Math.random, onRequest } = options;
  const { onFault = throwOn } = options;
  const entrance = openEntrance(access);
  const connection: Connection = { name, entrance, userAgent, limits, ...(onRequest !== undefined && { onRequest }) };
  return {
    list: async (kind, { namespace } = {}) => {
      const listing = await listPages({ ...kind, ...(namespace !== undefined && { namespace }) }, connection);
      return listing.kind === "unknown" ? listing : known(listing.value.objects);
    },
    get: async (address) => {
      const path = resourcePath(address);
      if (path.kind === "unknown") return path;
      const reply = await sendRequest({ method: "GET", path: path.value }, connection);
      if (reply.kind === "unknown") return reply;
      if (saysAbsent(reply)) return known(undefined);
      if (reply.status !== 200) return unknown(`${name} ${explainStatus(reply, intentOf("get", address))}`);
      const object = checkObject(readJsonObject(reply), address);
      return object === undefined ? unknown(`${name} answered something that is no ${address.kind}`) : known(object);
    },
    dryRun: (request) => runDry(request, connection),
    annotate: async (address, annotations) => {
      const path = resourcePath(address, { fieldManager: MANAGER });
      if (path.kind === "unknown") return path;
      const text = JSON.stringify({ metadata: { annotations } });
      const body = { type: "application/merge-patch+json", text };
      const reply = await sendRequest({ method: "PATCH", path: path.value, body }, connection);
      if (reply.kind === "unknown") return reply;
      if (reply.status === 200) return known(undefined);
      if (saysAbsent(reply)) return unknown(`${name} has no such ${address.kind}`);
      return unknown(`${name} ${explainStatus(reply, intentOf("patch", address))}`);
    },
    watch: (kind, { onChange }) => watchObjects(kind, { onChange, onFault, random }, connection),
    close: () => entrance.close(),
  };
}

function throwOn(error: unknown): never {
  throw error;
}
