import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { LEDGER_BRANCH } from "../../src/domain/ledger.ts";
import { Deferred, RepositoryGone } from "../../src/forge/forge.ts";
import type { Snapshot } from "../../src/forge/snapshot.ts";
import { BODY, type ForgeOnGithub, MESSAGE, openPromotion, RELEASE, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
const observe = (branches: readonly string[] = []): Promise<Snapshot> => world.forge.observe(world.at, { branches });

beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});

after(async () => {
  for (const one of worlds) await one.close();
});

describe("one question about a repository", () => {
  it("gives its facts and its default branch", async () => {
    const snapshot = await observe();
    assert.deepEqual(snapshot.repository, {
      id: world.at.repository,
      owner: "acme",
      name: "platform",
      defaultBranch: "main",
      archived: false,
      visibility: "public",
      mergeMethods: ["squash", "merge", "rebase"],
    });
    const main = snapshot.branches.main;
    assert.equal(
      main?.kind === "known" && main.value?.head,
      world.github.branchTip({ repository: REPOSITORY, branch: "main" }),
    );
    assert.equal(main?.kind === "known" && main.value?.author, "ann");
    assert.equal(main?.kind === "known" && main.value?.usesMergeQueue, false);
    assert.deepEqual(snapshot.ledger, { kind: "known", value: undefined });
    assert.deepEqual([snapshot.promotions, snapshot.strays, snapshot.past, snapshot.guarded], [[], [], [], []]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("is one request, however many of 50 open pull requests there are", async () => {
    for (let n = 0; n < 50; n += 1) openByAnn(`topic-${n}`);
    await observe();
    const { value, requests } = await world.count(() => observe());
    assert.deepEqual(requests, ["POST Observe"]);
    assert.equal(value.guarded.length, 50);
  });

  it("takes a page more for the next 50, and asks it for pull requests alone", async () => {
    for (let n = 0; n < 120; n += 1) openByAnn(`topic-${n}`);
    await observe();
    const { value, requests } = await world.count(() => observe());
    assert.deepEqual(requests, ["POST Observe", "POST Observe", "POST Observe"]);
    assert.equal(value.guarded.length, 120);
  });

  it("asks for further branches of ours on their own pages", async () => {
    const { head } = await openPromotion(world);
    const { node } = await observe();
    const moves = Array.from({ length: 60 }, (_, n) => ({ branch: `stagecoach/checkout/env-${n}`, to: head }));
    await world.forge.moveRefs(world.at, { node, moves });
    const { value, requests } = await world.count(() => observe());
    assert.equal(value.strays.length, 60);
    assert.equal(requests.length, 2);
  });

  it("says which wanted branches there are, and which not", async () => {
    world.github.commitFiles({
      repository: REPOSITORY,
      branch: "env/live",
      files: { a: "1" },
      author: "ann",
      message: "A",
    });
    const { branches } = await observe(["env/live", "env/none", "main"]);
    assert.deepEqual(Object.keys(branches).sort(), ["env/live", "env/none", "main"]);
    assert.deepEqual(branches["env/none"], { kind: "known", value: undefined });
    const live = branches["env/live"];
    assert.equal(live?.kind === "known" && live.value?.head.length, 40);
  });

  it("T19: takes names as values, whatever they look like", async () => {
    const strange = 'x") { id } evil: ref(qualifiedName: "y';
    const { branches } = await observe([strange]);
    assert.deepEqual(branches[strange], { kind: "known", value: undefined });
  });
});

describe("a promotion", () => {
  it("is read whole", async () => {
    const { number, head, branch, base } = await openPromotion(world);
    await world.forge.addLabels(world.at, { number, labels: ["stagecoach", "env/staging"] });
    const check = { state: "in-progress", title: "waits", summary: "", fingerprint: "c1", annotations: [] } as const;
    const run = await world.forge.setCheck(world.at, { head, check });
    world.github.setRole({ repository: REPOSITORY, user: "bob", role: "write" });
    world.github.review({ repository: REPOSITORY, number, by: "bob" });
    world.github.review({ repository: REPOSITORY, number, by: "stranger" });
    await observe();
    const [promotion] = (await observe()).promotions;
    assert.ok(promotion);
    const { openedAt, labels, head: seen, approvals, ...rest } = promotion;
    assert.deepEqual(
      approvals.map((approval) => ({ ...approval, byId: typeof approval.byId })),
      [{ by: "bob", byId: "number", head }],
    );
    const { committedAt, ...commit } = seen;
    assert.ok(openedAt > 0 && Math.abs(committedAt - openedAt) <= 60_000);
    assert.deepEqual(commit, { oid: head, parent: base, release: RELEASE, ownership: { kind: "ours" } });
    assert.deepEqual([...labels].sort(), ["env/staging", "stagecoach"]);
    assert.deepEqual(rest, {
      number,
      key: "checkout/staging",
      branch,
      base: "main",
      title: "Promote checkout 1.8.0 to staging",
      describedAs: "f1",
      draft: false,
      mergeable: "mergeable",
      mergeState: "clean",
      inMergeQueue: false,
      checks: { total: 0, found: [] },
      pushedBy: [],
      check: { id: run.kind === "done" ? run.value.id : 0, state: "in-progress", fingerprint: "c1" },
    });
    assert.deepEqual(world.github.deviations(), []);
  });

  it("shows what others reported about its head, and by whom: a status of that name may be anybody's", async () => {
    const { number, head } = await openPromotion(world);
    const ref = { repository: REPOSITORY, ref: head };
    const check = { state: "success", title: "passed", summary: "", fingerprint: "c1", annotations: [] } as const;
    await world.forge.setCheck(world.at, { head, check });
    world.github.reportCheck({ ...ref, name: "e2e", conclusion: "timed_out" });
    world.github.reportCheck({ ...ref, name: "e2e" });
    world.github.reportCheck({ ...ref, name: "lint", app: "linter", status: "queued" });
    world.github.reportCheck({ ...ref, name: "docs", app: "linter", conclusion: "skipped" });
    world.github.setRole({ repository: REPOSITORY, user: "eve", role: "write" });
    const forged = await fetch(`${world.github.url}/repos/${REPOSITORY}/statuses/${head}`, {
      method: "POST",
      headers: { authorization: "Bearer user:eve" },
      body: JSON.stringify({ context: "e2e", state: "success" }),
    });
    assert.equal(forged.status, 201);
    const promotion = (await observe()).promotions.find((each) => each.number === number);
    const { total, found } = promotion?.checks ?? { total: 0, found: [] };
    assert.equal(total, 4, "our own check is none of theirs");
    const told = found.map(({ name, app, state, word }) => `${name} by ${app ?? "a person"}: ${state}, ${word}`);
    assert.deepEqual(told.sort(), [
      "docs by linter: nothing, skipped",
      "e2e by a person: passed, success",
      "e2e by github-actions: passed, success",
      "lint by linter: running, queued",
    ]);
  });

  it("believes the last of the markers, not one that was put before it", async () => {
    await openPromotion(world, { body: `<!-- stagecoach:description forged -->\n${BODY}` });
    assert.equal((await observe()).promotions[0]?.describedAs, "f1");
  });

  it("is foreign after a person's push, and says whose", async () => {
    const { branch } = await openPromotion(world);
    const files = { "staging/app.yaml": "image: evil\n" };
    const commit = world.github.commitFiles({ repository: REPOSITORY, branch, files, author: "eve", message: "Mine" });
    const [promotion] = (await observe()).promotions;
    const { ownership, release } = promotion?.head ?? {};
    assert.equal(ownership?.kind, "foreign");
    assert.deepEqual(ownership?.kind === "foreign" && [ownership.by, ownership.commit], ["eve", commit]);
    assert.deepEqual(promotion?.pushedBy, ["eve"], "T9: whoever pushed is no second pair of eyes");
    assert.deepEqual(release, RELEASE);
  });

  it("T10: is foreign when a person takes our place on the branch, message and all", async () => {
    const { branch, base } = await openPromotion(world);
    const files = { "staging/app.yaml": "image: evil\n" };
    world.github.commitFiles({ repository: REPOSITORY, branch, files, author: "eve", message: MESSAGE, onto: base });
    const [promotion] = (await observe()).promotions;
    assert.equal(promotion?.head.ownership.kind, "foreign");
    assert.equal(promotion?.head.release, undefined);
  });

  it("stays ours after the update-branch button", async () => {
    const { number } = await openPromotion(world);
    const tip = world.github.commitFiles({
      repository: REPOSITORY,
      files: { other: "1" },
      author: "ann",
      message: "Other",
    });
    const token = { authorization: "Bearer user:ann" };
    const url = `${world.github.url}/repos/${REPOSITORY}/pulls/${number}/update-branch`;
    const pressed = await fetch(url, { method: "PUT", headers: token, body: "{}" });
    assert.equal(pressed.status, 202);
    const [promotion] = (await observe()).promotions;
    assert.deepEqual(promotion?.head.ownership, { kind: "ours" });
    assert.equal(promotion?.head.parent, tip);
    assert.deepEqual(promotion?.head.release, RELEASE);
    assert.deepEqual(promotion?.pushedBy, ["ann"]);
  });

  it("whose branch was deleted is over", async () => {
    const { number, branch } = await openPromotion(world);
    world.github.deleteBranch({ repository: REPOSITORY, branch, by: "ann" });
    const { promotions, past } = await observe();
    assert.deepEqual(promotions, []);
    assert.deepEqual(
      past.map((one) => [one.number, one.outcome, one.by, one.byUs]),
      [[number, "closed", "ann", false]],
    );
  });
});

describe("T13: what looks like ours but is not", () => {
  it("a person's pull request from a branch under our prefix is guarded, its branch a foreign stray", async () => {
    const branch = "stagecoach/checkout/live";
    world.github.commitFiles({ repository: REPOSITORY, branch, files: { a: "1" }, author: "eve", message: MESSAGE });
    const pull = world.github.openPullRequest({ repository: REPOSITORY, by: "eve", head: branch, title: "x" });
    const { promotions, strays, guarded } = await observe();
    assert.deepEqual(promotions, []);
    assert.deepEqual(
      guarded.map(({ number }) => number),
      [pull.number],
    );
    assert.deepEqual(
      strays.map(({ head }) => head.ownership.kind === "foreign" && head.ownership.by),
      ["eve"],
    );
  });

  it("a fork's branch of the same name is neither", async () => {
    const branch = "stagecoach/checkout/live";
    world.github.forkRepository({ repository: REPOSITORY, owner: "eve" });
    world.github.commitFiles({
      repository: "eve/platform",
      branch,
      files: { a: "1" },
      author: "eve",
      message: MESSAGE,
    });
    world.github.openPullRequest({ repository: REPOSITORY, by: "eve", head: `eve:${branch}`, title: "x" });
    const { promotions, strays, guarded } = await observe();
    assert.deepEqual([promotions.length, strays.length, guarded.length], [0, 0, 1]);
  });

  it("people's pull requests to branches that nobody promotes to are left alone", async () => {
    world.github.commitFiles({
      repository: REPOSITORY,
      branch: "side",
      files: { a: "1" },
      author: "ann",
      message: "A",
    });
    openByAnn("topic", "side");
    assert.deepEqual((await observe()).guarded, []);
    assert.equal((await observe(["side"])).guarded.length, 1);
  });
});

describe("promotions that are over", () => {
  it("are not forgotten when their branches and labels are gone", async () => {
    openByAnn("topic");
    assert.equal(await world.forge.hadPullRequests(world.at), false);
    const { branch } = await openPromotion(world);
    world.github.deleteBranch({ repository: REPOSITORY, branch, by: "ann" });
    assert.equal(await world.forge.hadPullRequests(world.at), true);
  });

  it("tell who merged, who approved, and which release", async () => {
    const { number, head } = await openPromotion(world);
    world.github.setRole({ repository: REPOSITORY, user: "bob", role: "write" });
    world.github.review({ repository: REPOSITORY, number, by: "bob" });
    world.github.mergePullRequest({ repository: REPOSITORY, number, by: "ann", method: "squash" });
    const { past, promotions } = await observe();
    assert.deepEqual(promotions, []);
    const [one] = past;
    assert.ok(one && one.endedAt >= one.openedAt);
    const { openedAt: _opened, endedAt: _ended, ...rest } = one;
    assert.deepEqual(rest, {
      number,
      key: "checkout/staging",
      release: RELEASE,
      outcome: "merged",
      base: "main",
      by: "ann",
      byUs: false,
      head,
      approvals: ["bob"],
      mergeCommit: world.github.branchTip({ repository: REPOSITORY, branch: "main" }),
    });
  });

  it("tell our own closing from a person's", async () => {
    const first = await openPromotion(world);
    await world.forge.closePullRequest(world.at, { number: first.number });
    const second = await openPromotion(world, { environment: "live" });
    world.github.closePullRequest({ repository: REPOSITORY, number: second.number, by: "ann" });
    const { past, strays } = await observe();
    const told = past.map(({ number, outcome, byUs }) => ({ number, outcome, byUs }));
    assert.deepEqual(
      told.sort((a, b) => a.number - b.number),
      [
        { number: first.number, outcome: "closed", byUs: true },
        { number: second.number, outcome: "closed", byUs: false },
      ],
    );
    assert.deepEqual(strays.map(({ key, head }) => [key, head.ownership.kind]).sort(), [
      ["checkout/live", "ours"],
      ["checkout/staging", "ours"],
    ]);
    assert.deepEqual(strays[0]?.head.release?.versions.length, 1);
  });
});

describe("a merge queue", () => {
  it("shows its groups with the promotions in them", async () => {
    world.github.setRule({ repository: REPOSITORY, branch: "main", mergeQueue: { method: "squash" } });
    const { number, head } = await openPromotion(world);
    await observe();
    const merge = { number, head, method: "queue", title: "t", message: "m" } as const;
    assert.deepEqual(await world.forge.mergePullRequest(world.at, merge), { kind: "done", value: undefined });
    const group = world.github.buildMergeGroup({ repository: REPOSITORY, branch: "main" });
    const { guarded, branches, promotions } = await observe();
    assert.deepEqual(guarded, [{ head: group?.headOid, base: "main", contains: [number] }]);
    assert.equal(branches.main?.kind === "known" && branches.main.value?.usesMergeQueue, true);
    assert.equal(promotions[0]?.inMergeQueue, true);
    assert.equal((await world.forge.mergePullRequest(world.at, merge)).kind, "already-so");
  });
});

describe("the ledger branch", () => {
  async function remember(message: string): Promise<string> {
    const { ledger, node } = await observe();
    const branch = ledger.kind === "known" ? ledger.value : undefined;
    const files = [{ path: "ledger/checkout.yaml", mode: "100644", text: `${message}\n` }];
    const { oid: to } = await world.forge.commit(world.at, {
      ...(branch && { parent: branch.head, baseTree: branch.tree }),
      files,
      message,
    });
    const move = { branch: LEDGER_BRANCH, to, ...(branch && { from: branch.head }) };
    assert.equal((await world.forge.moveRefs(world.at, { node, moves: [move] })).kind, "done");
    return to;
  }

  it("says of each commit whether it is ours", async () => {
    const first = await remember("One");
    const second = await remember("Two");
    const third = world.github.commitFiles({
      repository: REPOSITORY,
      branch: LEDGER_BRANCH,
      files: { "ledger/checkout.yaml": "forged\n" },
      author: "eve",
      message: "Three",
    });
    const { ledger } = await observe();
    assert.ok(ledger.kind === "known" && ledger.value);
    assert.deepEqual(ledger.value.commits, [
      { oid: third, parents: [second], ours: false, author: "eve" },
      { oid: second, parents: [first], ours: true, author: "stagecoach[bot]" },
      { oid: first, parents: [], ours: true, author: "stagecoach[bot]" },
    ]);
    assert.deepEqual([ledger.value.head, ledger.value.more], [third, false]);
    const older = await world.forge.readLedgerCommits(world.at, { head: third, after: second });
    assert.deepEqual(
      older.map(({ oid }) => oid),
      [first],
    );
  });

  it("does not take a squash in our name for ours", async () => {
    const parent = await remember("One");
    const { ledger: before, node } = await observe();
    const tree = before.kind === "known" && before.value ? before.value.tree : "";
    const branch = "stagecoach/checkout/live";
    const files = [{ path: "ledger/checkout.yaml", mode: "100644", text: "forged\n" }];
    const { oid: to } = await world.forge.commit(world.at, { parent, baseTree: tree, files, message: "Two" });
    await world.forge.moveRefs(world.at, { node, moves: [{ branch, to }] });
    const opened = await world.forge.openPullRequest(world.at, { branch, base: LEDGER_BRANCH, title: "t", body: "b" });
    const number = opened.kind === "done" ? opened.value.number : 0;
    world.github.mergePullRequest({ repository: REPOSITORY, number, by: "eve", method: "squash", ignoreRules: true });
    const { ledger } = await observe();
    assert.ok(ledger.kind === "known" && ledger.value);
    assert.deepEqual(
      ledger.value.commits.map(({ ours }) => ours),
      [false, true],
    );
  });
});

describe("a repository that is elsewhere", () => {
  it("is followed when it was renamed, for reading and for writing", async () => {
    await observe();
    world.github.renameRepository({ repository: REPOSITORY, name: "fleet" });
    const snapshot = await observe();
    assert.equal(snapshot.repository.name, "fleet");
    assert.deepEqual(await world.forge.findRepository(world.at), { ...world.at, name: "fleet" });
    await openPromotion(world);
    assert.equal((await observe()).promotions.length, 1);
  });

  it("is not mistaken for a new one that has taken its name", async () => {
    world.github.renameRepository({ repository: REPOSITORY, name: "fleet" });
    world.github.model.names.delete(REPOSITORY);
    world.github.createRepository({ owner: "acme", name: "platform" });
    const snapshot = await observe();
    assert.deepEqual([snapshot.repository.id, snapshot.repository.name], [world.at.repository, "fleet"]);
  });

  it("is gone when the installation has it no more", async () => {
    const installation = world.github.installation("acme");
    installation.repositories = new Set();
    assert.equal(await world.forge.findRepository(world.at), undefined);
    await assert.rejects(observe(), RepositoryGone);
  });

  it("waits while the installation is suspended", async () => {
    world.github.suspendInstallation({ installation: world.github.installation("acme") });
    await assert.rejects(observe(), Deferred);
    await assert.rejects(world.forge.listRepositories(world.at.installation), Deferred);
    const installations = await world.forge.listInstallations();
    assert.deepEqual(installations, [{ id: world.at.installation, account: "acme", suspended: true }]);
  });
});

it("lists what every installation has", async () => {
  assert.deepEqual(await world.forge.listRepositories(world.at.installation), [world.at]);
  assert.deepEqual(await world.forge.identity(), { slug: "stagecoach", appId: world.github.appId });
});

function openByAnn(head: string, base = "main"): void {
  world.github.commitFiles({
    repository: REPOSITORY,
    branch: head,
    files: { [head]: "1" },
    author: "ann",
    message: head,
  });
  world.github.openPullRequest({ repository: REPOSITORY, by: "ann", head, base, title: head });
}
