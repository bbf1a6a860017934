// One short text for each repository and purpose, kept in the cache from pass to pass. Like everything there it may be
// gone at any moment; whoever reads it says what that means.

import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

export type NoteKind =
  | "branches"
  | "dashboard-opened"
  | "drift-issues"
  | "last-look"
  | "ledger-accepted"
  | "ledger-refused"
  | "ledger-written"
  | "retagged";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function readNote(kind: NoteKind, { at, shell }: Desk): Promise<string | undefined> {
  const key = String(at.repository);
  return (await shell.store.cache.read(kind, [key])).get(key);
}

export async function writeNote(kind: NoteKind, { text, at, shell }: Desk & { readonly text: string }): Promise<void> {
  await shell.store.cache.write(kind, new Map([[String(at.repository), text]]));
}
