// Where a commit stands on a branch, on the stand-in for GitHub and in a clone.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Deferred } from "../../src/forge/forge.ts";
import { type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
let first: string;
let head: string;
/** The commits after the first, oldest first. */
let later: readonly string[];
before(async () => {
  world = await startForge();
  first = tip();
  later = ["two", "three", "four"].map((name) => commit({ branch: "main", name }));
  head = tip();
});
after(() => world.close());

function tip(branch = "main"): string {
  return world.github.branchTip({ repository: REPOSITORY, branch }) ?? "";
}

function commit({ onto, ...one }: { readonly branch: string; readonly name: string; readonly onto?: string }): string {
  const { branch, name } = one;
  const story = { repository: REPOSITORY, branch, files: { [name]: name }, author: "ann", message: name };
  return world.github.commitFiles({ ...story, ...(onto !== undefined && { onto }) });
}

function treeOf(oid: string): string | undefined {
  return world.github.log({ repository: REPOSITORY, ref: oid })[0]?.tree;
}

const read = (request: { readonly commit: string; readonly head: string }) =>
  world.forge.readRevision(world.at, request);

describe("a commit", () => {
  it("that is the head lacks nothing", async () => {
    const value = { onBranch: true, tree: treeOf(head), missing: [] };
    assert.deepEqual(await read({ commit: head, head }), { kind: "known", value });
  });

  it("behind the head lacks what came after it, and says so with its own tree in one request", async () => {
    const { value, requests } = await world.count(() => read({ commit: first, head }));
    assert.deepEqual(value, { kind: "known", value: { onBranch: true, tree: treeOf(first), missing: later } });
    assert.deepEqual(requests, ["GET /repos/{owner}/{repo}/compare/{basehead}"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("ahead of the head is not on the branch, and lacks nothing of it", async () => {
    const value = { onBranch: false, tree: treeOf(head), missing: [] };
    assert.deepEqual(await read({ commit: head, head: first }), { kind: "known", value });
  });

  it("of another branch is not on this one", async () => {
    const side = commit({ branch: "side", name: "side", onto: first });
    const value = { onBranch: false, tree: treeOf(side), missing: later };
    assert.deepEqual(await read({ commit: side, head }), { kind: "known", value });
  });

  it("that GitHub does not have is not on the branch, and has no tree", async () => {
    assert.deepEqual(await read({ commit: "1".repeat(40), head }), { kind: "known", value: { onBranch: false } });
  });

  const strange = ["main", "", "abc1234", "../../../user", `${"a".repeat(40)}?page=2`, "A".repeat(40), "a".repeat(41)];
  for (const name of strange) {
    it(`T19: \`${name.slice(0, 20)}\` is none, and is not asked for`, async () => {
      const { value, requests } = await world.count(() => read({ commit: name, head }));
      assert.match(value.kind === "unknown" ? value.why : "", /is no commit id$/);
      assert.deepEqual(requests, []);
      assert.equal((await read({ commit: head, head: name })).kind, "unknown");
    });
  }
});

describe("a long way behind", () => {
  const oids: string[] = [];
  before(async () => {
    for (let n = 0; n < 310; n += 1) {
      oids.push(commit({ branch: "long", name: `file-${n}` }));
      // So many in one go would keep connections waiting for longer than either side keeps them open.
      await setImmediate();
    }
  });

  it("250 commits are listed, page by page", async () => {
    const from = oids[59] ?? "";
    const { value, requests } = await world.count(() => read({ commit: from, head: oids[309] ?? "" }));
    assert.equal(requests.length, 3);
    const missing = value.kind === "known" ? value.value.missing : undefined;
    assert.deepEqual(missing, oids.slice(60));
  });

  it("more than 300 are not, and cost one request", async () => {
    const { value, requests } = await world.count(() => read({ commit: head, head: oids[309] ?? "" }));
    assert.deepEqual(value, { kind: "known", value: { onBranch: true, tree: treeOf(head) } });
    assert.equal(requests.length, 1);
  });
});

describe("what GitHub cannot say", () => {
  const on = "GET /repos/{owner}/{repo}/compare/{basehead}";

  it("is unknown, with the reason", async () => {
    world.github.break({ on, times: 1, fault: { kind: "error-before", status: 500, message: "diff too large" } });
    const answer = await read({ commit: first, head });
    assert.match(answer.kind === "unknown" ? answer.why : "", /^could not compare .*500, "diff too large"$/);
  });

  it("asked for patience, it waits", async () => {
    world.github.break({ on, times: 1, fault: { kind: "secondary-limit", retryAfter: 90 } });
    await assert.rejects(read({ commit: first, head }), Deferred);
  });
});
