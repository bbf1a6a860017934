// Check runs and suites, commit statuses.

import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readObjects, readPart, readText } from "../../http/read-body.ts";
import { created, fail, invalid, notFound, ok, type Reply } from "../../http/reply.ts";
import type { CheckAnnotation, CheckConclusion, CheckRun, CheckStatus, CommitStatus } from "../../model/check.ts";
import { commitKey } from "../../model/model.ts";
import {
  addStatus,
  type CheckChange,
  changeCheckRun,
  checkAppOf,
  createCheckRun,
  latestStatusesOf,
  rerequestCheckRun,
  runsOf,
  suitesOf,
} from "../../model/report-check.ts";
import { resolveCommit } from "../resolve-commit.ts";
import { showCheckRun, showCheckSuite, showSimpleStatus, showStatus } from "../views/show-check.ts";
import { repositoryUrl, showMinimalRepository } from "../views/show-repository.ts";

const checks = { permission: "checks" };
const statuses = { permission: "statuses" };

export const checkRoutes: readonly Route[] = [
  repositoryRoute("POST /repos/{owner}/{repo}/check-runs", checks, createRun),
  repositoryRoute("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", checks, (call) =>
    withRun(call, (run) => ok(showCheckRun(call.model, run))),
  ),
  repositoryRoute("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", checks, (call) =>
    withRun(call, (run) => {
      if (checkAppOf(call.actor) !== run.suite.app)
        return fail(403, "Invalid app_id `*` - check run can only be modified by the GitHub App that created it.");
      if (call.body.status === "completed" && call.body.conclusion === undefined && run.status !== "completed")
        return conclusionMissing();
      changeCheckRun(call.model, { run, change: readChange(call) });
      return ok(showCheckRun(call.model, run));
    }),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest", checks, (call) =>
    withRun(call, (run) => {
      rerequestCheckRun(call.model, { run, by: call.by });
      return created({});
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", checks, listRuns),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/check-suites", checks, (call) =>
    withCommit(call, (oid) => {
      const app = call.query.get("app_id");
      return paginate(call, {
        items: suitesOf(call.model, { ...call, oid }).filter((suite) => app === null || String(suite.app.id) === app),
        show: (suite) => showCheckSuite(call.model, suite),
        wrap: (check_suites, total_count) => ({ total_count, check_suites }),
      });
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/status", statuses, combineStatus),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/statuses", statuses, (call) =>
    withCommit(call, (oid) =>
      paginate(call, {
        items: (call.model.statuses.get(commitKey({ ...call, oid })) ?? []).toReversed(),
        show: (status) => showStatus(call.model, status),
      }),
    ),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/statuses/{sha}", statuses, (call) => {
    const { model, repository, by, body, parameters } = call;
    const commit = resolveCommit(repository, parameters.sha ?? "");
    if (commit === undefined) return fail(422, `No commit found for SHA: ${parameters.sha}`);
    const status = addStatus(model, {
      repository,
      oid: commit.oid,
      context: readText(body, "context") ?? "default",
      state: readText(body, "state") as CommitStatus["state"],
      description: readText(body, "description") ?? null,
      targetUrl: readText(body, "target_url") ?? null,
      creator: by,
    });
    return created(showStatus(model, status));
  }),
];

function createRun(call: RepositoryCall): Reply {
  const { model, repository, actor, body } = call;
  const app = checkAppOf(actor);
  if (app === undefined) return fail(403, "You must authenticate via a GitHub App.");
  const commit = resolveCommit(repository, readText(body, "head_sha") ?? "");
  if (commit === undefined) return fail(422, `No commit found for SHA: ${readText(body, "head_sha")}`);
  if (body.status === "completed" && body.conclusion === undefined) return conclusionMissing();
  const name = readText(body, "name") ?? "";
  const run = createCheckRun(model, { repository, app, oid: commit.oid, name, change: readChange(call) });
  return created(showCheckRun(model, run));
}

function listRuns(call: RepositoryCall): Reply {
  return withCommit(call, (oid) => {
    const { model, repository, query } = call;
    const wanted = { name: query.get("check_name"), app: query.get("app_id"), status: query.get("status") };
    const items = runsOf(model, { repository, oid, latest: query.get("filter") !== "all" })
      .filter((run) => wanted.name === null || run.name === wanted.name)
      .filter((run) => wanted.app === null || String(run.suite.app.id) === wanted.app)
      .filter((run) => wanted.status === null || run.status === wanted.status)
      .toReversed();
    return paginate(call, {
      items,
      show: (run) => showCheckRun(model, run),
      wrap: (check_runs, total_count) => ({ total_count, check_runs }),
    });
  });
}

function combineStatus(call: RepositoryCall): Reply {
  return withCommit(call, (sha) => {
    const { model, repository } = call;
    const latest = latestStatusesOf(model, { repository, oid: sha });
    const failed = latest.some(({ state }) => state === "failure" || state === "error");
    const passed = latest.length > 0 && latest.every(({ state }) => state === "success");
    const url = `${repositoryUrl(model, repository)}/commits/${sha}`;
    return paginate(call, {
      items: latest,
      show: (status) => showSimpleStatus(model, status),
      wrap: (shown, total_count) => ({
        state: failed ? "failure" : passed ? "success" : "pending",
        statuses: shown,
        sha,
        total_count,
        repository: showMinimalRepository(model, repository),
        commit_url: url,
        url: `${url}/status`,
      }),
    });
  });
}

function readChange({ body }: RepositoryCall): CheckChange {
  const output = readPart(body, "output");
  return {
    ...present("name", readText(body, "name")),
    ...present("status", readText(body, "status") as CheckStatus | undefined),
    ...present("conclusion", readText(body, "conclusion") as CheckConclusion | undefined),
    ...present("externalId", readText(body, "external_id")),
    ...present("detailsUrl", readText(body, "details_url")),
    ...present("startedAt", readTime(body, "started_at")),
    ...present("completedAt", readTime(body, "completed_at")),
    ...present("actions", readObjects(body, "actions") as CheckRun["actions"] | undefined),
    ...(output && {
      output: {
        ...present("title", readText(output, "title")),
        ...present("summary", readText(output, "summary")),
        ...present("text", readText(output, "text")),
        annotations: (readObjects(output, "annotations") ?? []) as unknown as readonly CheckAnnotation[],
      },
    }),
  };
}

function readTime(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const time = Date.parse(readText(body, name) ?? "");
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function present<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]: Value });
}

function withRun(call: RepositoryCall, answer: (run: CheckRun) => Reply): Reply {
  const run = call.model.checkRuns.get(Number(call.parameters.check_run_id));
  return run?.suite.repository.id === call.repository.id ? answer(run) : notFound();
}

function withCommit(call: RepositoryCall, answer: (oid: string) => Reply): Reply {
  const commit = resolveCommit(call.repository, call.parameters.ref ?? "");
  return commit === undefined ? fail(422, `No commit found for SHA: ${call.parameters.ref}`) : answer(commit.oid);
}

function conclusionMissing(): Reply {
  return invalid([{ resource: "CheckRun", code: "missing_field", field: "conclusion" }]);
}
