import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { attention, driftIssue, finding } from "./build-live-view.ts";
import { at } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

const WHOLE = driftIssue({
  since: at("2026-03-02T09:12"),
  pullRequest: 31,
  holds: true,
  healing: ["Argo CD `checkout-live` in `prod-eu` heals nothing by itself: `selfHeal: false`"],
  ways: [
    "let Argo CD put it back: sync the application",
    "give `/adopt` here, and Stagecoach opens a draft pull request with what runs, where a version differs",
    "give `/ignore 7d` here, and it is not told again for so long",
  ],
  findings: [
    finding(),
    finding({
      field: {
        path: "/spec/template/spec/containers/0/image",
        desired: { kind: "shown", text: "ghcr.io/acme/checkout:1.8.0" },
        live: { kind: "shown", text: "ghcr.io/acme/checkout:debug" },
        manager: "kubectl-set",
        operation: "Update",
      },
      claimedBy: "prod-eu-reporter",
    }),
    finding({
      object: { apiVersion: "v1", kind: "Secret", namespace: "checkout", name: "keys" },
      field: { path: "/data/token", desired: { kind: "hidden" }, live: { kind: "hidden" }, manager: "kubectl-edit" },
    }),
    finding({
      object: { apiVersion: "v1", kind: "Namespace", name: "checkout-old" },
      change: "extra",
      field: { path: "" },
    }),
    finding({
      object: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", namespace: "checkout", name: "web" },
      verdict: "ignored",
      why: "`ignoreDifferences` of the Application names `/spec/minReplicas`",
    }),
  ],
});

describe("the issue about drift", () => {
  test("says what differs, what happens by itself, what people can do and what waits (drift.md)", () => {
    const { title, body } = renderer.driftIssue(WHOLE);
    assert.equal(title, "Drift in checkout/live");
    compareCase("drift.md", `Title: ${title}\n\n${body}`);
    assert.equal(body.split("\n").at(-1), "<!-- stagecoach:drift checkout/live 0123456789abcdef -->");
  });

  test("is short where little is known (drift-short.md)", () => {
    const { title, body } = renderer.driftIssue(
      driftIssue({ findings: [finding({ field: { path: "/spec/replicas" } })] }),
    );
    compareCase("drift-short.md", `Title: ${title}\n\n${body}`);
  });

  test("never says more than GitHub takes", () => {
    const long = "x".repeat(900);
    const { body } = renderer.driftIssue(
      driftIssue({
        findings: Array.from({ length: 300 }, (_, index) =>
          finding({
            object: { apiVersion: "v1", kind: long, name: long },
            field: { path: long, desired: { kind: "shown", text: long }, live: { kind: "shown", text: long } },
            verdict: index % 2 === 0 ? "confirmed" : "ignored",
            why: long,
          }),
        ),
        healing: Array.from({ length: 100 }, () => long),
        ways: Array.from({ length: 100 }, () => long),
      }),
    );
    assert.ok(body.length < 58_000);
    assert.match(body, /Left out, because GitHub limits how long this may be: what is no drift/);
    assert.match(body, /stagecoach:drift checkout\/live 0123456789abcdef -->$/);
  });

  test("has a mark for names of environments only", () => {
    assert.throws(() => renderer.driftIssue(driftIssue({ key: "checkout/live -->" })), /A mark cannot hold/);
  });
});

describe("the call for attention", () => {
  test("says what happened and what a person can do (attention.md)", () => {
    const body = renderer.attention(
      attention({
        what: "`1.8.0` has been degraded since 2026-03-02 10:46 UTC, longer than the 15 minutes that `on-degraded` gives it, so it goes no further",
        ways: ["mend what is wrong and release a newer version", "give `/rollback live` to go back to `1.7.0`"],
      }),
    );
    compareCase("attention.md", body);
    assert.equal(body.split("\n").at(-1), "<!-- stagecoach:attention/degraded-bbbbbbbbbbbb 1 -->");
  });

  test("has a mark that cannot be ended early", () => {
    for (const situation of ["", "a b", "a-->b", "-a", "a>b"])
      assert.throws(() => renderer.attention(attention({ situation })), /A mark cannot hold/);
  });
});
