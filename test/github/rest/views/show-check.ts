// Check runs and suites, commit statuses and deployments in the shapes of GitHub's REST API.

import { commitAt, noOid } from "../../git/git-repository.ts";
import type { CheckRun, CheckSuite, CommitStatus, Deployment, DeploymentStatus } from "../../model/check.ts";
import type { Model } from "../../model/model.ts";
import { pullRequestsOf } from "../../model/open-pull-request.ts";
import type { Repository } from "../../model/repository.ts";
import { showApp, showUser } from "./show-account.ts";
import { repositoryPage, repositoryUrl, showMinimalRepository } from "./show-repository.ts";

export function showCheckRun(model: Model, run: CheckRun) {
  const { suite, output } = run;
  const url = `${repositoryUrl(model, suite.repository)}/check-runs/${run.id}`;
  const page = `${repositoryPage(model, suite.repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: suite.headOid,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: output.title,
      summary: output.summary,
      text: output.text,
      annotations_count: output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suite.id },
    app: showApp(model, suite.app),
    pull_requests: showPullRequestsAt(model, suite),
  };
}

export function showCheckSuite(model: Model, suite: CheckSuite) {
  const { repository, runs, headOid } = suite;
  const url = `${repositoryUrl(model, repository)}/check-suites/${suite.id}`;
  const commit = commitAt(repository.git, headOid);
  const done = runs.length > 0 && runs.every(({ status }) => status === "completed");
  return {
    id: suite.id,
    node_id: suite.nodeId,
    head_branch: suite.headBranch,
    head_sha: headOid,
    status: done ? "completed" : runs.some(({ status }) => status === "in_progress") ? "in_progress" : "queued",
    conclusion: done ? concludeSuite(runs) : null,
    url,
    before: commit?.parents[0] ?? noOid,
    after: headOid,
    pull_requests: showPullRequestsAt(model, suite),
    app: showApp(model, suite.app),
    repository: showMinimalRepository(model, repository),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    head_commit: {
      id: headOid,
      tree_id: commit?.tree ?? noOid,
      message: commit?.message ?? "",
      timestamp: commit?.committer.date ?? suite.createdAt,
      author: { name: commit?.author.name ?? "", email: commit?.author.email ?? "" },
      committer: { name: commit?.committer.name ?? "", email: commit?.committer.email ?? "" },
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

/** The worst of its runs, as GitHub concludes a suite. */
export function concludeSuite(runs: readonly CheckRun[]): string {
  const order = ["action_required", "cancelled", "timed_out", "failure", "stale", "success", "neutral", "skipped"];
  return order.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? "success";
}

/** The brief mention of open pull requests with this head in checks. */
export function showPullRequestsAt(
  model: Model,
  { repository, headOid: oid, headBranch }: Pick<CheckSuite, "repository" | "headOid" | "headBranch">,
) {
  return pullRequestsOf(repository)
    .filter((pull) => pull.state === "open" && (pull.headOid === oid || pull.headRef === headBranch))
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${repositoryUrl(model, repository)}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headOid, repo: showName(model, pull.headRepository) },
      base: { ref: pull.baseRef, sha: pull.baseOid, repo: showName(model, repository) },
    }));
}

export function showSimpleStatus(model: Model, status: CommitStatus) {
  return {
    id: status.id,
    node_id: status.nodeId,
    url: `${repositoryUrl(model, status.repository)}/statuses/${status.oid}`,
    avatar_url: `${model.url}/avatars/u/${status.creator.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function showStatus(model: Model, status: CommitStatus) {
  return { ...showSimpleStatus(model, status), creator: showUser(model, status.creator) };
}

export function showDeployment(model: Model, deployment: Deployment) {
  const url = `${repositoryUrl(model, deployment.repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: deployment.nodeId,
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(model, deployment.repository),
    creator: showUser(model, deployment.creator),
    sha: deployment.oid,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.app === undefined ? null : showApp(model, deployment.app),
  };
}

export function showDeploymentStatus(
  model: Model,
  { deployment, status }: { readonly deployment: Deployment; readonly status: DeploymentStatus },
) {
  const url = `${repositoryUrl(model, deployment.repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    creator: showUser(model, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(model, deployment.repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: status.app === undefined ? null : showApp(model, status.app),
  };
}

function showName(model: Model, repository: Repository) {
  return { id: repository.id, url: repositoryUrl(model, repository), name: repository.name };
}
