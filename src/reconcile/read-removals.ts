// Reads what somebody's pull request takes out of environments. Its files are a stranger's, and there may be a great many:
// how much is looked at is limited, others get their turn in between, and what cannot be read is unknown, never a failure
// of the pass.

import { setImmediate } from "node:timers/promises";
import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { Removal } from "../domain/removal.ts";
import { type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { type ReadingMemory, readDocuments } from "../manifests/find-objects.ts";
import { removalsBetween } from "../manifests/find-removals.ts";
import { readChangedFiles, readTree } from "./read-changes.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type RemovalNeed = Extract<Need, { kind: "removals" }>;

/** What a head takes out of its base never changes, as long as the pipeline file stands. */
export async function readRemovals(need: RemovalNeed, answering: Answering): Promise<Seen<readonly Removal[]>> {
  const { observed, at, shell } = answering;
  const main = observed.branches[observed.repository.defaultBranch];
  const file = main?.kind === "known" ? main.value.tree : "";
  const key = `${at.repository} ${need.head} ${need.base} ${file}`;
  const kept = shell.memory.removals.get(key);
  if (kept) return kept;
  const found = await findRemovals(need, answering);
  if (found.kind === "known") shell.memory.removals.set(key, found);
  return found;
}

async function findRemovals(
  { number, head, base }: RemovalNeed,
  { observed, ...desk }: Answering,
): Promise<Seen<readonly Removal[]>> {
  const { configuration, repository } = observed;
  if (configuration.kind === "unknown" || configuration.value === undefined)
    return unknown("the pipeline file is not known");
  const changed = await readChangedFiles({ number, head, base }, desk);
  if (changed.kind === "unknown") return changed;
  if (changed.value.head !== head) return unknown("it has got another head meanwhile");
  const before = await readTree(changed.value.mergeBaseTree, desk);
  if (before.kind === "unknown") return before;
  const after = await readTree(changed.value.headTree, desk);
  if (after.kind === "unknown") return after;
  const sides = { before: before.value, after: after.value };
  const where = { configuration: configuration.value, branch: base, defaultBranch: repository.defaultBranch };
  const sizes = new Map([...before.value.files, ...after.value.files].map(({ oid, size = 0 }) => [oid, size]));
  const memory: ReadingMemory = new Map();
  let texts: ReadonlyMap<string, Seen<string>> = new Map();
  let left = MOST_BYTES;
  for (let round = 0; round < ROUNDS; round += 1) {
    const reading = removalsBetween({ ...where, ...sides, texts, memory });
    if (reading.kind !== "wanted") return reading;
    for (const oid of reading.oids) left -= sizes.get(oid) ?? 0;
    if (left < 0) return unknown(`more than ${MOST_BYTES / 1024 / 1024} MiB of files would have to be looked at`);
    const read = await readTexts(reading.oids, desk);
    await understand(read, memory);
    texts = new Map([...texts, ...read]);
  }
  return unknown("its kustomizations name one another too deeply");
}

const ROUNDS = 20;
/** Of both sides together. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Reading YAML is slow: one file at a time, and whoever else waits for this process has a turn after each. */
async function understand(texts: ReadonlyMap<string, Seen<string>>, memory: ReadingMemory): Promise<void> {
  for (const text of texts.values()) {
    if (text.kind === "known") readDocuments({ path: "", text: text.value, memory });
    await setImmediate();
  }
}
