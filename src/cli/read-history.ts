// Reads the history of one environment from a clone, and from nothing else: the pipeline file of today, the commits of
// the environment's branch, and the ledger as the clone has it.

import { type EnvironmentMemory, NOTHING_REMEMBERED } from "../domain/ledger.ts";
import type { BranchState } from "../domain/observed.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { History } from "../forge/history.ts";
import type { Snapshot } from "../forge/snapshot.ts";
import { readLedger } from "../ledger/read-ledger.ts";
import { observeConfiguration } from "../reconcile/observe-configuration.ts";
import { readTexts, readTreeIndex } from "../reconcile/read-files.ts";
import type { Preview } from "./command.ts";
import { type FoundEnvironment, findEnvironment } from "./find-environment.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { orderTimes } from "./order-times.ts";
import { tellHistory } from "./tell-history.ts";
import { foldersOf, traceDeclared } from "./trace-declared.ts";

export interface ReadHistory extends FoundEnvironment {
  readonly kind: "read";
  readonly at: RepositoryReference;
  readonly branch: string;
  readonly head: string;
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Every commit that changed something where the environment stands, and since when it counts; the oldest first. */
  readonly commits: readonly { readonly commit: string; readonly tree: string; readonly since: number }[];
  /** The clone ends before the history does. */
  readonly shallow: boolean;
  /** What the reader should know, whole sentences. */
  readonly notes: readonly string[];
}

export type HistoryReading = ReadHistory | { readonly kind: "not-found"; readonly why: string };

interface Source {
  readonly preview: Preview;
  readonly history: History;
}

export async function readHistory(wanted: string, { preview, history }: Source): Promise<HistoryReading> {
  const { shell, forge } = preview;
  const [installation] = await forge.listInstallations();
  const [at] = await forge.listRepositories(installation?.id ?? 0);
  if (at === undefined) throw new Error("The clone names no repository.");
  const snapshot = await forge.observe(at, { branches: [] });
  const { defaultBranch } = snapshot.repository;
  const main = stateOf(defaultBranch, snapshot);
  if (main === undefined) return { kind: "not-found", why: `The branch ${defaultBranch} has no commit yet.` };
  const configuration = await observeConfiguration(await readTreeIndex(main.tree, { at, shell }), { at, shell });
  const found = findEnvironment(wanted, { configuration, where: defaultBranch });
  if (found.kind === "not-found") return found;
  const branch = found.environment.branch ?? defaultBranch;
  const head = stateOf(branch, await forge.observe(at, { branches: [branch] }))?.head;
  if (head === undefined) return { kind: "not-found", why: `This clone has no branch ${branch}. Fetch it first.` };
  const memory = await readMemory(snapshot, { found, at, preview });
  const shallow = await history.isShallow();
  const below = foldersOf(found.environment);
  const changes = (await history.readChanges({ head, below, key: found.key })).toReversed();
  const declared = await traceDeclared({
    ...found,
    changes,
    readTexts: (oids) => forge.readBlobs(at, oids),
  });
  const times = orderTimes(changes.map(({ committedAt }) => committedAt));
  const commits = changes.map(({ commit, tree }, index) => ({ commit, tree, since: times[index] ?? 0 }));
  const isDoubtful = changes.some(({ committedAt }, index) => committedAt !== times[index]);
  return {
    ...found,
    kind: "read",
    at,
    branch,
    head,
    entries: tellHistory({
      declared,
      memory: memory.value,
      times: new Map(commits.map((each) => [each.commit, each.since])),
    }),
    commits,
    shallow,
    notes: [...memory.notes, ...(isDoubtful ? [DOUBTFUL_TIMES] : []), ...(shallow ? [SHALLOW] : [])],
  };
}

const DOUBTFUL_TIMES =
  "Some commits have times that do not agree with their order; they are shown with the time of the commit before them.";
const SHALLOW =
  "This clone is shallow: what was before its first commit is not in it. `git fetch --unshallow` brings it.";

function stateOf(branch: string, { branches }: Snapshot): BranchState | undefined {
  const seen = branches[branch];
  return seen?.kind === "known" ? seen.value : undefined;
}

interface Memory {
  readonly value: EnvironmentMemory;
  readonly notes: readonly string[];
}

/** The ledger tells who merged and approved, and of health; without it the history is shorter by these. */
async function readMemory(
  { ledger }: Snapshot,
  {
    found,
    at,
    preview,
  }: { readonly found: FoundEnvironment; readonly at: RepositoryReference; readonly preview: Preview },
): Promise<Memory> {
  const without = (note: string) => ({ value: NOTHING_REMEMBERED, notes: [note] });
  if (ledger.kind === "unknown") return without(`The ledger could not be read: ${ledger.why}.`);
  if (ledger.value === undefined)
    return without(
      "This clone has no ledger (branch stagecoach-ledger): who approved and what was healthy is not known.",
    );
  const reader = { at, shell: preview.shell };
  const index = await readTreeIndex(ledger.value.tree, reader);
  const texts = await readTexts(
    index.files.map(({ oid }) => oid),
    reader,
  );
  const files = new Map<string, string>();
  for (const { path, oid } of index.files) {
    const text = texts.get(oid);
    if (text?.kind === "known") files.set(path, text.value);
    else return without(`The ledger could not be read: ${path}: ${text?.why ?? "not read"}.`);
  }
  const reading = readLedger({ files });
  if (reading.kind === "unreadable") return without(`The ledger could not be read: ${reading.why}.`);
  return { value: reading.ledger.environments[found.key] ?? NOTHING_REMEMBERED, notes: [] };
}
