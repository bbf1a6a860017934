// What the last pass left for the next one: which heads matter, and when the next look is due. A busy repository sends
// an event for every check on every commit, and GitHub counts every look: one that can change nothing is not taken.

import type { StoredHint } from "../domain/hint.ts";
import type { Observed } from "../domain/observed.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface LastLook {
  /** Of promotions and of everything else that has a check of ours. */
  readonly heads: readonly string[];
  /** Epoch milliseconds. */
  readonly nextLook: number;
}

interface Where {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function rememberLook(
  observed: Observed,
  { nextLook, at, shell }: Where & { readonly nextLook: number },
): Promise<void> {
  const heads = [...observed.promotions.map(({ head }) => head.oid), ...observed.guarded.map(({ head }) => head)];
  const look: LastLook = { heads, nextLook };
  await writeNote("last-look", { text: JSON.stringify(look), at, shell });
}

/** Where all that happened is checks on commits that are no business of ours: when to look instead. */
export async function whenNothingMatters({ at, shell }: Where): Promise<number | undefined> {
  const hints = await shell.store.hints.of(at.repository);
  if (hints.length === 0) return undefined;
  const look = await recallLook({ at, shell });
  if (!look || look.nextLook <= shell.now() || !hints.every((hint) => isElsewhere(hint, look))) return undefined;
  await shell.store.hints.remove(hints.map(({ id }) => id));
  return look.nextLook;
}

function isElsewhere({ subject }: StoredHint, { heads }: LastLook): boolean {
  return subject.kind === "check" && !heads.includes(subject.head);
}

async function recallLook({ at, shell }: Where): Promise<LastLook | undefined> {
  const text = await readNote("last-look", { at, shell });
  return text === undefined ? undefined : (JSON.parse(text) as LastLook);
}
