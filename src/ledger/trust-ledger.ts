// Whether the ledger branch may be believed: only if every commit since the last accepted one was made by our app and
// signed by GitHub, one after the other. Everybody with write access can push to a branch that no rule protects, and
// what the ledger says opens gates. Says nothing about what stands in the files.

import { LEDGER_BRANCH } from "../domain/ledger.ts";

interface LedgerHistory {
  readonly head: string;
  /** Newest first. */
  readonly commits: readonly LedgerHistoryCommit[];
  /** There are older commits than those in `commits`. */
  readonly more: boolean;
}

interface LedgerHistoryCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** Made by our app and signed by GitHub. */
  readonly ours: boolean;
  readonly author: string;
}

export interface TrustQuestion {
  readonly branch: LedgerHistory | undefined;
  /** The head that was trusted last; absent when that is not known (any more). */
  readonly accepted: string | undefined;
  /** Whether the repository has, or had, promotions of ours. */
  readonly promotionsExist: boolean | "unknown";
}

export type LedgerTrust =
  | { readonly kind: "trusted"; readonly head: string }
  | { readonly kind: "absent" }
  /** A sentence without a full stop: what is wrong, and what to do. */
  | { readonly kind: "untrusted"; readonly why: string }
  /** Ask again with the commits that follow `after` added to the branch's. */
  | { readonly kind: "read-more"; readonly after: string };

const BRANCH = `\`${LEDGER_BRANCH}\``;

export function trustLedger({ branch, accepted, promotionsExist }: TrustQuestion): LedgerTrust {
  if (branch === undefined) return judgeAbsence({ accepted, promotionsExist });
  const foreign: LedgerHistoryCommit[] = [];
  let expected = branch.head;
  for (const commit of branch.commits) {
    if (expected === accepted) return conclude({ branch, foreign, good: expected });
    if (commit.oid !== expected)
      return untrusted(
        `the history of ${BRANCH} could not be followed at ${short(expected)}; the next pass reads it again`,
      );
    const [parent, ...others] = commit.parents;
    if (!commit.ours || others.length > 0) foreign.push(commit);
    if (parent === undefined) return concludeAtRoot({ branch, foreign, accepted });
    expected = parent;
  }
  if (expected === accepted) return conclude({ branch, foreign, good: expected });
  // One foreign commit settles it: a long history that somebody pushed is not worth reading.
  if (foreign.length > 0) return conclude({ branch, foreign, good: accepted });
  const last = branch.commits.at(-1);
  if (branch.more && last) return { kind: "read-more", after: last.oid };
  return untrusted(`the history of ${BRANCH} ends before its first commit; the next pass reads it again`);
}

function judgeAbsence({ accepted, promotionsExist }: Omit<TrustQuestion, "branch">): LedgerTrust {
  if (accepted !== undefined) {
    return untrusted(
      `the branch ${BRANCH} is gone; bring it back with \`git push origin ${accepted}:refs/heads/${LEDGER_BRANCH}\`, and protect it with a ruleset`,
    );
  }
  if (promotionsExist === "unknown")
    return untrusted(`the branch ${BRANCH} does not exist, and whether there were promotions is not known`);
  if (!promotionsExist) return { kind: "absent" };
  return untrusted(
    `the branch ${BRANCH} does not exist although there are promotions; bring it back from a clone, or from the events of the repository`,
  );
}

function concludeAtRoot(root: {
  readonly branch: LedgerHistory;
  readonly foreign: readonly LedgerHistoryCommit[];
  readonly accepted: string | undefined;
}): LedgerTrust {
  const { branch, foreign, accepted } = root;
  if (accepted === undefined) return conclude({ branch, foreign, good: undefined });
  return untrusted(
    `${BRANCH} was rewritten: it no longer contains ${short(accepted)}, which was its head; put it back with ${pushBack(accepted)}, and protect the branch with a ruleset`,
  );
}

function conclude(history: {
  readonly branch: LedgerHistory;
  readonly foreign: readonly LedgerHistoryCommit[];
  /** The accepted head, where it is known. */
  readonly good: string | undefined;
}): LedgerTrust {
  const { branch, foreign, good } = history;
  const oldest = foreign.at(-1);
  if (!oldest) return { kind: "trusted", head: branch.head };
  const others = foreign.length === 1 ? "" : ` and ${foreign.length - 1} more`;
  const what = oldest.ours ? "a merge, which Stagecoach never makes" : "not made by Stagecoach";
  const back = good ?? (oldest.parents.length === 1 ? oldest.parents[0] : undefined);
  const cure =
    back === undefined
      ? "nothing before it can be believed: restore the branch from a clone"
      : `put the branch back with ${pushBack(back)}, and protect it with a ruleset`;
  return untrusted(
    `${BRANCH} has the commit ${short(oldest.oid)} by ${quote(oldest.author)}${others}, ${what}; ${cure}`,
  );
}

function pushBack(oid: string): string {
  return `\`git push --force origin ${oid}:refs/heads/${LEDGER_BRANCH}\``;
}

function untrusted(why: string): LedgerTrust {
  return { kind: "untrusted", why };
}

function short(oid: string): string {
  return `\`${oid.slice(0, 7)}\``;
}

function quote(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
