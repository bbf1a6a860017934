// Puts a change of the ledger on its branch: in one request where the branch exists and the change is small, else as a
// tree, a commit and a move of the branch. Both ways are signed by GitHub, and neither overwrites what somebody else
// did meanwhile.

import { LEDGER_BRANCH } from "../domain/ledger.ts";
import type { Remember } from "../domain/plan.ts";
import type { Commit, Outcome } from "../forge/forge.ts";
import type { LedgerCommitContent } from "../ledger/change-ledger.ts";
import type { Actor } from "./act-live.ts";

/** What is sent in one request; GitHub takes more, but not much more. */
const MOST_AT_ONCE = 1024 * 1024;

export async function writeLedgerCommit(
  { files, message }: LedgerCommitContent,
  { on, actor }: { readonly on: Remember["on"]; readonly actor: Actor },
): Promise<Outcome<Commit>> {
  const { at, node, shell } = actor;
  const size = files.reduce((sum, { path, text }) => sum + path.length + Buffer.byteLength(text), 0);
  if (on && size < MOST_AT_ONCE) {
    return shell.forge.commitOnBranch(at, { branch: LEDGER_BRANCH, head: on.head, files, message });
  }
  const commit = await shell.forge.commit(at, { files, message, ...(on && { parent: on.head, baseTree: on.tree }) });
  const move = { branch: LEDGER_BRANCH, to: commit.oid, ...(on && { from: on.head }) };
  const moved = await shell.forge.moveRefs(at, { node, moves: [move] });
  return moved.kind === "done" || moved.kind === "already-so" ? { kind: moved.kind, value: commit } : moved;
}
