// The live sources behind their port: who may ask which, what fits which, how long it may take, and what it costs.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { LiveState } from "../../src/domain/live-state.ts";
import type { LiveTarget } from "../../src/domain/pipeline.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import type { LiveAccess, LiveSettings } from "../../src/domain/settings.ts";
import { createLive, type LiveOptions } from "../../src/live/create-live.ts";
import type { WantedTarget } from "../../src/live/live.ts";
import type { LiveSource } from "../../src/live/live-source.ts";
import { type RunningCluster, startCluster } from "../cluster/start-cluster.ts";
import { waitFor } from "../cluster/suite/wait-for.ts";
import { deployment } from "./cluster/connect-stand-in.ts";

const ASKER = "acme/platform-config";
const NOW = Date.parse("2026-11-20T12:00:00Z");

describe("who may ask", () => {
  const rows: readonly (readonly [asker: string, source: string, may: boolean])[] = [
    ["acme/platform-config", "prod", true],
    ["ACME/Platform-Config", "prod", true],
    ["acme/other", "prod", false],
    ["acme/other", "dev", true],
    ["evil/platform-config", "prod", false],
    ["evil/other", "dev", false],
    ["acme/platform-config", "nowhere", false],
  ];
  for (const [asker, source, may] of rows) {
    test(`${asker} ${may ? "may" : "may not"} ask ${source}`, async () => {
      const live = openLive({
        sources: [settingsOf("prod", { for: ["acme/platform-config"] }), settingsOf("dev", { for: ["acme/*"] })],
        open: () => sourceWith(),
      });
      const [state] = await live.read({ source, asker, targets: [wanted("flux", "apps/web")] });
      const request = { source, asker, target: wanted("flux", "apps/web").target };
      const drift = await live.verifyDrift({ ...request, suspects: [], declared: () => undefined });
      const sync = await live.askToSync(request);
      assert.deepEqual(
        [state?.kind, drift.kind, sync.kind],
        may ? ["known", "known", "asked"] : ["unknown", "unknown", "refused"],
      );
      // One sentence for both, so that nobody learns which sources exist.
      const why = `the operator's settings have no live source \`${source}\` for ${asker}`;
      if (!may) assert.deepEqual([state, drift, sync], [unknown(why), unknown(why), { kind: "refused", why }]);
    });
  }
});

describe("which target fits which source", () => {
  const accesses: Readonly<Record<string, LiveAccess>> = {
    argocd: { kind: "argocd", url: "https://argocd.invalid", token: "x" },
    kubernetes: { kind: "kubernetes", kubeconfig: "" },
  };
  const rows: readonly (readonly [access: string, target: LiveTarget["kind"], why: RegExp])[] = [
    ["argocd", "flux", /^the source one is an Argo CD server, where no `flux` target can be read$/],
    ["argocd", "config-sync", /^the source one is an Argo CD server, where no `config-sync` target can be read$/],
    ["argocd", "kubernetes", /^the source one is an Argo CD server, where no `kubernetes` target can be read$/],
    ["argocd", "reports", /^one has not reported it$/],
    ["kubernetes", "reports", /^one has not reported it$/],
    ["kubernetes", "flux", /^the cluster one cannot be asked: its kubeconfig/],
    ["kubernetes", "config-sync", /^the cluster one cannot be asked: its kubeconfig/],
    ["kubernetes", "argocd", /^the cluster one cannot be asked: its kubeconfig/],
  ];
  for (const [access, kind, why] of rows) {
    test(`${kind} at ${access}`, async () => {
      const live = openLive({ sources: [settingsOf("one", { access: accesses[access] as LiveAccess })] });
      const [state] = await live.read({ source: "one", asker: ASKER, targets: [wanted(kind, "apps/web")] });
      assert.ok(state?.kind === "unknown");
      assert.match(state.why, why);
    });
  }

  test("a source that only pushes is read from its reports, whatever the target, and cannot be asked", async () => {
    const live = openLive({
      sources: [settingsOf("us", { access: { kind: "reports" }, mayAskToSync: true })],
      reports: { readStates: async (_, targets) => targets.map(() => known(healthy())), readClaims: async () => [] },
    });
    const { target } = wanted("config-sync", "root-sync");
    const [state] = await live.read({ source: "us", asker: ASKER, targets: [wanted("config-sync", "root-sync")] });
    assert.deepEqual(state, known(healthy()));
    const why = "us only pushes reports for this, and cannot be asked";
    const request = { source: "us", asker: ASKER, target };
    assert.deepEqual(await live.verifyDrift({ ...request, suspects: [], declared: () => undefined }), unknown(why));
    assert.deepEqual(await live.askToSync(request), { kind: "refused", why });
    live.watch({ source: "us", onChange: assert.fail }).stop();
  });

  test("targets of several kinds keep their order", async () => {
    const live = openLive({
      sources: [settingsOf("one")],
      open: () => sourceWith({ read: async (targets) => targets.map(({ target }) => unknown(target.name)) }),
    });
    const targets = [wanted("flux", "a/1"), wanted("reports", "2"), wanted("argocd", "3"), wanted("flux", "a/4")];
    const states = await live.read({ source: "one", asker: ASKER, targets });
    assert.deepEqual(
      states.map((state) => state.kind === "unknown" && state.why),
      ["a/1", "one has not reported it", "3", "a/4"],
    );
  });
});

describe("a source that fails", () => {
  const limits = { read: 30, drift: 30, sync: 30, slow: 20, rest: 30_000 };

  test("is not waited for longer than so, and rests then, for whoever had to wait", async () => {
    const clock = { now: NOW };
    let asked = 0;
    const open = () =>
      sourceWith({
        read: () => {
          asked += 1;
          clock.now += 30;
          return new Promise(() => undefined);
        },
      });
    const sources = [settingsOf("slow", { for: ["acme/*"] })];
    const live = openLive({ sources, limits, open, now: () => clock.now });
    const read = async (asker: string) => live.read({ source: "slow", asker, targets: [wanted("flux", "apps/web")] });
    const late = [unknown("the source slow did not answer within 0.03 s")];
    assert.deepEqual(await read("acme/one"), late);
    assert.deepEqual(await read("acme/one"), late);
    assert.equal(asked, 1);
    assert.deepEqual(await read("acme/two"), late);
    assert.equal(asked, 2);
    clock.now += 30_000;
    assert.deepEqual(await read("acme/one"), late);
    assert.equal(asked, 3);
  });

  test("does not rest when it was quick, nor when it knew something", async () => {
    const clock = { now: NOW };
    let states: readonly Seen<LiveState>[] = [unknown("there is no such Kustomization")];
    let asked = 0;
    let takes = 0;
    const open = () =>
      sourceWith({
        read: async () => {
          asked += 1;
          clock.now += takes;
          return states;
        },
      });
    const live = openLive({ sources: [settingsOf("one")], limits, open, now: () => clock.now });
    const read = () => live.read({ source: "one", asker: ASKER, targets: [wanted("flux", "apps/web")] });
    assert.deepEqual(await read(), states);
    states = [known(healthy())];
    takes = 25;
    assert.deepEqual(await read(), states);
    assert.deepEqual(await read(), states);
    assert.equal(asked, 3);
  });

  test("does not throw, and neither does what reads the reports; the log tells of the fault", async () => {
    const told: string[] = [];
    const broken = () => {
      throw new Error("a bug with a secret in it");
    };
    const live = openLive({
      sources: [settingsOf("one", { mayAskToSync: true, reports: REPORTS })],
      open: () => sourceWith({ read: broken, verifyDrift: broken, askToSync: broken }),
      reports: { readStates: broken, readClaims: broken },
      log: { warn: (_, message) => void told.push(message) },
    });
    const { target } = wanted("flux", "apps/web");
    const request = { source: "one", asker: ASKER, target };
    const targets = [wanted("flux", "apps/web"), wanted("reports", "web")];
    const answers = [
      ...(await live.read({ source: "one", asker: ASKER, targets })),
      await live.verifyDrift({ ...request, suspects: [], declared: () => undefined }),
      await live.askToSync(request),
    ];
    for (const answer of answers) {
      assert.ok(answer.kind === "unknown" || answer.kind === "refused");
      assert.match(answer.why, /was ended by a fault of Stagecoach$/);
    }
    assert.deepEqual(await live.readClaims({ source: "one", asker: ASKER }), []);
    assert.equal(told.length, 5);
  });

  test("a source whose address cannot be used says so, and harms nobody", async () => {
    const access = { kind: "argocd", url: "not an address", token: "hunter2" } as const;
    const live = openLive({ sources: [settingsOf("one", { access })] });
    const [state] = await live.read({ source: "one", asker: ASKER, targets: [wanted("argocd", "web")] });
    assert.deepEqual(state, unknown("the address or the token of the source one cannot be used"));
  });
});

describe("asking to sync", () => {
  const kustomization = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "web", namespace: "apps" },
    spec: { interval: "10m", sourceRef: { kind: "GitRepository", name: "config" } },
  };
  const repository = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "config", namespace: "apps" },
    spec: { url: "https://github.com/acme/config" },
  };
  const ANNOTATION = "reconcile.fluxcd.io/requestedAt";

  test("writes nothing unless the operator's settings allow it", async (context) => {
    const { cluster, live } = await withCluster(context, { mayAskToSync: false });
    cluster.apply(kustomization);
    const outcome = await live.askToSync({ source: "one", asker: ASKER, target: wanted("flux", "apps/web").target });
    assert.deepEqual(outcome, {
      kind: "refused",
      why: "the operator's settings do not let Stagecoach ask one to sync",
    });
    assert.equal(cluster.requests().length, 0);
  });

  test("annotates what Flux applies, and what it fetches, with one token", async (context) => {
    const { cluster, live } = await withCluster(context, { mayAskToSync: true });
    cluster.apply(kustomization);
    cluster.apply(repository);
    const outcome = await live.askToSync({ source: "one", asker: ASKER, target: wanted("flux", "apps/web").target });
    assert.deepEqual(outcome, { kind: "asked" });
    const token = "2026-11-20T12:00:00.000Z";
    assert.equal(cluster.get(kustomization)?.metadata.annotations?.[ANNOTATION], token);
    assert.equal(cluster.get(repository)?.metadata.annotations?.[ANNOTATION], token);
    assert.equal(cluster.get(kustomization)?.metadata.generation, 1);
  });

  const REFUSALS: readonly (readonly [title: string, target: WantedTarget, why: RegExp])[] = [
    [
      "a suspended Kustomization",
      wanted("flux", "apps/asleep"),
      /^Kustomization apps\/asleep is suspended, and reconciles nothing/,
    ],
    ["one that is not there", wanted("flux", "apps/none"), /^there is no Kustomization or HelmRelease apps\/none$/],
    ["no name at all", wanted("flux", "none"), /is no `namespace\/name` of a Kustomization or HelmRelease$/],
    ["Config Sync", wanted("config-sync", "root-sync"), /^Config Sync looks at Git by itself, and cannot be asked$/],
    ["a plain namespace", wanted("kubernetes", "shop"), /^nothing there brings Git into the cluster$/],
    ["Argo CD through the cluster", wanted("argocd", "web"), /through Argo CD's own API/],
  ];
  for (const [title, target, why] of REFUSALS) {
    test(`is refused: ${title}`, async (context) => {
      const { cluster, live } = await withCluster(context, { mayAskToSync: true });
      const asleep = { ...kustomization, metadata: { name: "asleep", namespace: "apps" } };
      cluster.apply({ ...asleep, spec: { ...kustomization.spec, suspend: true } });
      const outcome = await live.askToSync({ source: "one", asker: ASKER, target: target.target });
      assert.ok(outcome.kind === "refused");
      assert.match(outcome.why, why);
      assert.equal(cluster.count({ verb: "patch" }), 0);
    });
  }

  test("is refused where the account may not write", async (context) => {
    const { cluster, live } = await withCluster(context, { mayAskToSync: true, user: "reader" });
    cluster.apply(kustomization);
    const outcome = await live.askToSync({ source: "one", asker: ASKER, target: wanted("flux", "apps/web").target });
    const resource = "kustomizations.kustomize.toolkit.fluxcd.io";
    assert.deepEqual(outcome, {
      kind: "refused",
      why: `the cluster one does not allow this account to patch ${resource} in the namespace apps (403)`,
    });
  });
});

describe("a cluster as a source", () => {
  test("lists each kind once, however many targets of whatever kind there are", async (context) => {
    const { cluster, live } = await withCluster(context, {});
    const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
    for (const name of names) cluster.apply({ ...deployment(name), metadata: { name, namespace: name } });
    const targets = names.flatMap((name) => [
      wanted("kubernetes", name),
      wanted("flux", `${name}/web`),
      wanted("config-sync", `${name}/sync`),
      wanted("argocd", name),
    ]);
    const states = await live.read({ source: "one", asker: ASKER, targets });
    assert.equal(states.length, 160);
    assert.equal(states.filter(({ kind }) => kind === "known").length, 40);
    const lists = cluster.requests().map(({ verb, plural }) => `${verb} ${plural}`);
    assert.ok(lists.every((request) => request.startsWith("list ")));
    assert.deepEqual(lists.toSorted(), [...new Set(lists)].toSorted());
  });

  test("tells of changes once for many, and goes on after the connection broke", async (context) => {
    const { cluster, live } = await withCluster(context, {});
    cluster.apply(deployment("web"));
    let told = 0;
    const watch = live.watch({
      source: "one",
      onChange: () => {
        told += 1;
      },
    });
    context.after(() => watch.stop());
    await waitFor("Deployments are watched", () => cluster.openWatches("deployments") === 1);
    for (const image of ["a:1", "a:2", "a:3", "a:4"]) cluster.apply(deployment("web", image));
    await waitFor("it is told", () => told > 0);
    assert.equal(told, 1);
    watch.stop();
    await waitFor("all watches are closed", () => cluster.openWatches() === 0);
  });

  test("a source that is not in the settings is not watched", () => {
    const live = openLive({ sources: [] });
    live.watch({ source: "nowhere", onChange: assert.fail }).stop();
  });
});

const REPORTS = { from: "reporter", secrets: ["secret"], maxAge: 600_000 } as const;

function openLive(options: Partial<LiveOptions>) {
  const reports = {
    readStates: async ({ id }: LiveSettings, targets: readonly WantedTarget[]) =>
      targets.map(() => unknown(`${id} has not reported it`)),
    readClaims: async () => [],
  };
  return createLive({ sources: [], reports, now: () => NOW, ...options });
}

function settingsOf(id: string, settings: Partial<LiveSettings> = {}): LiveSettings {
  const access = { kind: "kubernetes", kubeconfig: "" } as const;
  return { id, for: [ASKER], access, mayAskToSync: true, ...settings };
}

function wanted(kind: LiveTarget["kind"], name: string): WantedTarget {
  return { target: { source: "one", kind, name }, objects: [], images: [], awaited: false };
}

function sourceWith(parts: Partial<LiveSource> = {}): LiveSource {
  return {
    serves: ["flux", "argocd", "config-sync", "kubernetes"],
    read: async (targets) => targets.map(() => known(healthy())),
    verifyDrift: async () => known([]),
    askToSync: async () => ({ kind: "asked" }),
    watch: () => ({ stop: () => undefined }),
    ...parts,
  };
}

function healthy(): LiveState {
  return {
    reconciler: "kubernetes",
    object: { apiVersion: "v1", kind: "Namespace", name: "web" },
    sync: { state: "unknown" },
    health: { state: "healthy", basis: "kstatus" },
    freshness: { readAt: NOW, proof: "read" },
    resources: [],
    suspects: [],
    prunable: [],
    containers: [],
    healing: { how: "no reconciler", ignored: [] },
  };
}

async function withCluster(
  context: TestContext,
  { mayAskToSync = false, user = "admin" }: { readonly mayAskToSync?: boolean; readonly user?: "admin" | "reader" },
): Promise<{ readonly cluster: RunningCluster; readonly live: ReturnType<typeof createLive> }> {
  const cluster = await startCluster();
  context.after(() => cluster.stop());
  const access = { kind: "kubernetes", kubeconfig: cluster.kubeconfigOf(user) } as const;
  return { cluster, live: openLive({ sources: [settingsOf("one", { access, mayAskToSync })] }) };
}
