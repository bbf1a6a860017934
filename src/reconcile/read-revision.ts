// Reads where a commit that a cluster runs stands on its branch. What stands between two commits never changes, so it is
// asked once; and as a branch only grows, one look at how it moved serves every commit that clusters are at.

import { type RevisionFacts, revisionKey } from "../domain/observed.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

export type Facts = RevisionFacts & { readonly tree?: string };

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

interface Question {
  readonly commit: string;
  readonly head: string;
}

/** As many as are listed; see the forge. */
const MOST_MISSING = 300;

export async function readRevision(question: Question, desk: Desk): Promise<Seen<Facts>> {
  const { at, shell } = desk;
  const kept = await recall(question, desk);
  if (kept) return known(kept);
  const facts = (await readOnward(question, desk)) ?? (await shell.forge.readRevision(at, question));
  // A commit that is not there yet may be pushed later.
  if (facts.kind === "known" && facts.value.onBranch) await keep(question, { facts: facts.value, ...desk });
  return facts;
}

/** From the last head for which it was known to this one; nothing where the branch did not simply grow. */
async function readOnward({ commit, head }: Question, desk: Desk): Promise<Seen<Facts> | undefined> {
  const { at, shell } = desk;
  const key = `${at.repository} ${commit}`;
  const last = (await shell.store.cache.read("revision-head", [key])).get(key);
  if (last === undefined || last === head || last === commit) return undefined;
  const before = await recall({ commit, head: last }, desk);
  if (!before) return undefined;
  const step = await readRevision({ commit: last, head }, desk);
  if (step.kind === "unknown" || !step.value.onBranch) return undefined;
  const { missing: earlier, ...facts } = before;
  const missing = earlier && step.value.missing && [...earlier, ...step.value.missing];
  return known(missing && missing.length <= MOST_MISSING ? { ...facts, missing } : facts);
}

async function recall(question: Question, { at, shell }: Desk): Promise<Facts | undefined> {
  const key = `${at.repository} ${revisionKey(question)}`;
  const text = (await shell.store.cache.read("revision", [key])).get(key);
  return text === undefined ? undefined : (JSON.parse(text) as Facts);
}

async function keep(question: Question, { facts, at, shell }: Desk & { readonly facts: Facts }): Promise<void> {
  const key = `${at.repository} ${revisionKey(question)}`;
  await shell.store.cache.write("revision", new Map([[key, JSON.stringify(facts)]]));
  await shell.store.cache.write("revision-head", new Map([[`${at.repository} ${question.commit}`, question.head]]));
}
