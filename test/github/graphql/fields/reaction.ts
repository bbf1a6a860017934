// Reactions: what GitHub groups by emoji on everything that can be reacted to, and its words for them.

import { accountOf } from "../../model/manage-accounts.ts";
import type { Comment, Conversation, Reaction, ReactionContent } from "../../model/repository.ts";
import type { Context, FieldTable } from "../context.ts";

const WORDS = {
  THUMBS_UP: "+1",
  THUMBS_DOWN: "-1",
  LAUGH: "laugh",
  HOORAY: "hooray",
  CONFUSED: "confused",
  HEART: "heart",
  ROCKET: "rocket",
  EYES: "eyes",
} as const satisfies Readonly<Record<string, ReactionContent>>;

export type ReactionWord = keyof typeof WORDS;

export function contentOf(word: ReactionWord): ReactionContent {
  return WORDS[word];
}

/** One group for every emoji, also for those that nobody gave. */
export function groupReactions({ reactions }: Comment | Conversation, _: unknown, { actor }: Context) {
  const viewer = accountOf(actor);
  return Object.entries(WORDS).map(([word, content]) => {
    const given = reactions.filter((reaction) => reaction.content === content);
    return {
      content: word,
      createdAt: given[0]?.createdAt ?? null,
      viewerHasReacted: given.some(({ user }) => user === viewer),
    };
  });
}

export const reactionFields = {
  Reaction: {
    id: ({ nodeId }: Reaction) => nodeId,
    databaseId: ({ id }: Reaction) => id,
    content: ({ content }: Reaction) => Object.entries(WORDS).find(([, one]) => one === content)?.[0],
    createdAt: ({ createdAt }: Reaction) => createdAt,
    user: ({ user }: Reaction) => (user.type === "User" ? user : null),
  },
} satisfies Readonly<Record<string, FieldTable>>;
