// Reports about changes by hand say where to look. What is not seen live at the revision that runs changes nothing, and
// who cannot prove to be the reporter of that very cluster is not heard.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { sendReport } from "./live-source.ts";
import { type LiveStory, tellLive } from "./live-story.ts";

const IMAGE = "/spec/template/spec/containers/0/image";
const REPORTED = {
  sources: { dev: { environments: ["integration", "staging", "live"], reports: "reporter" } },
} as const;

interface Claim {
  readonly cluster?: string;
  readonly commit?: string;
  readonly live?: string;
  readonly id?: string;
  readonly application?: string;
  readonly at?: number;
}

function claimOf(story: LiveStory, claim: Claim = {}): unknown {
  const { cluster = "dev", live = "elsewhere/checkout:1", application = "checkout-integration" } = claim;
  const { commit = headOf(story), id = "5d2a4f3e-6f1f-4a5d-9b1a-1d6b9f0a7c11", at = story.now() } = claim;
  const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: application, name: "checkout" };
  return {
    schema: "drift-report/v1",
    reportId: id,
    cluster,
    reporter: { name: "drift-reporter", version: "0.1.0" },
    observedAt: new Date(at).toISOString(),
    target: {
      reconciler: "argocd",
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      namespace: "argocd",
      name: application,
    },
    revision: { commit },
    resources: [
      {
        ...object,
        change: "modified",
        fields: [{ path: IMAGE, desired: "acme/checkout:1.7.0", live, manager: "<b>@acme/everybody</b>" }],
      },
    ],
  };
}

function headOf({ github }: LiveStory): string {
  return github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
}

async function report(story: LiveStory, claim: Claim = {}): Promise<number> {
  const sent = { source: "dev", report: claimOf(story, claim), now: story.now() };
  const { status } = await sendReport(story.app().url, sent);
  await story.settle();
  return status;
}

async function expectNothingSaid(story: LiveStory, happens: () => Promise<void>): Promise<void> {
  await story.settle();
  story.github.forgetRequests();
  await happens();
  const writes = story.github.requests().filter(({ kind }) => !["read", "graphql-query", "token"].includes(kind));
  assert.deepEqual(writes, []);
  assert.deepEqual(story.driftIssues(), []);
}

tellLive(
  "a report of a change that nobody made is looked into, and nothing is said",
  (story) =>
    expectNothingSaid(story, async () => {
      assert.equal(await report(story), 202);
      const looked = story.source("dev").argocd.requests();
      assert.ok(looked.some(({ path }) => path.endsWith("/managed-resources")));
    }),
  REPORTED,
);

tellLive(
  "a report about a commit that is gone by, or that is not on the branch, changes nothing",
  async (story) => {
    await story.settle();
    const before = headOf(story);
    await story.commit({ "README.md": "Words\n" });
    story.cluster("integration").application.sees(headOf(story));
    await expectNothingSaid(story, async () => {
      assert.equal(await report(story, { commit: before }), 202);
      assert.equal(await report(story, { commit: "f".repeat(40), id: "0".repeat(8) }), 202);
      assert.equal(await report(story, { application: "payment", id: "1".repeat(8) }), 202);
    });
  },
  REPORTED,
);

tellLive(
  "T26: who speaks for another cluster, is late, comes again or has no secret is not heard",
  (story) =>
    expectNothingSaid(story, async () => {
      assert.equal(await report(story, { cluster: "prod-eu" }), 400);
      assert.equal(await report(story, { at: story.now() + 10 * 60_000 }), 400);
      assert.equal(await report(story, { at: story.now() - 60 * 60_000 }), 200);
      const sent = { source: "dev", report: claimOf(story), now: story.now() };
      const send = async (changed: Partial<Parameters<typeof sendReport>[1]>) =>
        (await sendReport(story.app().url, { ...sent, ...changed })).status;
      assert.equal(await send({ secret: "some-other-secret-0123456789" }), 401);
      assert.equal(await send({ now: story.now() - 10 * 60_000 }), 401);
      assert.equal(await send({ source: "prod-eu" }), 404);
      assert.equal(await send({}), 202);
      assert.equal(await send({}), 202, "again, and nothing is done");
      await story.settle();
    }),
  REPORTED,
);

tellLive(
  "a report of a true change is told with what was read live, and its own words are not",
  async (story) => {
    await story.settle();
    const { application } = story.cluster("integration");
    application.handEdit({
      object: "Deployment/checkout",
      pointer: IMAGE,
      value: "acme/other:2",
      manager: "kubectl-set",
    });
    assert.equal(await report(story, { live: "acme/other:2" }), 202);
    const [issue] = story.driftIssues({ open: true });
    assert.match(issue?.body ?? "", /acme\/other:2.*kubectl-set/s);
    assert.doesNotMatch(issue?.body ?? "", /everybody/);
    await story.cluster("integration").heals();
    await story.wait(15 * 60_000);
    assert.deepEqual(story.driftIssues({ open: true }), []);
  },
  REPORTED,
);
