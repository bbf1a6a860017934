// People at work in a repository, as stories tell it: they commit and push files, without GitHub's signature.

import type { Commit } from "../git/commit.ts";
import { commitAt, createCommit } from "../git/git-repository.ts";
import { commitsOf } from "../git/history.ts";
import { readObject, writeObject } from "../git/object-store.ts";
import { editTree, entryAt, type TreeMode } from "../git/tree.ts";
import { ensureUser } from "../model/manage-accounts.ts";
import { type Model, timestamp } from "../model/model.ts";
import { moveReferences } from "../model/move-reference.ts";
import type { Repository } from "../model/repository.ts";
import { resolveCommit } from "../rest/resolve-commit.ts";

/** path -> text; null removes the file; an object says the mode (120000 = symlink) or the bytes */
export type Files = {
  readonly [path: string]: string | null | { readonly mode?: TreeMode; readonly content: string | Buffer };
};

export interface FilesCommit {
  readonly repository: Repository;
  /** made from the default branch when it is not there; the default branch itself when not given */
  readonly branch?: string;
  readonly files: Files;
  /** login */
  readonly author: string;
  /** what the commit says the author's address is: anybody can write anything */
  readonly email?: string;
  readonly message: string;
  /** start here instead of at the branch's tip, as after a rebase: a force push */
  readonly onto?: string;
}

/** Answers with the commit's id. Rules are not asked: the story says that it happened. */
export function commitFiles(
  model: Model,
  { repository, branch = repository.defaultBranch, files, author, message, onto, ...claimed }: FilesCommit,
): string {
  const { git } = repository;
  const user = ensureUser(model, { login: author });
  const ref = `refs/heads/${branch}`;
  const tip = git.refs.get(ref);
  const parent = onto ?? tip ?? git.refs.get(`refs/heads/${repository.defaultBranch}`);
  const base = parent === undefined ? undefined : commitAt(git, parent)?.tree;
  const changes = Object.entries(files).map(([path, file]) => ({
    path,
    put: file === null ? undefined : writeFile(repository, file),
  }));
  const edited = editTree(git.objects, { base, changes });
  if ("missing" in edited)
    throw new Error(`There is no ${edited.missing} in ${repository.name} that could be removed.`);
  const { email = `${user.login.toLowerCase()}@people.example` } = claimed;
  const person = { name: user.login, email, date: timestamp(model) };
  const parents = parent === undefined ? [] : [parent];
  const oid = createCommit(git, {
    tree: edited.tree,
    parents,
    author: person,
    committer: person,
    message,
    signed: false,
  });
  const outcome = moveReferences(model, {
    repository,
    actor: { kind: "user", user },
    ignoreRules: true,
    moves: [{ name: ref, before: tip, after: oid, force: true }],
  });
  if (outcome.kind !== "moved") throw new Error(`${author} could not push to ${branch}: ${outcome.kind}`);
  return oid;
}

/** The text of a file at a branch, tag or commit; undefined when there is none. */
export function readFileAt(
  repository: Repository,
  { ref, path }: { readonly ref: string; readonly path: string },
): string | undefined {
  const commit = resolveCommit(repository, ref);
  const entry = commit === undefined ? undefined : entryAt(repository.git.objects, { tree: commit.tree, path });
  return entry === undefined ? undefined : readObject(repository.git.objects, entry.oid)?.body.toString("utf8");
}

/** Newest first. */
export function readLog(repository: Repository, ref: string): readonly Commit[] {
  const head = resolveCommit(repository, ref);
  if (head === undefined) return [];
  return commitsOf(repository.git, { head: head.oid })
    .map((oid) => commitAt(repository.git, oid))
    .filter((commit) => commit !== undefined);
}

function writeFile(
  { git }: Repository,
  file: string | { readonly mode?: TreeMode; readonly content: string | Buffer },
) {
  const { mode = "100644" as const, content } = typeof file === "string" ? { content: file } : file;
  return { mode, oid: writeObject(git.objects, { type: "blob", body: Buffer.from(content) }) };
}
