// Decides whether a branch is ours: exactly one commit above its base, made by our app and signed by GitHub. Merges of
// the base that GitHub itself made and signed (the "Update branch" button) do not count against it. Pure.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Ownership, PromotionHead } from "../domain/promotion.ts";
import { type CommitNode, nodesOf, type RefNode, type SignedNode } from "./observe-answer.ts";
import { readProposed } from "./read-proposed.ts";

/** By what our commits are known. */
export interface Signer {
  /** Without `[bot]`. */
  readonly slug: string;
  /** Numeric id of the bot's account. */
  readonly botId: number;
  /** `users.noreply.github.com`, or the one of the enterprise server. */
  readonly mailHosts: readonly string[];
}

export function isOurCommit(commit: SignedNode, signer: Signer): boolean {
  const email = commit.author?.email?.toLowerCase();
  const mailbox = `${signer.botId}+${signer.slug}[bot]@`.toLowerCase();
  return isSignedByGithub(commit) && signer.mailHosts.some((host) => email === `${mailbox}${host}`);
}

/** Who made the commit, as people know them. */
export function nameAuthor(commit: Pick<SignedNode, "author">): string {
  const { author } = commit;
  return author?.user?.login ?? author?.name ?? author?.email ?? "somebody unknown";
}

export interface Branch {
  readonly head: string;
  /** When the head was committed; epoch milliseconds. */
  readonly committedAt: number;
  /** The commits of the branch that its base does not have, oldest first. */
  readonly commits: readonly CommitNode[];
  /** How many there are; more than in `commits` when GitHub did not list all. */
  readonly total: number;
  readonly key: EnvironmentKey;
}

/** The head of an open pull request. */
export function judgeHead(branch: Branch, signer: Signer): PromotionHead {
  const above = new Set(branch.commits.map(({ oid }) => oid));
  const ours = branch.commits.find((commit) => isOurCommit(commit, signer) && parentsOf(commit).length === 1);
  const merges = branch.commits.filter((commit) => commit !== ours);
  const strange = merges.find((commit) => !isMergeOfTheBase(commit, above));
  const proposed = ours && readProposed(ours.message, branch.key);
  // After a merge of the base, the branch stands on what was merged.
  const newest = branch.commits.find(({ oid }) => oid === branch.head);
  const base = parentsOf(newest ?? ours).at(-1) ?? "";
  return {
    oid: branch.head,
    committedAt: branch.committedAt,
    parent: base,
    ...proposed,
    ownership: judge({ branch, ours, strange, newest }),
  };
}

/** Everybody but us, as people know them; who pressed the button is the author of the merge that it made. */
export function pushersOf(commits: readonly CommitNode[], signer: Signer): readonly string[] {
  return [...new Set(commits.filter((commit) => !isOurCommit(commit, signer)).map(nameAuthor))];
}

/** A time that is not there lies in the future: nothing was said after it. */
export function readTime(text: string | undefined): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function judge({
  branch,
  ours,
  strange,
  newest,
}: {
  readonly branch: Branch;
  readonly ours: CommitNode | undefined;
  readonly strange: CommitNode | undefined;
  readonly newest: CommitNode | undefined;
}): Ownership {
  if (strange !== undefined) {
    const why = isSignedByGithub(strange) ? "a commit that is not Stagecoach's" : "a commit that GitHub did not sign";
    return { kind: "foreign", by: nameAuthor(strange), commit: strange.oid, why };
  }
  if (branch.total > branch.commits.length) {
    const why = `${branch.total} commits above the base, more than Stagecoach looks at`;
    return { kind: "foreign", by: "somebody unknown", commit: branch.head, why };
  }
  if (newest === undefined || ours === undefined) {
    const why = newest === undefined ? "GitHub does not list its newest commit" : "it has no commit of Stagecoach";
    return { kind: "foreign", by: newest ? nameAuthor(newest) : "somebody unknown", commit: branch.head, why };
  }
  return { kind: "ours" };
}

/** A branch without pull request: GitHub lists no commits above a base, so only the newest two are looked at. */
export function judgeStray(
  target: NonNullable<RefNode["target"]>,
  { key, signer, bases }: { readonly key: EnvironmentKey; readonly signer: Signer; readonly bases: readonly string[] },
): PromotionHead {
  const parents = nodesOf(target.parents);
  const [first] = parents;
  const merged = bases.some((base) => target.message.startsWith(`Merge branch '${base}' into stagecoach/${key}`));
  const updated = merged && parents.length === 2 && first !== undefined && isSignedByGithub(target);
  const ours = updated ? first : { ...target, parents: { nodes: parents } };
  const proposed = isOurCommit(ours, signer) ? readProposed(ours.message, key) : {};
  const head = {
    oid: target.oid,
    committedAt: readTime(target.committedDate),
    parent: parents.at(-1)?.oid ?? "",
    ...proposed,
  };
  if (isOurCommit(ours, signer) && parentsOf(ours).length === 1) return { ...head, ownership: { kind: "ours" } };
  const why = "its newest commit is not Stagecoach's";
  return { ...head, ownership: { kind: "foreign", by: nameAuthor(target), commit: target.oid, why } };
}

function isSignedByGithub(commit: Pick<SignedNode, "signature">): boolean {
  return commit.signature?.isValid === true && commit.signature.wasSignedByGitHub === true;
}

/** Whatever is merged in and is not itself above the base is on the base already. */
function isMergeOfTheBase(commit: CommitNode, above: ReadonlySet<string>): boolean {
  const [first = "", second = "", ...more] = parentsOf(commit);
  return isSignedByGithub(commit) && more.length === 0 && second !== "" && above.has(first) && !above.has(second);
}

function parentsOf(commit: Pick<CommitNode, "parents"> | undefined): readonly string[] {
  return nodesOf(commit?.parents).map(({ oid }) => oid);
}
