// Pull requests: open, list, read, edit, merge, update.

import { commitAt } from "../../git/git-repository.ts";
import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readFlag, readNullableText, readText } from "../../http/read-body.ts";
import { created, fail, findTooLongBody, invalid, noContent, notFound, ok, type Reply } from "../../http/reply.ts";
import { closeConversation, editConversation } from "../../model/change-conversation.ts";
import { appOf } from "../../model/manage-accounts.ts";
import { mergePullRequest } from "../../model/merge-pull-request.ts";
import { changeBase, findPullRequest, openPullRequest, pullRequestsOf } from "../../model/open-pull-request.ts";
import { reopenConversation } from "../../model/reopen-conversation.ts";
import type { MergeMethod, PullRequest } from "../../model/repository.ts";
import { updateBranch } from "../../model/update-branch.ts";
import { showCommit, showFile } from "../views/show-commit.ts";
import { changedFilesOf, commitsOfPull, showPullRequest, showSimplePullRequest } from "../views/show-pull-request.ts";
import { repositoryUrl } from "../views/show-repository.ts";

const pulls = { permission: "pull_requests" };
const contents = { permission: "contents" };

export const pullRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/pulls", pulls, (call) =>
    paginate(call, { items: selectPulls(call), show: (pull) => showSimplePullRequest(call.model, pull) }),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/pulls", { ...pulls, role: "read", createsContent: true }, openPull),
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}", pulls, (call) =>
    withPull(call, (pull) => ok(showPullRequest(call.model, pull, { asking: true }))),
  ),
  repositoryRoute("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", pulls, (call) =>
    withPull(call, (pull) => editPull(call, pull)),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", pulls, (call) =>
    withPull(call, (pull) =>
      paginate(call, {
        items: commitsOfPull(pull)
          .map((oid) => commitAt(call.repository.git, oid))
          .filter((commit) => commit !== undefined),
        show: (commit) => showCommit(call.model, { repository: call.repository, commit }),
      }),
    ),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", pulls, (call) =>
    withPull(call, (pull) =>
      paginate(call, {
        // GitHub lists so many and says nothing of the rest
        items: changedFilesOf(pull).slice(0, 3_000),
        show: (file) => showFile(call.model, { repository: call.repository, file, oid: pull.headOid }),
      }),
    ),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge", pulls, (call) =>
    withPull(call, (pull) => (pull.mergedAt === undefined ? notFound() : noContent())),
  ),
  repositoryRoute("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", contents, (call) =>
    withPull(call, (pull) => mergePull(call, pull)),
  ),
  repositoryRoute("PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch", pulls, (call) =>
    withPull(call, (pull) => {
      const { model, actor, body } = call;
      const outcome = updateBranch(model, { pull, actor, expectedHead: readText(body, "expected_head_sha") });
      if (outcome.kind === "refused") return fail(422, outcome.message);
      const url = `${repositoryUrl(model, pull.repository)}/pulls/${pull.number}`;
      return { status: 202, body: { message: "Updating pull request branch.", url } };
    }),
  ),
];

export function withPull(call: RepositoryCall, answer: (pull: PullRequest) => Reply): Reply {
  const pull = findPullRequest(call.repository, Number(call.parameters.pull_number));
  return pull === undefined ? notFound() : answer(pull);
}

/** `head` filters only when it names the owner, too, as GitHub ignores it otherwise. */
function selectPulls({ repository, query }: RepositoryCall): readonly PullRequest[] {
  const state = query.get("state") ?? "open";
  const head = query.get("head");
  const base = query.get("base");
  const sort = query.get("sort") ?? "created";
  const direction = query.get("direction") ?? (sort === "created" ? "desc" : "asc");
  const selected = pullRequestsOf(repository)
    .filter((pull) => state === "all" || pull.state === state)
    .filter((pull) => head === null || !head.includes(":") || isHead(pull, head))
    .filter((pull) => base === null || pull.baseRef === base);
  const keyOf = ({ number, updatedAt }: PullRequest) =>
    sort === "updated" ? updatedAt : String(number).padStart(9, "0");
  const ascending = selected.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return direction === "asc" ? ascending : ascending.toReversed();
}

function isHead(pull: PullRequest, head: string): boolean {
  return `${pull.headRepository.owner.login}:${pull.headRef}`.toLowerCase() === head.toLowerCase();
}

function openPull(call: RepositoryCall): Reply {
  const { model, repository, by, actor, body } = call;
  const title = readText(body, "title") ?? "";
  const text = readNullableText(body, "body");
  if (title === "") return invalid([{ resource: "PullRequest", code: "missing_field", field: "title" }]);
  const tooLong = findTooLongBody("PullRequest", text);
  if (tooLong !== undefined) return tooLong;
  const outcome = openPullRequest(model, {
    repository,
    author: by,
    app: appOf(actor),
    title,
    body: text,
    base: readText(body, "base") ?? "",
    head: readText(body, "head") ?? "",
    draft: readFlag(body, "draft") ?? false,
  });
  return outcome.kind === "refused" ? invalid(outcome.errors) : created(showPullRequest(model, outcome.pull));
}

function editPull(call: RepositoryCall, pull: PullRequest): Reply {
  const { model, by, body } = call;
  const text = readNullableText(body, "body");
  const tooLong = findTooLongBody("PullRequest", text);
  if (tooLong !== undefined) return tooLong;
  const base = readText(body, "base");
  if (base !== undefined && base !== pull.baseRef && !changeBase(model, { pull, base, by }))
    return invalid([{ resource: "PullRequest", field: "base", code: "invalid" }]);
  editConversation(model, { conversation: pull, by, title: readText(body, "title"), body: text });
  const state = readText(body, "state");
  if (state === "closed") closeConversation(model, { conversation: pull, by });
  if (state === "open") {
    const outcome = reopenConversation(model, { conversation: pull, by });
    if (outcome.kind === "refused")
      return invalid([{ resource: "PullRequest", code: "invalid", field: "state", message: outcome.message }]);
  }
  return ok(showPullRequest(model, pull));
}

function mergePull(call: RepositoryCall, pull: PullRequest): Reply {
  const { model, actor, body } = call;
  const outcome = mergePullRequest(model, {
    pull,
    actor,
    method: readMethod(readText(body, "merge_method")),
    expectedHead: readText(body, "sha"),
    title: readText(body, "commit_title"),
    message: readText(body, "commit_message"),
  });
  switch (outcome.kind) {
    case "merged":
      return ok({ sha: outcome.oid, merged: true, message: "Pull Request successfully merged" });
    case "not-allowed":
      return fail(405, outcome.message);
    case "head-moved":
      return fail(409, outcome.message);
  }
}

function readMethod(text: string | undefined): MergeMethod {
  return text === "squash" || text === "rebase" ? text : "merge";
}
