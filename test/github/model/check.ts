// What is said about commits: check suites and runs, commit statuses, deployments and their statuses.

import type { App, User } from "./identity.ts";
import type { Repository } from "./repository.ts";

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
export type CheckConclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "success"
  | "skipped"
  | "stale"
  | "timed_out";

export interface CheckSuite {
  readonly kind: "check-suite";
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly app: App;
  readonly headOid: string;
  readonly headBranch: string | null;
  readonly runs: CheckRun[];
  readonly createdAt: string;
  updatedAt: string;
}

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckOutput {
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: CheckAnnotation[];
}

export interface CheckRun {
  readonly kind: "check-run";
  readonly id: number;
  readonly nodeId: string;
  readonly suite: CheckSuite;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  externalId: string;
  detailsUrl: string | undefined;
  startedAt: string | null;
  completedAt: string | null;
  readonly output: CheckOutput;
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
  readonly createdAt: string;
}

export interface CommitStatus {
  readonly kind: "status";
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly oid: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: User;
  readonly createdAt: string;
}

export type DeploymentState = "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";

export interface DeploymentStatus {
  readonly kind: "deployment-status";
  readonly id: number;
  readonly nodeId: string;
  readonly state: DeploymentState;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: User;
  readonly app: App | undefined;
  readonly createdAt: string;
}

export interface Deployment {
  readonly kind: "deployment";
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly ref: string;
  readonly oid: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: User;
  readonly app: App | undefined;
  readonly statuses: DeploymentStatus[];
  readonly createdAt: string;
  updatedAt: string;
}
