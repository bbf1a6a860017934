import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { DriftClaim, DriftFinding, DriftSuspect } from "../../../src/domain/drift.ts";
import type { ObjectReference } from "../../../src/domain/object-reference.ts";
import { createArgocdSource } from "../../../src/live/argocd/argocd-source.ts";
import { startArgocd } from "../../argocd/start-argocd.ts";
import { FIRST, NOW, SECOND } from "./make-application.ts";

const WEB = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { name: "proxy", image: "envoy:1" },
          { name: "web", image: "ghcr.io/acme/checkout:1.7.0", env: [{ name: "MODE", value: "live" }] },
        ],
      },
    },
  },
};
const KEYS = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, data: { password: "aHVudGVyMg==" } };
const DEPLOYMENT: ObjectReference = { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" };
const IMAGE = "/spec/template/spec/containers/1/image";
const SUSPECT: DriftSuspect = { object: DEPLOYMENT, change: "modified", fields: [], evidence: "Argo CD's comparison" };

async function begin(t: TestContext) {
  const argocd = await startArgocd({ now: () => NOW });
  t.after(() => argocd.stop());
  const application = argocd.application("checkout", { revisions: [FIRST], objects: [WEB, KEYS] });
  const source = createArgocdSource(argocd, { now: () => NOW, limits: { timeout: 1_000 } });
  const verify = async (
    asked: { suspects?: readonly DriftSuspect[]; claim?: DriftClaim; claimOnBranch?: boolean } = {},
  ) => {
    const findings = await source.verifyDrift({
      source: "dev",
      asker: "acme/platform-config",
      target: { source: "dev", kind: "argocd", name: "checkout" },
      suspects: asked.claim === undefined ? [SUSPECT] : [],
      declared: () => undefined,
      ...asked,
    });
    assert.ok(findings.kind === "known", JSON.stringify(findings));
    assert.deepEqual(argocd.problems(), []);
    return findings.value;
  };
  return { argocd, application, source, verify };
}

function claim(path: string, live?: string, more: Partial<DriftClaim> = {}): DriftClaim {
  const field = { path, ...(live !== undefined && { live: { kind: "shown" as const, text: live } }) };
  return {
    report: "r1",
    by: "stagecoach-reporter",
    observedAt: NOW,
    commit: FIRST,
    target: { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd", name: "checkout" },
    suspects: [{ object: DEPLOYMENT, change: "modified", fields: [field], evidence: "dry run" }],
    ...more,
  };
}

function brief(findings: readonly DriftFinding[]): readonly string[] {
  return findings.map(({ verdict, object, field }) => `${verdict} ${object.name} ${field?.path ?? "-"}`);
}

describe("drift, looked at again through Argo CD", () => {
  test("a hand edit is confirmed, with both values, the tool and the time, on a fresh comparison", async (t) => {
    const { argocd, application, verify } = await begin(t);
    application.handEdit({
      object: "Deployment/web",
      pointer: IMAGE,
      value: "ghcr.io/acme/checkout:hotfix",
      manager: "kubectl-set",
    });
    const findings = await verify();
    assert.deepEqual(findings, [
      {
        object: { ...DEPLOYMENT, uid: "uid-of-web" },
        change: "modified",
        field: {
          path: IMAGE,
          desired: { kind: "shown", text: '"ghcr.io/acme/checkout:1.7.0"' },
          live: { kind: "shown", text: '"ghcr.io/acme/checkout:hotfix"' },
          manager: "kubectl-set",
          operation: "Update",
          time: NOW,
        },
        verdict: "confirmed",
        why: "it was read live, at the revision that the cluster runs",
      },
    ]);
    const asked = argocd
      .requests()
      .map(({ path, query }) => `${path.replace("/api/v1/", "")} ${query.refresh ?? ""}`.trim());
    assert.deepEqual(asked, [
      "applications",
      "applications/checkout hard",
      "applications/checkout/managed-resources",
      "applications/checkout/resource",
    ]);
    assert.ok(
      argocd
        .requests()
        .slice(1)
        .every(({ query }) => query.project === "default" && query.appNamespace === "argocd"),
    );
  });

  test("what Argo CD has healed in the meantime is healed", async (t) => {
    const { application, verify } = await begin(t);
    application.automate({ selfHeal: true });
    application.handEdit({ object: "Deployment/web", pointer: "/spec/replicas", value: 5 });
    assert.deepEqual(brief(await verify()), ["healed web -"]);
  });

  test("an object that somebody deleted is missing", async (t) => {
    const { application, verify } = await begin(t);
    application.lost("Deployment/web");
    const [finding] = await verify({ suspects: [{ ...SUSPECT, change: "missing" }] });
    assert.deepEqual([finding?.verdict, finding?.change, finding?.field], ["confirmed", "missing", undefined]);
  });

  test("T24: values of Secrets are hidden, and so are those of environment variables", async (t) => {
    const { application, verify } = await begin(t);
    application.handEdit({ object: "Secret/keys", pointer: "/data/password", value: "bmV3LXNlY3JldA==" });
    application.handEdit({ object: "Secret/keys", pointer: "/data/extra", value: "bW9yZQ==" });
    application.handEdit({
      object: "Deployment/web",
      pointer: "/spec/template/spec/containers/1/env/0/value",
      value: "hunter2",
    });
    const findings = await verify();
    const text = JSON.stringify(findings);
    for (const secret of ["bmV3LXNlY3JldA", "bW9yZQ", "aHVudGVyMg", "hunter2", 'live\\"'])
      assert.ok(!text.includes(secret), secret);
    assert.ok(findings.some(({ field }) => field?.path.endsWith("/env/0/value") && field.live?.kind === "hidden"));
  });

  test("what a controller wrote is no drift, but nobody's name excuses another image", async (t) => {
    const { application, verify } = await begin(t);
    const scale = {
      object: "Deployment/web",
      pointer: "/spec/replicas",
      value: 7,
      manager: "kube-controller-manager",
      subresource: "scale",
    };
    application.handEdit(scale);
    application.handEdit({ object: "Deployment/web", pointer: IMAGE, value: "evil:1", manager: "friendly-controller" });
    assert.deepEqual(brief(await verify()), [`confirmed web ${IMAGE}`, "ignored web /spec/replicas"]);
  });

  test("containers belong together by name, also when one is put before them", async (t) => {
    const { application, verify } = await begin(t);
    const [proxy, web] = WEB.spec.template.spec.containers;
    application.handEdit({
      object: "Deployment/web",
      pointer: "/spec/template/spec/containers",
      value: [
        { name: "web", ...web, image: "other:2" },
        { ...proxy, name: "proxy", image: "envoy:1" },
      ],
    });
    assert.deepEqual(brief(await verify()), ["confirmed web /spec/template/spec/containers/0/image"]);
  });

  const notNow = [
    { name: "a sync is going on", happens: "startsSync", why: /at work/ },
    {
      name: "a newer revision waits",
      happens: "moved",
      why: /not compare the cluster with the revision that it applied/,
    },
    { name: "reconciling is switched off", happens: "suspended", why: /skip-reconcile/ },
    { name: "the comparison fails", happens: "broken", why: /not compare the cluster/ },
  ] as const;
  for (const { name, happens, why } of notNow) {
    test(`nothing is confirmed while ${name}`, async (t) => {
      const { argocd, application, verify } = await begin(t);
      argocd.controller("awake");
      application.handEdit({ object: "Deployment/web", pointer: IMAGE, value: "other:2" });
      if (happens === "startsSync") application.startsSync();
      if (happens === "moved") application.automate(false).pushed(SECOND);
      if (happens === "suspended") argocd.application("checkout").looks().suspended();
      if (happens === "broken") application.condition("ComparisonError", "no repository");
      if (happens === "suspended")
        argocd.fail({ kind: "json", value: application.document }, /applications\/checkout$/);
      const [finding] = await verify();
      assert.equal(finding?.verdict, "unverifiable");
      assert.match(finding?.why ?? "", why);
    });
  }

  const failures = [
    {
      name: "the refresh is refused",
      fault: { kind: "status", status: 403 },
      only: /applications\/checkout$/,
      why: /needs the permission/,
    },
    {
      name: "the comparison is slow for ever",
      fault: { kind: "hang" },
      only: /managed-resources/,
      why: /did not answer in time/,
    },
    {
      name: "the comparison is a page",
      fault: { kind: "page" },
      only: /managed-resources/,
      why: /something else than JSON/,
    },
    {
      name: "the comparison has another shape",
      fault: { kind: "json", value: { items: "no" } },
      only: /managed-resources/,
      why: /no list of objects/,
    },
    {
      name: "the object is not in it",
      fault: { kind: "json", value: { items: [] } },
      only: /managed-resources/,
      why: /no comparison of Deployment checkout\/web/,
    },
    {
      name: "its states are no JSON",
      fault: {
        kind: "json",
        value: {
          items: [
            { group: "apps", kind: "Deployment", namespace: "checkout", name: "web", liveState: "{", targetState: "{" },
          ],
        },
      },
      only: /managed-resources/,
      why: /no comparison of Deployment/,
    },
  ] as const;
  for (const { name, fault, only, why } of failures) {
    test(`unverifiable: ${name}`, async (t) => {
      const { argocd, application, verify } = await begin(t);
      application.handEdit({ object: "Deployment/web", pointer: IMAGE, value: "other:2" });
      argocd.fail(fault, only);
      const findings = await verify();
      assert.deepEqual(
        findings.map(({ verdict }) => verdict),
        ["unverifiable"],
      );
      assert.match(findings[0]?.why ?? "", why);
    });
  }

  test("where nobody names an object and it could not be compared, it is not known that nothing differs", async (t) => {
    const { application, source } = await begin(t);
    application.automate(false).handEdit({ object: "Deployment/web", pointer: "/spec/replicas", value: 5 });
    application.pushed(SECOND).looks();
    const findings = await source.verifyDrift({
      source: "dev",
      asker: "acme/platform-config",
      target: { source: "dev", kind: "argocd", name: "checkout" },
      suspects: [],
      declared: () => undefined,
    });
    assert.equal(findings.kind, "unknown");
  });

  test("a difference without an author is told all the same", async (t) => {
    const { argocd, application, verify } = await begin(t);
    application.handEdit({ object: "Deployment/web", pointer: IMAGE, value: "other:2" });
    argocd.fail({ kind: "status", status: 500 }, /resource$/);
    const [finding] = await verify();
    assert.deepEqual([finding?.verdict, finding?.field?.manager], ["confirmed", undefined]);
  });
});

describe("claims of a report", () => {
  const edit = { object: "Deployment/web", pointer: IMAGE, value: "other:2" };

  test("the same value is confirmed, by what was read", async (t) => {
    const { application, verify } = await begin(t);
    application.handEdit(edit);
    const [finding] = await verify({ claim: claim(IMAGE, '"other:2"'), claimOnBranch: true });
    assert.deepEqual([finding?.verdict, finding?.claimedBy], ["confirmed", "stagecoach-reporter"]);
  });

  test("another value has changed since", async (t) => {
    const { application, verify } = await begin(t);
    application.handEdit(edit);
    assert.deepEqual(brief(await verify({ claim: claim(IMAGE, '"other:1"') })), [`changed-since web ${IMAGE}`]);
  });

  test("nothing there any more is healed", async (t) => {
    const { verify } = await begin(t);
    assert.deepEqual(brief(await verify({ claim: claim(IMAGE, '"other:2"') })), [`healed web ${IMAGE}`]);
  });

  test("what Argo CD's rules leave alone is ignored, not healed", async (t) => {
    const { argocd, application, verify } = await begin(t);
    application.set({
      spec: { ignoreDifferences: [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }] },
    });
    const states = { live: JSON.stringify({ ...WEB, spec: { ...WEB.spec, replicas: 9 } }), same: JSON.stringify(WEB) };
    const item = {
      group: "apps",
      kind: "Deployment",
      namespace: "checkout",
      name: "web",
      liveState: states.live,
      targetState: states.same,
      normalizedLiveState: states.same,
      predictedLiveState: states.same,
    };
    argocd.fail({ kind: "json", value: { items: [item] } }, /managed-resources/);
    const [finding] = await verify({ claim: claim("/spec/replicas", "9") });
    assert.equal(finding?.verdict, "ignored");
    assert.match(finding?.why ?? "", /rules for differences leave it alone \(apps\/Deployment: \/spec\/replicas\)/);
  });

  test("of a revision that is left behind it is stale, off the branch it is wrong", async (t) => {
    const { application, verify } = await begin(t);
    application.handEdit(edit);
    const stale = await verify({ claim: claim(IMAGE, '"other:2"', { commit: SECOND }), claimOnBranch: true });
    const wrong = await verify({ claim: claim("/spec/paused", "true", { commit: SECOND }), claimOnBranch: false });
    assert.ok(stale.every(({ verdict, claimedBy }) => verdict !== "confirmed" || claimedBy === undefined));
    assert.ok(wrong.some(({ verdict }) => verdict === "wrong-revision"));
  });

  test("about another Application says nothing here", async (t) => {
    const { verify } = await begin(t);
    const target = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd", name: "other" };
    assert.deepEqual(brief(await verify({ claim: claim(IMAGE, '"other:2"', { target }) })), [
      `unverifiable web ${IMAGE}`,
    ]);
  });
});
