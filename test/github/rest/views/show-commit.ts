// Commits, trees, refs and changed files in the shapes of GitHub's REST API.

import type { Commit, Signature } from "../../git/commit.ts";
import type { ChangedFile } from "../../git/difference.ts";
import { isSignedByGitHub } from "../../git/git-repository.ts";
import { readObject } from "../../git/object-store.ts";
import { entryType, type ListedEntry } from "../../git/tree.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import type { User } from "../../model/identity.ts";
import { findUser } from "../../model/manage-accounts.ts";
import type { Model } from "../../model/model.ts";
import type { Repository } from "../../model/repository.ts";
import { showUser } from "./show-account.ts";
import { repositoryPage, repositoryUrl } from "./show-repository.ts";

interface InRepository {
  readonly repository: Repository;
}

export function showVerification({ repository, commit }: InRepository & { readonly commit: Commit }) {
  const verified = isSignedByGitHub(repository.git, commit);
  const { signature } = commit;
  // a signature by somebody else's key is there, but nobody vouches for it
  const reason = verified ? "valid" : signature === undefined ? "unsigned" : "unknown_key";
  return {
    verified,
    reason,
    signature: signature?.text ?? null,
    payload: signature?.payload ?? null,
    verified_at: verified ? commit.committer.date : null,
  };
}

/** GET /repos/{owner}/{repo}/git/commits/{commit_sha} */
export function showGitCommit(model: Model, { repository, commit }: InRepository & { readonly commit: Commit }) {
  const url = repositoryUrl(model, repository);
  const page = `${repositoryPage(model, repository)}/commit/`;
  return {
    sha: commit.oid,
    node_id: identifyGitNode("commit", { repositoryId: repository.id, name: commit.oid }),
    url: `${url}/git/commits/${commit.oid}`,
    html_url: page + commit.oid,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/git/commits/${sha}`, html_url: page + sha })),
    verification: showVerification({ repository, commit }),
  };
}

/** GET /repos/{owner}/{repo}/commits/{ref}; lists leave `stats` and `files` out */
export function showCommit(
  model: Model,
  { repository, commit, files }: InRepository & { readonly commit: Commit; readonly files?: readonly ChangedFile[] },
) {
  const url = repositoryUrl(model, repository);
  const page = `${repositoryPage(model, repository)}/commit/`;
  const account = (signature: Signature) => {
    const user = accountBehind(model, signature);
    return user === undefined ? null : showUser(model, user);
  };
  return {
    sha: commit.oid,
    node_id: identifyGitNode("commit", { repositoryId: repository.id, name: commit.oid }),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: showVerification({ repository, commit }),
    },
    url: `${url}/commits/${commit.oid}`,
    html_url: page + commit.oid,
    comments_url: `${url}/commits/${commit.oid}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: page + sha })),
    ...(files && {
      stats: countChanges(files),
      files: files.map((file) => showFile(model, { repository, file, oid: commit.oid })),
    }),
  };
}

/** One file of a commit, a comparison or a pull request. */
export function showFile(
  model: Model,
  { repository, file, oid }: InRepository & { readonly file: ChangedFile; readonly oid: string },
) {
  const page = repositoryPage(model, repository);
  const path = encodePath(file.path);
  return {
    sha: file.oid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${oid}/${path}`,
    raw_url: `${page}/raw/${oid}/${path}`,
    contents_url: `${repositoryUrl(model, repository)}/contents/${path}?ref=${oid}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
  };
}

export function showReference(
  model: Model,
  { repository, name, oid }: InRepository & { readonly name: string; readonly oid: string },
) {
  const url = repositoryUrl(model, repository);
  const type = readObject(repository.git.objects, oid)?.type ?? "commit";
  return {
    ref: name,
    node_id: identifyGitNode("ref", { repositoryId: repository.id, name }),
    url: `${url}/git/${name}`,
    object: { sha: oid, type, url: `${url}/git/${type}s/${oid}` },
  };
}

export function showTreeEntry(model: Model, { repository, entry }: InRepository & { readonly entry: ListedEntry }) {
  const type = entryType(entry.mode);
  const shown = { path: entry.path, mode: entry.mode, type, sha: entry.oid };
  if (type === "commit") return shown;
  const url = `${repositoryUrl(model, repository)}/git/${type}s/${entry.oid}`;
  if (type === "tree") return { ...shown, url };
  return { ...shown, size: readObject(repository.git.objects, entry.oid)?.body.length ?? 0, url };
}

/** GitHub finds the account of a commit by its email address. */
export function accountBehind(model: Model, { email }: Signature): User | undefined {
  if (email === "noreply@github.com") return findUser(model, "web-flow");
  const [, login = ""] = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email) ?? [];
  return findUser(model, login);
}

export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function countChanges(files: readonly ChangedFile[]) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { additions, deletions, total: additions + deletions };
}
