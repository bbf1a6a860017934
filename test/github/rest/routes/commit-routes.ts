// Commits, comparisons, branches, rules and files of a repository.

import { findChangedFiles } from "../../git/difference.ts";
import { commitAt } from "../../git/git-repository.ts";
import { commitsBetween, commitsOf, findMergeBase } from "../../git/history.ts";
import { emptyTreeOid } from "../../git/tree.ts";
import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { fail, notFound, ok, type Reply } from "../../http/reply.ts";
import { rulesOf } from "../../model/find-rule.ts";
import { pullRequestsOf } from "../../model/open-pull-request.ts";
import { resolveCommit } from "../resolve-commit.ts";
import { showCommit, showFile } from "../views/show-commit.ts";
import { showSimplePullRequest } from "../views/show-pull-request.ts";
import { repositoryPage, repositoryUrl } from "../views/show-repository.ts";
import { showBranchRules, showRuleset } from "../views/show-rule.ts";

const contents = { permission: "contents" };
const metadata = { permission: "metadata" };

export const commitRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/commits", contents, listCommits),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}", contents, (call) => {
    const { model, repository, parameters } = call;
    const commit = resolveCommit(repository, parameters.ref ?? "");
    if (commit === undefined) return fail(422, `No commit found for SHA: ${parameters.ref}`);
    const base = commit.parents[0] ?? emptyTreeOid;
    return ok(
      showCommit(model, { repository, commit, files: findChangedFiles(repository.git, { base, head: commit.oid }) }),
    );
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", { permission: "pull_requests" }, (call) => {
    const { model, repository, parameters } = call;
    const commit = resolveCommit(repository, parameters.commit_sha ?? "");
    if (commit === undefined) return fail(422, `No commit found for SHA: ${parameters.commit_sha}`);
    const items = pullRequestsOf(repository).filter(
      (pull) =>
        pull.mergeCommitOid === commit.oid ||
        commitsBetween(repository.git, { base: pull.baseOid, head: pull.headOid }).includes(commit.oid),
    );
    return paginate(call, { items, show: (pull) => showSimplePullRequest(model, pull) });
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/compare/{basehead}", contents, compare),
  repositoryRoute("GET /repos/{owner}/{repo}/branches/{branch}", contents, showBranch),
  repositoryRoute("GET /repos/{owner}/{repo}/rules/branches/{branch}", metadata, (call) => {
    const { repository, parameters } = call;
    const items = rulesOf(repository, parameters.branch ?? "").flatMap((rule) => showBranchRules(repository, rule));
    return paginate(call, { items, show: (rule) => rule });
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/rulesets", metadata, (call) =>
    paginate(call, {
      items: call.repository.rules,
      show: (rule) => showRuleset(call.model, { ...call, rule, brief: true }),
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", metadata, (call) => {
    const rule = call.repository.rules.find(({ id }) => String(id) === call.parameters.ruleset_id);
    return rule === undefined ? notFound() : ok(showRuleset(call.model, { ...call, rule, brief: false }));
  }),
];

function listCommits(call: RepositoryCall): Reply {
  const { model, repository, query } = call;
  const start = resolveCommit(repository, query.get("sha") ?? repository.defaultBranch);
  if (start === undefined) return query.has("sha") ? notFound() : fail(409, "Git Repository is empty.");
  const path = query.get("path");
  const since = Date.parse(query.get("since") ?? "");
  const items = commitsOf(repository.git, { head: start.oid, ...(path !== null && { path }) })
    .map((oid) => commitAt(repository.git, oid))
    .filter((commit) => commit !== undefined)
    .filter(({ committer }) => Number.isNaN(since) || Date.parse(committer.date) >= since);
  return paginate(call, { items, show: (commit) => showCommit(model, { repository, commit }) });
}

/** `base...head`: what head has since it left base. The files stand on the first page alone. */
function compare(call: RepositoryCall): Reply {
  const { model, repository, parameters, query } = call;
  const { git } = repository;
  const [baseName = "", headName = ""] = (parameters.basehead ?? "").split("...");
  const base = resolveCommit(repository, baseName);
  const head = resolveCommit(repository, headName);
  const start = base && head ? findMergeBase(git, { base: base.oid, head: head.oid }) : undefined;
  const mergeBase = start === undefined ? undefined : commitAt(git, start);
  if (base === undefined || head === undefined || mergeBase === undefined) return notFound();
  const ahead = commitsBetween(git, { base: base.oid, head: head.oid });
  const behind = commitsBetween(git, { base: head.oid, head: base.oid });
  const page = readPage(query);
  const url = `${repositoryUrl(model, repository)}/compare/${encodeURIComponent(baseName)}...${encodeURIComponent(headName)}`;
  const html = `${repositoryPage(model, repository)}/compare/${base.oid}...${head.oid}`;
  const show = (commit: typeof base) => showCommit(model, { repository, commit });
  const shown = ahead.slice(page?.from ?? -MOST_COMPARED, page?.to).map((oid) => commitAt(git, oid));
  return ok({
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: show(base),
    merge_base_commit: show(mergeBase),
    status: describeDistance(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: shown.filter((commit) => commit !== undefined).map(show),
    ...((page === undefined || page.from === 0) && {
      files: findChangedFiles(git, { base: mergeBase.oid, head: head.oid })
        .slice(0, 300)
        .map((file) => showFile(model, { repository, file, oid: head.oid })),
    }),
  });
}

/** Who does not ask for pages gets the newest. */
const MOST_COMPARED = 250;

function readPage(query: URLSearchParams): { readonly from: number; readonly to: number } | undefined {
  if (!query.has("per_page") && !query.has("page")) return undefined;
  const perPage = Math.min(Math.max(Number(query.get("per_page") ?? 30), 1), 100);
  const page = Math.max(Number(query.get("page") ?? 1), 1);
  return { from: (page - 1) * perPage, to: page * perPage };
}

function describeDistance(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

function showBranch(call: RepositoryCall): Reply {
  const { model, repository, parameters } = call;
  const name = parameters.branch ?? "";
  const oid = repository.git.refs.get(`refs/heads/${name}`);
  const commit = oid === undefined ? undefined : commitAt(repository.git, oid);
  if (commit === undefined) return fail(404, "Branch not found");
  const url = `${repositoryUrl(model, repository)}/branches/${encodeURIComponent(name)}`;
  return ok({
    name,
    commit: showCommit(model, { repository, commit }),
    _links: { self: url, html: `${repositoryPage(model, repository)}/tree/${encodeURIComponent(name)}` },
    // rulesets do not show here; this is classic branch protection, which the stand-in does not have
    protected: rulesOf(repository, name).length > 0,
    protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}
