// How far a release has come in a cluster, row by row: the traps of live states first, each as a sentence of the domain.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveRevision, LiveState } from "../../src/domain/live-state.ts";
import type { Stage } from "../../src/domain/live-view.ts";
import type { LiveReading } from "../../src/domain/observed.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import { matchImages } from "../../src/plan/match-images.ts";
import { digestOf, environment, IMAGE, minutes, noon, observed, pinned, place, release } from "./build.ts";
import {
  BEFORE,
  container,
  follow,
  following,
  git,
  HEAD,
  history,
  LATER,
  liveState,
  MERGE,
  reading,
  target,
} from "./build-live.ts";

interface Row {
  readonly name: string;
  readonly state?: Partial<LiveState>;
  readonly reading?: LiveReading;
  readonly stage: Stage;
  readonly says?: RegExp;
}

/** What a reconciler says that takes something else than Git. */
function applied(...revisions: readonly LiveRevision[]): Partial<LiveState> {
  return { desired: revisions, attempted: revisions, observed: revisions };
}

const rows: readonly Row[] = [
  { name: "the branch's head is applied and healthy", stage: "healthy" },
  {
    name: "a later commit of the branch that says the same is as good",
    state: { observed: git(LATER) },
    stage: "healthy",
  },
  { name: "the merge commit itself is good", state: { observed: git(MERGE) }, stage: "healthy" },
  {
    name: "synced and healthy with the commit before the merge says nothing about the merge",
    state: { observed: git(BEFORE), desired: git(BEFORE), attempted: git(BEFORE) },
    stage: "merged",
    says: /still runs commit `bbbbbbb`, from before `1.8.0`/,
  },
  {
    name: "the new commit is fetched, the old one still applied: on its way",
    state: { observed: git(BEFORE), sync: { state: "progressing", cause: "new-revision" } },
    stage: "reconciling",
  },
  {
    name: "a commit that is not on the branch: a cluster that follows a feature branch",
    state: { observed: git("e".repeat(40)), desired: git("e".repeat(40)), attempted: git("e".repeat(40)) },
    stage: "merged",
    says: /not on `main`/,
  },
  {
    name: "Argo CD is healthy before it has applied the new revision",
    state: {
      reconciler: "argocd",
      observed: git(BEFORE),
      attempted: git(BEFORE),
      sync: { state: "out-of-sync", cause: "new-revision" },
    },
    stage: "reconciling",
  },
  {
    name: "Config Sync says completed while nothing started: synced is not healthy",
    state: {
      reconciler: "config-sync",
      health: { state: "progressing", basis: "kstatus", message: "0 of 2 replicas" },
    },
    stage: "synced",
    says: /progressing: `0 of 2 replicas`/,
  },
  {
    name: "Flux names the old applied revision after a failed health check, and the new objects are in the cluster",
    state: {
      observed: git(BEFORE),
      attempted: git(MERGE),
      sync: { state: "out-of-sync", cause: "new-revision" },
      health: { state: "degraded", basis: "reconciler", message: "timeout waiting for Deployment/web" },
    },
    stage: "degraded",
    says: /timeout waiting/,
  },
  {
    name: "what is sick with the commit before the merge says nothing about the merge",
    state: {
      observed: git(BEFORE),
      attempted: git(BEFORE),
      desired: git(BEFORE),
      health: { state: "degraded", basis: "reconciler" },
    },
    stage: "merged",
  },
  {
    name: "an apply that failed and is not tried again",
    state: {
      observed: git(BEFORE),
      attempted: git(MERGE),
      sync: { state: "failed", cause: "apply-failed" },
      blocked: { code: "SyncError", message: "Failed last sync attempt", retrying: false },
    },
    stage: "degraded",
    says: /`SyncError`: `Failed last sync attempt`/,
  },
  {
    name: "a branch switch: nothing is known to be applied",
    state: { observed: [], desired: [], attempted: [], sync: { state: "progressing", cause: "switching-source" } },
    stage: "reconciling",
  },
  {
    name: "another repository's commit says nothing here",
    state: {
      observed: git("f".repeat(40), "acme/elsewhere"),
      sync: { state: "synced" },
      attempted: git(BEFORE),
      desired: git(BEFORE),
    },
    stage: "merged",
    says: /follows `acme\/elsewhere`, not this repository/,
  },
  {
    name: "no commit, but every pod runs the promoted digest",
    state: { observed: [], desired: [], attempted: [], containers: [container(digestOf("1.8.0"))] },
    stage: "healthy",
  },
  {
    name: "no commit and no pods: not known, so not healthy",
    state: { observed: [], desired: [], attempted: [] },
    stage: "merged",
    says: /nothing was seen whose digest or version could be compared/,
  },
  {
    name: "a chart that is taken from its registry: the version that is applied is the proof, since no pod runs a chart",
    state: { ...applied({ kind: "helm", id: "1.8.0", artifact: IMAGE }) },
    stage: "healthy",
  },
  {
    name: "an artifact that is taken from its registry: the digest that is applied is the proof",
    state: { ...applied({ kind: "oci", id: digestOf("1.8.0") }) },
    stage: "healthy",
  },
  {
    name: "a chart whose version before is still applied",
    state: { ...applied({ kind: "helm", id: "1.7.0", artifact: IMAGE }) },
    stage: "merged",
    says: /`1.7.0` of `ghcr.io\/acme\/checkout` is applied, not `1.8.0`/,
  },
  {
    name: "another chart of the same version proves nothing, and neither does one without a name",
    state: {
      ...applied({ kind: "helm", id: "1.8.0", artifact: "ghcr.io/acme/redis" }, { kind: "helm", id: "1.8.0" }),
    },
    stage: "merged",
    says: /nothing was seen/,
  },
  {
    name: "the tag of an artifact proves nothing: its digest is another",
    state: { ...applied({ kind: "oci", id: digestOf("1.7.0"), artifact: IMAGE, reference: "1.8.0" }) },
    stage: "merged",
    says: /is applied, not `1.8.0`/,
  },
  {
    name: "a chart that cannot be applied is degraded, as far as it was this version that was tried",
    state: {
      ...applied({ kind: "helm", id: "1.7.0", artifact: IMAGE }),
      attempted: [{ kind: "helm", id: "1.8.0", artifact: IMAGE }],
      sync: { state: "failed", message: "values do not fit" },
      lastResult: { phase: "failed", at: minutes(-3) },
    },
    stage: "degraded",
    says: /values do not fit/,
  },
  {
    name: "a chart that could not be applied before says nothing about this version",
    state: {
      ...applied({ kind: "helm", id: "1.7.0", artifact: IMAGE }),
      sync: { state: "failed", message: "values do not fit" },
      lastResult: { phase: "failed", at: minutes(-30) },
    },
    stage: "merged",
  },
  {
    name: "the commit is applied, and the chart beside it is not yet",
    state: { observed: [...git(HEAD), { kind: "helm", id: "1.7.0", artifact: IMAGE }] },
    stage: "synced",
    says: /`1.7.0` of/,
  },
  {
    name: "the commit is applied, and pods still run another digest",
    state: { containers: [container(digestOf("1.7.0"))] },
    stage: "synced",
    says: /runs, not/,
  },
  {
    name: "a runtime that reports no comparable digest proves nothing and contradicts nothing",
    state: { containers: [{ ...container(), pods: [{ name: "web-0", ready: true, newest: true }] }] },
    stage: "healthy",
  },
  {
    name: "old pods that are ready while the new ones are not: not there yet",
    state: {
      containers: [
        {
          ...container(),
          pods: [
            { name: "old", digest: digestOf("1.7.0"), ready: true, newest: false },
            { name: "new", digest: digestOf("1.8.0"), ready: false, newest: true },
          ],
        },
      ],
    },
    stage: "synced",
    says: /not all pods are ready/,
  },
  {
    name: "new pods that cannot start beside old ones: what keeps them is said, not only that they are not ready",
    state: {
      health: { state: "degraded", basis: "reconciler", message: "health check failed after 30s" },
      blocked: { code: "ImagePullBackOff", message: "Container web: it cannot be pulled", retrying: true },
      containers: [
        {
          ...container(),
          pods: [
            { name: "old", digest: digestOf("1.7.0"), ready: true, newest: false },
            { name: "new", ready: false, newest: true },
          ],
        },
      ],
    },
    stage: "degraded",
    says: /ImagePullBackOff.*cannot be pulled/,
  },
  {
    name: "suspended: whatever it shows is frozen",
    state: { suspended: "`spec.suspend` is true" },
    stage: "suspended",
  },
  {
    name: "stale: old news are no news",
    state: { freshness: { readAt: noon, reconciledAt: minutes(-60), proof: "none", stale: "it has not looked since" } },
    stage: "no-news",
    says: /no news from dev since 2026-11-20 11:00 UTC/,
  },
  {
    name: "a cluster that cannot be reached",
    reading: reading(unknown("connection refused"), { heardAt: minutes(-12) }),
    stage: "no-news",
    says: /no news from dev since 2026-11-20 11:48 UTC: connection refused/,
  },
  {
    name: "sync that the reconciler itself does not know",
    state: { sync: { state: "unknown", message: "ComparisonError" } },
    stage: "no-news",
  },
  {
    name: "a later commit that is no business of this environment is on its way",
    state: {
      observed: git(MERGE),
      desired: git(HEAD),
      attempted: git(HEAD),
      sync: { state: "progressing", cause: "new-revision" },
    },
    stage: "healthy",
  },
  {
    name: "a later commit waits for somebody to sync it, and what is applied is healthy",
    state: { observed: git(MERGE), desired: git(HEAD), sync: { state: "out-of-sync", cause: "new-revision" } },
    stage: "healthy",
  },
  {
    name: "the reconciler's own settings have changed: what it will apply is another thing",
    state: { observed: git(MERGE), sync: { state: "progressing", cause: "spec-changed" } },
    stage: "reconciling",
  },
  {
    name: "a plain cluster names no commit and knows no sync: its pods are the proof",
    state: {
      reconciler: "kubernetes",
      observed: [],
      desired: [],
      attempted: [],
      sync: { state: "unknown" },
      health: { state: "healthy", basis: "kstatus", since: minutes(-5) },
      containers: [container(digestOf("1.8.0"))],
    },
    stage: "healthy",
  },
  { name: "nobody looked at health", state: { health: { state: "unknown", basis: "none" } }, stage: "synced" },
  {
    name: "what is applied is what Git says, and its settings have changed since",
    state: { sync: { state: "out-of-sync", cause: "spec-changed" } },
    stage: "reconciling",
  },
  {
    name: "healthy by nobody's word",
    state: { health: { state: "healthy", basis: "none" } },
    stage: "synced",
    says: /nobody there says whether it is healthy/,
  },
  {
    name: "no commit, and workloads without a single pod",
    state: { observed: [], desired: [], attempted: [], containers: [container()] },
    stage: "merged",
  },
  {
    name: "pods from before that tell no digest still serve beside the new ones",
    state: {
      containers: [
        {
          ...container(),
          pods: [
            { name: "old", ready: true, newest: false },
            { name: "new", digest: digestOf("1.8.0"), ready: true, newest: true },
          ],
        },
      ],
    },
    stage: "synced",
    says: /pods from before still run/,
  },
  {
    name: "objects are missing, and what is left of the pods is not ready",
    state: {
      health: { state: "missing", basis: "reconciler" },
      containers: [{ ...container(), pods: [{ name: "web-0", ready: false, newest: true }] }],
    },
    stage: "degraded",
  },
  { name: "objects are missing", state: { health: { state: "missing", basis: "reconciler" } }, stage: "degraded" },
  {
    name: "out of step only in what may be pruned",
    state: { sync: { state: "out-of-sync", cause: "prune-pending" } },
    stage: "healthy",
  },
];

describe("how far a release is in a cluster", () => {
  for (const row of rows) {
    test(`${row.stage}: ${row.name}`, () => {
      const { told, plan } = follow(following({ states: [row.reading ?? reading(liveState(row.state))] }));
      assert.equal(told?.view.stage, row.stage, JSON.stringify(plan.waits, undefined, 1));
      if (row.says) assert.match(told.view.reason, row.says);
    });
  }

  test("an index and its manifest for one platform are the same image, when the registry says so", () => {
    const platform = digestOf("linux-amd64");
    const start = following({
      states: [reading(liveState({ observed: [], desired: [], attempted: [], containers: [container(platform)] }))],
    });
    const { told } = follow(start, {
      live: (need) =>
        need.kind === "children"
          ? { children: { [`${IMAGE}@${need.digest}`]: known(need.digest === digestOf("1.8.0") ? [platform] : []) } }
          : history(need, start),
    });
    assert.equal(told?.view.stage, "healthy");
  });

  test("a later commit that says another version holds nothing", () => {
    const start = following({ states: [reading(liveState({ observed: git(LATER) }))] });
    const { told } = follow(start, {
      live: (need) =>
        need.kind === "declared-at"
          ? {
              declaredAt: {
                [`${need.commit} ${need.key}`]: known({ places: [place("staging", pinned("1.7.0"))], problems: [] }),
              },
            }
          : history(need, start),
    });
    assert.equal(told?.view.stage, "reconciling");
    assert.match(told?.view.reason ?? "", /runs commit `ccccccc`, which says another version/);
  });

  test("a commit too far behind to list what it lacks is not the merge", () => {
    const start = following({ states: [reading(liveState({ observed: git(LATER) }))] });
    const { told } = follow(start, {
      live: (need) =>
        need.kind === "revision"
          ? { revisions: { [`${need.commit} ${need.head}`]: known({ onBranch: true }) } }
          : history(need, start),
    });
    assert.match(told?.view.reason ?? "", /far behind `main`/);
  });

  test("of several images each has to be seen", () => {
    const worker = "ghcr.io/acme/worker";
    const running = (...containers: LiveState["containers"]) =>
      matchImages(liveState({ containers }), {
        release: release("1.8.0", IMAGE, worker),
        environment: environment("staging"),
        observed: observed(),
      });
    const web = container(digestOf("1.8.0"));
    assert.deepEqual(running(web), { kind: "known", value: { kind: "unseen" } });
    const both = running(web, { ...container(digestOf(`${worker}1.8.0`)), image: `${worker}:1.8.0` });
    assert.deepEqual(both, { kind: "known", value: { kind: "runs" } });
  });

  test("of a chart and a container each has to be seen, where it is", () => {
    const chart = "ghcr.io/acme/charts/checkout";
    const running = (observed_: LiveState["observed"], containers: LiveState["containers"]) =>
      matchImages(liveState({ ...(observed_ && { observed: observed_ }), containers }), {
        release: release("1.8.0_build.5", IMAGE, chart),
        environment: environment("staging"),
        observed: observed(),
      });
    const version = { kind: "helm", id: "1.8.0+build.5", artifact: chart } as const;
    const pods = [container(digestOf("1.8.0_build.5"))];
    assert.deepEqual(running([version], []), { kind: "known", value: { kind: "unseen" } });
    assert.deepEqual(running([], pods), { kind: "known", value: { kind: "unseen" } });
    assert.deepEqual(running([version], pods), { kind: "known", value: { kind: "runs" } });
  });

  test("a commit of others on its way changes nothing that is told of a healthy release", () => {
    const toldWhile = (sync: LiveState["sync"]) =>
      follow(following({ states: [reading(liveState({ sync }))] })).told?.view.fingerprint;
    assert.equal(toldWhile({ state: "out-of-sync", cause: "new-revision" }), toldWhile({ state: "synced" }));
    assert.equal(toldWhile({ state: "progressing", cause: "new-revision" }), toldWhile({ state: "synced" }));
  });

  test("of several places the worst one speaks", () => {
    const other = { ...target, source: "prod-us" };
    const { told } = follow(
      following({
        states: [
          reading(liveState()),
          reading(liveState({ health: { state: "degraded", basis: "reconciler", message: "CrashLoopBackOff" } }), {
            target: other,
          }),
        ],
      }),
    );
    assert.equal(told?.view.stage, "degraded");
    assert.match(told?.view.reason ?? "", /^prod-us: `CrashLoopBackOff`$/);
  });

  test("a question that cannot be answered is no reason to write", () => {
    const start = following({ states: [reading(liveState({ observed: git(LATER) }))] });
    const { told, plan } = follow(start, {
      live: (need) => (need.kind === "revision" ? undefined : history(need, start)),
    });
    assert.equal(told, undefined);
    assert.deepEqual(
      plan.needs.map(({ kind }) => kind),
      ["revision"],
    );
  });
});
