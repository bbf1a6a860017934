// Commits: what git says of them, whether GitHub signed them, and what was reported about them.

import type { Commit, Signature } from "../../git/commit.ts";
import { commitAt, isSignedByGitHub } from "../../git/git-repository.ts";
import { commitsOf, isAncestor } from "../../git/history.ts";
import { entryAt, entryType } from "../../git/tree.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import { fullName } from "../../model/manage-repositories.ts";
import { suitesOf } from "../../model/report-check.ts";
import type { PullRequest } from "../../model/repository.ts";
import { accountBehind } from "../../rest/views/show-commit.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { type CommitNode, commitNode, type TreeNode } from "../git-node.ts";
import { notModelled } from "../problem.ts";
import { rollUpChecks } from "../roll-up-checks.ts";
import { listDeployments } from "./deployment.ts";
import { treeEntry } from "./tree.ts";

interface HistoryArguments extends PageArguments {
  readonly path?: string | null;
  readonly author?: unknown;
  readonly since?: string | null;
  readonly until?: string | null;
}

interface SuiteArguments extends PageArguments {
  readonly filterBy?: { readonly appId?: number | null; readonly checkName?: string | null } | null;
}

export const commitFields = {
  Commit: {
    id: ({ repository, oid }: CommitNode) => identifyGitNode("commit", { repositoryId: repository.id, name: oid }),
    oid: ({ oid }: CommitNode) => oid,
    abbreviatedOid: ({ oid }: CommitNode) => oid.slice(0, 7),
    repository: ({ repository }: CommitNode) => repository,
    url: ({ repository, oid }: CommitNode, _: unknown, { model }: Context) =>
      `${model.url}/${fullName(repository)}/commit/${oid}`,
    message: (node: CommitNode) => read(node).message,
    messageHeadline: (node: CommitNode) => read(node).message.split("\n")[0] ?? "",
    messageBody: (node: CommitNode) => read(node).message.split("\n").slice(1).join("\n").trim(),
    committedDate: (node: CommitNode) => read(node).committer.date,
    authoredDate: (node: CommitNode) => read(node).author.date,
    author: (node: CommitNode, _: unknown, context: Context) => gitActor(context, read(node).author),
    committer: (node: CommitNode, _: unknown, context: Context) => gitActor(context, read(node).committer),
    committedViaWeb: (node: CommitNode) => isSignedByGitHub(node.repository.git, read(node)),
    tree: (node: CommitNode): TreeNode => ({
      kind: "git-tree",
      repository: node.repository,
      oid: read(node).tree,
      prefix: "",
    }),
    parents: (node: CommitNode, args: PageArguments) =>
      connect(
        read(node).parents.map((oid) => ({ ...node, oid })),
        args,
        ({ oid }) => oid,
      ),
    signature: describeSignature,
    file: (node: CommitNode, { path }: { readonly path: string }) => {
      const entry = entryAt(node.repository.git.objects, { tree: read(node).tree, path });
      return (
        entry && treeEntry(node.repository, { path, mode: entry.mode, type: entryType(entry.mode), oid: entry.oid })
      );
    },
    history: listHistory,
    checkSuites: ({ repository, oid }: CommitNode, args: SuiteArguments, context: Context) => {
      demand(context, { repository, permission: "checks" });
      const { appId, checkName } = args.filterBy ?? {};
      const suites = suitesOf(context.model, { repository, oid }).filter(
        ({ app, runs }) => (!appId || app.id === appId) && (!checkName || runs.some(({ name }) => name === checkName)),
      );
      return connect(suites, args, byNodeId);
    },
    deployments: listDeployments,
    statusCheckRollup: (node: CommitNode, _: unknown, context: Context) => rollUpChecks(context, node),
    associatedPullRequests: ({ repository, oid }: CommitNode, args: PageArguments, context: Context) => {
      demand(context, { repository, permission: "pull_requests" });
      const found = [...repository.conversations.values()].filter(
        (one): one is PullRequest => one.kind === "pull-request" && isPartOf(one, oid),
      );
      return connect(found, args, byNodeId);
    },
  },
} satisfies Readonly<Record<string, FieldTable>>;

function read({ repository, oid }: CommitNode): Commit {
  const commit = commitAt(repository.git, oid);
  if (commit === undefined) throw new Error(`The commit ${oid} vanished from the stand-in's git repository.`);
  return commit;
}

function gitActor({ model }: Context, signature: Signature): unknown {
  const { name, email, date } = signature;
  return { name, email, date, user: accountBehind(model, signature) ?? null };
}

/** Unsigned commits have none. A header copied from a signed commit is there, and is worth nothing. */
function describeSignature(node: CommitNode, _: unknown, { model }: Context): unknown {
  const commit = read(node);
  if (commit.signature === undefined) return null;
  const isOurs = isSignedByGitHub(node.repository.git, commit);
  return {
    __typename: "GpgSignature",
    isValid: isOurs,
    wasSignedByGitHub: isOurs,
    state: isOurs ? "VALID" : "UNKNOWN_KEY",
    email: commit.committer.email,
    keyId: isOurs ? "B5690EEEBB952194" : null,
    payload: commit.signature.payload,
    signature: commit.signature.text,
    signer: isOurs ? (accountBehind(model, commit.committer) ?? null) : null,
    verifiedAt: isOurs ? commit.committer.date : null,
  };
}

function listHistory(node: CommitNode, args: HistoryArguments, context: Context) {
  demand(context, { repository: node.repository, permission: "contents" });
  if (args.author) throw notModelled("Commit.history(author:)");
  const oids = commitsOf(node.repository.git, { head: node.oid, ...(args.path ? { path: args.path } : {}) });
  const commits = oids
    .map((oid) => ({ ...node, oid }))
    .filter((commit) => isBetween(read(commit).committer.date, args.since, args.until));
  return connect(commits, args, ({ oid }) => oid);
}

function isBetween(date: string, since: string | null | undefined, until: string | null | undefined): boolean {
  const time = Date.parse(date);
  return (!since || time >= Date.parse(since)) && (!until || time <= Date.parse(until));
}

function isPartOf(pull: PullRequest, oid: string): boolean {
  const { git } = pull.repository;
  if (pull.mergeCommitOid === oid) return true;
  if (commitNode(pull.repository, oid) === null) return false;
  return isAncestor(git, { base: oid, head: pull.headOid }) && !isAncestor(git, { base: oid, head: pull.baseOid });
}
