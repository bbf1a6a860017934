// Merge queues in stories: GitHub builds and ends groups when the story says so.

import { leaveQueue } from "../model/leave-merge-queue.ts";
import { ensureUser } from "../model/manage-accounts.ts";
import { fullName } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import type { MergeGroup, MergeQueueEntry } from "../model/repository.ts";
import { buildMergeGroup, enqueuePullRequest, ensureQueue, finishMergeGroup } from "../model/run-merge-queue.ts";
import {
  type ByPerson,
  type Named,
  type Numbered,
  pullRequestNumbered,
  repositoryNamed,
} from "./find-repository-named.ts";

export function tellOfQueues(model: Model) {
  const queueOf = ({ repository, branch }: Named & { readonly branch: string }) => {
    const queue = ensureQueue(model, { repository: repositoryNamed(model, repository), branch });
    if (queue === undefined)
      throw new Error(`No rule gives ${branch} of ${fullName(repositoryNamed(model, repository))} a merge queue.`);
    return queue;
  };
  return {
    /** A person puts a pull request into the queue of its base. */
    enqueuePullRequest({ by, ...which }: Numbered & ByPerson): MergeQueueEntry {
      const actor = { kind: "user", user: ensureUser(model, { login: by }) } as const;
      const outcome = enqueuePullRequest(model, { pull: pullRequestNumbered(model, which), actor });
      if (outcome.kind === "refused") throw new Error(outcome.message);
      return outcome.entry;
    },
    /** A person takes it out again. */
    dequeuePullRequest({ by, ...which }: Numbered & ByPerson): void {
      const user = ensureUser(model, { login: by });
      const entry = leaveQueue(model, { pull: pullRequestNumbered(model, which), by: user, reason: "MANUAL" });
      if (entry === undefined) throw new Error(`${which.repository}#${which.number} is in no merge queue.`);
    },
    /** GitHub takes what waits into a group and asks for checks on it. */
    buildMergeGroup: ({
      size,
      ...which
    }: Named & { readonly branch: string; readonly size?: number }): MergeGroup | undefined =>
      buildMergeGroup(model, { queue: queueOf(which), ...(size !== undefined && { size }) }),
    /** The oldest group ends: the base takes it, or its first pull request is thrown out. */
    finishMergeGroup({ passed, ...which }: Named & { readonly branch: string; readonly passed: boolean }): void {
      const queue = queueOf(which);
      const group = queue.groups[0];
      if (group === undefined) throw new Error(`No merge group waits on ${which.branch}.`);
      finishMergeGroup(model, { queue, group, passed });
    },
  };
}
