// Issues, and what pull requests share with them: labels.

import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { isObject, readNullableText, readText } from "../../http/read-body.ts";
import { created, findTooLongBody, invalid, notFound, ok, type Reply } from "../../http/reply.ts";
import { closeConversation, editConversation, openIssue, setLabels } from "../../model/change-conversation.ts";
import { hasRole } from "../../model/decide-permission.ts";
import { appOf } from "../../model/manage-accounts.ts";
import { ensureLabel } from "../../model/manage-repositories.ts";
import { reopenConversation } from "../../model/reopen-conversation.ts";
import type { Conversation, Label } from "../../model/repository.ts";
import { showIssue, showLabel } from "../views/show-conversation.ts";

const issues = { permission: "issues|pull_requests" };
const labelling = { permission: "issues|pull_requests", role: "triage" } as const;

export const issueRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/issues", issues, (call) =>
    paginate(call, { items: selectIssues(call), show: (issue) => showIssue(call.model, issue) }),
  ),
  repositoryRoute(
    "POST /repos/{owner}/{repo}/issues",
    { permission: "issues", role: "read", createsContent: true },
    addIssue,
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}", issues, (call) =>
    withConversation(call, (issue) => ok(showIssue(call.model, issue))),
  ),
  repositoryRoute("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...issues, role: "triage" }, (call) =>
    withConversation(call, (issue) => editIssue(call, issue)),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", issues, (call) =>
    withConversation(call, ({ labels }) =>
      paginate(call, { items: labels, show: (label) => showLabel(call.model, { ...call, label }) }),
    ),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", labelling, (call) =>
    withConversation(call, (issue) => relabel(call, { issue, labels: [...issue.labels, ...readLabels(call)] })),
  ),
  repositoryRoute("PUT /repos/{owner}/{repo}/issues/{issue_number}/labels", labelling, (call) =>
    withConversation(call, (issue) => relabel(call, { issue, labels: readLabels(call) })),
  ),
  repositoryRoute("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", labelling, (call) =>
    withConversation(call, (issue) => {
      const name = call.parameters.name?.toLowerCase();
      const remaining = issue.labels.filter((label) => label.name.toLowerCase() !== name);
      if (remaining.length === issue.labels.length)
        return {
          ...notFound(),
          body: { message: "Label does not exist", documentation_url: "https://docs.github.com/rest", status: "404" },
        };
      return relabel(call, { issue, labels: remaining });
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/labels", issues, (call) =>
    paginate(call, {
      items: [...call.repository.labels.values()],
      show: (label) => showLabel(call.model, { ...call, label }),
    }),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/labels", { ...issues, role: "write" }, (call) => {
    const { model, repository, body } = call;
    const name = readText(body, "name") ?? "";
    if (repository.labels.has(name.toLowerCase()))
      return invalid([{ resource: "Label", code: "already_exists", field: "name" }]);
    const color = readText(body, "color");
    const label = ensureLabel(model, {
      repository,
      name,
      ...(color !== undefined && { color }),
      description: readText(body, "description") ?? null,
    });
    return created(showLabel(model, { repository, label }));
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/labels/{name}", issues, (call) => {
    const label = call.repository.labels.get(call.parameters.name?.toLowerCase() ?? "");
    return label === undefined ? notFound() : ok(showLabel(call.model, { ...call, label }));
  }),
];

export function withConversation(call: RepositoryCall, answer: (conversation: Conversation) => Reply): Reply {
  const conversation = call.repository.conversations.get(Number(call.parameters.issue_number));
  return conversation === undefined ? notFound() : answer(conversation);
}

function selectIssues({ repository, query }: RepositoryCall): readonly Conversation[] {
  const state = query.get("state") ?? "open";
  const labels = query.get("labels")?.toLowerCase().split(",") ?? [];
  const creator = query.get("creator")?.toLowerCase();
  const since = Date.parse(query.get("since") ?? "");
  const selected = [...repository.conversations.values()]
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name)))
    .filter((issue) => creator === undefined || issue.author.login.toLowerCase() === creator)
    .filter((issue) => Number.isNaN(since) || Date.parse(issue.updatedAt) >= since);
  return query.get("direction") === "asc" ? selected : selected.toReversed();
}

function addIssue(call: RepositoryCall): Reply {
  const { model, repository, by, actor, body } = call;
  const text = readNullableText(body, "body");
  const tooLong = findTooLongBody("Issue", text);
  if (tooLong !== undefined) return tooLong;
  const issue = openIssue(model, {
    repository,
    author: by,
    app: appOf(actor),
    title: String(body.title ?? ""),
    body: text ?? null,
  });
  // people who may only read have their labels dropped silently
  if (maySort(call)) setLabels(model, { conversation: issue, by, labels: readLabels(call) });
  return created(showIssue(model, issue));
}

function editIssue(call: RepositoryCall, issue: Conversation): Reply {
  const { model, by, body } = call;
  const text = readNullableText(body, "body");
  const tooLong = findTooLongBody("Issue", text);
  if (tooLong !== undefined) return tooLong;
  editConversation(model, { conversation: issue, by, title: readText(body, "title"), body: text });
  if (Array.isArray(body.labels)) setLabels(model, { conversation: issue, by, labels: readLabels(call) });
  const state = readText(body, "state");
  if (state === "closed")
    closeConversation(model, {
      conversation: issue,
      by,
      reason: readText(body, "state_reason") === "not_planned" ? "not_planned" : "completed",
    });
  if (state === "open") {
    const outcome = reopenConversation(model, { conversation: issue, by });
    if (outcome.kind === "refused")
      return invalid([{ resource: "Issue", code: "invalid", field: "state", message: outcome.message }]);
  }
  return ok(showIssue(model, issue));
}

function relabel(
  call: RepositoryCall,
  { issue, labels }: { readonly issue: Conversation; readonly labels: readonly Label[] },
): Reply {
  setLabels(call.model, { conversation: issue, by: call.by, labels });
  return ok(issue.labels.map((label) => showLabel(call.model, { ...call, label })));
}

/** Names, or objects with a name; GitHub makes labels that are not there. */
function readLabels({ model, repository, body }: RepositoryCall): readonly Label[] {
  const given = Array.isArray(body.labels) ? body.labels : [];
  return given
    .map((item: unknown) => (isObject(item) ? item.name : item))
    .filter((name) => typeof name === "string")
    .map((name) => ensureLabel(model, { repository, name }));
}

function maySort({ model, actor, repository }: RepositoryCall): boolean {
  return actor.kind !== "user" || hasRole(model, { user: actor.user, repository, role: "triage" });
}
