import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
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

const CHART = { repoURL: "https://charts.example.com", chart: "checkout", targetRevision: "1.8.*" };
const VALUES = { repoURL: "git@github.com:Acme/Platform-Config.git", targetRevision: "main", ref: "values" };
const BUNDLE = { repoURL: "oci://ghcr.io/acme/bundle", targetRevision: "v3", path: "." };

describe("revisions", () => {
  const [chart, bundle] = ["1.8.2", `sha256:${"a".repeat(64)}`];
  const sources = [CHART, VALUES, BUNDLE];
  const several = makeApplication({
    spec: { source: undefined, sources },
    status: {
      sync: {
        status: "Synced",
        revision: undefined,
        revisions: [chart, FIRST, bundle],
        comparedTo: { source: { repoURL: "" }, sources },
      },
      history: [{ revisions: [chart, SECOND, bundle], sources, deployedAt: "2027-03-01T09:00:00Z" }],
      operationState: {
        syncResult: { revision: "", revisions: [chart, SECOND, bundle], source: { repoURL: "" }, sources },
      },
    },
  });

  test("of several sources stand in their order, each of its kind", () => {
    const { desired, attempted, observed, sync } = read(several);
    assert.deepEqual(desired, [
      { kind: "helm", id: chart, reference: "1.8.*" },
      { kind: "git", id: FIRST, repository: "acme/platform-config", reference: "main" },
      { kind: "oci", id: bundle, artifact: "ghcr.io/acme/bundle", reference: "v3" },
    ]);
    assert.equal(sync.state, "synced");
    assert.deepEqual(observed, desired);
    assert.equal(attempted?.[1]?.id, SECOND);
  });

  test("of a chart in a registry name the chart", () => {
    const source = { repoURL: "ghcr.io/acme/charts", chart: "checkout", targetRevision: "1.8.2" };
    const status = { sync: { revision: "1.8.2", comparedTo: { source } }, history: [], operationState: undefined };
    assert.deepEqual(read(makeApplication({ spec: { source }, status })).desired, [
      { kind: "helm", id: "1.8.2", artifact: "ghcr.io/acme/charts/checkout" },
    ]);
  });

  test("of several sources are compared one by one", () => {
    const moved = makeApplication(several, {
      status: { sync: { status: "OutOfSync" }, resources: [{ ...DEPLOYMENT, status: "OutOfSync" }] },
    });
    assert.equal(read(moved).sync.cause, "new-revision");
    assert.equal(read(moved).observed?.[1]?.id, SECOND);
    const drifted = makeApplication(moved, { status: { sync: { revisions: [chart, SECOND, bundle] } } });
    assert.equal(read(drifted).sync.cause, "drift");
  });

  test("a list with a gap is not known, never half known", () => {
    const gap = makeApplication(several, { status: { sync: { revisions: [chart, "", bundle] } } });
    assert.equal(read(gap).desired, undefined);
    assert.equal(read(gap).observed, undefined);
  });

  const addresses = [
    { repoURL: "https://github.com/Acme/Platform-Config.git", repository: "acme/platform-config" },
    { repoURL: "https://bot:secret@github.com/acme/platform-config", repository: "acme/platform-config" },
    { repoURL: "ssh://git@ghe.example:2222/acme/platform-config.git", repository: "acme/platform-config" },
    { repoURL: "git@github.com:acme/platform-config.git", repository: "acme/platform-config" },
    { repoURL: "https://gitlab.example/group/inner/platform-config", repository: undefined },
  ];
  for (const { repoURL, repository } of addresses) {
    test(`${repoURL} is ${repository ?? "no repository of GitHub"}`, () => {
      const source = { ...SOURCE, repoURL };
      const application = makeApplication({ spec: { source }, status: { sync: { comparedTo: { source } } } });
      assert.equal(read(application).desired?.[0]?.repository, repository);
    });
  }

  test("a hydrated commit is told as the one that people wrote", () => {
    const sourceHydrator = {
      drySource: { repoURL: SOURCE.repoURL, path: "apps", targetRevision: "main" },
      syncSource: { targetBranch: "environments/integration", path: "checkout" },
    };
    const hydrated = { repoURL: SOURCE.repoURL, path: "checkout", targetRevision: "environments/integration" };
    const application = makeApplication({
      spec: { source: undefined, sourceHydrator },
      status: {
        sync: { comparedTo: { source: hydrated } },
        sourceHydrator: { lastSuccessfulOperation: { drySHA: SECOND, hydratedSHA: FIRST } },
      },
    });
    const { observed, freshness } = read(application);
    assert.deepEqual(observed, [{ kind: "git", id: SECOND, repository: "acme/platform-config", reference: "main" }]);
    assert.equal(freshness.stale, undefined);
  });
});

describe("health", () => {
  test("is Argo CD's own, since its last change", () => {
    const health = { state: "healthy", basis: "reconciler", since: Date.parse("2027-03-01T09:00:30Z") };
    assert.deepEqual(read(makeApplication()).health, health);
  });

  test("from before the last sync does not count: it was the health of the version before", () => {
    const before = { status: { health: { lastTransitionTime: "2027-02-20T00:00:00Z" } } };
    const deployed = Date.parse("2027-03-01T09:00:00Z");
    assert.equal(read(makeApplication(before)).health.since, deployed);
    const bare = makeApplication(before, { status: { history: undefined } });
    assert.equal(read(bare).health.since, deployed, "without a history the end of the operation counts");
    const healed = operation({ finishedAt: "2027-03-01T09:30:00Z" });
    assert.equal(read(makeApplication(before, healed)).health.since, Date.parse("2027-03-01T09:30:00Z"));
  });

  test("while a sync goes on it has no beginning", () => {
    const { health, sync } = read(makeApplication(operation({ phase: "Running", finishedAt: undefined })));
    assert.deepEqual([health.state, health.since, sync.state], ["healthy", undefined, "progressing"]);
  });

  test("a dry run takes nothing away from it", () => {
    const dry = operation({ finishedAt: "2027-03-01T09:59:00Z", operation: { sync: { dryRun: true } } });
    assert.equal(read(makeApplication(dry)).health.since, Date.parse("2027-03-01T09:00:30Z"));
  });

  test("without the time of its last change it has no beginning", () => {
    assert.equal(
      read(makeApplication({ status: { health: { lastTransitionTime: undefined } } })).health.since,
      undefined,
    );
  });

  const words = [
    ["Healthy", "healthy"],
    ["Progressing", "progressing"],
    ["Degraded", "degraded"],
    ["Suspended", "suspended"],
    ["Missing", "missing"],
    ["Unknown", "unknown"],
  ] as const;
  for (const [theirs, ours] of words) {
    test(`${theirs} is ${ours}`, () => {
      const health = { status: theirs, lastTransitionTime: "2027-03-01T09:00:30Z", message: "because" };
      const read_ = read(makeApplication({ status: { health } })).health;
      assert.deepEqual([read_.state, read_.basis, read_.message], [ours, "reconciler", "because"]);
    });
  }

  for (const status of [undefined, "Splendid", "constructor", 7]) {
    test(`${String(status)} is unknown, and nobody looked`, () => {
      assert.deepEqual(read(makeApplication({ status: { health: { status } } })).health, {
        state: "unknown",
        basis: "none",
      });
    });
  }
});

describe("freshness", () => {
  test("is proven by the time of the comparison, or by having asked", () => {
    assert.deepEqual(read(makeApplication()).freshness, {
      readAt: NOW,
      reconciledAt: Date.parse("2027-03-01T09:58:00Z"),
      proof: "timestamp",
    });
    const old = makeApplication({ status: { reconciledAt: "2027-03-01T07:00:00Z" } });
    const asked = readApplication(old, { now: NOW, refreshed: true });
    assert.ok(asked.kind === "known");
    assert.deepEqual([asked.value.freshness.proof, asked.value.freshness.stale], ["handshake", undefined]);
  });

  const rows = [
    { name: "no time", status: { reconciledAt: undefined }, stale: /does not say when/ },
    { name: "a time that is none", status: { reconciledAt: "yesterday" }, stale: /does not say when/ },
    {
      name: "clock skew: a time in the future",
      status: { reconciledAt: "2027-03-01T10:06:00Z" },
      stale: /clock is ahead/,
    },
    { name: "clock skew of a little", status: { reconciledAt: "2027-03-01T10:01:00Z" }, stale: undefined },
  ];
  for (const { name, status, stale } of rows) {
    test(name, () => {
      const found = read(makeApplication({ status })).freshness.stale;
      if (stale === undefined) assert.equal(found, undefined);
      else assert.match(found ?? "", stale);
    });
  }

  test("no clause counts the minutes: it would be another text with every look", () => {
    const application = makeApplication({ status: { reconciledAt: "2027-03-01T07:00:00Z" } });
    const [one, other] = [NOW, NOW + 600_000].map((now) => readApplication(application, { now, refreshed: false }));
    assert.ok(one?.kind === "known" && other?.kind === "known");
    assert.equal(one.value.freshness.stale, other.value.freshness.stale);
  });
});

describe("suspension and healing", () => {
  const MANUAL = { spec: { syncPolicy: { automated: undefined } } };
  const OFF = { spec: { syncPolicy: { automated: { enabled: false, selfHeal: true } } } };
  const SKIPPED = { metadata: { annotations: { "argocd.argoproj.io/skip-reconcile": "true" } } };
  const OWNED = { metadata: { ownerReferences: [{ kind: "ApplicationSet", name: "waves", uid: "1" }] } };

  test("manual sync is no suspension while nothing waits", () => {
    const { suspended, healing } = read(makeApplication(MANUAL));
    assert.deepEqual([suspended, healing.on, healing.how], [undefined, false, "automated sync is off"]);
  });

  for (const policy of [MANUAL, OFF]) {
    test(`a new revision that nobody will sync is told: ${JSON.stringify(policy)}`, () => {
      assert.match(
        read(makeApplication(policy, BEHIND)).suspended ?? "",
        /automated sync is off, so somebody has to sync it$/,
      );
    });
  }

  test("its ApplicationSet may be the one who does", () => {
    assert.match(read(makeApplication(MANUAL, BEHIND, OWNED)).suspended ?? "", /unless the ApplicationSet waves does/);
  });

  test("skip-reconcile freezes the status, so it proves nothing either", () => {
    const { suspended, freshness, healing } = read(makeApplication(SKIPPED));
    assert.match(suspended ?? "", /skip-reconcile/);
    assert.match(freshness.stale ?? "", /skip-reconcile/);
    assert.equal(healing.on, false);
  });

  test("a closed window says so in the sync that it holds back", () => {
    const blocked = operation({ phase: "Running", message: "Sync operation blocked by sync window" });
    assert.match(read(makeApplication(BEHIND, blocked)).suspended ?? "", /sync window/);
  });

  test("self-heal and its exceptions are told in words", () => {
    const spec = {
      syncPolicy: { automated: { selfHeal: true } },
      ignoreDifferences: [
        { group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] },
        {
          kind: "Secret",
          namespace: "checkout",
          name: "tls",
          jqPathExpressions: [".data"],
          managedFieldsManagers: ["cert-manager"],
        },
      ],
    };
    const { healing } = read(makeApplication({ spec }));
    assert.deepEqual(healing, {
      on: true,
      how: "selfHeal: true",
      ignored: ["apps/Deployment: /spec/replicas", "Secret checkout/tls: .data; fields of cert-manager"],
    });
  });
});

describe("what blocks it", () => {
  test("objects that were refused say why, and that nobody tries again", () => {
    const failed = operation({
      phase: "Failed",
      message: "one or more objects failed to apply",
      syncResult: { revision: SECOND, resources: [{ ...DEPLOYMENT, status: "SyncFailed", message: "quota exceeded" }] },
    });
    const state = read(makeApplication(BEHIND, failed));
    assert.deepEqual(state.blocked, { code: "SyncFailed", message: "Deployment web: quota exceeded", retrying: false });
    assert.deepEqual(state.resources[0], {
      object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" },
      sync: "failed",
      message: "quota exceeded",
    });
    const condition = { status: { conditions: [{ type: "SyncError", message: "Failed last sync attempt" }] } };
    assert.deepEqual(read(makeApplication(BEHIND, failed, condition)).blocked, {
      code: "SyncError",
      message: "Deployment web: quota exceeded (Failed last sync attempt)",
      retrying: false,
    });
  });

  test("a sync that is tried again is still on its way", () => {
    const blocked = read(
      makeApplication(BEHIND, operation({ phase: "Running", retryCount: 1, message: "no" })),
    ).blocked;
    assert.deepEqual(blocked, { code: "SyncFailed", message: "no", retrying: true });
  });

  test("a deletion that waits for a person", () => {
    const volume = {
      version: "v1",
      kind: "PersistentVolumeClaim",
      namespace: "checkout",
      name: "data",
      status: "OutOfSync",
      requiresPruning: true,
      requiresDeletionConfirmation: true,
    };
    const state = read(makeApplication(BEHIND, operation({ phase: "Running" }), { status: { resources: [volume] } }));
    assert.equal(state.blocked?.code, "DeletionConfirmation");
    assert.deepEqual(
      state.prunable.map(({ protection, holdsData }) => ({ protection, holdsData })),
      [{ protection: "confirm", holdsData: true }],
    );
  });

  test("an object that must not be pruned is known as such once a sync has passed over it", () => {
    const old = { ...SERVICE, name: "old", status: "OutOfSync", requiresPruning: true };
    const skipped = operation({
      syncResult: { resources: [{ ...old, status: "PruneSkipped", message: "ignored (no prune)" }] },
    });
    const protection = (...patches: Record<string, unknown>[]) =>
      read(makeApplication(DRIFTED, { status: { resources: [old] } }, ...patches)).prunable[0]?.protection;
    assert.deepEqual([protection(), protection(skipped)], ["none", "never"]);
  });

  test("warnings block nothing", () => {
    const conditions = [{ type: "OrphanedResourceWarning", message: "3 orphans" }];
    assert.equal(read(makeApplication({ status: { conditions } })).blocked, undefined);
  });
});

test("what is sick comes first, and no more than 200", () => {
  const resources = Array.from({ length: 300 }, (_, index) => ({
    ...SERVICE,
    name: `service-${index}`,
    health: { status: "Healthy" },
  }));
  resources.push({ ...DEPLOYMENT, name: "sick", health: { status: "Degraded" } });
  const state = read(makeApplication({ status: { resources } }));
  assert.equal(state.resources.length, 200);
  assert.equal(state.resources[0]?.object.name, "sick");
});

test("images of the summary are no proof of what runs", () => {
  assert.deepEqual(read(makeApplication({ status: { summary: { images: ["web:2"] } } })).containers, []);
});

test("only https links are links", () => {
  const link = (to: string) => {
    const state = readApplication(makeApplication(), { now: NOW, refreshed: false, link: to });
    return state.kind === "known" ? state.value.link : undefined;
  };
  assert.equal(link("https://argocd.example/applications/argocd/x"), "https://argocd.example/applications/argocd/x");
  assert.equal(link("http://argocd.example/applications/argocd/x"), undefined);
  assert.equal(link("javascript:alert(1)"), undefined);
});

function read(application: unknown): LiveState {
  const state = readApplication(application, { now: NOW, refreshed: false });
  assert.ok(state.kind === "known");
  return state.value;
}
