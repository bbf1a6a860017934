import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LedgerBranch, LedgerCommit } from "../../src/forge/snapshot.ts";
import { type LedgerTrust, type TrustQuestion, trustLedger } from "../../src/ledger/trust-ledger.ts";
import { oid } from "./build-ledger.ts";

/** `d` is the head, `a` the root. */
function commit(name: string, rest: Partial<LedgerCommit> = {}): LedgerCommit {
  const before = String.fromCharCode(name.charCodeAt(0) - 1);
  return { oid: oid(name), parents: name === "a" ? [] : [oid(before)], ours: true, author: "stagecoach[bot]", ...rest };
}

function branch(commits: readonly LedgerCommit[], rest: Partial<LedgerBranch> = {}): LedgerBranch {
  return { head: commits[0]?.oid ?? oid("d"), tree: oid("0"), commits, more: false, ...rest };
}

const [A, B, C, D] = [commit("a"), commit("b"), commit("c"), commit("d")];
const MALLORY = { ours: false, author: "mal`lory" };
const PUSHED = "put the branch back with `git push --force origin";

const ROWS: readonly {
  readonly name: string;
  readonly question: Partial<TrustQuestion>;
  readonly trust: Exclude<LedgerTrust, { kind: "untrusted" }> | RegExp;
}[] = [
  {
    name: "our own history down to the root",
    question: { branch: branch([D, C, B, A]) },
    trust: { kind: "trusted", head: oid("d") },
  },
  {
    name: "a head that was trusted before",
    question: { branch: branch([D], { more: true }), accepted: oid("d") },
    trust: { kind: "trusted", head: oid("d") },
  },
  {
    name: "our commits since the one that was trusted",
    question: { branch: branch([D, C, B, A]), accepted: oid("b") },
    trust: { kind: "trusted", head: oid("d") },
  },
  {
    name: "our commits whose first parent was trusted",
    question: { branch: branch([D, C], { more: true }), accepted: oid("b") },
    trust: { kind: "trusted", head: oid("d") },
  },
  {
    name: "what somebody did before that one, which was settled then",
    question: { branch: branch([D, C, commit("b", MALLORY), A]), accepted: oid("c") },
    trust: { kind: "trusted", head: oid("d") },
  },
  {
    name: "a history that is longer than what was read",
    question: { branch: branch([D, C], { more: true }) },
    trust: { kind: "read-more", after: oid("c") },
  },
  { name: "no branch on the first day", question: { branch: undefined }, trust: { kind: "absent" } },
  {
    name: "no branch, but promotions",
    question: { branch: undefined, promotionsExist: true },
    trust: /does not exist although there are promotions/,
  },
  {
    name: "no branch, and nobody knows of promotions",
    question: { branch: undefined, promotionsExist: "unknown" },
    trust: /whether there were promotions is not known/,
  },
  {
    name: "a branch that somebody deleted",
    question: { branch: undefined, accepted: oid("b") },
    trust: new RegExp(`is gone; bring it back with \`git push origin ${oid("b")}:`),
  },
  {
    name: "T15: somebody's commit on top",
    question: { branch: branch([commit("d", MALLORY), C, B, A]), accepted: oid("c") },
    trust: new RegExp(`the commit \`ddddddd\` by \`mal'lory\`, not made by Stagecoach; ${PUSHED} ${oid("c")}:`),
  },
  {
    name: "T15: somebody's commit beneath ours, where nothing was trusted before",
    question: { branch: branch([D, C, commit("b", MALLORY), A]) },
    trust: new RegExp(`the commit \`bbbbbbb\` .* ${PUSHED} ${oid("a")}:`),
  },
  {
    name: "T15: several of somebody's",
    question: { branch: branch([commit("d", MALLORY), commit("c", MALLORY), B, A]) },
    trust: /the commit `ccccccc` by `mal'lory` and 1 more/,
  },
  {
    name: "T15: somebody's root",
    question: { branch: branch([D, C, B, commit("a", MALLORY)]) },
    trust: /nothing before it can be believed: restore the branch from a clone/,
  },
  {
    name: "T15: somebody's long history, without reading it to its end",
    question: { branch: branch([D, commit("c", MALLORY)], { more: true }) },
    trust: /the commit `ccccccc`/,
  },
  {
    name: "T15: a merge, though it be ours",
    question: { branch: branch([commit("d", { parents: [oid("c"), oid("9")] }), C, B, A]) },
    trust: /the commit `ddddddd` .* a merge, which Stagecoach never makes/,
  },
  {
    name: "T15: our own commits of another day, pushed over the last ones",
    question: { branch: branch([C, B, A]), accepted: oid("d") },
    trust: new RegExp(
      `was rewritten: it no longer contains \`ddddddd\`, which was its head; put it back with \`git push --force origin ${oid("d")}:`,
    ),
  },
  {
    name: "commits that do not follow each other",
    question: { branch: branch([D, B, A]) },
    trust: /could not be followed at `ccccccc`/,
  },
  {
    name: "a history without a beginning",
    question: { branch: branch([D, C]) },
    trust: /ends before its first commit/,
  },
  { name: "a head without commits", question: { branch: branch([]) }, trust: /ends before its first commit/ },
];

describe("the ledger branch is believed only if it is ours", () => {
  for (const { name, question, trust } of ROWS) {
    test(name, () => {
      const actual = trustLedger({ branch: undefined, accepted: undefined, promotionsExist: false, ...question });
      if (!(trust instanceof RegExp)) assert.deepEqual(actual, trust);
      else assert.match(actual.kind === "untrusted" ? actual.why : actual.kind, trust);
    });
  }
});
