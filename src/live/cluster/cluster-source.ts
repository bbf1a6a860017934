// A cluster as a source of live states: what its kubeconfig may see of Flux, Config Sync, Argo CD's Applications and plain
// namespaces. Every kind is listed at most once for a read, however many targets there are and of whatever kind.

import type { DriftFinding } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import type { LiveTarget } from "../../domain/pipeline.ts";
import { type Seen, unknown } from "../../domain/seen.ts";
import { APPLICATION, readApplicationStates } from "../argocd/read-application-states.ts";
import { readConfigSyncStates } from "../config-sync/read-config-sync-states.ts";
import { verifyClusterDrift } from "../drift/verify-cluster-drift.ts";
import { askFlux } from "../flux/ask-flux.ts";
import { readFluxStates } from "../flux/read-flux-states.ts";
import { readNamespaceStates } from "../kubernetes/read-namespace-states.ts";
import { DAEMON_SET, DEPLOYMENT, HELM_RELEASE, KUSTOMIZATION, STATEFUL_SET } from "../kubernetes/resource-kinds.ts";
import type { DriftRequest, SyncOutcome, TargetRequest, WantedTarget } from "../live.ts";
import type { LiveSource } from "../live-source.ts";
import type { Cluster, ClusterLists, ResourceKind } from "./cluster.ts";
import { GATHER_TIMES, type GatherTimes, gatherChanges, REAL_TIMER, type Timer } from "./gather-changes.ts";
import { shareLists } from "./share-lists.ts";

/** Whose changes are worth a look; a kind that is not there costs a request every few minutes. */
const WATCHED: readonly ResourceKind[] = [
  KUSTOMIZATION,
  HELM_RELEASE,
  { apiVersion: "configsync.gke.io/v1beta1", kind: "RootSync", plural: "rootsyncs" },
  { apiVersion: "configsync.gke.io/v1beta1", kind: "RepoSync", plural: "reposyncs" },
  { apiVersion: "kpt.dev/v1alpha1", kind: "ResourceGroup", plural: "resourcegroups" },
  APPLICATION,
  DEPLOYMENT,
  STATEFUL_SET,
  DAEMON_SET,
];

type Read = (
  targets: readonly WantedTarget[],
  context: { readonly lists: ClusterLists; readonly now: number },
) => Promise<readonly Seen<LiveState>[]>;

const READERS: Readonly<Record<Exclude<LiveTarget["kind"], "reports">, Read>> = {
  flux: readFluxStates,
  "config-sync": readConfigSyncStates,
  kubernetes: readNamespaceStates,
  argocd: readApplicationStates,
};

export interface ClusterSourceOptions {
  readonly now: () => number;
  readonly times?: GatherTimes;
  readonly timer?: Timer;
}

export function createClusterSource(cluster: Cluster, options: ClusterSourceOptions): LiveSource {
  const { now, times = GATHER_TIMES, timer = REAL_TIMER } = options;
  return {
    serves: ["flux", "config-sync", "kubernetes", "argocd"],
    read: (targets, context) => readTargets(targets, { cluster, now: context.now }),
    verifyDrift: (request) => verifyDrift(request, { cluster, now: now() }),
    askToSync: (request) => askToSync(request, { cluster, now: now() }),
    watch: ({ onChange }) => {
      const gathered = gatherChanges(onChange, { times, timer });
      const watches = WATCHED.map((kind) => cluster.watch(kind, { onChange: gathered.changed }));
      return {
        stop: () => {
          for (const watch of watches) watch.stop();
          gathered.stop();
        },
      };
    },
  };
}

interface Context {
  readonly cluster: Cluster;
  readonly now: number;
}

async function readTargets(
  targets: readonly WantedTarget[],
  { cluster, now }: Context,
): Promise<readonly Seen<LiveState>[]> {
  const lists = shareLists(cluster);
  const byKind = [...Map.groupBy(targets, ({ target }) => target.kind)];
  const read = await Promise.all(
    byKind.map(async ([kind, wanted]) => {
      if (kind === "reports") return [];
      const states = await READERS[kind](wanted, { lists, now });
      return wanted.map((target, index) => [target, states[index]] as const);
    }),
  );
  const states = new Map(read.flat());
  return targets.map((wanted) => states.get(wanted) ?? unknown("the cluster was not asked for it"));
}

/** The reconciler's state is read anew: what a suspect was noticed by may be long past. */
async function verifyDrift(request: DriftRequest, context: Context): Promise<Seen<readonly DriftFinding[]>> {
  const wanted = { target: request.target, objects: [], images: [], awaited: false };
  const [state = unknown("the cluster was not asked for it")] = await readTargets([wanted], context);
  return verifyClusterDrift(request, { cluster: context.cluster, state });
}

async function askToSync({ target }: TargetRequest, context: Context): Promise<SyncOutcome> {
  switch (target.kind) {
    case "flux":
      return askFlux(target.name, context);
    case "config-sync":
      return { kind: "refused", why: "Config Sync looks at Git by itself, and cannot be asked" };
    case "argocd":
      return {
        kind: "refused",
        why: "an Application is asked to sync through Argo CD's own API, and this source has none",
      };
    case "kubernetes":
    case "reports":
      return { kind: "refused", why: "nothing there brings Git into the cluster" };
  }
}
