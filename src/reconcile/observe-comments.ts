// Reads what people said lately, where there may be something to answer: where a hint names the conversation, and where
// more was said than the last look has dealt with. So an event that was lost costs minutes, and quiet costs nothing.

import type { CommentsRead, Conversation } from "../domain/conversation.ts";
import type { StoredHint } from "../domain/hint.ts";
import type { Observed } from "../domain/observed.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

/** How far a conversation was dealt with. */
interface DealtWith {
  readonly comments: number;
  /** Id of the last comment. */
  readonly last: number;
}

/** What was said longer ago is answered by nobody. */
const LISTENED_FOR = 48 * 3_600_000;

export async function observeComments(
  conversations: readonly Conversation[],
  { hints, at, shell }: Desk & { readonly hints: readonly StoredHint[] },
): Promise<Readonly<Record<number, Seen<CommentsRead>>>> {
  const hinted = new Set(hints.flatMap(({ subject }) => (subject.kind === "comment" ? [subject.number] : [])));
  const dealt = await recallDealtWith(conversations, { at, shell });
  const wanted = conversations
    .filter((each) => hinted.has(each.number) || (isRecent(each, shell.now()) && hasNews(each, dealt.get(each.number))))
    .map(({ number }) => number);
  if (wanted.length === 0) return {};
  const read = await shell.forge.readComments(at, wanted);
  const announced = new Set(hints.flatMap(({ subject }) => (subject.kind === "comment" ? [subject.comment] : [])));
  return Object.fromEntries([...read].map(([number, seen]) => [number, announce(seen, announced)]));
}

function announce(seen: Seen<CommentsRead>, announced: ReadonlySet<number>): Seen<CommentsRead> {
  if (seen.kind === "unknown") return seen;
  const comments = seen.value.comments.map((comment) =>
    announced.has(comment.id) ? { ...comment, announced: true as const } : comment,
  );
  return known({ ...seen.value, comments });
}

function isRecent({ last }: Conversation, now: number): boolean {
  const newest = last.at(-1);
  return newest !== undefined && now - newest.at <= LISTENED_FOR;
}

/** Comments of our own are no news, as long as nobody else's can have come between them. */
function hasNews({ comments, last }: Conversation, dealt: DealtWith | undefined): boolean {
  if (!dealt) return last.some(({ ours }) => !ours) || comments > last.length;
  const fresh = last.filter(({ id }) => id > dealt.last);
  return comments - dealt.comments !== fresh.length || fresh.some(({ ours }) => !ours);
}

/** After a pass that left nobody without an answer. */
export async function rememberDealtWith(
  { conversations, comments }: Observed,
  { unanswered, at, shell }: Desk & { readonly unanswered: readonly number[] },
): Promise<void> {
  const done = conversations.filter(
    ({ number, last }) => last.length > 0 && comments[number]?.kind === "known" && !unanswered.includes(number),
  );
  const entries = done.map((each): readonly [string, string] => {
    const dealt: DealtWith = { comments: each.comments, last: each.last.at(-1)?.id ?? 0 };
    return [keyOf(each.number, at), JSON.stringify(dealt)];
  });
  if (entries.length > 0) await shell.store.cache.write("dealt-with", new Map(entries));
}

async function recallDealtWith(
  conversations: readonly Conversation[],
  { at, shell }: Desk,
): Promise<ReadonlyMap<number, DealtWith>> {
  const talked = conversations.filter((each) => isRecent(each, shell.now()));
  if (talked.length === 0) return new Map();
  const kept = await shell.store.cache.read(
    "dealt-with",
    talked.map(({ number }) => keyOf(number, at)),
  );
  return new Map(
    talked.flatMap(({ number }) => {
      const text = kept.get(keyOf(number, at));
      return text === undefined ? [] : [[number, JSON.parse(text) as DealtWith] as const];
    }),
  );
}

function keyOf(number: number, at: RepositoryReference): string {
  return `${at.repository} ${number}`;
}
