// Records a deployment of a merge commit and what became of it. GitHub deploys nothing for it: nothing is merged, no
// check is demanded, and earlier deployments stay as they are. A lost answer is not followed by a second request.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { DeploymentState } from "../domain/told.ts";
import { type Github, write } from "./call-github.ts";
import { rememberDeployment } from "./find-deployment-id.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";

export interface DeploymentRequest {
  readonly at: RepositoryReference;
  readonly commit: string;
  readonly environment: EnvironmentKey;
  readonly description: string;
}

export interface DeploymentStatusRequest {
  readonly at: RepositoryReference;
  readonly deployment: number;
  readonly state: DeploymentState;
  readonly description: string;
}

export async function createDeployment(
  github: Github,
  { at, commit, environment, description }: DeploymentRequest,
): Promise<Outcome<{ readonly id: number }>> {
  const written = await write(github, {
    at,
    doing: `record the deployment of ${commit}`,
    ask: ({ octokit, where }) =>
      octokit.rest.repos.createDeployment({
        ...where,
        ref: commit,
        environment,
        description: cutDescription(description),
        auto_merge: false,
        required_contexts: [],
      }),
  });
  if (written.kind === "unsure") throw written.error;
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const { data } = written.value;
  // 202 has a message alone: GitHub did something else instead.
  if (!("id" in data)) return { kind: "refused", why: data.message ?? "GitHub recorded no deployment" };
  rememberDeployment(github, { node: data.node_id, id: Number(data.id) });
  return { kind: "done", value: { id: Number(data.id) } };
}

export async function setDeploymentStatus(
  github: Github,
  { at, deployment, state, description }: DeploymentStatusRequest,
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `set the status of deployment ${deployment}`,
    ask: ({ octokit, where }) =>
      octokit.rest.repos.createDeploymentStatus({
        ...where,
        deployment_id: deployment,
        state,
        description: cutDescription(description),
        auto_inactive: false,
      }),
  });
  if (written.kind === "ok") return { kind: "done", value: undefined };
  if (written.kind === "unsure") throw written.error;
  if (written.status === 404) return { kind: "moved-on", why: `deployment ${deployment} is gone` };
  return { kind: "refused", why: written.sentence };
}

/** Characters that GitHub takes for the description of a status. */
const LONGEST_DESCRIPTION = 140;

/** One line, and no half of a character at its end. */
export function cutDescription(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= LONGEST_DESCRIPTION) return line;
  return `${line.slice(0, LONGEST_DESCRIPTION - 1).replace(/[\s\ud800-\udbff]+$/, "")}…`;
}
