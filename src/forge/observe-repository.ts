// Observes one repository: facts, branches, ledger, our pull requests and what has to be guarded. One request for up to
// 50 open pull requests and 50 branches of ours; a further page asks only for what has more. What cannot be known is
// unknown where a reader can wait for it, and an error where it would look like an absence.

import { LEDGER_BRANCH } from "../domain/ledger.ts";
import type { BranchState } from "../domain/observed.ts";
import { environmentOfBranch } from "../domain/pipeline.ts";
import type { PastPromotion, StrayBranch } from "../domain/promotion.ts";
import type { Repository } from "../domain/repository.ts";
import { type SandboxPulls, sandboxOfBranch } from "../domain/sandbox.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type ObservedPages, readObservePages } from "./ask-observe-pages.ts";
import { errorAt, type Github } from "./call-github.ts";
import type { GraphqlError } from "./classify-error.ts";
import { findSigner } from "./find-signer.ts";
import type { RepositoryReference } from "./forge.ts";
import { judgeStray } from "./judge-ownership.ts";
import { type BranchNode, nodesOf, type QueueNode, type RepositoryNode } from "./observe-answer.ts";
import { findDashboard, readConversations, readDashboard } from "./read-conversations.ts";
import { readLedgerCommit } from "./read-ledger-commits.ts";
import {
  ourEnvironment,
  ourSandbox,
  type Reading,
  readCheck,
  readGuarded,
  readMergeGroups,
  readPast,
  readPromotion,
} from "./read-pull-request.ts";
import { readVisibility } from "./read-visibility.ts";
import type { LedgerBranch, Snapshot } from "./snapshot.ts";

export async function observeRepository(
  github: Github,
  { at, branches }: { readonly at: RepositoryReference; readonly branches: readonly string[] },
): Promise<Snapshot> {
  const { appId } = await github.identity();
  const signer = await findSigner(github, at);
  const pages = await readObservePages(github, { at, branches, appId });
  const reading = { repository: at.repository, signer };
  const { repository, errors } = pages;
  const facts = readFacts(repository, at);
  const named = readBranches(pages, { branches, defaultBranch: facts.defaultBranch });
  const governed = [...new Set([facts.defaultBranch, ...branches])];
  const ours = pages.open.map((node) => ({ node, key: ourEnvironment(node, reading) }));
  const theirs = ours.flatMap(({ node, key }) => (key || ourSandbox(node, reading) ? [] : [node]));
  const past = readAllPast(pages, { reading, keyOf: ourEnvironment });
  const dashboard = findDashboard(repository.dashboards, reading);
  const closedDashboard = findDashboard(repository.closedDashboards, reading);
  return {
    repository: facts,
    node: repository.id,
    branches: named,
    ledger: readLedger({ repository, errors, reading }),
    promotions: ours.flatMap(({ node, key }) => (key ? [readPromotion(node, { key, signer })] : [])),
    strays: readStrays(pages, { reading, bases: governed }),
    past,
    guarded: [
      ...theirs.flatMap((node) => (governed.includes(node.baseRefName) ? [readGuarded(node)] : [])),
      ...governed.flatMap((base) => readMergeGroups(queueOf(repository, { base, branches }), { base, reading })),
    ],
    sandboxPulls: readSandboxPulls(pages, { reading, bases: governed }),
    conversations: readConversations(pages, { reading, dashboard }),
    ...(dashboard && { dashboard: readDashboard(dashboard, reading) }),
    ...(closedDashboard && { closedDashboard: { number: closedDashboard.number } }),
  };
}

function readFacts(node: RepositoryNode, at: RepositoryReference): Repository {
  const methods = [
    ["squash", node.squashMergeAllowed],
    ["merge", node.mergeCommitAllowed],
    ["rebase", node.rebaseMergeAllowed],
  ] as const;
  const visibility = readVisibility(node.visibility);
  return {
    id: at.repository,
    owner: node.owner.login,
    name: node.name,
    // An empty repository has none.
    defaultBranch: node.defaultBranchRef?.name ?? "",
    archived: node.isArchived,
    ...(visibility !== undefined && { visibility }),
    mergeMethods: methods.flatMap(([method, allowed]) => (allowed ? [method] : [])),
  };
}

function readBranches(
  { repository, errors }: ObservedPages,
  { branches, defaultBranch }: { readonly branches: readonly string[]; readonly defaultBranch: string },
): Snapshot["branches"] {
  const wanted = branches.map((branch, n) => {
    const node = repository[`branch${n}`] as BranchNode | null | undefined;
    const queue = repository[`queue${n}`] as QueueNode | null | undefined;
    const error = errorAt(errors, ["repository", `branch${n}`]) ?? errorAt(errors, ["repository", `queue${n}`]);
    return [branch, readBranch({ node, queue, error })] as const;
  });
  const error = errorAt(errors, ["repository", "defaultQueue"]);
  const main = readBranch({ node: repository.defaultBranchRef, queue: repository.defaultQueue, error });
  return Object.fromEntries([...wanted, ...(defaultBranch === "" ? [] : [[defaultBranch, main] as const])]);
}

function readBranch({
  node,
  queue,
  error,
}: {
  readonly node: BranchNode | null | undefined;
  readonly queue: QueueNode | null | undefined;
  readonly error: GraphqlError | undefined;
}): Seen<BranchState | undefined> {
  if (error) return unknown(`GitHub said "${error.message}"`);
  if (!node?.target) return known(undefined);
  const { target } = node;
  const check = readCheck(target);
  return known({
    head: target.oid,
    tree: target.tree.oid,
    committedAt: Date.parse(target.committedDate),
    author: target.author?.user?.login ?? target.author?.name ?? "somebody unknown",
    usesMergeQueue: queue != null,
    ...(check && { check }),
  });
}

function readLedger({
  repository,
  errors,
  reading,
}: {
  readonly repository: RepositoryNode;
  readonly errors: readonly GraphqlError[];
  readonly reading: Reading;
}): Seen<LedgerBranch | undefined> {
  const error = errorAt(errors, ["repository", "ledger"]);
  if (error) return unknown(`GitHub said "${error.message}"`);
  const target = repository.ledger?.target;
  if (!target) return known(undefined);
  // GitHub signs a squash in the name of whoever opened the pull request, which may be us: such a commit is not ours.
  const merged = new Set(
    nodesOf(repository.past).flatMap(({ baseRefName, mergeCommit }) =>
      baseRefName === LEDGER_BRANCH && mergeCommit ? [mergeCommit.oid] : [],
    ),
  );
  const commits = nodesOf(target.history).map((commit) => readLedgerCommit(commit, reading.signer));
  return known({
    head: target.oid,
    tree: target.tree.oid,
    commits: commits.map((commit) => (merged.has(commit.oid) ? { ...commit, ours: false } : commit)),
    more: target.history.pageInfo.hasNextPage,
  });
}

function readStrays(
  { open, refs }: ObservedPages,
  { reading, bases }: { readonly reading: Reading; readonly bases: readonly string[] },
): readonly StrayBranch[] {
  return refs.flatMap(({ prefix, name, target }) => {
    const branch = `${prefix}${name}`.replace(/^refs\/heads\//, "");
    const key = environmentOfBranch(branch);
    const proposers = open.filter((node) => node.headRefName === branch && !node.isCrossRepository);
    const promoted = proposers.some((node) => ourEnvironment(node, reading) !== undefined);
    if (key === undefined || target === null || promoted) return [];
    const head = judgeStray(target, { key, signer: reading.signer, bases });
    const [other] = proposers;
    if (!other) return [{ key, branch, head }];
    const why = `pull request #${other.number}, which Stagecoach did not open, proposes this branch`;
    const ownership = {
      kind: "foreign",
      by: other.author?.login ?? "somebody unknown",
      commit: target.oid,
      why,
    } as const;
    return [{ key, branch, head: { ...head, ownership } }];
  });
}

function readAllPast(
  { repository }: ObservedPages,
  { reading, keyOf }: { readonly reading: Reading; readonly keyOf: typeof ourEnvironment },
): readonly PastPromotion[] {
  const nodes = new Map(
    [...nodesOf(repository.past), ...nodesOf(repository.closed)].map((node) => [node.number, node]),
  );
  return [...nodes.values()].flatMap((node) => {
    const key = keyOf(node, reading);
    return key ? [readPast(node, { key, signer: reading.signer })] : [];
  });
}

function readSandboxPulls(
  pages: ObservedPages,
  { reading, bases }: { readonly reading: Reading; readonly bases: readonly string[] },
): SandboxPulls {
  const { signer } = reading;
  const open = pages.open.flatMap((node) => {
    const key = ourSandbox(node, reading);
    return key ? [readPromotion(node, { key, signer })] : [];
  });
  const strays = nodesOf(pages.repository.lent).flatMap(({ prefix, name, target }) => {
    const branch = `${prefix}${name}`.replace(/^refs\/heads\//, "");
    const key = sandboxOfBranch(branch);
    if (key === undefined || target === null || open.some((each) => each.branch === branch)) return [];
    return [{ key, branch, head: judgeStray(target, { key, signer, bases }) }];
  });
  return { open, past: readAllPast(pages, { reading, keyOf: ourSandbox }), strays };
}

function queueOf(
  repository: RepositoryNode,
  { base, branches }: { readonly base: string; readonly branches: readonly string[] },
): QueueNode | null | undefined {
  if (base === repository.defaultBranchRef?.name) return repository.defaultQueue;
  return repository[`queue${branches.indexOf(base)}`] as QueueNode | null | undefined;
}
