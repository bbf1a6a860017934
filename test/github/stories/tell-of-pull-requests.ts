// Pull requests in stories: people open, review, merge, close and reopen them.

import { closeConversation } from "../model/change-conversation.ts";
import { ensureUser } from "../model/manage-accounts.ts";
import { enableAutoMerge } from "../model/merge-automatically.ts";
import { type MergeOutcome, mergePullRequest } from "../model/merge-pull-request.ts";
import type { Model } from "../model/model.ts";
import { openPullRequest, pullRequestsOf } from "../model/open-pull-request.ts";
import { reopenConversation } from "../model/reopen-conversation.ts";
import type { MergeMethod, PullRequest, Review, ReviewState } from "../model/repository.ts";
import { dismissReview, editReview, reviewPullRequest } from "../model/review-pull-request.ts";
import { updateBranch } from "../model/update-branch.ts";
import {
  type ByPerson,
  type Named,
  type Numbered,
  pullRequestNumbered,
  repositoryNamed,
} from "./find-repository-named.ts";

export function tellOfPullRequests(model: Model) {
  const named = (name: string) => repositoryNamed(model, name);
  const user = (login: string) => ensureUser(model, { login });
  const numbered = (which: Numbered) => pullRequestNumbered(model, which);
  return {
    pullRequest: numbered,
    /** By number, the oldest first. */
    pullRequests: ({
      repository,
      state = "all",
    }: Named & { readonly state?: "open" | "closed" | "all" }): readonly PullRequest[] =>
      pullRequestsOf(named(repository)).filter((pull) => state === "all" || pull.state === state),
    openPullRequest({
      repository,
      by,
      base,
      ...options
    }: Named &
      ByPerson & {
        readonly head: string;
        readonly base?: string;
        readonly title: string;
        readonly body?: string;
        readonly draft?: boolean;
      }): PullRequest {
      const target = named(repository);
      const outcome = openPullRequest(model, {
        repository: target,
        author: user(by),
        base: base ?? target.defaultBranch,
        ...options,
      });
      if (outcome.kind === "refused")
        throw new Error(`GitHub refuses the pull request: ${JSON.stringify(outcome.errors)}`);
      return outcome.pull;
    },
    review({
      by,
      state = "APPROVED",
      body,
      ...which
    }: Numbered & ByPerson & { readonly state?: ReviewState; readonly body?: string }): Review {
      const outcome = reviewPullRequest(model, { pull: numbered(which), author: user(by), state, body });
      if (outcome.kind === "refused") throw new Error(outcome.message);
      return outcome.review;
    },
    editReview: ({ review, by, body }: ByPerson & { readonly review: Review; readonly body: string }): void =>
      editReview(model, { review, by: user(by), body }),
    dismissReview: ({ review, by, message }: ByPerson & { readonly review: Review; readonly message: string }): void =>
      dismissReview(model, { review, by: user(by), message }),
    mergePullRequest: ({
      by,
      method = "merge",
      ignoreRules = false,
      ...which
    }: Numbered & ByPerson & { readonly method?: MergeMethod; readonly ignoreRules?: boolean }): MergeOutcome =>
      mergePullRequest(model, { pull: numbered(which), actor: { kind: "user", user: user(by) }, method, ignoreRules }),
    /** A person switches on GitHub's own auto-merge, in a repository that allows it. */
    enableAutoMerge({ by, method = "merge", ...which }: Numbered & ByPerson & { readonly method?: MergeMethod }): void {
      const refusal = enableAutoMerge(model, { pull: numbered(which), by: user(by), method });
      if (refusal !== undefined) throw new Error(refusal);
    },
    /** The button that merges the base into the head. */
    updateBranch({ by, ...which }: Numbered & ByPerson): void {
      const outcome = updateBranch(model, { pull: numbered(which), actor: { kind: "user", user: user(by) } });
      if (outcome.kind !== "updated") throw new Error(`The branch could not be updated: ${outcome.kind}`);
    },
    closePullRequest: ({ by, ...which }: Numbered & ByPerson): void =>
      closeConversation(model, { conversation: numbered(which), by: user(by) }),
    reopenPullRequest({ by, ...which }: Numbered & ByPerson): void {
      const outcome = reopenConversation(model, { conversation: numbered(which), by: user(by) });
      if (outcome.kind === "refused") throw new Error(outcome.message);
    },
  };
}
