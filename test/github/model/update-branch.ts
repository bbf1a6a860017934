// The button "Update branch": merges the base into the head of a pull request, in a commit that GitHub signs.

import { createCommit } from "../git/git-repository.ts";
import { isAncestor } from "../git/history.ts";
import { mergeTrees } from "../git/merge.ts";
import type { Actor } from "./identity.ts";
import { accountOf } from "./manage-accounts.ts";
import type { Model } from "./model.ts";
import { moveReferences } from "./move-reference.ts";
import type { PullRequest } from "./repository.ts";
import { githubSignature, signatureOf } from "./sign-commit.ts";

export type UpdateOutcome = { readonly kind: "updated" } | { readonly kind: "refused"; readonly message: string };

export function updateBranch(
  model: Model,
  {
    pull,
    actor,
    expectedHead,
  }: { readonly pull: PullRequest; readonly actor: Actor; readonly expectedHead?: string | undefined },
): UpdateOutcome {
  const { git } = pull.repository;
  const base = git.refs.get(`refs/heads/${pull.baseRef}`);
  if (expectedHead !== undefined && expectedHead !== pull.headOid)
    return { kind: "refused", message: `expected head sha didn’t match current head ref.` };
  if (base === undefined || isAncestor(git, { base, head: pull.headOid }))
    return { kind: "refused", message: "There are no new commits on the base branch." };
  const merged = mergeTrees(git, { base, head: pull.headOid });
  if (merged.kind === "conflict") return { kind: "refused", message: "merge conflict between base and head" };
  const oid = createCommit(git, {
    tree: merged.tree,
    parents: [pull.headOid, base],
    author: signatureOf(model, accountOf(actor) ?? pull.repository.owner),
    committer: githubSignature(model),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    signed: true,
  });
  const outcome = moveReferences(model, {
    repository: pull.headRepository,
    actor,
    moves: [{ name: `refs/heads/${pull.headRef}`, before: pull.headOid, after: oid }],
  });
  return outcome.kind === "moved"
    ? { kind: "updated" }
    : { kind: "refused", message: "The head branch could not be updated." };
}
