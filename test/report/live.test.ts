import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveRevision } from "../../src/domain/live-state.ts";
import type { LiveView, Stage } from "../../src/domain/live-view.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { BEFORE, finding, live, MERGE, place } from "./build-live-view.ts";
import { at, digest } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

function git(id: string): LiveRevision {
  return { kind: "git", id, repository: "acme/platform-config", reference: "main" };
}

const RECONCILING = place({
  stage: "reconciling",
  reconciler: "flux-kustomization",
  reason: "Flux tries `4f1c2ab` and waits for Deployment `checkout/web`",
  sync: "progressing",
  health: "progressing",
  basis: "reconciler",
  since: at("2026-03-02T10:41"),
  desired: git(MERGE),
  observed: git(BEFORE),
  running: [digest("a"), digest("b")],
  lastResultAt: at("2026-03-02T10:31"),
});

const HEALTHY_EU = place({
  source: "prod-eu",
  name: "root-sync",
  reconciler: "config-sync",
  reason: "synced to `4f1c2ab` and healthy",
  sync: "synced",
  health: "healthy",
  basis: "kstatus",
  since: at("2026-03-02T10:44"),
  desired: git(MERGE),
  observed: git(MERGE),
  running: [digest("b")],
  lastResultAt: at("2026-03-02T10:43"),
});

const HEALTHY = place({
  ...HEALTHY_EU,
  source: "dev",
  name: "checkout-staging",
  reconciler: "argocd",
  basis: "reconciler",
  link: "https://argocd.dev.acme.example/applications/argocd/checkout-staging",
});

const IMAGE_FAILURE =
  'prod-us: `ImagePullBackOff`: `Back-off pulling image "ghcr.io/acme/checkout@sha256:bbbb": code = NotFound`';

const COMMENTS: readonly { readonly name: string; readonly says: string; readonly view: LiveView }[] = [
  {
    name: "live-merged.md",
    says: "that the merge is known and nothing else is",
    view: live({ places: [place({ stage: "merged", reason: "Flux has not fetched the merge commit yet" })] }),
  },
  {
    name: "live-reconciling.md",
    says: "how far the reconciler is",
    view: live({ stage: "reconciling", reason: RECONCILING.reason, places: [RECONCILING] }),
  },
  {
    name: "live-healthy.md",
    says: "that all is well, with a link to where it can be seen",
    view: live({
      stage: "healthy",
      reason: HEALTHY.reason,
      healthyAt: at("2026-03-02T10:44"),
      places: [HEALTHY],
    }),
  },
  {
    name: "live-degraded.md",
    says: "what is wrong in one of three places, in the cluster's words",
    view: live({
      key: "checkout/live",
      environment: "live",
      stage: "degraded",
      reason: IMAGE_FAILURE,
      places: [
        HEALTHY_EU,
        place({
          ...HEALTHY_EU,
          source: "prod-us",
          stage: "degraded",
          reason: IMAGE_FAILURE,
          health: "degraded",
          since: at("2026-03-02T10:46"),
          running: [digest("a")],
        }),
        place({ source: "prod-asia", name: "root-sync", stage: "merged", reason: "prod-asia: it has not begun" }),
      ],
    }),
  },
  {
    name: "live-drifted.md",
    says: "which fields differ from Git, and hides what must not be seen",
    view: live({
      stage: "drifted",
      reason: "somebody changed 3 fields in the cluster; issue 41 follows it",
      places: [
        place({
          ...HEALTHY,
          stage: "drifted",
          sync: "out-of-sync",
          reason: "somebody changed 3 fields in the cluster; issue 41 follows it",
        }),
      ],
      drift: [
        finding(),
        finding({
          object: { apiVersion: "v1", kind: "Secret", namespace: "checkout", name: "keys" },
          field: { path: "/data/token", desired: { kind: "hidden" }, live: { kind: "hidden" } },
        }),
        finding({
          object: { apiVersion: "v1", kind: "ConfigMap", namespace: "checkout", name: "flags" },
          change: "missing",
          field: { path: "" },
        }),
      ],
    }),
  },
  {
    name: "live-no-news.md",
    says: "since when there is no news, which is never taken for health",
    view: live({
      stage: "no-news",
      reason: "`prod-us` has sent no report for longer than the 10 minutes that its settings allow",
      places: [
        place({
          source: "prod-us",
          name: "checkout-live",
          stage: "no-news",
          reason: "no report came",
          health: "unknown",
          basis: "none",
          since: at("2026-03-02T10:02"),
        }),
      ],
    }),
  },
  {
    name: "live-suspended.md",
    says: "who has to resume",
    view: live({
      stage: "suspended",
      reason: "the Kustomization `apps/checkout-staging` has `spec.suspend: true`, so nothing is applied",
      places: [
        place({
          ...RECONCILING,
          stage: "suspended",
          reason: "the Kustomization `apps/checkout-staging` has `spec.suspend: true`, so nothing is applied",
          sync: "out-of-sync",
          health: "suspended",
        }),
      ],
    }),
  },
  {
    name: "live-replaced.md",
    says: "that a newer version took its place",
    view: live({ stage: "replaced", reason: "`1.8.1` took its place with pull request 32 before it was healthy" }),
  },
];

describe("the comment that follows a promotion", () => {
  for (const { name, says, view } of COMMENTS) {
    test(`says ${says} (${name})`, () => {
      const body = renderer.live(view);
      compareCase(name, body);
      assert.equal(body.split("\n").at(-1), "<!-- stagecoach:live 0123456789abcdef -->");
    });
  }

  const STAGES: Readonly<Record<Stage, string>> = {
    merged: "⏳ **merged** → reconciling → synced → healthy",
    reconciling: "⏳ merged → **reconciling** → synced → healthy",
    synced: "⏳ merged → reconciling → **synced** → healthy",
    healthy: "✅ merged → reconciling → synced → **healthy**",
    degraded: "❌ merged → reconciling → synced → **degraded**",
    drifted: "⚠️ merged → reconciling → synced → **drifted**",
    suspended: "⏸️ merged → **suspended**",
    "no-news": "❔ merged → **no news**",
    replaced: "⏭️ merged → **replaced**",
  };
  for (const [stage, expected] of Object.entries(STAGES)) {
    test(`shows where "${stage}" stands`, () => {
      const [first] = renderer.live(live({ stage: stage as Stage })).split("\n");
      assert.equal(first, `**staging** · ${expected}`);
    });
  }

  test("does not say that something was in sync which never was", () => {
    const failed = place({ stage: "degraded", sync: "failed" });
    const [first] = renderer.live(live({ stage: "degraded", places: [failed] })).split("\n");
    assert.equal(first, "**staging** · ❌ merged → reconciling → **degraded**");
  });

  test("is the same text as long as the world is the same", () => {
    const view = live({ stage: "healthy", places: [HEALTHY] });
    assert.equal(renderer.live(view), renderer.live(structuredClone(view)));
  });

  const ADDRESSES: readonly (readonly [string, string | undefined])[] = [
    [
      "https://argocd.acme.example:8443/applications/a?x=1&copy;=2#top",
      "https://argocd.acme.example:8443/applications/a?x=1&copy;=2#top",
    ],
    ["https://argocd.acme.example", "https://argocd.acme.example/"],
    ["http://argocd.acme.example/", undefined],
    ["javascript:alert(1)", undefined],
    ["https://bot:secret@argocd.acme.example/", undefined],
    ["https://argocd.acme.example/a) [b](https://evil.example", undefined],
    ["https://argocd.acme.example/?token=abcdefghijkl", undefined],
    ["not an address", undefined],
  ];
  for (const [address, expected] of ADDRESSES) {
    test(`T14: ${expected === undefined ? "makes no link of" : "links to"} ${address}`, () => {
      const body = renderer.live(live({ places: [place({ link: address, sync: "synced" })] }));
      const link = /\[`apps\/checkout-staging`\]\(([^)]*)\)/.exec(body)?.[1];
      assert.equal(link?.replaceAll("&amp;", "&"), expected);
    });
  }

  test("never says more than GitHub takes, and keeps the state and the mark", () => {
    const long = "x".repeat(900);
    const view = live({
      stage: "degraded",
      reason: long,
      places: Array.from({ length: 200 }, () =>
        place({
          name: long,
          stage: "degraded",
          reason: `${long}y`,
          running: [long, long, long, long],
          desired: git(long),
          observed: git(`${long}y`),
          link: `https://argocd.acme.example/${long.slice(0, 400)}`,
        }),
      ),
      drift: Array.from({ length: 200 }, () => finding({ object: { apiVersion: "v1", kind: long, name: long } })),
    });
    const body = renderer.live(view);
    assert.ok(body.length < 58_000, String(body.length));
    assert.match(body, /^\*\*staging\*\* · ❌ /);
    assert.match(body, /Left out, because GitHub limits how long this may be: the details/);
    assert.match(body, /stagecoach:live 0123456789abcdef -->$/);
  });

  test("has a mark that cannot be ended early", () => {
    for (const fingerprint of ["", "a b", "-->", "a--b", "x".repeat(65)])
      assert.throws(() => renderer.live(live({ fingerprint })), /A mark cannot hold/);
  });
});

describe("the status of a deployment", () => {
  test("has a description in plain words, as long as GitHub takes", () => {
    const description = renderer.deploymentDescription(`\`1.8.0\` is degraded: ${"back-off ".repeat(30)}`);
    assert.ok(description.length <= 140);
    assert.match(description, /^1\.8\.0 is degraded: back-off .*…$/);
  });
});
