// Reads what people and we ourselves said last on pull requests and issues: one request for many. What counts as a
// command, and of whom, is decided elsewhere; only our own comments say that something was answered (T15).

import type { Comment, CommentsRead, Reaction } from "../domain/conversation.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { askGraphql, errorAt, type Github, tryRead, whyNot } from "./call-github.ts";
import { type CommentNode, type CommentsAnswer, type ConversationNode, commentsQuery } from "./comments-query.ts";
import type { RepositoryReference } from "./forge.ts";
import { nodesOf } from "./observe-answer.ts";
import { readActor } from "./read-actor.ts";
import { readAnswerMark } from "./read-marks.ts";
import { isOurBot } from "./read-pull-request.ts";

export interface CommentsRequest {
  readonly at: RepositoryReference;
  readonly numbers: readonly number[];
}

const QUESTIONS_AT_ONCE = 25;
const LARGEST_NUMBER = 2 ** 31 - 1;
const LONGEST_TEXT = 16 * 1024;

/** How a comment ended comes before that it was seen. */
const REACTIONS: readonly (readonly [content: string, reaction: Reaction])[] = [
  ["ROCKET", "done"],
  ["THUMBS_UP", "noted"],
  ["THUMBS_DOWN", "refused"],
  ["CONFUSED", "confused"],
  ["EYES", "seen"],
];

export async function readComments(
  github: Github,
  { at, numbers }: CommentsRequest,
): Promise<ReadonlyMap<number, Seen<CommentsRead>>> {
  const all = [...new Set(numbers)];
  const found = new Map<number, Seen<CommentsRead>>(
    all.map((number) => [number, unknown("it has no number that GitHub could know")]),
  );
  // One value of the wrong form would be refused together with the whole question.
  const sound = all.filter((number) => Number.isSafeInteger(number) && number > 0 && number <= LARGEST_NUMBER);
  for (let start = 0; start < sound.length; start += QUESTIONS_AT_ONCE) {
    const some = sound.slice(start, start + QUESTIONS_AT_ONCE);
    for (const [number, seen] of await askOnce(github, { at, numbers: some })) found.set(number, seen);
  }
  return found;
}

async function askOnce(
  github: Github,
  { at, numbers }: CommentsRequest,
): Promise<readonly (readonly [number, Seen<CommentsRead>])[]> {
  const { slug } = await github.identity();
  const variables = Object.fromEntries(numbers.map((number, n) => [`number${n}`, number]));
  const answer = await tryRead(github, {
    at,
    doing: "read comments",
    ask: ({ octokit, where }) =>
      askGraphql<CommentsAnswer>(octokit, {
        query: commentsQuery(numbers.length),
        variables: { owner: where.owner, name: where.repo, ...variables },
      }),
  });
  if (answer.kind !== "ok") return numbers.map((number) => [number, unknown(whyNot(answer))]);
  const { data, errors } = answer.value;
  return numbers.map((number, n) => {
    const node = data.repository?.[`talk${n}`];
    // A comment that is missing might be the command, or our answer to it.
    const error = errorAt(errors, ["repository", `talk${n}`]) ?? (node ? undefined : errors[0]);
    if (error || !node) return [number, unknown(`GitHub said "${error?.message ?? "nothing"}"`)];
    return [number, readConversation(node, slug)];
  });
}

function readConversation({ id, comments }: ConversationNode, slug: string): Seen<CommentsRead> {
  const nodes = nodesOf(comments);
  const read = nodes.map(readComment);
  if (read.some(({ id: number }) => !Number.isSafeInteger(number)))
    return unknown("GitHub did not say which comment is which");
  const ours = nodes.filter(({ author }) => isOurBot(author, { slug }));
  const answered = ours.flatMap(({ body }) => readAnswerMark(body) ?? []);
  return known({ node: id, comments: read, answered: [...new Set(answered)] });
}

function readComment(node: CommentNode): Comment {
  const reaction = readReaction(node);
  return {
    id: readCommentId(node.url),
    node: node.id,
    by: readActor(node.author),
    at: Date.parse(node.createdAt),
    text: cut(node.body),
    edited: node.lastEditedAt !== null || node.includesCreatedEdit,
    hidden: node.isMinimized,
    ...(reaction && { reaction }),
  };
}

/** `NaN` where the address has another form than GitHub's. */
export function readCommentId(url: string): number {
  return Number(/#issuecomment-([0-9]+)$/.exec(url)?.[1]);
}

function readReaction({ reactionGroups }: CommentNode): Reaction | undefined {
  const given = new Set((reactionGroups ?? []).flatMap((group) => (group.viewerHasReacted ? [group.content] : [])));
  return REACTIONS.find(([content]) => given.has(content))?.[1];
}

/** At the end of a line: half a command would be another one. */
function cut(body: string): string {
  const bytes = Buffer.from(body);
  if (bytes.length <= LONGEST_TEXT) return body;
  const line = bytes.lastIndexOf("\n", LONGEST_TEXT);
  return line < 0 ? "" : bytes.subarray(0, line).toString("utf8");
}
