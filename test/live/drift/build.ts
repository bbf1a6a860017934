// Builders with quiet defaults: a Deployment `checkout/web` under Flux, synced at the commit `runs`, 3 replicas in Git.

import type { DriftClaim, DriftField, DriftSuspect, DriftValue } from "../../../src/domain/drift.ts";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { ObjectReference } from "../../../src/domain/object-reference.ts";
import { known } from "../../../src/domain/seen.ts";
import type { DriftEvidence } from "../../../src/live/drift/judge-drift.ts";

export const NOW = Date.UTC(2026, 10, 20, 12);
export const RUNS = "a".repeat(40);
export const OTHER = "b".repeat(40);
export const REPLICAS = "/spec/replicas";

export function shown(value: unknown): DriftValue {
  return { kind: "shown", text: JSON.stringify(value) };
}

export function deployment(changes: Partial<ObjectReference> = {}): ObjectReference {
  return { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web", uid: "web-1", ...changes };
}

export function kustomization(changes: Partial<ObjectReference> = {}): ObjectReference {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "apps",
    name: "checkout",
    uid: "kustomization-1",
    ...changes,
  };
}

/** Somebody scaled the Deployment to 5. */
export function scaled(changes: Partial<DriftField> = {}): DriftField {
  return { path: REPLICAS, desired: shown(3), live: shown(5), manager: "kubectl", subresource: "scale", ...changes };
}

export function suspect(changes: Partial<DriftSuspect> = {}): DriftSuspect {
  return { object: deployment(), change: "modified", fields: [scaled()], evidence: "managed fields", ...changes };
}

export function claim(changes: Partial<DriftClaim> = {}): DriftClaim {
  return {
    report: "5d2a4f3e",
    by: "drift-reporter",
    observedAt: NOW - 60_000,
    commit: RUNS,
    target: kustomization(),
    suspects: [suspect()],
    ...changes,
  };
}

export function state(changes: Partial<LiveState> = {}): LiveState {
  return {
    reconciler: "flux-kustomization",
    object: kustomization(),
    observed: [{ kind: "git", id: RUNS }],
    sync: { state: "synced" },
    health: { state: "healthy", basis: "reconciler" },
    freshness: { readAt: NOW, proof: "read" },
    resources: [],
    suspects: [],
    prunable: [],
    containers: [],
    healing: { on: true, how: "every 10m", ignored: [] },
    ...changes,
  };
}

export function evidence(changes: Partial<DriftEvidence> = {}): DriftEvidence {
  return { suspects: [], target: known(state()), differences: known([]), ruleFor: () => undefined, ...changes };
}
