// Reads the ledger branch and establishes whether it may be believed. What was accepted once is remembered by its
// commit; when that memory is gone, the whole history is followed again.

import { LEDGER_BRANCH, type LedgerState } from "../domain/ledger.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { LedgerBranch, LedgerCommit, Snapshot } from "../forge/snapshot.ts";
import { createLedgerReader } from "../ledger/read-ledger.ts";
import { type LedgerTrust, trustLedger } from "../ledger/trust-ledger.ts";
import { readTexts, readTreeIndex } from "./read-files.ts";
import { recallRefusal } from "./remember-refusal.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function observeLedger(snapshot: Snapshot, { at, shell }: Reader): Promise<Seen<LedgerState>> {
  const { ledger } = snapshot;
  if (ledger.kind === "unknown") return ledger;
  const { trust, accepted } = await establishTrust(snapshot, { branch: ledger.value, at, shell });
  if (trust.kind === "trusted" && trust.head !== accepted) await acceptLedger(trust.head, { at, shell });
  const forbidden = await recallRefusal(ledger.value?.head, { at, shell });
  if (forbidden !== undefined && (trust.kind === "trusted" || trust.kind === "absent"))
    return known({ kind: "untrusted", why: forbidden });
  switch (trust.kind) {
    case "absent":
      return known({ kind: "absent" });
    case "untrusted":
      return (await wroteLately(ledger.value, { at, shell }))
        ? unknown(`GitHub does not show yet what Stagecoach wrote to ${LEDGER_BRANCH} a moment ago`)
        : known({ kind: "untrusted", why: trust.why });
    case "read-more":
      return unknown(`the history of ${LEDGER_BRANCH} is longer than could be read`);
    case "trusted":
      return ledger.value ? readTrusted(ledger.value, { at, shell }) : known({ kind: "absent" });
  }
}

/** Hundreds of pages are a history that nobody needs; beyond that something is wrong. */
const PAGES = 200;

interface Established {
  readonly trust: LedgerTrust;
  readonly accepted: string | undefined;
}

async function establishTrust(
  snapshot: Snapshot,
  { branch, at, shell }: Reader & { readonly branch: LedgerBranch | undefined },
): Promise<Established> {
  const accepted = await readNote("ledger-accepted", { at, shell });
  const promotionsExist =
    branch === undefined && accepted === undefined ? await hadPromotions(snapshot, { at, shell }) : true;
  let commits: readonly LedgerCommit[] = branch?.commits ?? [];
  let more = branch?.more ?? false;
  for (let page = 0; page < PAGES; page += 1) {
    const trust = trustLedger({ branch: branch && { head: branch.head, commits, more }, accepted, promotionsExist });
    if (trust.kind !== "read-more" || !branch) return { trust, accepted };
    const older = await shell.forge.readLedgerCommits(at, { head: branch.head, after: trust.after });
    commits = [...commits, ...older];
    more = older.length > 0;
  }
  return { trust: { kind: "read-more", after: commits.at(-1)?.oid ?? "" }, accepted };
}

/** How long parts of GitHub may not have heard of a branch that moved; milliseconds. */
const LAG = 60_000;

/** Whether the branch looks like itself before our own last write, which the asked part of GitHub may not know. */
async function wroteLately(branch: LedgerBranch | undefined, { at, shell }: Reader): Promise<boolean> {
  const text = await readNote("ledger-written", { at, shell });
  const isRecent = text !== undefined && shell.now() - Number(text) < LAG;
  return isRecent && (branch?.commits.every(({ ours }) => ours) ?? true);
}

export async function noteLedgerWritten({ at, shell }: Reader): Promise<void> {
  await writeNote("ledger-written", { text: String(shell.now()), at, shell });
}

/** Only asked where there is no ledger and nothing is known of one: the first day, or a deleted branch. */
async function hadPromotions(snapshot: Snapshot, { at, shell }: Reader): Promise<boolean> {
  if (snapshot.promotions.length + snapshot.past.length > 0) return true;
  return shell.forge.hadPullRequests(at);
}

async function readTrusted(branch: LedgerBranch, { at, shell }: Reader): Promise<Seen<LedgerState>> {
  const kept = shell.memory.ledgers.get(branch.tree);
  const reading = kept ?? (await readBranch(branch, { at, shell }));
  if (reading.kind === "unknown") return reading;
  if (reading.kind === "unreadable") {
    return known({
      kind: "untrusted",
      why: `the branch \`${LEDGER_BRANCH}\` cannot be read: ${reading.why}; put back what stood there before`,
    });
  }
  return known({ kind: "trusted", ledger: reading.ledger, head: branch.head, tree: branch.tree });
}

async function readBranch(branch: LedgerBranch, reader: Reader) {
  const index = await readTreeIndex(branch.tree, reader);
  const texts = await readTexts(
    index.files.map(({ oid }) => oid),
    reader,
  );
  const files = new Map<string, string>();
  for (const { path, oid } of index.files) {
    const text = texts.get(oid);
    if (text?.kind !== "known") return unknown(`${path} on ${LEDGER_BRANCH}: ${text?.why ?? "not read"}`);
    files.set(path, text.value);
  }
  const reading = readerFor(reader)({ files });
  reader.shell.memory.ledgers.set(branch.tree, reading);
  return reading;
}

function readerFor({ at, shell }: Reader): ReturnType<typeof createLedgerReader> {
  const { ledgerReaders } = shell.memory;
  const kept = ledgerReaders.get(String(at.repository)) ?? createLedgerReader();
  ledgerReaders.set(String(at.repository), kept);
  return kept;
}

export async function acceptLedger(head: string, { at, shell }: Reader): Promise<void> {
  await writeNote("ledger-accepted", { text: head, at, shell });
}
