// Conversations: pull requests and the dashboard issue, where people talk and give commands. What they wrote is hostile
// until it was read; who they are is their numeric id, never a name.

import type { EnvironmentKey } from "./pipeline.ts";

/** Where people may talk to Stagecoach, as the first question of a pass shows it. */
export interface Conversation {
  readonly number: number;
  readonly kind: "promotion" | "pull-request" | "dashboard";
  readonly state: "open" | "merged" | "closed";
  /** The environment that our promotion goes to, or `<group>/<environment>`. */
  readonly key?: EnvironmentKey;
  /** Its branch is in another repository. */
  readonly fork: boolean;
  /**
   * The commit at its head, and when it was made and had come to GitHub; epoch milliseconds. Absent for issues, where
   * GitHub did not list the commit, and where nobody can say when a person's commit came.
   */
  readonly head?: { readonly oid: string; readonly committedAt: number };
  /** How many comments there are. */
  readonly comments: number;
  /** The last three, oldest first. */
  readonly last: readonly CommentMark[];
}

export interface CommentMark {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Our app wrote it. */
  readonly ours: boolean;
}

/** One comment as it stands now. */
export interface Comment {
  readonly id: number;
  /** GraphQL node id, for reactions. */
  readonly node: string;
  readonly by: Actor;
  readonly at: number;
  /** As written, at most 16 KiB; hostile. */
  readonly text: string;
  /** Somebody changed it after it was written; whoever that was. */
  readonly edited: boolean;
  /** An event has just told of it. */
  readonly announced?: true;
  /** Somebody hid it. */
  readonly hidden: boolean;
  /** Our own reaction that stands on it: seen, or how it ended. */
  readonly reaction?: Reaction;
}

export type Reaction = "seen" | "done" | "noted" | "refused" | "confused";

export interface Actor {
  /** GitHub's numeric id, which nobody can take over. */
  readonly id: number;
  readonly login: string;
  /** Anything but a person gives no commands. */
  readonly kind: "person" | "bot";
}

/** The newest comments of a conversation, oldest first. */
export interface CommentsRead {
  /** GraphQL node id of the conversation, for answering. */
  readonly node: string;
  readonly comments: readonly Comment[];
  /** Ids of comments that one of our own comments there answers, by its mark. */
  readonly answered: readonly number[];
}

/** What a person may do in the repository, strongest last. */
export const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;

export type Role = (typeof ROLES)[number];

/** A person as GitHub knows them at this moment. */
export interface Person {
  readonly id: number;
  readonly role: Role;
}

export function membershipKey({ team, login }: { readonly team: string; readonly login: string }): string {
  return `${team} ${login.toLowerCase()}`;
}
