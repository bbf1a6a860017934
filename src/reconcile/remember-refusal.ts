// A ledger that a rule forbids us to write cannot remember, so nothing is promoted. Only the attempt tells: its refusal
// is kept for a while, as long as the head stays, and then it is tried again.

import { LEDGER_BRANCH } from "../domain/ledger.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface Keeper {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

interface Refusal {
  readonly head: string;
  readonly why: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Shorter than the time between two periodic looks, so that each of them tries again. */
const KEPT_FOR = 5 * 60_000;

/** `head` is where the ledger was; absent where it was to be created. */
export async function rememberRefusal(
  { head = "", why }: { readonly head: string | undefined; readonly why: string },
  { at, shell }: Keeper,
): Promise<void> {
  const refusal: Refusal = { head, why, until: shell.now() + KEPT_FOR };
  await writeNote("ledger-refused", { text: JSON.stringify(refusal), at, shell });
}

/** Why nothing can be remembered, a sentence without a full stop; `undefined` when nobody forbids it. */
export async function recallRefusal(head: string | undefined, { at, shell }: Keeper): Promise<string | undefined> {
  const text = await readNote("ledger-refused", { at, shell });
  if (text === undefined) return undefined;
  const refusal = JSON.parse(text) as Refusal;
  if (refusal.head !== (head ?? "") || refusal.until <= shell.now()) return undefined;
  const said = `\`${refusal.why.replaceAll("`", "'")}\``;
  return `GitHub does not let Stagecoach write the branch \`${LEDGER_BRANCH}\` (${said}); let the app update it in the ruleset that forbids it`;
}
