// Applications for tests, as Argo CD would write them: one that is synced, healthy and freshly compared, and what a test
// wants different.

export const NOW = Date.parse("2027-03-01T10:00:00Z");
export const FIRST = "1".repeat(40);
export const SECOND = "2".repeat(40);

type Patch = { readonly [key: string]: unknown };

export const SOURCE = {
  repoURL: "https://github.com/Acme/Platform-Config.git",
  targetRevision: "main",
  path: "apps/checkout/integration",
};
const DESTINATION = { server: "https://kubernetes.default.svc", namespace: "checkout" };

/** Keys of a patch with the value `undefined` are taken away. */
export function makeApplication(...patches: readonly Patch[]): Record<string, unknown> {
  const base: Record<string, unknown> = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "checkout-integration", namespace: "argocd", uid: "0c5f", generation: 7 },
    spec: {
      project: "default",
      source: SOURCE,
      destination: DESTINATION,
      syncPolicy: { automated: { selfHeal: false, prune: false } },
    },
    status: {
      sync: { status: "Synced", revision: FIRST, comparedTo: { source: SOURCE, destination: DESTINATION } },
      health: { status: "Healthy", lastTransitionTime: "2027-03-01T09:00:30Z" },
      reconciledAt: "2027-03-01T09:58:00Z",
      history: [{ id: 3, revision: FIRST, source: SOURCE, deployedAt: "2027-03-01T09:00:00Z" }],
      operationState: {
        phase: "Succeeded",
        message: "successfully synced (all tasks run)",
        startedAt: "2027-03-01T08:59:58Z",
        finishedAt: "2027-03-01T09:00:00Z",
        operation: { initiatedBy: { automated: true }, sync: { revision: FIRST } },
        syncResult: { revision: FIRST, source: SOURCE, resources: [] },
      },
      resources: [DEPLOYMENT, SERVICE],
    },
  };
  return patches.reduce<Record<string, unknown>>(merge, base);
}

export const DEPLOYMENT = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  namespace: "checkout",
  name: "web",
  status: "Synced",
};
export const SERVICE = { version: "v1", kind: "Service", namespace: "checkout", name: "web", status: "Synced" };

/** Git has SECOND, the cluster FIRST. */
export const BEHIND = {
  status: {
    sync: { status: "OutOfSync", revision: SECOND },
    resources: [{ ...DEPLOYMENT, status: "OutOfSync" }, SERVICE],
  },
};
/** Git and the last sync are at FIRST, and the Deployment differs. */
export const DRIFTED = {
  status: { sync: { status: "OutOfSync" }, resources: [{ ...DEPLOYMENT, status: "OutOfSync" }, SERVICE] },
};

export function operation(patch: Patch): Patch {
  return { status: { operationState: patch } };
}

function merge(target: Record<string, unknown>, patch: Patch): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) delete merged[key];
    else if (isRecord(value) && isRecord(merged[key])) merged[key] = merge(merged[key], value);
    else merged[key] = structuredClone(value);
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
