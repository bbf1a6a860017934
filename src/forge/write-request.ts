// What the forge is asked to write: files and where branches go, texts of pull requests, issues and checks, answers. Only
// shapes; what becomes of them is told by the port.

import type { Reaction } from "../domain/conversation.ts";

export interface FileChange {
  readonly path: string;
  readonly mode: string;
  readonly text: string;
}

export interface RefMove {
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Absent: the branch must not exist. */
  readonly from?: string;
  /** Absent: the branch is deleted. */
  readonly to?: string;
}

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

export interface CheckText {
  readonly state: "in-progress" | "success" | "failure";
  readonly title: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly annotations: readonly CheckAnnotation[];
  /** Buttons; absent: none. */
  readonly actions?: readonly CheckAction[];
}

/** GitHub shows at most three of them. */
export interface CheckAction {
  /** At most 20 characters. */
  readonly label: string;
  /** At most 40 characters. */
  readonly description: string;
  /** At most 20 characters; comes back when somebody presses the button. */
  readonly identifier: string;
}

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning" | "notice";
  readonly message: string;
}

export interface AnswerRequest {
  /** Node id of the pull request or issue. */
  readonly conversation: string;
  /** Node id of the comment that is answered. */
  readonly comment: string;
  readonly body: string;
  readonly reaction: Exclude<Reaction, "seen">;
}

export interface IssueText {
  readonly title: string;
  readonly body: string;
}

export interface CommitRequest {
  /** Absent: an orphan. */
  readonly parent?: string;
  /** Absent: an empty tree. */
  readonly baseTree?: string;
  readonly files: readonly FileChange[];
  readonly message: string;
}

export interface BranchCommitRequest {
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly head: string;
  readonly files: readonly FileChange[];
  readonly message: string;
}
