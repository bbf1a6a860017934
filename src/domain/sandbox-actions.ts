// What a pass decided about environments that are lent: our pull request that changes the field, its merge, and the one
// comment on the pull request that borrows.

import type { Decided } from "./decided.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Edit } from "./place.ts";
import type { SandboxPullView, SandboxView } from "./sandbox.ts";

export type SandboxAction = ProposeSandbox | MergeSandbox | TellSandbox;

/** Opens the pull request that changes the field, or makes the open one say what it should. */
export interface ProposeSandbox extends Decided {
  readonly kind: "propose-sandbox";
  readonly key: EnvironmentKey;
  readonly base: string;
  readonly baseHead: string;
  readonly baseTree: string;
  /** The branch's present head; absent: it does not exist. */
  readonly branchHead?: string;
  /** The open pull request; absent: it has to be opened. */
  readonly number?: number;
  /** Absent: the head is right, and only the text is not. */
  readonly edit?: Edit;
  readonly view: SandboxPullView;
}

export interface MergeSandbox extends Decided {
  readonly kind: "merge-sandbox";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly head: string;
  readonly method: "squash" | "merge" | "rebase" | "queue";
  readonly view: SandboxPullView;
}

export interface TellSandbox extends Decided {
  readonly kind: "tell-sandbox";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly view: SandboxView;
  /** The comment to edit; absent: a new one. */
  readonly comment?: number;
}
