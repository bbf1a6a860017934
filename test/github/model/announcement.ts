// What GitHub would tell the world: one union of every event that the model announces, in terms of the model.
// The webhooks turn them into signed deliveries; the model knows nothing about HTTP.

import type { CheckRun, CheckSuite, CommitStatus, Deployment, DeploymentStatus } from "./check.ts";
import type { Installation, Team, User } from "./identity.ts";
import type { Comment, Issue, Label, MergeGroup, PullRequest, Repository, Review } from "./repository.ts";

interface InRepository {
  readonly repository: Repository;
  readonly sender: User;
}

export interface PushAnnouncement extends InRepository {
  readonly event: "push";
  /** full name, refs/heads/main */
  readonly ref: string;
  /** forty zeros when the ref was created */
  readonly before: string;
  /** forty zeros when the ref was deleted */
  readonly after: string;
  readonly forced: boolean;
}

export type PullRequestAction =
  | "opened"
  | "closed"
  | "reopened"
  | "synchronize"
  | "edited"
  | "labeled"
  | "unlabeled"
  | "review_requested"
  | "review_request_removed"
  | "ready_for_review"
  | "converted_to_draft"
  | "enqueued"
  | "dequeued";

export interface PullRequestAnnouncement extends InRepository {
  readonly event: "pull_request";
  readonly action: PullRequestAction;
  readonly pullRequest: PullRequest;
  readonly label?: Label;
  readonly reviewer?: User | Team;
  /** synchronize: head before and after */
  readonly before?: string;
  readonly after?: string;
  /** dequeued: why, in GitHub's capitals */
  readonly reason?: string;
  /** edited: the former values */
  readonly changes?: {
    readonly title?: string;
    readonly body?: string | null;
    readonly base?: { readonly ref: string; readonly oid: string };
  };
}

export interface IssueAnnouncement extends InRepository {
  readonly event: "issues";
  readonly action: "opened" | "closed" | "reopened" | "edited" | "labeled" | "unlabeled";
  readonly issue: Issue;
  readonly label?: Label;
  readonly changes?: { readonly title?: string; readonly body?: string | null };
}

export interface CommentAnnouncement extends InRepository {
  readonly event: "issue_comment";
  readonly action: "created" | "edited" | "deleted";
  readonly comment: Comment;
  readonly previousBody?: string;
}

export interface ReviewAnnouncement extends InRepository {
  readonly event: "pull_request_review";
  readonly action: "submitted" | "dismissed" | "edited";
  readonly review: Review;
}

export interface MergeGroupAnnouncement extends InRepository {
  readonly event: "merge_group";
  readonly action: "checks_requested" | "destroyed";
  readonly group: MergeGroup;
  readonly reason?: "merged" | "invalidated" | "dequeued";
}

export type Announcement =
  | PushAnnouncement
  | PullRequestAnnouncement
  | IssueAnnouncement
  | CommentAnnouncement
  | ReviewAnnouncement
  | MergeGroupAnnouncement
  | (InRepository & { readonly event: "create" | "delete"; readonly refType: "branch" | "tag"; readonly ref: string })
  | (InRepository & {
      readonly event: "check_run";
      readonly action: "created" | "completed" | "rerequested";
      readonly checkRun: CheckRun;
    })
  | (InRepository & {
      readonly event: "check_run";
      readonly action: "requested_action";
      readonly checkRun: CheckRun;
      /** identifier of the button */
      readonly button: string;
    })
  | (InRepository & {
      readonly event: "check_suite";
      readonly action: "requested" | "completed" | "rerequested";
      readonly checkSuite: CheckSuite;
    })
  | (InRepository & { readonly event: "status"; readonly status: CommitStatus })
  | (InRepository & { readonly event: "deployment"; readonly action: "created"; readonly deployment: Deployment })
  | (InRepository & {
      readonly event: "deployment_status";
      readonly action: "created";
      readonly deployment: Deployment;
      readonly status: DeploymentStatus;
    })
  | (InRepository & { readonly event: "repository"; readonly action: "renamed"; readonly previousName: string })
  | (InRepository & { readonly event: "repository"; readonly action: "created" | "archived" | "unarchived" | "edited" })
  | {
      readonly event: "installation";
      readonly action: "created" | "deleted" | "suspend" | "unsuspend";
      readonly installation: Installation;
      readonly sender: User;
    }
  | {
      readonly event: "installation_repositories";
      readonly action: "added" | "removed";
      readonly installation: Installation;
      readonly repositories: readonly Repository[];
      readonly sender: User;
    };
