// What is said on GitHub is kept only once GitHub has answered: an answer that was lost may stand for a comment that is
// there, and whoever believes otherwise says it twice.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveAction } from "../../src/domain/live-actions.ts";
import type { ToldIssue, ToldOnPullRequest } from "../../src/domain/told.ts";
import type { Forge } from "../../src/forge/forge.ts";
import { performLive } from "../../src/reconcile/act-live.ts";
import { keepIssues, keepTold, recallIssues, recallTold } from "../../src/reconcile/remember-told.ts";
import type { Shell } from "../../src/reconcile/shell.ts";
import { noon } from "../plan/build.ts";

const at = { installation: 1, repository: 1, owner: "acme", name: "platform-config" };
const key = "checkout/staging";
const nothing: ToldOnPullRequest = { comments: [], deployments: [] };

type Writes = Partial<
  Pick<Forge, "writeComment" | "createDeployment" | "setDeploymentStatus" | "writeIssue" | "closeIssue">
>;

/** A desk on which this was told, with a forge that does this. */
async function desk(forge: Writes, { told = nothing, issues = [] as readonly ToldIssue[] } = {}) {
  const kept = new Map<string, string>();
  const shell = {
    now: () => noon,
    forge,
    renderer: {
      live: () => "live",
      attention: () => "attention",
      driftIssue: () => ({ title: "drift", body: "drift" }),
      deploymentDescription: (text: string) => text,
    },
    store: {
      cache: {
        read: async (kind: string, keys: readonly string[]) =>
          new Map(keys.flatMap((each) => (kept.has(`${kind} ${each}`) ? [[each, kept.get(`${kind} ${each}`)]] : []))),
        write: async (kind: string, entries: ReadonlyMap<string, string>) => {
          for (const [each, text] of entries) kept.set(`${kind} ${each}`, text);
        },
      },
    },
  } as unknown as Shell;
  await keepTold(new Map([[7, told]]), { at, shell });
  await keepIssues(issues, { at, shell });
  return {
    perform: (action: object) =>
      performLive({ key, number: 7, reason: "", ...action } as unknown as LiveAction, { at, node: "R_1", shell }),
    told: async () => (await recallTold([{ number: 7 }], { at, shell })).get(7),
    issues: () => recallIssues({ at, shell }),
  };
}

const lost = async () => {
  throw new Error("socket hang up");
};
const gone = async () => ({ kind: "moved-on", why: "it is gone" }) as const;
const done = async () => ({ kind: "done", value: undefined }) as const;
const made = (id: number) => async () => ({ kind: "done", value: { id } }) as const;

const tell = { kind: "tell-live", view: { fingerprint: "healthy.1" } };
const report = { kind: "report-deployment", commit: "c", status: { state: "success", description: "healthy" } };
const drift = { kind: "tell-drift", view: { fingerprint: "f" } };
const issue: ToldIssue = { number: 31, key, fingerprint: "old", labels: ["stagecoach/drift", "mine"] };

describe("what was written is known without asking", () => {
  test("a comment, instead of the one before", async () => {
    const told = { ...nothing, comments: [{ id: 3, topic: "live", fingerprint: "merged.1" }] };
    const { perform, told: now } = await desk({ writeComment: made(3) }, { told });
    await perform({ ...tell, comment: 3 });
    assert.deepEqual((await now())?.comments, [{ id: 3, topic: "live", fingerprint: "healthy.1" }]);
  });

  test("a deployment and its status", async () => {
    const { perform, told } = await desk({ createDeployment: made(5), setDeploymentStatus: done });
    await perform(report);
    assert.deepEqual((await told())?.deployments, [{ id: 5, environment: key, status: report.status }]);
  });

  test("an issue, with the labels that it has", async () => {
    const { perform, issues } = await desk(
      { writeIssue: async () => ({ kind: "done", value: { number: 31 } }) },
      { issues: [issue] },
    );
    await perform({ ...drift, issue: 31 });
    assert.deepEqual(await issues(), [{ ...issue, fingerprint: "f" }]);
  });

  test("an issue that was closed", async () => {
    const { perform, issues } = await desk({ closeIssue: done }, { issues: [issue] });
    await perform({ kind: "settle-drift", issue: 31 });
    assert.deepEqual(await issues(), []);
  });
});

describe("whose answer was lost, or what is gone, is looked at again", () => {
  for (const [name, forge, action] of [
    ["a comment without an answer", { writeComment: lost }, tell],
    ["a comment that is gone", { writeComment: gone }, { ...tell, comment: 3 }],
    ["a deployment without an answer", { createDeployment: lost }, report],
    ["a status without an answer", { createDeployment: made(5), setDeploymentStatus: lost }, report],
    [
      "a call without an answer",
      { writeComment: lost },
      { kind: "call-for-attention", view: { situation: "stopped" } },
    ],
  ] as const) {
    test(name, async () => {
      const { perform, told } = await desk(forge);
      await perform(action).catch(() => undefined);
      assert.equal(await told(), undefined);
    });
  }

  for (const [name, forge, action] of [
    ["an issue without an answer", { writeIssue: lost }, drift],
    ["a closing without an answer", { closeIssue: lost }, { kind: "settle-drift", issue: 31 }],
    ["an issue that is gone", { writeIssue: gone }, { ...drift, issue: 31 }],
  ] as const) {
    test(name, async () => {
      const { perform, issues } = await desk(forge, { issues: [issue] });
      await perform(action).catch(() => undefined);
      assert.equal(await issues(), undefined);
    });
  }
});
