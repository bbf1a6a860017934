// Which rules bind a branch, and what they say to somebody who moves the branch directly.

import { findChangedFiles } from "../git/difference.ts";
import { isAncestor } from "../git/history.ts";
import type { Actor } from "./identity.ts";
import type { Model } from "./model.ts";
import { findFailingChecks } from "./report-check.ts";
import type { Repository } from "./repository.ts";
import type { BranchRule } from "./rule.ts";

export function rulesOf(repository: Repository, branch: string): readonly BranchRule[] {
  return repository.rules.filter((rule) =>
    rule.branch.endsWith("*") ? branch.startsWith(rule.branch.slice(0, -1)) : rule.branch === branch,
  );
}

/** The rules of the branch that this actor does not bypass. */
export function bindingRules(
  repository: Repository,
  { branch, actor }: { readonly branch: string; readonly actor: Actor },
): readonly BranchRule[] {
  return rulesOf(repository, branch).filter((rule) => !isListed(actor, rule.bypass));
}

export interface DirectMove {
  readonly repository: Repository;
  readonly actor: Actor;
  /** full name of the ref */
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What GitHub says when rules forbid the move; undefined when nothing does. */
export function findRuleAgainst(model: Model, move: DirectMove): string | undefined {
  const { repository, before, after } = move;
  const forced =
    before !== undefined && after !== undefined && !isAncestor(repository.git, { base: before, head: after });
  return (forced && forbidsForce(move) ? cannotForce : undefined) ?? findRuleAgainstForward(model, move);
}

/** The same for a push whose commits are not here yet: whether it is a fast forward is asked by forbidsForce. */
export function findRuleAgainstForward(
  model: Model,
  { repository, actor, name, before, after }: DirectMove,
): string | undefined {
  for (const rule of bindingRules(repository, { branch: branchOf(name), actor })) {
    if (rule.restrictUpdates !== undefined && !isListed(actor, rule.restrictUpdates))
      return "Cannot update this protected ref.";
    if (after === undefined && !rule.allowDeletions) return "Cannot delete this branch";
    if (before === undefined || after === undefined) continue;
    if (rule.mergeQueue !== undefined) return "Changes must be made through the merge queue";
    if (rule.requiredApprovals !== undefined) return "Changes must be made through a pull request.";
    const missing = findFailingChecks(model, { repository, oid: after, required: rule.requiredChecks });
    if (missing !== undefined) return missing;
  }
  return undefined;
}

export const cannotForce = "Cannot force-push to this branch";

export function forbidsForce({ repository, actor, name }: DirectMove): boolean {
  return bindingRules(repository, { branch: branchOf(name), actor }).some(({ allowForcePushes }) => !allowForcePushes);
}

/** Rules are about branches; a tag is none. */
function branchOf(name: string): string {
  return name.startsWith("refs/heads/") ? name.slice("refs/heads/".length) : "";
}

/** GitHub refuses pushes of an app without the permission `workflows` that touch its workflow files. */
export function findForbiddenWorkflow({ repository, actor, before, after }: DirectMove): string | undefined {
  if (actor.kind !== "installation" || actor.token.permissions.workflows === "write" || after === undefined)
    return undefined;
  const base = before ?? repository.git.refs.get(`refs/heads/${repository.defaultBranch}`);
  if (base === undefined || base === after) return undefined;
  return findChangedFiles(repository.git, { base, head: after }).find(({ path }) =>
    path.startsWith(".github/workflows/"),
  )?.path;
}

function isListed(actor: Actor, names: readonly string[]): boolean {
  if (actor.kind === "installation") return names.includes(actor.installation.app.slug);
  return actor.kind === "user" && names.includes(actor.user.login);
}
