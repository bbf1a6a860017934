// Keeps what we said on GitHub after a merge, so that an unchanged world costs no question. It may be gone at any moment
// and is then read again; a hint that somebody else touched it makes it unknown.

import type { StoredHint } from "../domain/hint.ts";
import type { ToldIssue, ToldOnPullRequest } from "../domain/told.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

interface Kept<T> {
  readonly readAt: number;
  readonly value: T;
}

/** Events about our comments and issues may be lost, so nothing is believed for longer. */
const LONGEST = 60 * 60_000;

export async function recallTold(
  wanted: readonly { readonly number: number }[],
  { at, shell }: Desk,
): Promise<ReadonlyMap<number, ToldOnPullRequest>> {
  const keys = wanted.map(({ number }) => keyOf(number, at));
  const cached = await shell.store.cache.read("told", keys);
  return new Map(
    wanted.flatMap(({ number }) => {
      const text = cached.get(keyOf(number, at));
      const value = text === undefined ? undefined : stillGood<ToldOnPullRequest>(text, shell);
      return value === undefined ? [] : [[number, value] as const];
    }),
  );
}

export async function keepTold(told: ReadonlyMap<number, ToldOnPullRequest>, { at, shell }: Desk): Promise<void> {
  if (told.size === 0) return;
  const entries = [...told].map(([number, value]) => [keyOf(number, at), write(value, shell)] as const);
  await shell.store.cache.write("told", new Map(entries));
}

/** What we wrote ourselves is known without asking. */
export async function changeTold(
  number: number,
  { change, at, shell }: Desk & { readonly change: (told: ToldOnPullRequest) => ToldOnPullRequest },
): Promise<void> {
  const kept = (await recallTold([{ number }], { at, shell })).get(number);
  if (kept) await keepTold(new Map([[number, change(kept)]]), { at, shell });
}

export async function forgetTold(number: number, { at, shell }: Desk): Promise<void> {
  await shell.store.cache.write("told", new Map([[keyOf(number, at), ""]]));
}

export async function recallIssues({ at, shell }: Desk): Promise<readonly ToldIssue[] | undefined> {
  const text = await readNote("drift-issues", { at, shell });
  return text === undefined ? undefined : stillGood<readonly ToldIssue[]>(text, shell);
}

export async function keepIssues(issues: readonly ToldIssue[], { at, shell }: Desk): Promise<void> {
  await writeNote("drift-issues", { text: write(issues, shell), at, shell });
}

export async function forgetIssues({ at, shell }: Desk): Promise<void> {
  await writeNote("drift-issues", { text: "", at, shell });
}

/** Somebody else may have changed what we said. */
export async function heedHints(hints: readonly StoredHint[], { at, shell }: Desk): Promise<void> {
  for (const { subject } of hints) {
    if (subject.kind === "pull-request") await forgetTold(subject.number, { at, shell });
    if (subject.kind === "repository") await forgetIssues({ at, shell });
  }
}

function keyOf(number: number, at: RepositoryReference): string {
  return `${at.repository} ${number}`;
}

function write(value: unknown, shell: Shell): string {
  return JSON.stringify({ readAt: shell.now(), value });
}

function stillGood<T>(text: string, shell: Shell): T | undefined {
  if (text === "") return undefined;
  const { readAt, value } = JSON.parse(text) as Kept<T>;
  return shell.now() - readAt <= LONGEST ? value : undefined;
}
