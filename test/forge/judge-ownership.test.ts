import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeHead, judgeStray, type Signer } from "../../src/forge/judge-ownership.ts";
import type { CommitNode } from "../../src/forge/observe-answer.ts";

const signer: Signer = { slug: "stagecoach", botId: 42, mailHosts: ["users.noreply.github.com"] };
const ourMail = "42+stagecoach[bot]@users.noreply.github.com";

function commit(oid: string, changes: Partial<CommitNode> & { readonly on?: readonly string[] } = {}): CommitNode {
  const { on = ["base"], ...rest } = changes;
  return {
    oid,
    message: "Promote checkout 1.8.0 to staging",
    author: { name: "stagecoach[bot]", email: ourMail, user: null },
    parents: { nodes: on.map((parent) => ({ oid: parent })) },
    signature: { isValid: true, wasSignedByGitHub: true },
    ...rest,
  };
}

const alice = { name: "Alice", email: "alice@example.com", user: { login: "alice" } };
const update = commit("update", { on: ["ours", "newer-base"], author: alice });

function judge(commits: readonly CommitNode[], total = commits.length) {
  const head = commits.at(-1)?.oid ?? "";
  return judgeHead({ head, committedAt: 7, commits, total, key: "checkout/staging" }, signer);
}

describe("T10: a branch is ours with one commit of our own above its base", () => {
  it("one signed commit of ours is ours", () => {
    const head = judge([commit("ours")]);
    assert.deepEqual(head, { oid: "ours", committedAt: 7, parent: "base", ownership: { kind: "ours" } });
  });

  it("the update-branch button does not take it away, and the base is what was merged", () => {
    const head = judge([commit("ours"), update]);
    assert.deepEqual(head.ownership, { kind: "ours" });
    assert.equal(head.parent, "newer-base");
  });

  const foreign: readonly { readonly name: string; readonly commits: readonly CommitNode[]; readonly at: string }[] = [
    {
      name: "a person's commit on top",
      commits: [commit("ours"), commit("theirs", { on: ["ours"], author: alice })],
      at: "theirs",
    },
    { name: "nothing but a person's commit", commits: [commit("theirs", { author: alice })], at: "theirs" },
    { name: "our name without a signature", commits: [commit("forged", { signature: null })], at: "forged" },
    {
      name: "our name with a signature that is not GitHub's",
      commits: [commit("forged", { signature: { isValid: true, wasSignedByGitHub: false } })],
      at: "forged",
    },
    {
      name: "our name with a signature that does not hold",
      commits: [commit("forged", { signature: { isValid: false, wasSignedByGitHub: true } })],
      at: "forged",
    },
    {
      name: "the bot of another app",
      commits: [
        commit("other", { author: { name: "x", email: "7+stagecoach[bot]@users.noreply.github.com", user: null } }),
      ],
      at: "other",
    },
    {
      name: "a second commit in our name",
      commits: [commit("ours"), commit("second", { on: ["ours"] })],
      at: "second",
    },
    {
      name: "a merge of something else than the base",
      commits: [
        commit("ours"),
        commit("side", { author: alice }),
        commit("merge", { on: ["ours", "side"], author: alice }),
      ],
      at: "side",
    },
    {
      name: "a merge that a person made at home",
      commits: [commit("ours"), commit("merge", { on: ["ours", "newer-base"], author: alice, signature: null })],
      at: "merge",
    },
    {
      name: "a merge of three",
      commits: [commit("ours"), commit("merge", { on: ["ours", "a", "b"], author: alice })],
      at: "merge",
    },
  ];
  for (const { name, commits, at } of foreign) {
    it(`${name} is foreign`, () => {
      const { ownership } = judge(commits);
      assert.equal(ownership.kind, "foreign");
      assert.equal(ownership.kind === "foreign" && ownership.commit, at);
    });
  }

  it("more commits than were listed are foreign", () => {
    assert.equal(judge([commit("ours")], 21).ownership.kind, "foreign");
  });

  it("says who", () => {
    const { ownership } = judge([commit("ours"), commit("theirs", { on: ["ours"], author: alice })]);
    assert.equal(ownership.kind === "foreign" && ownership.by, "alice");
  });
});

describe("a branch without pull request", () => {
  const stray = (target: CommitNode, parents: readonly CommitNode[]) =>
    judgeStray({ ...target, parents: { nodes: parents } }, { key: "checkout/staging", signer, bases: ["main"] });
  const base = commit("base", { author: alice, on: [] });

  it("with our commit at its head is ours", () => {
    assert.deepEqual(stray(commit("ours"), [base]).ownership, { kind: "ours" });
  });

  it("with a person's commit at its head is foreign", () => {
    assert.equal(stray(commit("theirs", { author: alice }), [commit("ours")]).ownership.kind, "foreign");
  });

  it("stays ours after the update-branch button", () => {
    const message = "Merge branch 'main' into stagecoach/checkout/staging";
    const head = stray({ ...update, message }, [commit("ours"), base]);
    assert.deepEqual([head.ownership.kind, head.parent], ["ours", "base"]);
  });

  it("into which something else was merged is foreign", () => {
    const message = "Merge pull request #9 from acme/side";
    assert.equal(stray({ ...update, message }, [commit("ours"), base]).ownership.kind, "foreign");
  });
});
