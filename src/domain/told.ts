// What Stagecoach itself said on GitHub after a merge, as it stands there now: found again by its marks, so that nothing
// is said twice and only what changed is written.

import type { EnvironmentKey } from "./pipeline.ts";

export interface ToldOnPullRequest {
  /** Our comments that carry a mark; of two with the same mark the older one. */
  readonly comments: readonly ToldComment[];
  readonly deployments: readonly ToldDeployment[];
}

export interface ToldComment {
  readonly id: number;
  /** `live`, `live/<environment key>` on the pull request of a group, or `attention/<situation>`. */
  readonly topic: string;
  readonly fingerprint: string;
}

export interface ToldDeployment {
  readonly id: number;
  /** `<pipeline>/<environment>`. */
  readonly environment: EnvironmentKey;
  /** The newest status; absent when there is none yet. */
  readonly status?: { readonly state: DeploymentState; readonly description: string };
}

/** GitHub's words for what we use of them. */
export type DeploymentState = "queued" | "in_progress" | "success" | "failure" | "inactive";

/** An issue of ours that is open. */
export interface ToldIssue {
  readonly number: number;
  readonly key: EnvironmentKey;
  readonly fingerprint: string;
  readonly labels: readonly string[];
}

/** What is told of one environment on a pull request of its own, or on one that it shares. */
export function topicFor(subject: string, { key, shared }: { readonly key: EnvironmentKey; readonly shared?: true }) {
  // A mark on GitHub cannot hold two hyphens in a row.
  return shared ? `${subject}/${key.replaceAll("--", "-~-")}` : subject;
}
