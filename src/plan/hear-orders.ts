// Finds what people said that is not answered yet: new comments of persons, as they were first written and not too old.
// Reads them into commands; whose word counts is decided where it is obeyed.

import { readCommands } from "../commands/read-commands.ts";
import type { CommandLine } from "../domain/command.ts";
import type { Comment, CommentsRead, Conversation } from "../domain/conversation.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration } from "../domain/pipeline.ts";

/** A comment that waits for its one answer. */
export interface Heard {
  readonly conversation: Conversation;
  /** GraphQL node id of the conversation. */
  readonly node: string;
  readonly comment: Comment;
  readonly lines: readonly CommandLine[];
  /** Why none of it counts, one sentence without a full stop. */
  readonly void?: string;
}

const HOUR = 3_600_000;
/** An order of yesterday was given for what yesterday looked like. */
export const OBEYED_FOR = 24 * HOUR;
/** Older ones are nobody's concern any more. */
export const ANSWERED_FOR = 48 * HOUR;

export function hearOrders({
  observed,
  configuration,
}: {
  readonly observed: Observed;
  readonly configuration: Configuration;
}): readonly Heard[] {
  const names = new Set(
    configuration.pipelines.flatMap(({ name, environments }) => [name, ...environments.map((each) => each.name)]),
  );
  const prefix = configuration.commandPrefix;
  return observed.conversations
    .flatMap((conversation): Heard[] => {
      const read = observed.comments[conversation.number];
      if (read?.kind !== "known") return [];
      const { node } = read.value;
      return unansweredIn(read.value, observed.now).flatMap((comment) => {
        const lines = readCommands({
          text: comment.text,
          at: comment.at,
          names,
          ...(prefix !== undefined && { prefix }),
        });
        if (lines.length === 0) return [];
        const reason = whyVoid(comment, observed.now);
        return [{ conversation, node, comment, lines, ...(reason !== undefined && { void: reason }) }];
      });
    })
    .sort((a, b) => a.comment.id - b.comment.id);
}

function unansweredIn({ comments, answered }: CommentsRead, now: number): readonly Comment[] {
  return comments.filter(
    ({ id, by, hidden, edited, announced, reaction, at }) =>
      by.kind === "person" &&
      !hidden &&
      // What somebody changes later is no new word, and needs no answer.
      (!edited || announced === true) &&
      now - at <= ANSWERED_FOR &&
      (reaction === undefined || reaction === "seen") &&
      !answered.includes(id),
  );
}

/** Anybody who may write here can change what somebody else wrote (T7). */
function whyVoid({ edited, at }: Comment, now: number): string | undefined {
  if (edited) return "this comment was edited after it was written, so nobody can say whose word it is";
  if (now - at > OBEYED_FOR) return "this was written more than a day ago, for what there was then";
  return undefined;
}
