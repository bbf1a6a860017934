// GitHub's own auto-merge: a person switches it on where something still stands against the merge, and GitHub merges in that
// person's name as soon as nothing does. The events that tell of the switch are not sent; nothing listens to them.

import { computeMergeability } from "./compute-mergeability.ts";
import { hasRole } from "./decide-permission.ts";
import { findRuleAgainstMerge } from "./find-merge-block.ts";
import type { Actor, User } from "./identity.ts";
import { mergePullRequest } from "./merge-pull-request.ts";
import { type Model, timestamp } from "./model.ts";
import { pullRequestsOf } from "./open-pull-request.ts";
import type { MergeMethod, PullRequest } from "./repository.ts";

/** Why not, in GitHub's words; `undefined` when it is on. */
export function enableAutoMerge(
  model: Model,
  { pull, by, method }: { readonly pull: PullRequest; readonly by: User; readonly method: MergeMethod },
): string | undefined {
  const { repository } = pull;
  if (!repository.allowAutoMerge) return "Auto merge is not allowed for this repository";
  if (!hasRole(model, { user: by, repository, role: "write" })) return `${by.login} cannot merge here`;
  if (pull.state === "closed") return "Pull request is closed";
  if (!repository.mergeMethods.includes(method)) return `${method} is not allowed on this repository`;
  if (!isHeldUp(model, { pull, by })) return "Pull request is in clean status";
  pull.autoMerge = { enabledBy: by, enabledAt: timestamp(model), mergeMethod: method };
  return undefined;
}

/** Looks after every change that is announced, as GitHub does. */
export function watchAutoMerges(model: Model): void {
  model.listeners.add((announcement) => {
    if (!("repository" in announcement)) return;
    for (const pull of pullRequestsOf(announcement.repository)) mergeIfReady(model, pull);
  });
}

function mergeIfReady(model: Model, pull: PullRequest): void {
  const { autoMerge } = pull;
  if (pull.state === "closed" || autoMerge === undefined || isHeldUp(model, { pull, by: autoMerge.enabledBy })) return;
  // First, so that what the merge announces does not merge it once more.
  pull.autoMerge = undefined;
  const actor: Actor = { kind: "user", user: autoMerge.enabledBy };
  const outcome = mergePullRequest(model, { pull, actor, method: autoMerge.mergeMethod });
  if (outcome.kind !== "merged") throw new Error(`Auto-merge was not held up and could not merge: ${outcome.message}`);
}

function isHeldUp(model: Model, { pull, by }: { readonly pull: PullRequest; readonly by: User }): boolean {
  if (pull.draft || computeMergeability(model, pull).kind === "conflicting") return true;
  return findRuleAgainstMerge(model, { pull, actor: { kind: "user", user: by } }) !== undefined;
}
