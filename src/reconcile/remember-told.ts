// Keeps what we said on GitHub after a merge, so that an unchanged world costs no question. It may be gone at any moment
// and is then read again; a hint that somebody else touched it makes it unknown.

import type { StoredHint } from "../domain/hint.ts";
import type { ToldIssue, ToldOnPullRequest } from "../domain/told.ts";
import type { Outcome, RepositoryReference } from "../forge/forge.ts";
import { hearOfImage } from "./remember-signatures.ts";
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
  const entries = [...told].map(([number, value]) => [keyOf(number, at), stamp(value, shell)] as const);
  await shell.store.cache.write("told", new Map(entries));
}

/** What we write ourselves is known without asking; while we write, nothing is: the answer may be lost, or this process. */
export async function changeTold<T>(
  number: number,
  { write, change, at, shell }: Desk & ChangeTold<T>,
): Promise<Outcome<T>> {
  const kept = (await recallTold([{ number }], { at, shell })).get(number);
  if (kept) await forgetTold(number, { at, shell });
  const outcome = await write();
  if (kept && (outcome.kind === "done" || outcome.kind === "already-so"))
    await keepTold(new Map([[number, change(kept, outcome.value)]]), { at, shell });
  return outcome;
}

interface ChangeTold<T> {
  readonly write: () => Promise<Outcome<T>>;
  readonly change: (told: ToldOnPullRequest, written: T) => ToldOnPullRequest;
}

export async function forgetTold(number: number, { at, shell }: Desk): Promise<void> {
  await shell.store.cache.write("told", new Map([[keyOf(number, at), ""]]));
}

export async function recallIssues({ at, shell }: Desk): Promise<readonly ToldIssue[] | undefined> {
  const text = await readNote("drift-issues", { at, shell });
  return text === undefined ? undefined : stillGood<readonly ToldIssue[]>(text, shell);
}

export async function keepIssues(issues: readonly ToldIssue[], { at, shell }: Desk): Promise<void> {
  await writeNote("drift-issues", { text: stamp(issues, shell), at, shell });
}

/** As `changeTold`, for our issues. */
export async function changeIssues<T>(
  write: () => Promise<Outcome<T>>,
  { change, at, shell }: Desk & { readonly change: (issues: readonly ToldIssue[], written: T) => readonly ToldIssue[] },
): Promise<Outcome<T>> {
  const kept = await recallIssues({ at, shell });
  if (kept) await forgetIssues({ at, shell });
  const outcome = await write();
  if (kept && (outcome.kind === "done" || outcome.kind === "already-so"))
    await keepIssues(change(kept, outcome.value), { at, shell });
  return outcome;
}

export async function forgetIssues({ at, shell }: Desk): Promise<void> {
  await writeNote("drift-issues", { text: "", at, shell });
}

/** Somebody else may have changed what we said. */
export async function heedHints(hints: readonly StoredHint[], { at, shell }: Desk): Promise<void> {
  for (const { id, subject } of hints) {
    if (subject.kind === "pull-request") await forgetTold(subject.number, { at, shell });
    if (subject.kind === "repository") await forgetIssues({ at, shell });
    if (subject.kind === "image") await hearOfImage(subject.image, { hint: id, at, shell });
  }
}

function keyOf(number: number, at: RepositoryReference): string {
  return `${at.repository} ${number}`;
}

function stamp(value: unknown, shell: Shell): string {
  return JSON.stringify({ readAt: shell.now(), value });
}

function stillGood<T>(text: string, shell: Shell): T | undefined {
  if (text === "") return undefined;
  const { readAt, value } = JSON.parse(text) as Kept<T>;
  return shell.now() - readAt <= LONGEST ? value : undefined;
}
