// How the last tries to give names went, kept from pass to pass for the answers to those who ordered them. Lost, it costs
// another try, which finds the name or is refused again.

import type { RetagTry } from "../domain/retag-image.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface Keeper {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

const KEPT = 50;

type Tries = Readonly<Record<string, RetagTry>>;

export async function rememberTry(
  tried: RetagTry,
  { name, at, shell }: Keeper & { readonly name: string },
): Promise<void> {
  const others = Object.entries(await recallTries({ at, shell })).filter(([key]) => key !== name);
  const kept = Object.fromEntries([...others.slice(1 - KEPT), [name, tried]]);
  await writeNote("retagged", { text: JSON.stringify(kept), at, shell });
}

/** By `nameKey`. */
export async function recallTries({ at, shell }: Keeper): Promise<Tries> {
  const text = await readNote("retagged", { at, shell });
  return text === undefined ? {} : (JSON.parse(text) as Tries);
}
