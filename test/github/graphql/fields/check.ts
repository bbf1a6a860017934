// Check suites, check runs and commit statuses.

import type { CheckRun, CheckSuite, CommitStatus } from "../../model/check.ts";
import { rulesOf } from "../../model/find-rule.ts";
import { fullName } from "../../model/manage-repositories.ts";
import type { PullRequest, Repository } from "../../model/repository.ts";
import { concludeSuite } from "../../rest/views/show-check.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { commitNode, refNode } from "../git-node.ts";
import { problem } from "../problem.ts";

interface RunArguments extends PageArguments {
  readonly filterBy?: {
    readonly appId?: number | null;
    readonly checkName?: string | null;
    readonly checkType?: "ALL" | "LATEST" | null;
    readonly conclusions?: readonly string[] | null;
    readonly status?: string | null;
    readonly statuses?: readonly string[] | null;
  } | null;
}

interface RequiredArguments {
  readonly pullRequestId?: string | null;
  readonly pullRequestNumber?: number | null;
}

export const checkFields = {
  CheckSuite: {
    id: ({ nodeId }: CheckSuite) => nodeId,
    databaseId: ({ id }: CheckSuite) => id,
    app: ({ app }: CheckSuite) => app,
    repository: ({ repository }: CheckSuite) => repository,
    commit: ({ repository, headOid }: CheckSuite) => commitNode(repository, headOid),
    branch: ({ repository, headBranch }: CheckSuite) =>
      headBranch === null ? null : refNode(repository, `refs/heads/${headBranch}`),
    createdAt: ({ createdAt }: CheckSuite) => createdAt,
    updatedAt: ({ updatedAt }: CheckSuite) => updatedAt,
    status: (suite: CheckSuite) => suiteStatus(suite),
    conclusion: (suite: CheckSuite) => suiteConclusion(suite),
    checkRuns: (suite: CheckSuite, args: RunArguments, context: Context) => {
      demand(context, { repository: suite.repository, permission: "checks" });
      return connect(selectRuns(suite, args), args, byNodeId);
    },
  },
  CheckRun: {
    id: ({ nodeId }: CheckRun) => nodeId,
    databaseId: ({ id }: CheckRun) => id,
    name: ({ name }: CheckRun) => name,
    status: ({ status }: CheckRun) => status.toUpperCase(),
    conclusion: ({ conclusion }: CheckRun) => conclusion?.toUpperCase() ?? null,
    externalId: ({ externalId }: CheckRun) => externalId,
    title: ({ output }: CheckRun) => output.title,
    summary: ({ output }: CheckRun) => output.summary,
    text: ({ output }: CheckRun) => output.text,
    startedAt: ({ startedAt }: CheckRun) => startedAt,
    completedAt: ({ completedAt }: CheckRun) => completedAt,
    detailsUrl: (run: CheckRun, _: unknown, { model }: Context) =>
      run.detailsUrl ?? `${model.url}/${fullName(run.suite.repository)}/runs/${run.id}`,
    url: (run: CheckRun, _: unknown, { model }: Context) =>
      `${model.url}/${fullName(run.suite.repository)}/runs/${run.id}`,
    checkSuite: ({ suite }: CheckRun) => suite,
    repository: ({ suite }: CheckRun) => suite.repository,
    isRequired: (run: CheckRun, args: RequiredArguments, context: Context) => {
      const { repository, app } = run.suite;
      return isRequired(context, { repository, name: run.name, app: app.id, ...args });
    },
  },
  StatusContext: {
    id: ({ nodeId }: CommitStatus) => nodeId,
    context: ({ context }: CommitStatus) => context,
    state: ({ state }: CommitStatus) => state.toUpperCase(),
    description: ({ description }: CommitStatus) => description,
    targetUrl: ({ targetUrl }: CommitStatus) => targetUrl,
    creator: ({ creator }: CommitStatus) => creator,
    createdAt: ({ createdAt }: CommitStatus) => createdAt,
    commit: ({ repository, oid }: CommitStatus) => commitNode(repository, oid),
    isRequired: ({ repository, context: name }: CommitStatus, args: RequiredArguments, context: Context) =>
      isRequired(context, { repository, name, app: undefined, ...args }),
  },
} satisfies Readonly<Record<string, FieldTable>>;

function selectRuns({ runs, app }: CheckSuite, { filterBy }: RunArguments): readonly CheckRun[] {
  const { appId, checkName, checkType, conclusions, status, statuses } = filterBy ?? {};
  const latest = checkType === "ALL" ? runs : [...new Map(runs.map((run) => [run.name, run])).values()];
  const wanted = [...(statuses ?? []), ...(status ? [status] : [])];
  return latest.filter(
    (run) =>
      (!appId || app.id === appId) &&
      (!checkName || run.name === checkName) &&
      (!conclusions || conclusions.includes(run.conclusion?.toUpperCase() ?? "")) &&
      (wanted.length === 0 || wanted.includes(run.status.toUpperCase())),
  );
}

function suiteStatus({ runs }: CheckSuite): string {
  if (runs.length === 0) return "QUEUED";
  if (runs.every(({ status }) => status === "completed")) return "COMPLETED";
  return runs.some(({ status }) => status === "in_progress") ? "IN_PROGRESS" : "QUEUED";
}

function suiteConclusion(suite: CheckSuite): string | null {
  if (suiteStatus(suite) !== "COMPLETED") return null;
  return concludeSuite(suite.runs).toUpperCase();
}

function isRequired(
  { model }: Context,
  {
    repository,
    name,
    app,
    pullRequestId,
    pullRequestNumber,
  }: RequiredArguments & { readonly repository: Repository; readonly name: string; readonly app: number | undefined },
): boolean {
  const found = pullRequestId ? model.nodes.get(pullRequestId) : repository.conversations.get(pullRequestNumber ?? 0);
  if (found?.kind !== "pull-request") {
    throw problem("NOT_FOUND", "One of pullRequestId or pullRequestNumber must name a pull request.");
  }
  return requiredChecks(found).some(
    (check) => check.context === name && (check.app === undefined || check.app === app),
  );
}

function requiredChecks({ repository, baseRef }: PullRequest) {
  return rulesOf(repository, baseRef).flatMap((rule) => rule.requiredChecks);
}
