import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState, LiveSync } from "../../../src/domain/live-state.ts";
import { readApplication } from "../../../src/live/argocd/read-application.ts";
import {
  BEHIND,
  DEPLOYMENT,
  DRIFTED,
  FIRST,
  makeApplication,
  NOW,
  operation,
  SECOND,
  SERVICE,
  SOURCE,
} from "./make-application.ts";

interface Row {
  readonly name: string;
  readonly application: Record<string, unknown>;
  readonly state: LiveSync["state"];
  readonly cause?: LiveSync["cause"];
  /** The id that it says is applied. */
  readonly observed: string | undefined;
  readonly message?: RegExp;
  readonly blocked?: string;
  readonly stale?: RegExp;
}

const FAILED = operation({
  phase: "Failed",
  message: "one or more objects failed to apply (retried 5 times).",
  syncResult: {
    revision: SECOND,
    resources: [{ ...DEPLOYMENT, status: "SyncFailed", message: "admission webhook denied it" }],
  },
});
const EXTRA = { ...SERVICE, name: "old", status: "OutOfSync", requiresPruning: true };

const ROWS: readonly Row[] = [
  { name: "synced", application: makeApplication(), state: "synced", observed: FIRST },
  {
    name: "synced at a newer commit than the last sync: only other folders changed, and the commit is applied all the same",
    application: makeApplication({ status: { sync: { revision: SECOND } } }),
    state: "synced",
    observed: SECOND,
  },
  {
    name: "the comparison failed",
    application: makeApplication({
      status: {
        sync: { status: "Unknown" },
        conditions: [{ type: "ComparisonError", message: "cannot fetch https://bot:hunter2@git.example/x" }],
      },
    }),
    state: "unknown",
    observed: FIRST,
    message: /^cannot fetch https:\/\/git\.example\/x$/,
    blocked: "ComparisonError",
  },
  {
    name: "an error of the spec, whatever the status says",
    application: makeApplication({
      status: { conditions: [{ type: "InvalidSpecError", message: "no such project" }] },
    }),
    state: "unknown",
    observed: FIRST,
    message: /no such project/,
    blocked: "InvalidSpecError",
  },
  {
    name: "never compared",
    application: makeApplication({
      status: {
        sync: { status: "Unknown", revision: undefined, comparedTo: undefined },
        history: undefined,
        operationState: undefined,
      },
    }),
    state: "unknown",
    observed: undefined,
    stale: /has not compared it with Git yet/,
  },
  {
    name: "being deleted",
    application: makeApplication({ metadata: { deletionTimestamp: "2027-03-01T09:59:00Z" } }),
    state: "unknown",
    observed: FIRST,
    message: /being deleted/,
    blocked: "Deleting",
  },
  {
    name: "asked to refresh and not done",
    application: makeApplication({ metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } }),
    state: "synced",
    observed: FIRST,
    stale: /asked to look again/,
  },
  {
    name: "compared long ago",
    application: makeApplication({ status: { reconciledAt: "2027-03-01T09:47:59Z" } }),
    state: "synced",
    observed: FIRST,
    stale: /^Argo CD last looked at Git at 2027-03-01 09:47 UTC$/,
  },
  {
    name: "compared with the branch that it followed before: it still shows the old one",
    application: makeApplication({ spec: { source: { targetRevision: "sandbox" } } }),
    state: "out-of-sync",
    cause: "switching-source",
    observed: FIRST,
    stale: /spec has changed/,
  },
  {
    name: "compared with other parameters",
    application: makeApplication({ spec: { source: { kustomize: { images: ["web=web:2"] } } } }),
    state: "out-of-sync",
    cause: "spec-changed",
    observed: FIRST,
    stale: /spec has changed/,
  },
  {
    name: "compared with another cluster",
    application: makeApplication({ spec: { destination: { server: "https://other" } } }),
    state: "out-of-sync",
    cause: "spec-changed",
    observed: FIRST,
    stale: /spec has changed/,
  },
  {
    name: "a sync is going on, although the status still says Synced",
    application: makeApplication(operation({ phase: "Running", finishedAt: undefined, message: "waiting for hooks" })),
    state: "progressing",
    observed: FIRST,
    message: /waiting for hooks/,
  },
  {
    name: "a sync was asked for and not begun",
    application: makeApplication(BEHIND, { operation: { sync: { revision: SECOND } } }),
    state: "progressing",
    observed: FIRST,
  },
  {
    name: "a sync is being ended",
    application: makeApplication(BEHIND, operation({ phase: "Terminating" })),
    state: "progressing",
    observed: FIRST,
  },
  {
    name: "a sync is tried again, with its old revision",
    application: makeApplication(
      BEHIND,
      operation({ phase: "Running", retryCount: 2, message: "denied. Retrying attempt #2" }),
    ),
    state: "progressing",
    observed: FIRST,
    blocked: "SyncFailed",
  },
  {
    name: "only what Git does not declare any more is left",
    application: makeApplication(DRIFTED, { status: { resources: [DEPLOYMENT, EXTRA] } }),
    state: "out-of-sync",
    cause: "prune-pending",
    observed: FIRST,
  },
  {
    name: "the same revision, and it differs",
    application: makeApplication(DRIFTED),
    state: "out-of-sync",
    cause: "drift",
    observed: FIRST,
  },
  {
    name: "a sync has just ended, and the status is from before it: no drift yet",
    application: makeApplication(DRIFTED, operation({ finishedAt: "2027-03-01T09:58:30Z" })),
    state: "progressing",
    observed: FIRST,
    message: /not compared it again since its last sync/,
  },
  {
    name: "the same revision, it differs, and self-heal cannot help",
    application: makeApplication(
      DRIFTED,
      operation({ operation: { sync: { autoHealAttemptsCount: 7, resources: [DEPLOYMENT] } } }),
    ),
    state: "out-of-sync",
    cause: "drift",
    observed: FIRST,
    message: /tried 7 times/,
  },
  {
    name: "the same revision with other parameters than it was synced with",
    application: makeApplication(DRIFTED, {
      status: {
        history: [
          {
            id: 1,
            revision: FIRST,
            source: { ...SOURCE, directory: { recurse: true } },
            deployedAt: "2027-03-01T09:00:00Z",
          },
        ],
      },
    }),
    state: "out-of-sync",
    cause: "spec-changed",
    observed: FIRST,
  },
  {
    name: "the new revision could not be applied: it is not tried again",
    application: makeApplication(BEHIND, FAILED, {
      status: { conditions: [{ type: "SyncError", message: `Failed last sync attempt to [${SECOND}]` }] },
    }),
    state: "failed",
    cause: "apply-failed",
    observed: FIRST,
    message: /one or more objects failed/,
    blocked: "SyncError",
  },
  {
    name: "an older revision could not be applied, and a newer one waits",
    application: makeApplication(BEHIND, FAILED, operation({ syncResult: { revision: "3".repeat(40) } })),
    state: "out-of-sync",
    cause: "new-revision",
    observed: FIRST,
  },
  {
    name: "a new revision waits",
    application: makeApplication(BEHIND),
    state: "out-of-sync",
    cause: "new-revision",
    observed: FIRST,
  },
  {
    name: "never synced",
    application: makeApplication(BEHIND, { status: { history: undefined, operationState: undefined } }),
    state: "out-of-sync",
    cause: "new-revision",
    observed: undefined,
  },
  {
    name: "no history is kept: the last sync tells",
    application: makeApplication(DRIFTED, { status: { history: undefined } }),
    state: "out-of-sync",
    cause: "drift",
    observed: FIRST,
  },
  {
    name: "no history, and the last sync was for chosen objects: that proves nothing about the rest",
    application: makeApplication(
      DRIFTED,
      { status: { history: undefined } },
      operation({ operation: { sync: { resources: [DEPLOYMENT] } } }),
    ),
    state: "out-of-sync",
    observed: undefined,
  },
  {
    name: "a dry run at the new revision applies nothing",
    application: makeApplication(
      BEHIND,
      operation({
        finishedAt: "2027-03-01T09:59:00Z",
        operation: { sync: { dryRun: true } },
        syncResult: { revision: SECOND },
      }),
    ),
    state: "out-of-sync",
    cause: "new-revision",
    observed: FIRST,
  },
];

describe("what an Application's sync status means", () => {
  for (const row of ROWS) {
    test(row.name, () => {
      const state = read(row.application);
      const seen = {
        state: state.sync.state,
        cause: state.sync.cause,
        observed: state.observed?.[0]?.id,
        blocked: state.blocked?.code,
        stale: state.freshness.stale !== undefined,
      };
      const { cause, blocked, observed } = row;
      assert.deepEqual(seen, { state: row.state, cause, observed, blocked, stale: row.stale !== undefined });
      if (row.message) assert.match(state.sync.message ?? "", row.message);
      if (row.stale) assert.match(state.freshness.stale ?? "", row.stale);
    });
  }

  test("only drift has suspects, and what would be pruned is none of them", () => {
    const drifted = read(
      makeApplication(DRIFTED, { status: { resources: [{ ...DEPLOYMENT, status: "OutOfSync" }, SERVICE, EXTRA] } }),
    );
    assert.deepEqual(drifted.suspects, [
      {
        object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" },
        change: "modified",
        fields: [],
        evidence: "Argo CD's comparison",
      },
    ]);
    assert.deepEqual(
      drifted.prunable.map(({ object }) => object.name),
      ["old"],
    );
    assert.deepEqual(read(makeApplication(BEHIND)).suspects, []);
  });
});

function read(application: unknown): LiveState {
  const state = readApplication(application, { now: NOW, refreshed: false });
  assert.ok(state.kind === "known");
  return state.value;
}
