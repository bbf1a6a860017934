// The number of a deployment, by which statuses are written, where GraphQL cannot say it because it has outgrown its
// field. Numbers never change, so each is looked up once.

import { type Github, tryRead } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";

export interface DeploymentPlace {
  readonly at: RepositoryReference;
  /** GraphQL node id. */
  readonly node: string;
  readonly commit: string;
}

const MOST_REMEMBERED = 10_000;

export async function findDeploymentId(
  github: Github,
  { at, node, commit }: DeploymentPlace,
): Promise<number | undefined> {
  const remembered = github.deployments.get(node);
  if (remembered !== undefined) return remembered;
  const listed = await tryRead(github, {
    at,
    doing: `list the deployments of ${commit}`,
    ask: ({ octokit, where }) => octokit.rest.repos.listDeployments({ ...where, sha: commit, per_page: 100 }),
  });
  if (listed.kind !== "ok") return undefined;
  for (const { node_id, id } of listed.value.data) rememberDeployment(github, { node: node_id, id: Number(id) });
  return github.deployments.get(node);
}

export function rememberDeployment(
  { deployments }: Github,
  { node, id }: { readonly node: string; readonly id: number },
): void {
  if (deployments.size >= MOST_REMEMBERED) deployments.clear();
  if (Number.isSafeInteger(id)) deployments.set(node, id);
}
