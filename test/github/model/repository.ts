// A repository and the conversations in it: issues, pull requests, their comments, reviews and history.
// These types refer to each other, so they share a file. Only shapes; the functions beside it change them.

import type { GitRepository } from "../git/git-repository.ts";
import type { App, Team, User } from "./identity.ts";
import type { BranchRule } from "./rule.ts";

export type Role = "read" | "triage" | "write" | "maintain" | "admin";
export type MergeMethod = "merge" | "squash" | "rebase";

export interface Label {
  readonly kind: "label";
  readonly id: number;
  readonly nodeId: string;
  name: string;
  color: string;
  description: string | null;
}

export interface Repository {
  readonly kind: "repository";
  readonly id: number;
  readonly nodeId: string;
  readonly owner: User;
  name: string;
  private: boolean;
  archived: boolean;
  description: string | null;
  defaultBranch: string;
  mergeMethods: readonly MergeMethod[];
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
  readonly parent: Repository | undefined;
  readonly git: GitRepository;
  /** login in lower case -> role */
  readonly collaborators: Map<string, Role>;
  /** login in lower case -> name of the organisation's own role that they have; what it may do stands in `collaborators` */
  readonly customRoles: Map<string, string>;
  /** team id -> role */
  readonly teams: Map<number, Role>;
  /** name in lower case -> label */
  readonly labels: Map<string, Label>;
  readonly rules: BranchRule[];
  /** branch -> its merge queue, where a rule asks for one */
  readonly mergeQueues: Map<string, MergeQueue>;
  /** number -> issue or pull request; they share one sequence */
  readonly conversations: Map<number, Conversation>;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

export type ReactionContent = "+1" | "-1" | "laugh" | "confused" | "heart" | "hooray" | "rocket" | "eyes";

export interface Reaction {
  readonly kind: "reaction";
  readonly id: number;
  readonly nodeId: string;
  readonly user: User;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

export interface Comment {
  readonly kind: "comment";
  readonly id: number;
  readonly nodeId: string;
  readonly conversation: Conversation;
  readonly author: User;
  /** the app whose installation wrote it */
  readonly app: App | undefined;
  body: string;
  readonly reactions: Reaction[];
  minimized: string | undefined;
  readonly createdAt: string;
  updatedAt: string;
  editor: User | undefined;
}

/** Somebody changed the text; GitHub keeps the first version as an edit, too. */
export interface ContentEdit {
  readonly id: number;
  readonly nodeId: string;
  readonly editor: User;
  readonly at: string;
}

interface ConversationBase {
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly number: number;
  readonly author: User;
  readonly app: App | undefined;
  title: string;
  body: string | null;
  state: "open" | "closed";
  locked: boolean;
  labels: Label[];
  assignees: User[];
  readonly comments: Comment[];
  readonly reactions: Reaction[];
  /** of the body; none while nobody has changed it, then the oldest first */
  readonly edits: ContentEdit[];
  readonly timeline: TimelineEvent[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | undefined;
  closedBy: User | undefined;
}

export interface Issue extends ConversationBase {
  readonly kind: "issue";
  stateReason: "completed" | "not_planned" | "reopened" | undefined;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly kind: "review";
  readonly id: number;
  readonly nodeId: string;
  readonly pullRequest: PullRequest;
  readonly author: User;
  state: ReviewState;
  body: string;
  readonly commitOid: string;
  readonly submittedAt: string;
  updatedAt: string;
  /** Who wrote into it later. */
  editor: User | undefined;
}

/** GitHub computes this in the background: the first question after a change is answered "unknown". */
export type Mergeability =
  | { readonly kind: "unknown"; readonly questions: number }
  | { readonly kind: "mergeable"; readonly testMergeOid: string }
  | { readonly kind: "conflicting" };

export interface PullRequest extends ConversationBase {
  readonly kind: "pull-request";
  /** branch names, without refs/heads/ */
  readonly headRef: string;
  baseRef: string;
  readonly headRepository: Repository;
  headOid: string;
  /** the base when the head was last pushed, as GitHub keeps it; not the base's tip now */
  baseOid: string;
  draft: boolean;
  mergeability: Mergeability;
  mergedAt: string | undefined;
  mergedBy: User | undefined;
  mergeCommitOid: string | undefined;
  autoMerge: AutoMerge | undefined;
  maintainerCanModify: boolean;
  requestedReviewers: User[];
  requestedTeams: Team[];
  readonly reviews: Review[];
}

/** A person wants it merged as soon as nothing is against it. */
export interface AutoMerge {
  readonly enabledBy: User;
  readonly enabledAt: string;
  readonly mergeMethod: MergeMethod;
}

export type Conversation = Issue | PullRequest;

export type TimelineEvent = {
  readonly id: number;
  readonly nodeId: string;
  readonly actor: User;
  readonly createdAt: string;
} & TimelineChange;

export type TimelineChange =
  | { readonly kind: "closed" | "reopened" | "head-ref-deleted" | "head-ref-restored" | "ready-for-review" }
  | { readonly kind: "merged"; readonly commitOid: string }
  | { readonly kind: "labeled" | "unlabeled"; readonly label: Label }
  | { readonly kind: "renamed"; readonly previousTitle: string; readonly currentTitle: string }
  | { readonly kind: "head-ref-force-pushed"; readonly beforeOid: string; readonly afterOid: string }
  | { readonly kind: "base-ref-changed"; readonly previousRefName: string; readonly currentRefName: string }
  | { readonly kind: "review-requested"; readonly reviewer: User | Team }
  | {
      readonly kind: "review-dismissed";
      readonly review: Review;
      readonly previousState: ReviewState;
      readonly message: string;
    }
  | { readonly kind: "added-to-merge-queue"; readonly entry: MergeQueueEntry }
  | { readonly kind: "removed-from-merge-queue"; readonly entry: MergeQueueEntry; readonly reason: string };

export type MergeQueueEntryState = "QUEUED" | "AWAITING_CHECKS" | "MERGEABLE" | "UNMERGEABLE" | "LOCKED";

export interface MergeQueueEntry {
  readonly kind: "merge-queue-entry";
  readonly id: number;
  readonly nodeId: string;
  readonly queue: MergeQueue;
  readonly pullRequest: PullRequest;
  readonly enqueuer: User;
  readonly enqueuedAt: string;
  readonly jump: boolean;
  state: MergeQueueEntryState;
  group: MergeGroup | undefined;
}

/** A branch that GitHub builds on top of the base, with the pull requests of the group merged one after the other. */
export interface MergeGroup {
  /** `refs/heads/gh-readonly-queue/<base>/pr-<number>-<base oid>` */
  readonly headRef: string;
  readonly headOid: string;
  readonly baseOid: string;
  readonly baseRef: string;
  readonly entries: readonly MergeQueueEntry[];
}

export interface MergeQueue {
  readonly kind: "merge-queue";
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly branch: string;
  entries: MergeQueueEntry[];
  groups: MergeGroup[];
}
