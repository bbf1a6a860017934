// What a pass decided to say and do about what runs. Everything is told where people read it; nothing here moves a
// promotion.

import type { Decided } from "./decided.ts";
import type { AttentionView, DriftIssueView, LiveView } from "./live-view.ts";
import type { EnvironmentKey, LiveTarget } from "./pipeline.ts";
import type { Edit } from "./place.ts";
import type { DeploymentState } from "./told.ts";

export type LiveAction =
  | TellLive
  | CallForAttention
  | ReportDeployment
  | TellDrift
  | SettleDrift
  | AdoptDrift
  | AskToSync;

/** The one comment that follows a promotion from its merge on. */
export interface TellLive extends Decided {
  readonly kind: "tell-live";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly view: LiveView;
  /** The comment to edit; absent: a new one. */
  readonly comment?: number;
}

/** A new comment, because a person must act. */
export interface CallForAttention extends Decided {
  readonly kind: "call-for-attention";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly view: AttentionView;
}

export interface ReportDeployment extends Decided {
  readonly kind: "report-deployment";
  readonly key: EnvironmentKey;
  readonly number: number;
  /** The merge commit. */
  readonly commit: string;
  /** Absent: it has to be created. */
  readonly deployment?: number;
  readonly status: { readonly state: DeploymentState; readonly description: string };
}

/** One issue per environment, opened or edited. */
export interface TellDrift extends Decided {
  readonly kind: "tell-drift";
  readonly key: EnvironmentKey;
  readonly view: DriftIssueView;
  /** Absent: a new one. */
  readonly issue?: number;
}

export interface SettleDrift extends Decided {
  readonly kind: "settle-drift";
  readonly key: EnvironmentKey;
  readonly issue: number;
}

/** A draft that writes to Git what was read live. */
export interface AdoptDrift extends Decided {
  readonly kind: "adopt-drift";
  readonly key: EnvironmentKey;
  readonly issue: number;
  /** The label that asked for it; it is taken off when it is done. */
  readonly label: string;
  readonly branch: string;
  readonly base: string;
  readonly baseHead: string;
  readonly baseTree: string;
  readonly edit: Edit;
  readonly title: string;
}

/** The reconciler is asked to look again; only where the operator allows writing. */
export interface AskToSync extends Decided {
  readonly kind: "ask-to-sync";
  readonly key: EnvironmentKey;
  readonly issue: number;
  /** The label that asked for it; it is taken off when it is done. */
  readonly label: string;
  readonly target: LiveTarget;
}
