// Answers comments: first that they were seen, then what became of them. A reaction is a courtesy, the answer is what
// counts; one that was lost is not sent again, because the next pass finds it by its mark.

import type { Reaction } from "../domain/conversation.ts";
import { askGraphql, errorAt, type Github, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import { readCommentId } from "./read-comments.ts";
import type { AnswerRequest } from "./write-request.ts";

const CONTENT: Readonly<Record<Exclude<Reaction, "seen">, string>> = {
  done: "ROCKET",
  noted: "THUMBS_UP",
  refused: "THUMBS_DOWN",
  confused: "CONFUSED",
};

/** The order is the order in which GitHub does them. */
export const ANSWER = `
mutation Answer($conversation: ID!, $comment: ID!, $body: String!, $reaction: ReactionContent!) {
  answer: addComment(input: { subjectId: $conversation, body: $body }) { commentEdge { node { url } } }
  ended: addReaction(input: { subjectId: $comment, content: $reaction }) { clientMutationId }
  seen: removeReaction(input: { subjectId: $comment, content: EYES }) { clientMutationId }
}`;

const MOST_AT_ONCE = 50;

export function acknowledgeMutation(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const variables = numbers.map((n) => `$node${n}: ID!`).join(", ");
  const fields = numbers.map(
    (n) => `  seen${n}: addReaction(input: { subjectId: $node${n}, content: EYES }) { clientMutationId }`,
  );
  return `\nmutation Acknowledge(${variables}) {\n${fields.join("\n")}\n}`;
}

/** Those that do not fit are left: an answer says more than that it will come. */
export async function acknowledge(
  github: Github,
  { at, nodes }: { readonly at: RepositoryReference; readonly nodes: readonly string[] },
): Promise<Outcome> {
  const some = nodes.slice(0, MOST_AT_ONCE);
  if (some.length === 0) return { kind: "already-so", value: undefined };
  const written = await write(github, {
    at,
    doing: "say that comments were seen",
    ask: ({ octokit }) =>
      askGraphql<Readonly<Record<string, unknown>>>(octokit, {
        query: acknowledgeMutation(some.length),
        variables: Object.fromEntries(some.map((node, n) => [`node${n}`, node])),
      }),
  });
  if (written.kind === "unsure") throw written.error;
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const { errors } = written.value;
  const refusal = errors.find(({ type }) => type !== "NOT_FOUND");
  if (refusal) return { kind: "refused", why: refusal.message };
  if (errors.length === some.length) return { kind: "moved-on", why: "the comments are gone" };
  return { kind: "done", value: undefined };
}

interface Answered {
  readonly answer: { readonly commentEdge: { readonly node: { readonly url: string } | null } | null } | null;
}

export async function answerComment(
  github: Github,
  { at, conversation, comment, body, reaction }: AnswerRequest & { readonly at: RepositoryReference },
): Promise<Outcome<{ readonly id: number }>> {
  const written = await write(github, {
    at,
    doing: "answer a comment",
    ask: ({ octokit }) =>
      askGraphql<Answered>(octokit, {
        query: ANSWER,
        variables: { conversation, comment, body, reaction: CONTENT[reaction] },
      }),
  });
  if (written.kind === "unsure") throw written.error;
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const { data, errors } = written.value;
  const id = readCommentId(data.answer?.commentEdge?.node?.url ?? "");
  if (Number.isSafeInteger(id)) return { kind: "done", value: { id } };
  const error = errorAt(errors, ["answer"]);
  if (error === undefined) throw new Error("GitHub did not say which comment the answer is.");
  if (error.type === "NOT_FOUND") return { kind: "moved-on", why: `the conversation is gone: ${error.message}` };
  return { kind: "refused", why: error.message };
}
