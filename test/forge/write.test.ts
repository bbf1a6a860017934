import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { Deferred, type Outcome } from "../../src/forge/forge.ts";
import type { CheckText } from "../../src/forge/write-request.ts";
import type { Fault } from "../github/http/faults.ts";
import { BODY, type ForgeOnGithub, MESSAGE, openPromotion, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

const waiting: CheckText = { state: "in-progress", title: "waits", summary: "s", fingerprint: "c1", annotations: [] };
const passed: CheckText = { ...waiting, state: "success", title: "passed", fingerprint: "c2" };
const text = { title: "Promote checkout 1.8.1 to staging", body: BODY };

async function nodeAndBase(): Promise<{ readonly node: string; readonly base: string; readonly tree: string }> {
  const { node, branches } = await world.forge.observe(world.at, { branches: [] });
  const main = branches.main?.kind === "known" ? branches.main.value : undefined;
  return { node, base: main?.head ?? "", tree: main?.tree ?? "" };
}

function merging(promotion: { readonly number: number; readonly head: string }) {
  return { ...promotion, method: "squash", title: "Promote", message: MESSAGE } as const;
}

describe("opening a promotion", () => {
  it("costs seven requests with the question, one of them content-creating", async () => {
    const { forge, at } = world;
    await forge.observe(at, { branches: [] });
    const { requests } = await world.count(async () => {
      const { node, base, tree } = await nodeAndBase();
      const files = [{ path: "staging/app.yaml", mode: "100644", text: "image: x\n" }];
      const { oid: to } = await forge.commit(at, { parent: base, baseTree: tree, files, message: MESSAGE });
      const branch = "stagecoach/checkout/staging";
      await forge.moveRefs(at, { node, moves: [{ branch, to }] });
      const opened = await forge.openPullRequest(at, { branch, base: "main", ...text });
      const number = opened.kind === "done" ? opened.value.number : 0;
      await forge.addLabels(at, { number, labels: ["stagecoach", "env/staging"] });
      await forge.setCheck(at, { head: to, check: waiting });
    });
    assert.deepEqual(requests, [
      "POST Observe",
      "POST /repos/{owner}/{repo}/git/trees",
      "POST /repos/{owner}/{repo}/git/commits",
      "POST MoveRefs",
      "POST /repos/{owner}/{repo}/pulls",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      "POST /repos/{owner}/{repo}/check-runs",
    ]);
    assert.equal(world.github.requests().filter(({ kind }) => kind === "content-creating").length, 1);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("makes commits that GitHub signs, in the app's name", async () => {
    const { head } = await openPromotion(world);
    const [commit] = world.github.log({ repository: REPOSITORY, ref: head });
    assert.equal(commit?.author.name, "stagecoach[bot]");
    assert.notEqual(commit?.signature, undefined);
    assert.equal(world.github.fileAt({ repository: REPOSITORY, ref: head, path: "README.md" }), "Hello\n");
  });

  it("T18: writes neither symlinks nor submodules", async () => {
    const files = [{ path: "x", mode: "120000", text: "/etc/passwd" }];
    await assert.rejects(world.forge.commit(world.at, { files, message: "x" }), /no ordinary file/);
  });
});

describe("T8: moving branches by compare-and-swap", () => {
  it("is refused by a branch that is elsewhere, and moves none of the others", async () => {
    const { branch, head, base } = await openPromotion(world);
    const { node } = await nodeAndBase();
    const moves = [
      { branch: "stagecoach/checkout/live", to: head },
      { branch, from: base, to: base },
    ];
    const outcome = await world.forge.moveRefs(world.at, { node, moves });
    assert.deepEqual(outcome, { kind: "moved-on", why: `${branch} is at ${head}` });
    assert.equal(world.github.branchTip({ repository: REPOSITORY, branch: "stagecoach/checkout/live" }), undefined);
  });

  it("creates only what is not there, and deletes only what is there", async () => {
    const { branch, head, base } = await openPromotion(world);
    const { node } = await nodeAndBase();
    const move = (one: { readonly branch: string; readonly from?: string; readonly to?: string }) =>
      world.forge.moveRefs(world.at, { node, moves: [one] });
    assert.equal((await move({ branch, to: base })).kind, "moved-on");
    assert.equal((await move({ branch, to: head })).kind, "already-so");
    assert.equal((await move({ branch, from: base })).kind, "moved-on");
    assert.equal((await move({ branch, from: head })).kind, "done");
    assert.equal((await move({ branch, from: head })).kind, "already-so");
  });

  it("says what GitHub says when a rule forbids it", async () => {
    const { base } = await openPromotion(world);
    world.github.setRule({ repository: REPOSITORY, branch: "main", restrictUpdates: ["ann"] });
    const { node, tree } = await nodeAndBase();
    const files = [{ path: "x", mode: "100644", text: "x" }];
    const { oid: to } = await world.forge.commit(world.at, { parent: base, baseTree: tree, files, message: "x" });
    const outcome = await world.forge.moveRefs(world.at, { node, moves: [{ branch: "main", from: base, to }] });
    assert.equal(outcome.kind, "refused");
  });
});

describe("opening twice", () => {
  it("finds what is open already", async () => {
    const { number, branch } = await openPromotion(world);
    const again = await world.forge.openPullRequest(world.at, { branch, base: "main", ...text });
    assert.deepEqual(again, { kind: "already-so", value: { number } });
  });

  it("does not adopt what a person opened from our branch", async () => {
    const { node, base, tree } = await nodeAndBase();
    const branch = "stagecoach/checkout/staging";
    const files = [{ path: "x", mode: "100644", text: "x" }];
    const { oid: to } = await world.forge.commit(world.at, { parent: base, baseTree: tree, files, message: "x" });
    await world.forge.moveRefs(world.at, { node, moves: [{ branch, to }] });
    world.github.openPullRequest({ repository: REPOSITORY, by: "eve", head: branch, title: "Mine" });
    const outcome = await world.forge.openPullRequest(world.at, { branch, base: "main", ...text });
    assert.equal(outcome.kind, "refused");
    assert.match(outcome.kind === "refused" ? outcome.why : "", /by eve/);
  });

  it("a branch that vanished, or has nothing new, has moved on", async () => {
    const { node, base } = await nodeAndBase();
    const branch = "stagecoach/checkout/staging";
    const open = () => world.forge.openPullRequest(world.at, { branch, base: "main", ...text });
    assert.equal((await open()).kind, "moved-on");
    await world.forge.moveRefs(world.at, { node, moves: [{ branch, to: base }] });
    assert.equal((await open()).kind, "moved-on");
  });
});

describe("merging", () => {
  it("merges at the head that was decided on, with our message", async () => {
    const promotion = await openPromotion(world);
    assert.deepEqual(await world.forge.mergePullRequest(world.at, merging(promotion)), {
      kind: "done",
      value: undefined,
    });
    const [commit] = world.github.log({ repository: REPOSITORY, ref: "main" });
    assert.match(commit?.message ?? "", /Environment: staging/);
    assert.equal((await world.forge.mergePullRequest(world.at, merging(promotion))).kind, "already-so");
  });

  it("T8: a head that moved is not merged", async () => {
    const promotion = await openPromotion(world);
    const { branch } = promotion;
    world.github.commitFiles({ repository: REPOSITORY, branch, files: { x: "1" }, author: "eve", message: "More" });
    const outcome = await world.forge.mergePullRequest(world.at, merging(promotion));
    assert.equal(outcome.kind, "moved-on");
  });

  it("a closed one has moved on, a conflicting or forbidden one is refused in GitHub's words", async () => {
    const first = await openPromotion(world);
    world.github.setRule({ repository: REPOSITORY, branch: "main", requiredApprovals: 1 });
    await world.forge.observe(world.at, { branches: [] });
    const forbidden = await world.forge.mergePullRequest(world.at, merging(first));
    assert.equal(forbidden.kind, "refused");
    assert.match(forbidden.kind === "refused" ? forbidden.why : "", /review/i);
    world.github.closePullRequest({ repository: REPOSITORY, number: first.number, by: "ann" });
    assert.equal((await world.forge.mergePullRequest(world.at, merging(first))).kind, "moved-on");
  });

  it("the queue takes only the head that was decided on", async () => {
    world.github.setRule({ repository: REPOSITORY, branch: "main", mergeQueue: { method: "squash" } });
    const promotion = await openPromotion(world);
    const request = { ...merging(promotion), method: "queue" } as const;
    const outcome = await world.forge.mergePullRequest(world.at, { ...request, head: promotion.base });
    assert.equal(outcome.kind, "moved-on");
  });

  it("leaves the queue once, and only with the head that was decided on", async () => {
    world.github.setRule({ repository: REPOSITORY, branch: "main", mergeQueue: { method: "squash" } });
    const promotion = await openPromotion(world);
    const { number, head, base } = promotion;
    const leave = (seen: string) => world.forge.dequeuePullRequest(world.at, { number, head: seen });
    assert.equal((await leave(head)).kind, "already-so");
    assert.equal(
      (await world.forge.mergePullRequest(world.at, { ...merging(promotion), method: "queue" })).kind,
      "done",
    );
    assert.equal((await leave(base)).kind, "moved-on");
    assert.equal((await leave(head)).kind, "done");
    assert.equal((await leave(head)).kind, "already-so");
  });

  it("does not leave a queue that has merged it", async () => {
    const { number, head } = await openPromotion(world);
    world.github.mergePullRequest({ repository: REPOSITORY, number, by: "ann" });
    assert.equal((await world.forge.dequeuePullRequest(world.at, { number, head })).kind, "moved-on");
  });

  it("a promotion that we took out of the queue may go back, one that a person took out may not", async () => {
    world.github.setRule({ repository: REPOSITORY, branch: "main", mergeQueue: { method: "squash" } });
    const promotion = await openPromotion(world);
    const { number, head } = promotion;
    const leftQueue = async () =>
      (await world.forge.observe(world.at, { branches: [] })).promotions.find((each) => each.number === number)
        ?.leftQueue?.by;
    await world.forge.mergePullRequest(world.at, { ...merging(promotion), method: "queue" });
    await world.forge.dequeuePullRequest(world.at, { number, head });
    assert.equal(await leftQueue(), undefined);
    await world.forge.mergePullRequest(world.at, { ...merging(promotion), method: "queue" });
    world.github.dequeuePullRequest({ repository: REPOSITORY, number, by: "ann" });
    assert.equal(await leftQueue(), "ann");
  });
});

describe("closing", () => {
  it("closes once", async () => {
    const { number } = await openPromotion(world);
    assert.equal((await world.forge.closePullRequest(world.at, { number })).kind, "done");
    assert.equal(world.github.pullRequest({ repository: REPOSITORY, number }).state, "closed");
  });

  it("what was merged meanwhile has moved on", async () => {
    const { number } = await openPromotion(world);
    world.github.mergePullRequest({ repository: REPOSITORY, number, by: "ann" });
    assert.equal((await world.forge.closePullRequest(world.at, { number })).kind, "moved-on");
  });
});

describe("the check", () => {
  it("is edited while it runs, and made anew once it is completed", async () => {
    const { head } = await openPromotion(world);
    const first = await set(head, waiting);
    const edited = await set(head, passed, first);
    assert.equal(edited, first);
    const reopened = await set(head, waiting, edited);
    assert.notEqual(reopened, edited);
    const [promotion] = (await world.forge.observe(world.at, { branches: [] })).promotions;
    assert.deepEqual(promotion?.check, { id: reopened, state: "in-progress", fingerprint: "c1" });
  });

  it("carries more annotations than one request holds, each of them once", async () => {
    const { head } = await openPromotion(world);
    const annotations = Array.from({ length: 120 }, (_, n) => {
      return { path: "staging/app.yaml", line: n + 1, level: "warning", message: `m${n}` } as const;
    });
    const id = await set(head, { ...waiting, annotations });
    assert.equal(world.github.model.checkRuns.get(id)?.output.annotations.length, 120);
    const next = await set(head, { ...passed, annotations }, id);
    assert.notEqual(next, id);
    assert.equal(world.github.model.checkRuns.get(next)?.output.annotations.length, 120);
  });

  it("shows buttons, at most three and no longer than GitHub takes, and takes them away again", async () => {
    const { head } = await openPromotion(world);
    const button = (identifier: string) => ({ label: "L".repeat(30), description: "D".repeat(50), identifier });
    const id = await set(head, { ...waiting, actions: ["hold", "retry", "approve", "more"].map(button) });
    const shown = () => world.github.model.checkRuns.get(id)?.actions;
    assert.deepEqual(
      shown()?.map(({ label, description, identifier }) => [label.length, description.length, identifier]),
      [
        [20, 40, "hold"],
        [20, 40, "retry"],
        [20, 40, "approve"],
      ],
    );
    await set(head, { ...waiting, actions: [button("hold")] }, id);
    assert.equal(shown()?.length, 1);
    await set(head, passed, id);
    assert.deepEqual(shown(), []);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("on a commit that is not there has moved on", async () => {
    const outcome = await world.forge.setCheck(world.at, { head: "1".repeat(40), check: waiting });
    assert.equal(outcome.kind, "moved-on");
  });

  async function set(head: string, check: CheckText, run?: number): Promise<number> {
    const outcome = await world.forge.setCheck(world.at, { head, check, ...(run !== undefined && { run }) });
    if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
    return outcome.value.id;
  }
});

interface Write {
  readonly name: string;
  readonly on: string;
  readonly run: (promotion: {
    readonly number: number;
    readonly head: string;
    readonly branch: string;
    readonly base: string;
  }) => Promise<Outcome<unknown>>;
}

const writes: readonly Write[] = [
  {
    name: "moving a branch",
    on: "POST /graphql",
    run: async ({ branch, head, base }) => {
      const node = world.github.model.repositories.get(world.at.repository)?.nodeId ?? "";
      return world.forge.moveRefs(world.at, { node, moves: [{ branch, from: head, to: base }] });
    },
  },
  {
    name: "opening a pull request",
    on: "POST /repos/{owner}/{repo}/pulls",
    run: async ({ number, branch }) => {
      await world.forge.closePullRequest(world.at, { number });
      return world.forge.openPullRequest(world.at, { branch, base: "main", ...text });
    },
  },
  {
    name: "describing",
    on: "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
    run: ({ number }) => world.forge.describePullRequest(world.at, { number, ...text }),
  },
  {
    name: "closing",
    on: "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
    run: ({ number }) => world.forge.closePullRequest(world.at, { number }),
  },
  {
    name: "labelling",
    on: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
    run: ({ number }) => world.forge.addLabels(world.at, { number, labels: ["stagecoach"] }),
  },
  {
    name: "merging",
    on: "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
    run: (promotion) => world.forge.mergePullRequest(world.at, merging(promotion)),
  },
  {
    name: "a new check",
    on: "POST /repos/{owner}/{repo}/check-runs",
    run: ({ head }) => world.forge.setCheck(world.at, { head, check: waiting }),
  },
  {
    name: "an edited check",
    on: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    run: async ({ head }) => {
      const made = await world.forge.setCheck(world.at, { head, check: waiting });
      const run = made.kind === "done" ? made.value.id : 0;
      return world.forge.setCheck(world.at, { head, run, check: passed });
    },
  },
];

describe("a write whose answer is lost is looked for, never repeated", () => {
  for (const { name, on, run } of writes) {
    for (const fault of [{ kind: "reply-lost" }, { kind: "error-after", status: 502 }] as const) {
      it(`${name}, ${fault.kind}: it has happened`, async () => {
        const promotion = await openPromotion(world);
        world.github.break({ on, times: 1, fault });
        const { value, requests } = await world.count(() => run(promotion));
        assert.equal(value.kind, "already-so");
        assert.equal(timesAsked(requests, on), 1, requests.join(", "));
      });
    }

    it(`${name}: it has not happened`, async () => {
      const promotion = await openPromotion(world);
      world.github.break({ on, times: 1, fault: { kind: "error-before", status: 502 } });
      const { requests } = await world.count(() => assert.rejects(run(promotion), /Could not .*502/));
      assert.equal(timesAsked(requests, on), 1, requests.join(", "));
    });

    it(`${name}: asked for patience, it waits`, async () => {
      const promotion = await openPromotion(world);
      world.github.break({ on, fault: { kind: "secondary-limit", retryAfter: 90 } });
      const before = Date.now();
      await assert.rejects(run(promotion), (error: unknown) => {
        assert.ok(error instanceof Deferred);
        assert.equal(error.installation, world.at.installation);
        assert.ok(error.until >= before + 90_000);
        return true;
      });
    });
  }

  it("a commit whose answer is lost is an error: nothing points to it", async () => {
    const fault: Fault = { kind: "reply-lost" };
    world.github.break({ on: "POST /repos/{owner}/{repo}/git/commits", times: 1, fault });
    const files = [{ path: "x", mode: "100644", text: "x" }];
    const { requests } = await world.count(() =>
      assert.rejects(world.forge.commit(world.at, { files, message: "x" }), /Could not commit/),
    );
    assert.equal(requests.length, 2);
  });
});

/** The names of GraphQL operations stand where REST has routes. */
function timesAsked(requests: readonly string[], on: string): number {
  const wanted = on === "POST /graphql" ? "POST MoveRefs" : on;
  return requests.filter((request) => request === wanted).length;
}
