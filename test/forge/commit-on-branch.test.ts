// One commit on a branch in one request, by compare-and-swap: signed by GitHub in our app's name, refused by rules, and
// found again when GitHub's reply was lost.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

const BRANCH = "stagecoach-ledger";
const FILES = [{ path: "holds.yaml", mode: "100644", text: "holds: [ü]\n" }];
const MESSAGE = "Remember 2 things\n\n- `live` took 1.8.0\n- a hold";

/** The branch, with a first commit of ours. */
async function begin(): Promise<string> {
  const { forge, at } = world;
  const { oid } = await forge.commit(at, {
    files: [{ path: "a.yaml", mode: "100644", text: "a\n" }],
    message: "Begin",
  });
  const { node } = await forge.observe(at, { branches: [] });
  await forge.moveRefs(at, { node, moves: [{ branch: BRANCH, to: oid }] });
  return oid;
}

function commit(head: string, files = FILES) {
  return world.forge.commitOnBranch(world.at, { branch: BRANCH, head, files, message: MESSAGE });
}

function tip(): string | undefined {
  return world.github.branchTip({ repository: REPOSITORY, branch: BRANCH });
}

describe("a commit on a branch", () => {
  it("is one request, and the ledger's history has it as ours", async () => {
    const head = await begin();
    const { value, requests } = await world.count(() => commit(head));
    assert.deepEqual(requests, ["POST CommitOnBranch"]);
    const { ledger } = await world.forge.observe(world.at, { branches: [] });
    assert.ok(ledger.kind === "known" && ledger.value);
    const made = { oid: ledger.value.head, tree: ledger.value.tree };
    assert.deepEqual(value, { kind: "done", value: made });
    const [newest] = ledger.value.commits;
    assert.deepEqual([newest?.oid, newest?.parents, newest?.ours], [made.oid, [head], true]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("says what it was told to say, and keeps the files that it does not name", async () => {
    await commit(await begin());
    const [newest] = world.github.log({ repository: REPOSITORY, ref: BRANCH });
    assert.equal(newest?.message.trim(), MESSAGE);
    const text = (path: string) => world.github.fileAt({ repository: REPOSITORY, ref: BRANCH, path });
    assert.deepEqual([text("holds.yaml"), text("a.yaml")], ["holds: [ü]\n", "a\n"]);
  });

  it("T8: has moved on when somebody else was there first, and overwrites nothing", async () => {
    const head = await begin();
    const where = { repository: REPOSITORY, branch: BRANCH, author: "eve", message: MESSAGE };
    const theirs = world.github.commitFiles({ ...where, files: { "holds.yaml": "none\n" } });
    assert.deepEqual(await commit(head), { kind: "moved-on", why: `${BRANCH} is at ${theirs}` });
    assert.equal(tip(), theirs);
  });

  it("has moved on when the branch is gone", async () => {
    const head = await begin();
    world.github.deleteBranch({ repository: REPOSITORY, branch: BRANCH, by: "ann" });
    assert.deepEqual(await commit(head), { kind: "moved-on", why: `${BRANCH} does not exist any more` });
  });

  it("is refused where a rule forbids it, in GitHub's words", async () => {
    const head = await begin();
    world.github.setRule({ repository: REPOSITORY, branch: BRANCH, requiredApprovals: 1 });
    const outcome = await commit(head);
    assert.equal(outcome.kind, "refused", JSON.stringify(outcome));
    assert.equal(tip(), head);
  });

  it("whose reply was lost is found, and not made again", async () => {
    const head = await begin();
    world.github.break({ on: "POST /graphql", times: 1, fault: { kind: "reply-lost" } });
    const outcome = await commit(head);
    assert.equal(outcome.kind, "already-so");
    assert.equal(outcome.kind === "already-so" && outcome.value.oid, tip());
    assert.equal(world.github.log({ repository: REPOSITORY, ref: BRANCH }).length, 2);
  });

  it("T8: whose request was lost while somebody else committed the same words is theirs, not ours", async () => {
    const head = await begin();
    const where = { repository: REPOSITORY, branch: BRANCH, author: "eve", message: MESSAGE };
    world.github.break({
      on: "POST /graphql",
      times: 1,
      fault: { kind: "meanwhile", happens: () => void world.github.commitFiles({ ...where, files: { x: "y\n" } }) },
    });
    world.github.break({ on: "POST /graphql", times: 1, fault: { kind: "error-before", status: 502 } });
    const outcome = await commit(head).catch((error: unknown) => String(error));
    assert.ok(typeof outcome === "string" || outcome.kind === "moved-on", JSON.stringify(outcome));
  });

  it("whose request never came is an error, and is made by the next pass", async () => {
    const head = await begin();
    world.github.break({ on: "POST /graphql", times: 1, fault: { kind: "error-before", status: 502 } });
    await assert.rejects(commit(head), /Could not commit to stagecoach-ledger .*502/);
    assert.equal(tip(), head);
    assert.equal((await commit(head)).kind, "done");
  });

  it("T18: writes ordinary files only", async () => {
    const head = await begin();
    await assert.rejects(commit(head, [{ path: "x", mode: "120000", text: "/etc/passwd" }]), /with mode 120000/);
    assert.equal(tip(), head);
  });
});
