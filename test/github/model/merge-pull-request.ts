// Merges a pull request by the button, with GitHub's refusals: wrong head, not mergeable, rules, method not allowed.

import { commitAt, createCommit } from "../git/git-repository.ts";
import { commitsBetween } from "../git/history.ts";
import { mergeTrees, rebaseCommits } from "../git/merge.ts";
import { closeConversation } from "./change-conversation.ts";
import { computeMergeability } from "./compute-mergeability.ts";
import { findRuleAgainstMerge } from "./find-merge-block.ts";
import type { Actor, User } from "./identity.ts";
import { accountOf } from "./manage-accounts.ts";
import { type Model, timestamp } from "./model.ts";
import { moveReferences } from "./move-reference.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { MergeMethod, PullRequest } from "./repository.ts";
import { githubSignature, signatureOf } from "./sign-commit.ts";

export interface MergeRequest {
  readonly pull: PullRequest;
  readonly actor: Actor;
  readonly method: MergeMethod;
  /** the head that the caller decided on */
  readonly expectedHead?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** a person in a story who may merge against the rules */
  readonly ignoreRules?: boolean;
}

export type MergeOutcome =
  | { readonly kind: "merged"; readonly oid: string }
  /** 405 */
  | { readonly kind: "not-allowed"; readonly message: string }
  /** 409 */
  | { readonly kind: "head-moved"; readonly message: string };

const methodNames = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" } as const;

export function mergePullRequest(model: Model, request: MergeRequest): MergeOutcome {
  const refusal = refuseMerge(model, request);
  if (refusal !== undefined) return refusal;
  const { pull, actor, method } = request;
  const by = accountOf(actor) ?? pull.repository.owner;
  const base = pull.repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  const oid = base === undefined ? undefined : makeMergeCommit(model, { ...request, method, base, by });
  if (oid === undefined) return { kind: "not-allowed", message: "Pull Request is not mergeable" };
  finishMerge(model, {
    pull,
    by,
    oid,
    move: () =>
      moveReferences(model, {
        repository: pull.repository,
        actor,
        ignoreRules: true,
        moves: [{ name: `refs/heads/${pull.baseRef}`, before: base, after: oid }],
      }),
  });
  if (pull.repository.deleteBranchOnMerge)
    moveReferences(model, {
      repository: pull.headRepository,
      actor,
      moves: [{ name: `refs/heads/${pull.headRef}`, before: "any", after: undefined }],
    });
  return { kind: "merged", oid };
}

/** Marks it merged before the base moves, so that nobody sees the base with an open pull request above it. */
export function finishMerge(
  model: Model,
  {
    pull,
    by,
    oid,
    move,
  }: { readonly pull: PullRequest; readonly by: User; readonly oid: string; readonly move: () => unknown },
): void {
  pull.mergedAt = timestamp(model);
  pull.mergedBy = by;
  pull.mergeCommitOid = oid;
  addTimelineEvent(model, { conversation: pull, actor: by, change: { kind: "merged", commitOid: oid } });
  closeConversation(model, { conversation: pull, by });
  move();
}

/** The commit that lands on the base, by the method; undefined when the two conflict. */
export function makeMergeCommit(
  model: Model,
  {
    pull,
    method,
    base,
    by,
    title,
    message,
  }: Pick<MergeRequest, "pull" | "method" | "title" | "message"> & { readonly base: string; readonly by: User },
): string | undefined {
  const { git } = pull.repository;
  const committer = githubSignature(model);
  if (method === "rebase") {
    const rebased = rebaseCommits(git, { base, head: pull.headOid, committer: signatureOf(model, by) });
    return rebased.kind === "clean" ? rebased.oid : undefined;
  }
  const merged = mergeTrees(git, { base, head: pull.headOid });
  if (merged.kind === "conflict") return undefined;
  const text = method === "merge" ? mergeMessage(pull) : squashMessage(pull);
  const body = message ?? text.message;
  return createCommit(git, {
    tree: merged.tree,
    parents: method === "merge" ? [base, pull.headOid] : [base],
    author: signatureOf(model, method === "merge" ? by : pull.author),
    committer,
    message: `${title ?? text.title}${body === "" ? "" : `\n\n${body}`}`,
    signed: true,
  });
}

function refuseMerge(
  model: Model,
  { pull, actor, method, expectedHead, ignoreRules = false }: MergeRequest,
): MergeOutcome | undefined {
  const refuse = (message: string): MergeOutcome => ({ kind: "not-allowed", message });
  if (pull.state === "closed") return refuse("Pull Request is not mergeable");
  if (expectedHead !== undefined && expectedHead !== pull.headOid)
    return { kind: "head-moved", message: "Head branch was modified. Review and try the merge again." };
  if (!pull.repository.mergeMethods.includes(method))
    return refuse(`${methodNames[method]} are not allowed on this repository.`);
  if (pull.draft) return refuse("Pull Request is still a draft");
  if (computeMergeability(model, pull).kind === "conflicting") return refuse("Pull Request is not mergeable");
  const rule = ignoreRules ? undefined : findRuleAgainstMerge(model, { pull, actor });
  return rule === undefined ? undefined : refuse(`Repository rule violations found\n\n${rule}\n\n`);
}

function mergeMessage({ number, title, headRef, headRepository }: PullRequest) {
  return { title: `Merge pull request #${number} from ${headRepository.owner.login}/${headRef}`, message: title };
}

/** One commit lends its own message; several are listed. */
function squashMessage(pull: PullRequest) {
  const { git } = pull.repository;
  const messages = commitsBetween(git, { base: pull.baseOid, head: pull.headOid }).map(
    (oid) => commitAt(git, oid)?.message.trim() ?? "",
  );
  const [first = pull.title, ...others] = messages;
  const [subject = "", ...rest] = first.split("\n");
  if (others.length === 0) return { title: `${subject} (#${pull.number})`, message: rest.join("\n").trim() };
  return { title: `${pull.title} (#${pull.number})`, message: messages.map((message) => `* ${message}`).join("\n\n") };
}
