// What really runs, in one form whoever was asked: Argo CD, Flux, Config Sync, a cluster itself or a report. Each source
// fills in what it can; an absent property is not known, never a guess. Plain data that survives JSON; judged elsewhere.

import type { DriftSuspect } from "./drift.ts";
import type { ObjectReference } from "./object-reference.ts";

export interface LiveState {
  readonly reconciler: "argocd" | "flux-kustomization" | "flux-helmrelease" | "config-sync" | "kubernetes";
  /** The reconciler's own object; of a plain cluster the namespace. */
  readonly object: ObjectReference;
  /** What the reconciler has fetched and means to apply. */
  readonly desired?: readonly LiveRevision[];
  /** What it tried last. */
  readonly attempted?: readonly LiveRevision[];
  /** What is applied completely. */
  readonly observed?: readonly LiveRevision[];
  readonly sync: LiveSync;
  readonly health: LiveHealth;
  /** Why nothing is reconciled at present: `spec.suspend`, no automated sync, a closed window. */
  readonly suspended?: string;
  readonly freshness: Freshness;
  readonly lastResult?: LastResult;
  /** What keeps it from converging. */
  readonly blocked?: Blocked;
  /** At most 200; the sick ones first. */
  readonly resources: readonly LiveResource[];
  /** What differs from Git at first sight; nothing is told of it before it was verified. */
  readonly suspects: readonly DriftSuspect[];
  /** What would go with the next prune. */
  readonly prunable: readonly PruneCandidate[];
  /** Containers of workloads and what their pods run, as far as pods were read. */
  readonly containers: readonly RunningContainer[];
  readonly healing: Healing;
  /** A page for people; `https` only. */
  readonly link?: string;
}

export interface LiveRevision {
  readonly kind: "git" | "oci" | "helm";
  /** Commit, digest or chart version. */
  readonly id: string;
  /** Of Git: `owner/name` in small letters, from the address that the reconciler uses; absent when it gives none. */
  readonly repository?: string;
  /** Of a registry: the normalised name of what it is a version of, where the reconciler's object says it. */
  readonly artifact?: string;
  /** Branch or tag. */
  readonly reference?: string;
}

export interface LiveSync {
  readonly state: "synced" | "out-of-sync" | "progressing" | "failed" | "unknown";
  readonly cause?: OutOfSyncCause;
  /** In the reconciler's own words. */
  readonly message?: string;
}

export type OutOfSyncCause =
  | "new-revision"
  | "drift"
  | "prune-pending"
  | "spec-changed"
  | "apply-failed"
  | "switching-source";

export type HealthState = "healthy" | "progressing" | "degraded" | "suspended" | "missing" | "unknown";

export interface LiveHealth {
  readonly state: HealthState;
  /** `none`: nobody looked, so the state is unknown. */
  readonly basis: "reconciler" | "kstatus" | "none";
  /** Epoch milliseconds since when it has been so without a break, with what is applied now. */
  readonly since?: number;
  readonly message?: string;
}

export interface Freshness {
  /** When Stagecoach read it, or when the reporter did; epoch milliseconds. */
  readonly readAt: number;
  /** When the reconciler last looked at Git itself. */
  readonly reconciledAt?: number;
  /** How it is known that this is no old news. */
  readonly proof: "handshake" | "timestamp" | "read" | "report" | "none";
  /** Why it says nothing about now. A stale state proves neither sync nor health. */
  readonly stale?: string;
}

export interface LastResult {
  readonly phase: "succeeded" | "failed" | "running" | "unknown";
  readonly startedAt?: number;
  readonly at?: number;
  readonly message?: string;
  /** `automated`, or a person's name. */
  readonly by?: string;
}

export interface Blocked {
  /** `ImagePullBackOff`, `KNV2009`, `DependencyNotReady`. */
  readonly code: string;
  readonly message: string;
  /** It is tried again without anybody doing anything. */
  readonly retrying: boolean;
}

export interface LiveResource {
  readonly object: ObjectReference;
  readonly sync?: LiveSync["state"];
  readonly health?: HealthState;
  readonly message?: string;
}

export interface PruneCandidate {
  readonly object: ObjectReference;
  /** What keeps it from being pruned: `never`, or only after somebody `confirm`s. */
  readonly protection: "none" | "never" | "confirm";
  readonly holdsData: boolean;
}

export interface RunningContainer {
  /** `Deployment/checkout/web`. */
  readonly workload: string;
  readonly container: string;
  /** As the workload's template has it. */
  readonly image: string;
  readonly pods: readonly RunningPod[];
}

export interface RunningPod {
  readonly name: string;
  /** Manifest digest from the pod's status; absent where the runtime gives none that can be compared. */
  readonly digest?: string;
  readonly ready: boolean;
  /** It belongs to the newest revision of its workload. */
  readonly newest: boolean;
}

/** What the reconciler does about changes by hand. */
export interface Healing {
  /** Absent: not known. */
  readonly on?: boolean;
  /** How it is set: `selfHeal: false`, `every 10m`. */
  readonly how: string;
  /** Fields that it leaves alone, in its own words. */
  readonly ignored: readonly string[];
}
