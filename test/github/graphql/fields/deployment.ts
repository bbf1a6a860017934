// Deployments and their statuses. An id beyond 32 bits does not fit into `databaseId`: null, with an error on its path.

import type { Deployment, DeploymentStatus } from "../../model/check.ts";
import { deploymentsOf } from "../../model/record-deployment.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { type CommitNode, commitNode } from "../git-node.ts";
import { notModelled } from "../problem.ts";

interface DeploymentArguments extends PageArguments {
  readonly environments?: readonly string[] | null;
  readonly orderBy?: { readonly field: "CREATED_AT"; readonly direction: "ASC" | "DESC" } | null;
}

export const deploymentFields = {
  Deployment: {
    id: ({ nodeId }: Deployment) => nodeId,
    databaseId: ({ id }: Deployment) => id,
    commit: ({ repository, oid }: Deployment) => commitNode(repository, oid),
    commitOid: ({ oid }: Deployment) => oid,
    creator: ({ creator }: Deployment) => creator,
    description: ({ description }: Deployment) => description,
    environment: (deployment: Deployment) => latestEnvironment(deployment),
    latestEnvironment: (deployment: Deployment) => latestEnvironment(deployment),
    originalEnvironment: ({ environment }: Deployment) => environment,
    task: ({ task }: Deployment) => task,
    repository: ({ repository }: Deployment) => repository,
    createdAt: ({ createdAt }: Deployment) => createdAt,
    updatedAt: ({ updatedAt }: Deployment) => updatedAt,
    latestStatus: ({ statuses }: Deployment) => statuses.at(-1) ?? null,
    statuses: ({ statuses }: Deployment, args: PageArguments) => connect(statuses.toReversed(), args, byNodeId),
  },
  DeploymentStatus: {
    id: ({ nodeId }: DeploymentStatus) => nodeId,
    state: ({ state }: DeploymentStatus) => state.toUpperCase(),
    description: ({ description }: DeploymentStatus) => description,
    environment: ({ environment }: DeploymentStatus) => environment,
    creator: ({ creator }: DeploymentStatus) => creator,
    createdAt: ({ createdAt }: DeploymentStatus) => createdAt,
    updatedAt: ({ createdAt }: DeploymentStatus) => createdAt,
  },
} satisfies Readonly<Record<string, FieldTable>>;

/** The deployments of a commit, oldest first unless asked otherwise. */
export function listDeployments({ repository, oid }: CommitNode, args: DeploymentArguments, context: Context) {
  demand(context, { repository, permission: "deployments" });
  if (args.environments && args.environments.length === 0) throw notModelled("Commit.deployments(environments: [])");
  const found = deploymentsOf(context.model, repository.id).filter(
    (deployment) =>
      deployment.oid === oid && (!args.environments || args.environments.includes(latestEnvironment(deployment))),
  );
  return connect(args.orderBy?.direction === "DESC" ? found.toReversed() : found, args, byNodeId);
}

/** A status may name another environment than the deployment was made for. */
function latestEnvironment({ environment, statuses }: Deployment): string {
  return statuses.at(-1)?.environment ?? environment;
}
