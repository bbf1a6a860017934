// Writing what is told after a merge: comments, deployments and their statuses, issues, drafts. What becomes of each when
// the world has moved on, when GitHub refuses, and when its answer is lost.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Seen } from "../../src/domain/seen.ts";
import type { ToldIssue } from "../../src/domain/told.ts";
import { Deferred, type Forge, type Outcome } from "../../src/forge/forge.ts";
import { cutDescription } from "../../src/forge/write-deployment.ts";
import { type ForgeOnGithub, openPromotion, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

const LIVE = "Healthy.\n\n<!-- stagecoach:live f1 -->";
const DRIFT = "Differs.\n\n<!-- stagecoach:drift checkout/staging f1 -->";
const ISSUE = { title: "Drift in checkout/staging", body: DRIFT, labels: ["stagecoach/drift"] };
const routes = {
  comment: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  edit: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  deployment: "POST /repos/{owner}/{repo}/deployments",
  status: "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
  issue: "POST /repos/{owner}/{repo}/issues",
  editIssue: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  open: "POST /repos/{owner}/{repo}/pulls",
} as const;

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === "done") return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

function tip(): string {
  return world.github.branchTip({ repository: REPOSITORY, branch: "main" }) ?? "";
}

describe("a comment", () => {
  it("is one request that creates content; its edits create none", async () => {
    const { number } = await openPromotion(world);
    const { id } = done(await world.forge.writeComment(world.at, { number, body: LIVE }));
    done(await world.forge.writeComment(world.at, { number, comment: id, body: `${LIVE}\n` }));
    const kinds = world.github.requests().map(({ kind }) => kind);
    assert.deepEqual(kinds, ["content-creating", "write"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("that somebody deleted has moved on", async () => {
    const { number } = await openPromotion(world);
    const { id } = done(await world.forge.writeComment(world.at, { number, body: LIVE }));
    const [comment] = world.github.comments({ repository: REPOSITORY, number });
    assert.ok(comment);
    world.github.deleteComment({ comment, by: "ann" });
    const outcome = await world.forge.writeComment(world.at, { number, comment: id, body: LIVE });
    assert.deepEqual(outcome, { kind: "moved-on", why: `our comment on #${number} is gone` });
  });

  it("is refused in GitHub's words", async () => {
    const { number } = await openPromotion(world);
    const long = await world.forge.writeComment(world.at, { number, body: "x".repeat(65_537) });
    assert.match(long.kind === "refused" ? long.why : "", /body is too long \(maximum is 65536 characters\)/);
    const nowhere = await world.forge.writeComment(world.at, { number: 99, body: LIVE });
    assert.equal(nowhere.kind, "refused");
    const message = "Unable to create comment because issue is locked.";
    world.github.break({ on: routes.comment, fault: { kind: "error-before", status: 403, message } });
    assert.deepEqual(await world.forge.writeComment(world.at, { number, body: LIVE }), {
      kind: "refused",
      why: message,
    });
  });
});

describe("a deployment", () => {
  it("merges nothing, demands no check, and leaves earlier ones as they are", async () => {
    const commit = tip();
    world.github.reportCheck({ repository: REPOSITORY, ref: commit, name: "build", conclusion: "failure" });
    const request = { commit, environment: "checkout/staging", description: "checkout 1.8.0" } as const;
    const first = done(await world.forge.createDeployment(world.at, request)).id;
    const second = done(await world.forge.createDeployment(world.at, request)).id;
    for (const deployment of [first, second]) {
      const status = { deployment, state: "success", description: "healthy" } as const;
      assert.equal((await world.forge.setDeploymentStatus(world.at, status)).kind, "done");
    }
    const recorded = world.github.deployments({ repository: REPOSITORY });
    assert.deepEqual(
      recorded.map(({ oid, environment, statuses }) => [oid, environment, statuses.map(({ state }) => state)]),
      [
        [commit, "checkout/staging", ["success"]],
        [commit, "checkout/staging", ["success"]],
      ],
    );
    assert.equal(tip(), commit);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("of a commit that is gone is refused, and a status of one that is gone has moved on", async () => {
    const request = { commit: "1".repeat(40), environment: "checkout/staging", description: "" } as const;
    const refused = await world.forge.createDeployment(world.at, request);
    assert.match(refused.kind === "refused" ? refused.why : "", /No ref found for: 1+/);
    const status = { deployment: 99, state: "queued", description: "" } as const;
    assert.equal((await world.forge.setDeploymentStatus(world.at, status)).kind, "moved-on");
  });

  it("is described in at most 140 characters, and says afterwards just what it was told", async () => {
    const request = { commit: tip(), environment: "checkout/staging", description: "x".repeat(300) } as const;
    const deployment = done(await world.forge.createDeployment(world.at, request)).id;
    const description = `degraded:\n  ${"the image cannot be pulled 🛑 ".repeat(9)}`;
    done(await world.forge.setDeploymentStatus(world.at, { deployment, state: "failure", description }));
    const [recorded] = world.github.deployments({ repository: REPOSITORY });
    const said = recorded?.statuses[0]?.description ?? "";
    assert.ok(said.length <= 140 && said.isWellFormed());
    assert.equal(said, cutDescription(description));
    assert.equal(cutDescription(said), said);
    for (let length = 100; length < 150; length += 1) {
      const cut = cutDescription("🛑".repeat(length));
      assert.ok(cut.length <= 140 && cut.isWellFormed());
    }
  });
});

describe("a draft", () => {
  it("is opened as one", async () => {
    const number = await openDraft();
    assert.equal(world.github.pullRequest({ repository: REPOSITORY, number }).draft, true);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("is opened as an ordinary one where the plan has none", async () => {
    const message = "Draft pull requests are not supported in this repository.";
    const fault = { kind: "error-before", status: 422, message } as const;
    world.github.break({
      on: routes.open,
      times: 1,
      when: ({ body }) => JSON.stringify(body).includes("draft"),
      fault,
    });
    const number = await openDraft();
    assert.equal(world.github.pullRequest({ repository: REPOSITORY, number }).draft, false);
  });

  async function openDraft(): Promise<number> {
    const { forge, at } = world;
    const repository = REPOSITORY;
    world.github.commitFiles({ repository, branch: "adopt", files: { x: "1" }, author: "ann", message: "Adopt" });
    const request = { branch: "adopt", base: "main", title: "Adopt", body: "", draft: true };
    return done(await forge.openPullRequest(at, request)).number;
  }
});

interface Write {
  readonly name: string;
  readonly on: string;
  /** Gives the write, after what has to be there before it. */
  readonly prepare: (forge: Forge) => Promise<() => Promise<Outcome<unknown>>>;
  /** What is found again of it. */
  readonly found: (forge: Forge) => Promise<unknown>;
}

const deploymentOf = () => ({ commit: tip(), environment: "checkout/staging", description: "" }) as const;
const toldOf = async (forge: Forge) => {
  const seen = (await forge.readTold(world.at, [{ number: 1, commit: tip() }])).get(1);
  return seen?.kind === "known" ? seen.value : undefined;
};
const writes: readonly Write[] = [
  {
    name: "a comment",
    on: routes.comment,
    prepare: async (forge) => () => forge.writeComment(world.at, { number: 1, body: LIVE }),
    found: async (forge) => (await toldOf(forge))?.comments.map(({ fingerprint }) => fingerprint),
  },
  {
    name: "an edited comment",
    on: routes.edit,
    prepare: async (forge) => {
      const { id } = done(await forge.writeComment(world.at, { number: 1, body: LIVE.replace("f1", "f0") }));
      return () => forge.writeComment(world.at, { number: 1, comment: id, body: LIVE });
    },
    found: async (forge) => (await toldOf(forge))?.comments.map(({ fingerprint }) => fingerprint),
  },
  {
    name: "a deployment",
    on: routes.deployment,
    prepare: async (forge) => () => forge.createDeployment(world.at, deploymentOf()),
    found: async (forge) => (await toldOf(forge))?.deployments.map(() => "f1"),
  },
  {
    name: "a deployment's status",
    on: routes.status,
    prepare: async (forge) => {
      const deployment = done(await forge.createDeployment(world.at, deploymentOf())).id;
      return () => forge.setDeploymentStatus(world.at, { deployment, state: "success", description: "f1" });
    },
    found: async (forge) => (await toldOf(forge))?.deployments.map(({ status }) => status?.description),
  },
  {
    name: "an issue",
    on: routes.issue,
    prepare: async (forge) => () => forge.writeIssue(world.at, ISSUE),
    found: async (forge) => fingerprintsOf(await forge.readDriftIssues(world.at)),
  },
  {
    name: "an edited issue",
    on: routes.editIssue,
    prepare: async (forge) => {
      const { number: issue } = done(await forge.writeIssue(world.at, { ...ISSUE, body: DRIFT.replace("f1", "f0") }));
      return () => forge.writeIssue(world.at, { ...ISSUE, issue });
    },
    found: async (forge) => fingerprintsOf(await forge.readDriftIssues(world.at)),
  },
];

describe("a write whose answer is lost is never sent twice, and is found by the next pass", () => {
  for (const { name, on, prepare, found } of writes) {
    for (const fault of [{ kind: "reply-lost" }, { kind: "error-after", status: 502 }] as const) {
      it(`${name}, ${fault.kind}`, async () => {
        await openPromotion(world);
        const run = await prepare(world.forge);
        world.github.break({ on, times: 1, fault });
        const { requests } = await world.count(() => assert.rejects(run(), /Could not /));
        assert.deepEqual(requests, [on]);
        assert.deepEqual(await found(await world.restart()), ["f1"]);
      });
    }

    it(`${name}: asked for patience, it waits`, async () => {
      await openPromotion(world);
      const run = await prepare(world.forge);
      world.github.break({ on, fault: { kind: "secondary-limit", retryAfter: 90 } });
      await assert.rejects(run(), Deferred);
    });
  }
});

function fingerprintsOf(issues: Seen<readonly ToldIssue[]>): readonly string[] {
  return issues.kind === "known" ? issues.value.map(({ fingerprint }) => fingerprint) : [];
}
