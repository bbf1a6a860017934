// The parts of payloads that only webhooks have: pushes with their commits, and a commit in brief.

import type { Commit } from "../git/commit.ts";
import { findChangedFiles } from "../git/difference.ts";
import { commitAt, noOid } from "../git/git-repository.ts";
import { commitsBetween } from "../git/history.ts";
import { peelToCommit } from "../git/tag.ts";
import type { PushAnnouncement } from "../model/announcement.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { accountBehind } from "../rest/views/show-commit.ts";
import { repositoryPage, showRepository } from "../rest/views/show-repository.ts";

/** GitHub lists at most this many commits of a push. */
const listedCommits = 2048;

export function showPush(model: Model, push: PushAnnouncement) {
  const { repository, ref, before, after, forced, sender } = push;
  const isCreated = before === noOid;
  const isDeleted = after === noOid;
  const page = repositoryPage(model, repository);
  const range =
    isCreated || isDeleted
      ? (isCreated ? after : before).slice(0, 12)
      : `${before.slice(0, 12)}...${after.slice(0, 12)}`;
  const head = isDeleted ? undefined : commitAt(repository.git, peelToCommit(repository.git.objects, after) ?? "");
  return {
    ref,
    before,
    after,
    created: isCreated,
    deleted: isDeleted,
    forced,
    base_ref: null,
    compare: `${page}/compare/${range}`,
    commits: newCommits(push).map((commit) => showPushedCommit(model, { repository, commit })),
    head_commit: head === undefined ? null : showPushedCommit(model, { repository, commit: head }),
    pusher: { name: sender.login, email: `${sender.id}+${sender.login}@users.noreply.github.com` },
    repository: showPushedRepository(model, repository),
  };
}

/** A branch that is new brings only what the default branch has not. */
function newCommits({ repository, before, after }: PushAnnouncement): readonly Commit[] {
  const { git, defaultBranch } = repository;
  const known = before === noOid ? git.refs.get(`refs/heads/${defaultBranch}`) : before;
  const head = peelToCommit(git.objects, after);
  const base = known === undefined ? undefined : peelToCommit(git.objects, known);
  if (head === undefined || base === undefined) return [];
  return commitsBetween(git, { base, head })
    .slice(0, listedCommits)
    .flatMap((oid) => commitAt(git, oid) ?? []);
}

function showPushedCommit(
  model: Model,
  { repository, commit }: { readonly repository: Repository; readonly commit: Commit },
) {
  const [parent] = commit.parents;
  const files = parent === undefined ? [] : findChangedFiles(repository.git, { base: parent, head: commit.oid });
  const paths = (...statuses: readonly string[]) =>
    files.filter(({ status }) => statuses.includes(status)).map(({ path }) => path);
  const person = (signature: Commit["author"]) => {
    const user = accountBehind(model, signature);
    return {
      name: signature.name,
      email: signature.email,
      date: signature.date,
      ...(user && { username: user.login }),
    };
  };
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryPage(model, repository)}/commit/${commit.oid}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths("added"),
    removed: paths("removed"),
    modified: paths("modified", "renamed", "changed"),
  };
}

/** In a push, and only there, GitHub writes two of the times as seconds. */
function showPushedRepository(model: Model, repository: Repository) {
  const shown = showRepository(model, repository);
  return {
    ...shown,
    created_at: Date.parse(repository.createdAt) / 1000,
    pushed_at: Date.parse(repository.pushedAt) / 1000,
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(repository.owner.type === "Organization" && { organization: repository.owner.login }),
  };
}

/** The commit at the head of a merge group. */
export function showSimpleCommit(repository: Repository, oid: string) {
  const commit = commitAt(repository.git, oid);
  if (commit === undefined) throw new Error(`The commit ${oid} vanished from the stand-in's git repository.`);
  return {
    id: oid,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}
