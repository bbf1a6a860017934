// Deployments and their statuses; nothing is deployed, GitHub only keeps what it is told.

import type { Deployment, DeploymentStatus } from "./check.ts";
import { identifyNode } from "./identify-node.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";

export type NewDeployment = Pick<
  Deployment,
  | "repository"
  | "ref"
  | "oid"
  | "task"
  | "environment"
  | "description"
  | "payload"
  | "transient"
  | "production"
  | "creator"
  | "app"
>;

export function addDeployment(model: Model, deployment: NewDeployment): Deployment {
  const id = nextId(model);
  const now = timestamp(model);
  const added: Deployment = register(model, {
    kind: "deployment",
    id,
    nodeId: identifyNode("deployment", id),
    ...deployment,
    statuses: [],
    createdAt: now,
    updatedAt: now,
  });
  model.deployments.set(id, added);
  announce(model, {
    event: "deployment",
    action: "created",
    repository: added.repository,
    deployment: added,
    sender: added.creator,
  });
  return added;
}

export type NewDeploymentStatus = Pick<
  DeploymentStatus,
  "state" | "description" | "environmentUrl" | "logUrl" | "creator" | "app"
> & { readonly environment?: string | undefined; readonly autoInactive: boolean };

export function addDeploymentStatus(
  model: Model,
  {
    deployment,
    status: { autoInactive, environment = deployment.environment, ...status },
  }: { readonly deployment: Deployment; readonly status: NewDeploymentStatus },
): DeploymentStatus {
  const id = nextId(model);
  const added: DeploymentStatus = {
    kind: "deployment-status",
    id,
    nodeId: identifyNode("deployment-status", id),
    ...status,
    environment,
    createdAt: timestamp(model),
  };
  deployment.statuses.push(added);
  deployment.updatedAt = added.createdAt;
  announce(model, {
    event: "deployment_status",
    action: "created",
    repository: deployment.repository,
    deployment,
    status: added,
    sender: added.creator,
  });
  if (autoInactive && added.state === "success") retireOthers(model, { deployment, status });
  return added;
}

export function deploymentsOf(model: Model, repositoryId: number): readonly Deployment[] {
  return [...model.deployments.values()].filter(({ repository }) => repository.id === repositoryId);
}

/** A success makes the earlier ones of the same non-transient, non-production environment inactive. */
function retireOthers(
  model: Model,
  {
    deployment,
    status,
  }: { readonly deployment: Deployment; readonly status: Omit<NewDeploymentStatus, "autoInactive" | "environment"> },
): void {
  const others = deploymentsOf(model, deployment.repository.id).filter(
    (other) =>
      other.id < deployment.id && other.environment === deployment.environment && !other.transient && !other.production,
  );
  for (const other of others)
    if (other.statuses.at(-1)?.state === "success")
      addDeploymentStatus(model, {
        deployment: other,
        status: { ...status, state: "inactive", description: "", autoInactive: false },
      });
}
