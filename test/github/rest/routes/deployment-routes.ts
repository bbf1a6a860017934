// Deployments and their statuses.

import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readFlag, readText, readTexts } from "../../http/read-body.ts";
import { created, fail, invalid, notFound, ok, type Reply } from "../../http/reply.ts";
import type { Deployment, DeploymentState } from "../../model/check.ts";
import { appOf } from "../../model/manage-accounts.ts";
import { addDeployment, addDeploymentStatus, deploymentsOf } from "../../model/record-deployment.ts";
import { latestStatusesOf, runsOf } from "../../model/report-check.ts";
import { resolveCommit } from "../resolve-commit.ts";
import { showDeployment, showDeploymentStatus } from "../views/show-check.ts";

const deployments = { permission: "deployments" };

export const deploymentRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/deployments", deployments, (call) => {
    const wanted = ["sha", "ref", "task", "environment"].map((name) => [name, call.query.get(name)] as const);
    const items = deploymentsOf(call.model, call.repository.id)
      .map((deployment) => showDeployment(call.model, deployment))
      .filter((shown) =>
        wanted.every(([name, value]) => value === null || new Map(Object.entries(shown)).get(name) === value),
      )
      .toReversed();
    return paginate(call, { items, show: (shown) => shown });
  }),
  repositoryRoute("POST /repos/{owner}/{repo}/deployments", deployments, createDeployment),
  repositoryRoute("GET /repos/{owner}/{repo}/deployments/{deployment_id}", deployments, (call) =>
    withDeployment(call, (deployment) => ok(showDeployment(call.model, deployment))),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", deployments, (call) =>
    withDeployment(call, (deployment) =>
      paginate(call, {
        items: deployment.statuses.toReversed(),
        show: (status) => showDeploymentStatus(call.model, { deployment, status }),
      }),
    ),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", deployments, (call) =>
    withDeployment(call, (deployment) => {
      const { model, by, actor, body } = call;
      if ((readText(body, "description") ?? "").length > 140)
        return invalid([
          {
            resource: "DeploymentStatus",
            code: "custom",
            field: "description",
            message: "description is too long (maximum is 140 characters)",
          },
        ]);
      const status = addDeploymentStatus(model, {
        deployment,
        status: {
          state: readText(body, "state") as DeploymentState,
          description: readText(body, "description") ?? "",
          environment: readText(body, "environment"),
          environmentUrl: readText(body, "environment_url") ?? "",
          logUrl: readText(body, "log_url") ?? readText(body, "target_url") ?? "",
          creator: by,
          app: appOf(actor),
          autoInactive: readFlag(body, "auto_inactive") ?? true,
        },
      });
      return created(showDeploymentStatus(model, { deployment, status }));
    }),
  ),
];

/** Without `auto_merge: false` GitHub would merge the default branch in; without contexts it demands every check green. */
function createDeployment(call: RepositoryCall): Reply {
  const { model, repository, by, actor, body } = call;
  const ref = readText(body, "ref") ?? "";
  const commit = resolveCommit(repository, ref);
  if (commit === undefined) return fail(422, `No ref found for: ${ref}`);
  const contexts = readTexts(body, "required_contexts");
  if (contexts === undefined && !isGreen(call, commit.oid))
    return fail(409, `Conflict: Commit status checks failed for ${ref}.`);
  const environment = readText(body, "environment") ?? "production";
  if (environment.length > 255)
    return invalid([
      {
        resource: "Deployment",
        code: "custom",
        field: "environment",
        message: "environment is too long (maximum is 255 characters)",
      },
    ]);
  const payload = body.payload ?? "";
  const deployment = addDeployment(model, {
    repository,
    ref,
    oid: commit.oid,
    task: readText(body, "task") ?? "deploy",
    environment,
    description: readText(body, "description") ?? null,
    payload,
    transient: readFlag(body, "transient_environment") ?? false,
    production: readFlag(body, "production_environment") ?? environment === "production",
    creator: by,
    app: appOf(actor),
  });
  return created(showDeployment(model, deployment));
}

function isGreen({ model, repository }: RepositoryCall, oid: string): boolean {
  const good = ["success", "neutral", "skipped"];
  return (
    latestStatusesOf(model, { repository, oid }).every(({ state }) => state === "success") &&
    runsOf(model, { repository, oid, latest: true }).every(({ conclusion }) => good.includes(conclusion ?? ""))
  );
}

function withDeployment(call: RepositoryCall, answer: (deployment: Deployment) => Reply): Reply {
  const deployment = call.model.deployments.get(Number(call.parameters.deployment_id));
  return deployment?.repository.id === call.repository.id ? answer(deployment) : notFound();
}
