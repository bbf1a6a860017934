// `createCommitOnBranch`: one commit with additions and deletions on top of the head that the caller names. GitHub signs
// it; the author is whoever asks.

import { commitAt, createCommit } from "../../git/git-repository.ts";
import { writeObject } from "../../git/object-store.ts";
import { editTree, entryAt, type TreeChange } from "../../git/tree.ts";
import { accountOf } from "../../model/manage-accounts.ts";
import { findRepository } from "../../model/manage-repositories.ts";
import { moveReferences } from "../../model/move-reference.ts";
import type { Repository } from "../../model/repository.ts";
import { githubSignature, signatureOf } from "../../model/sign-commit.ts";
import { type Context, demand } from "../context.ts";
import { findNode } from "../find-node.ts";
import { commitNode, refNode } from "../git-node.ts";
import { problem } from "../problem.ts";

interface CreateCommitArguments {
  readonly input: {
    readonly branch: {
      readonly id?: string | null;
      readonly repositoryNameWithOwner?: string | null;
      readonly branchName?: string | null;
    };
    readonly clientMutationId?: string | null;
    readonly expectedHeadOid: string;
    readonly message: { readonly headline: string; readonly body?: string | null };
    readonly fileChanges?: {
      readonly additions?: readonly { readonly path: string; readonly contents: string }[] | null;
      readonly deletions?: readonly { readonly path: string }[] | null;
    } | null;
  };
}

export function createCommitOnBranch(_: unknown, { input }: CreateCommitArguments, context: Context): unknown {
  const { repository, name } = findBranch(context, input.branch);
  demand(context, { repository, permission: "contents", access: "write" });
  const head = repository.git.refs.get(name);
  if (head !== input.expectedHeadOid) {
    const message = `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`;
    throw problem("STALE_DATA", message);
  }
  const oid = makeCommit(context, { repository, head, input });
  const moves = [{ name, before: head, after: oid }];
  const outcome = moveReferences(context.model, { repository, actor: context.actor, moves });
  if (outcome.kind !== "moved") {
    throw problem("UNPROCESSABLE", "message" in outcome ? outcome.message : `${name} could not be updated.`);
  }
  const { clientMutationId = null } = input;
  return { clientMutationId, commit: commitNode(repository, oid), ref: refNode(repository, name) };
}

function makeCommit(
  context: Context,
  { repository, head, input }: { readonly repository: Repository; readonly head: string } & CreateCommitArguments,
): string {
  const { git } = repository;
  const { additions, deletions } = input.fileChanges ?? {};
  const base = commitAt(git, head)?.tree;
  const changes: readonly TreeChange[] = [
    ...(deletions ?? []).map(({ path }) => ({ path, put: undefined })),
    ...(additions ?? []).map(({ path, contents }) => {
      const present = base === undefined ? undefined : entryAt(git.objects, { tree: base, path });
      const oid = writeObject(git.objects, { type: "blob", body: Buffer.from(contents, "base64") });
      return { path, put: { mode: present?.mode === "100755" ? ("100755" as const) : ("100644" as const), oid } };
    }),
  ];
  const edited = editTree(git.objects, { base, changes });
  if ("missing" in edited) {
    throw problem("UNPROCESSABLE", `A path was requested for deletion which does not exist: ${edited.missing}`);
  }
  const { headline, body } = input.message;
  const author = accountOf(context.actor) ?? repository.owner;
  return createCommit(git, {
    tree: edited.tree,
    parents: [head],
    author: signatureOf(context.model, author),
    committer: githubSignature(context.model),
    message: body ? `${headline}\n\n${body}` : headline,
    signed: true,
  });
}

function findBranch(
  context: Context,
  { id, repositoryNameWithOwner, branchName }: CreateCommitArguments["input"]["branch"],
): { readonly repository: Repository; readonly name: string } {
  if (id) {
    const node = findNode(context, id);
    if (node?.kind === "git-ref") return node;
    throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  }
  const [owner = "", name = ""] = (repositoryNameWithOwner ?? "").split("/");
  const repository = findRepository(context.model, { owner, name })?.repository;
  const ref = `refs/heads/${(branchName ?? "").replace(/^refs\/heads\//, "")}`;
  if (repository === undefined || !findNode(context, repository.nodeId) || !repository.git.refs.has(ref)) {
    throw problem(
      "NOT_FOUND",
      `No branch with the name "${branchName}" in the repository "${repositoryNameWithOwner}".`,
    );
  }
  return { repository, name: ref };
}
