// Whether a pull request can be merged. GitHub computes it in the background after a change: the first question is
// answered "unknown" and starts the computation, a later one is answered.

import { commitAt, createCommit } from "../git/git-repository.ts";
import { mergeTrees } from "../git/merge.ts";
import { type Model, timestamp } from "./model.ts";
import type { Mergeability, PullRequest } from "./repository.ts";

/** One question of a reader: the answer now, and the computation under way for the next one. */
export function askMergeability(model: Model, pull: PullRequest): Mergeability {
  const { mergeability } = pull;
  if (mergeability.kind !== "unknown" || pull.state === "closed") return mergeability;
  if (mergeability.questions >= model.settings.unknownMergeabilityAnswers) return computeMergeability(model, pull);
  pull.mergeability = { kind: "unknown", questions: mergeability.questions + 1 };
  return mergeability;
}

/** The background job itself. A merge asks it, too: nothing is merged on an unknown state. */
export function computeMergeability(model: Model, pull: PullRequest): Mergeability {
  if (pull.mergeability.kind !== "unknown") return pull.mergeability;
  const { git } = pull.repository;
  const base = git.refs.get(`refs/heads/${pull.baseRef}`);
  const merged = base === undefined ? undefined : mergeTrees(git, { base, head: pull.headOid });
  if (base === undefined || merged === undefined || merged.kind === "conflict")
    pull.mergeability = { kind: "conflicting" };
  else {
    const date = commitAt(git, pull.headOid)?.committer.date ?? timestamp(model);
    const github = { name: "GitHub", email: "noreply@github.com", date };
    const message = `Merge ${pull.headOid} into ${base}`;
    const commit = {
      tree: merged.tree,
      parents: [base, pull.headOid],
      author: github,
      committer: github,
      message,
      signed: true,
    };
    pull.mergeability = { kind: "mergeable", testMergeOid: createCommit(git, commit) };
  }
  return pull.mergeability;
}

export function forgetMergeability(pull: PullRequest): void {
  pull.mergeability = { kind: "unknown", questions: 0 };
}
