// A repository: its settings, refs, objects, issues, pull requests and merge queues.

import { roleOf } from "../../model/decide-permission.ts";
import { accountOf } from "../../model/manage-accounts.ts";
import { fullName } from "../../model/manage-repositories.ts";
import type { MergeMethod, Repository } from "../../model/repository.ts";
import { ensureQueue } from "../../model/run-merge-queue.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, demandOneOf, type FieldTable } from "../context.ts";
import { findByExpression, objectNode, type RefNode, refNode } from "../git-node.ts";
import { type IssueFilter, listIssues } from "../list-issues.ts";
import { listPullRequests, type PullRequestFilter } from "../list-pull-requests.ts";
import { notModelled, problem } from "../problem.ts";

interface RefsArguments extends PageArguments {
  readonly refPrefix: string;
  readonly query?: string | null;
  readonly orderBy?: unknown;
  readonly direction?: unknown;
}

interface Numbered {
  readonly number: number;
}

const contents = "contents";

function allows(method: MergeMethod): (repository: Repository) => boolean {
  return ({ mergeMethods }) => mergeMethods.includes(method);
}

export const repositoryFields = {
  Repository: {
    id: ({ nodeId }: Repository) => nodeId,
    databaseId: ({ id }: Repository) => id,
    name: ({ name }: Repository) => name,
    nameWithOwner: fullName,
    owner: ({ owner }: Repository) => owner,
    url: (repository: Repository, _: unknown, { model }: Context) => `${model.url}/${fullName(repository)}`,
    resourcePath: (repository: Repository) => `/${fullName(repository)}`,
    description: ({ description }: Repository) => description,
    createdAt: ({ createdAt }: Repository) => createdAt,
    updatedAt: ({ updatedAt }: Repository) => updatedAt,
    pushedAt: ({ pushedAt }: Repository) => pushedAt,
    isArchived: ({ archived }: Repository) => archived,
    isDisabled: () => false,
    isLocked: () => false,
    isPrivate: (repository: Repository) => repository.private,
    isFork: ({ parent }: Repository) => parent !== undefined,
    isEmpty: ({ git }: Repository) => git.refs.size === 0,
    parent: ({ parent }: Repository) => parent ?? null,
    visibility: (repository: Repository) => (repository.private ? "PRIVATE" : "PUBLIC"),
    mergeCommitAllowed: allows("merge"),
    squashMergeAllowed: allows("squash"),
    rebaseMergeAllowed: allows("rebase"),
    autoMergeAllowed: ({ allowAutoMerge }: Repository) => allowAutoMerge,
    deleteBranchOnMerge: ({ deleteBranchOnMerge }: Repository) => deleteBranchOnMerge,
    viewerPermission: (repository: Repository, _: unknown, { model, actor }: Context) => {
      const user = actor.kind === "user" ? accountOf(actor) : undefined;
      if (user === undefined) throw notModelled("Repository.viewerPermission of an app");
      return roleOf(model, { user, repository })?.toUpperCase() ?? (repository.private ? null : "READ");
    },
    defaultBranchRef: (repository: Repository, _: unknown, context: Context) => {
      demand(context, { repository, permission: contents });
      return refNode(repository, `refs/heads/${repository.defaultBranch}`);
    },
    ref: (repository: Repository, { qualifiedName }: { readonly qualifiedName: string }, context: Context) => {
      demand(context, { repository, permission: contents });
      const names = [
        qualifiedName,
        `refs/${qualifiedName}`,
        `refs/heads/${qualifiedName}`,
        `refs/tags/${qualifiedName}`,
      ];
      return names.map((name) => (name.startsWith("refs/") ? refNode(repository, name) : null)).find(Boolean) ?? null;
    },
    refs: listRefs,
    object: (
      repository: Repository,
      { oid, expression }: { readonly oid?: string | null; readonly expression?: string | null },
      context: Context,
    ) => {
      demand(context, { repository, permission: contents });
      if (oid) return objectNode(repository, { oid });
      return expression ? findByExpression(repository, expression) : null;
    },
    pullRequests: (repository: Repository, args: PullRequestFilter & PageArguments, context: Context) => {
      demand(context, { repository, permission: "pull_requests" });
      return connect(listPullRequests([...repository.conversations.values()], args), args, byNodeId);
    },
    pullRequest: (repository: Repository, { number }: Numbered, context: Context) => {
      demand(context, { repository, permission: "pull_requests" });
      const found = repository.conversations.get(number);
      if (found?.kind === "pull-request") return found;
      throw problem("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
    },
    issues: (repository: Repository, args: IssueFilter & PageArguments, context: Context) => {
      demand(context, { repository, permission: "issues" });
      return connect(listIssues([...repository.conversations.values()], args), args, byNodeId);
    },
    issue: (repository: Repository, { number }: Numbered, context: Context) => {
      demand(context, { repository, permission: "issues" });
      const found = repository.conversations.get(number);
      if (found?.kind === "issue") return found;
      throw problem("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
    },
    issueOrPullRequest: (repository: Repository, { number }: Numbered, context: Context) => {
      demandOneOf(context, { repository, permissions: ["issues", "pull_requests"] });
      const found = repository.conversations.get(number);
      if (found !== undefined) return found;
      throw problem("NOT_FOUND", `Could not resolve to an issue or pull request with the number of ${number}.`);
    },
    label: ({ labels }: Repository, { name }: { readonly name: string }) => labels.get(name.toLowerCase()) ?? null,
    labels: ({ labels }: Repository, args: PageArguments & { readonly query?: string | null }) => {
      const found = [...labels.values()].filter(({ name }) => name.includes(args.query ?? ""));
      return connect(found, args, byNodeId);
    },
    mergeQueue: (repository: Repository, { branch }: { readonly branch?: string | null }, context: Context) => {
      demand(context, { repository, permission: "merge_queues" });
      return ensureQueue(context.model, { repository, branch: branch ?? repository.defaultBranch }) ?? null;
    },
  },
} satisfies Readonly<Record<string, FieldTable>>;

function listRefs(repository: Repository, args: RefsArguments, context: Context) {
  demand(context, { repository, permission: contents });
  if (args.orderBy || args.direction) throw notModelled("Repository.refs in another order than by name");
  // GitHub takes the prefix with or without its final slash, and searches in the rest of the name
  const prefix = `${args.refPrefix.replace(/\/+$/, "")}/`;
  const names = [...repository.git.refs.keys()].filter(
    (name) => name.startsWith(prefix) && name.slice(prefix.length).includes(args.query ?? ""),
  );
  const refs = names.sort().map((name): RefNode => ({ kind: "git-ref", repository, name }));
  return connect(refs, args, ({ name }) => name);
}
