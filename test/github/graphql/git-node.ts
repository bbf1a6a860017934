// Git objects and refs as values of the API: which repository they are looked at in, and which object they are.
// Two repositories may hold the same commit; checks and pull requests of it differ.

import { commitAt } from "../git/git-repository.ts";
import { readObject } from "../git/object-store.ts";
import { entryAt } from "../git/tree.ts";
import type { Repository } from "../model/repository.ts";

export interface CommitNode {
  readonly kind: "git-commit";
  readonly repository: Repository;
  readonly oid: string;
}

export interface TreeNode {
  readonly kind: "git-tree";
  readonly repository: Repository;
  readonly oid: string;
  /** where the tree was found, "apps/checkout/"; "" for the root or when it was asked for by its id */
  readonly prefix: string;
}

export interface BlobNode {
  readonly kind: "git-blob";
  readonly repository: Repository;
  readonly oid: string;
}

export interface TagNode {
  readonly kind: "git-tag";
  readonly repository: Repository;
  readonly oid: string;
}

export interface RefNode {
  readonly kind: "git-ref";
  readonly repository: Repository;
  /** full name, refs/heads/main */
  readonly name: string;
}

export type GitNode = CommitNode | TreeNode | BlobNode | TagNode;

export function commitNode(repository: Repository, oid: string | undefined): CommitNode | null {
  return oid === undefined || commitAt(repository.git, oid) === undefined
    ? null
    : { kind: "git-commit", repository, oid };
}

export function refNode(repository: Repository, name: string): RefNode | null {
  return repository.git.refs.has(name) ? { kind: "git-ref", repository, name } : null;
}

export function objectNode(
  repository: Repository,
  { oid, prefix = "" }: { readonly oid: string; readonly prefix?: string },
): GitNode | null {
  switch (readObject(repository.git.objects, oid)?.type) {
    case "commit":
      return { kind: "git-commit", repository, oid };
    case "tree":
      return { kind: "git-tree", repository, oid, prefix };
    case "blob":
      return { kind: "git-blob", repository, oid };
    case "tag":
      return { kind: "git-tag", repository, oid };
    case undefined:
      return null;
  }
}

/** `main`, `main:path`, `<oid>:path`, `HEAD:path`, as git writes it; null when there is nothing there. */
export function findByExpression(repository: Repository, expression: string): GitNode | null {
  const colon = expression.indexOf(":");
  const revision = colon < 0 ? expression : expression.slice(0, colon);
  const commit = commitNode(repository, findRevision(repository, revision));
  if (commit === null || colon < 0) return commit ?? objectNode(repository, { oid: expression });
  const path = expression.slice(colon + 1).replace(/\/+$/, "");
  const tree = commitAt(repository.git, commit.oid)?.tree ?? "";
  if (path === "") return objectNode(repository, { oid: tree });
  const entry = entryAt(repository.git.objects, { tree, path });
  return entry === undefined ? null : objectNode(repository, { oid: entry.oid, prefix: `${path}/` });
}

function findRevision({ git, defaultBranch }: Repository, revision: string): string | undefined {
  if (revision === "HEAD") return git.refs.get(`refs/heads/${defaultBranch}`);
  const names = [revision, `refs/${revision}`, `refs/tags/${revision}`, `refs/heads/${revision}`];
  const named = names.find((name) => git.refs.has(name));
  return named === undefined ? revision : git.refs.get(named);
}
