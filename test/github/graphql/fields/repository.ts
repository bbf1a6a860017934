// A repository: its settings, refs, objects, issues, pull requests and merge queues.

import { commitAt } from "../../git/git-repository.ts";
import { peelToCommit } from "../../git/tag.ts";
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
  readonly orderBy?: { readonly field: "ALPHABETICAL" | "TAG_COMMIT_DATE"; readonly direction: "ASC" | "DESC" } | null;
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
  if (args.direction) throw notModelled("the direction of Repository.refs, which orderBy has replaced");
  // GitHub takes the prefix with or without its final slash, and searches in the rest of the name
  const prefix = `${args.refPrefix.replace(/\/+$/, "")}/`;
  const names = [...repository.git.refs.keys()].filter(
    (name) => name.startsWith(prefix) && name.slice(prefix.length).includes(args.query ?? ""),
  );
  const refs = inOrder(repository, names, args).map((name): RefNode => ({ kind: "git-ref", repository, name }));
  return connect(refs, args, ({ name }) => name);
}

/** By name, or where somebody asks for it by the dates of the commits that tags lead to. */
function inOrder(
  { git }: Repository,
  names: readonly string[],
  { refPrefix, orderBy }: RefsArguments,
): readonly string[] {
  const sorted = [...names].sort();
  const byDate = orderBy?.field === "TAG_COMMIT_DATE" && refPrefix.startsWith("refs/tags");
  const dateOf = (name: string): number => {
    const commit = peelToCommit(git.objects, git.refs.get(name) ?? "");
    return commit === undefined ? 0 : Date.parse(commitAt(git, commit)?.committer.date ?? "");
  };
  const dates = new Map(byDate ? sorted.map((name) => [name, dateOf(name)]) : []);
  if (byDate) sorted.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
  return orderBy?.direction === "DESC" ? sorted.reverse() : sorted;
}
