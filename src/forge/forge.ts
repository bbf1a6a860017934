// The port to the forge that holds the config repositories (GitHub). Reads give facts in our words; writes name the
// state that they were decided on and say what became of them. Failures of the world (network, 5xx, rate limits) are
// thrown; a rate limit as `Deferred`.

import type { CommentsRead, Person } from "../domain/conversation.ts";
import type { ToldImage } from "../domain/hint.ts";
import type { HeadFile, Origin, RevisionFacts } from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { ApprovingReview } from "../domain/promotion.ts";
import type { ChangedFiles } from "../domain/removal.ts";
import type { Seen } from "../domain/seen.ts";
import type { SignaturesFound } from "../domain/signature.ts";
import type { DeploymentState, ToldIssue, ToldOnPullRequest } from "../domain/told.ts";
import type { RevisionReads } from "./revision-reads.ts";
import type { LedgerCommit, Snapshot } from "./snapshot.ts";
import type {
  AnswerRequest,
  BranchCommitRequest,
  CheckText,
  CommitRequest,
  IssueText,
  PullRequestText,
  RefMove,
} from "./write-request.ts";

export interface RepositoryReference {
  /** GitHub's numeric ids. */
  readonly installation: number;
  readonly repository: number;
  readonly owner: string;
  readonly name: string;
}

export interface Installation {
  readonly id: number;
  readonly account: string;
  readonly suspended: boolean;
}

export interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000` (symlink), `160000` (submodule). Directories are not listed. */
  readonly mode: string;
  readonly oid: string;
  /** Bytes; absent for submodules. */
  readonly size?: number;
}

/** What became of a write. `moved-on`: the world is no longer what the plan was made for; look again. */
export type Outcome<T = undefined> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "already-so"; readonly value: T }
  | { readonly kind: "moved-on"; readonly why: string }
  /** GitHub understood and refuses; trying the same again gives the same. */
  | { readonly kind: "refused"; readonly why: string };

/** A container image that came into the forge's own registry, as the forge told it. */
export interface ToldPackage extends ToldImage {
  readonly image: string;
  readonly tag: string;
  /** When it was told, epoch milliseconds. */
  readonly at: number;
}

export interface Forge extends RevisionReads<RepositoryReference> {
  /** The app's own name on GitHub, as in `stagecoach[bot]` without the brackets. */
  identity(): Promise<{ readonly slug: string; readonly appId: number }>;
  listInstallations(): Promise<readonly Installation[]>;
  listRepositories(installation: number): Promise<readonly RepositoryReference[]>;
  /** By numeric id, so that a renamed or transferred repository is followed. `undefined`: gone, or no access any more. */
  findRepository(at: {
    readonly installation: number;
    readonly repository: number;
  }): Promise<RepositoryReference | undefined>;

  observe(at: RepositoryReference, wanted: { readonly branches: readonly string[] }): Promise<Snapshot>;
  /** What the forge told us lately of images in its own registry, as far as it still knows; from the asker's installation. */
  recallPackages(at: RepositoryReference): Promise<readonly ToldPackage[]>;
  /** Whether our app ever opened a pull request here. Only asked where a ledger is missing. */
  hadPullRequests(at: RepositoryReference): Promise<boolean>;
  /** Ledger commits that follow `after` in the direction of the root. */
  readLedgerCommits(
    at: RepositoryReference,
    from: { readonly head: string; readonly after: string },
  ): Promise<readonly LedgerCommit[]>;
  /** Every file of a tree, all folders. */
  readTree(at: RepositoryReference, tree: string): Promise<readonly TreeEntry[]>;
  /** Text by blob id. A blob counts only if its bytes hash to its id; others, binary or too large ones are unknown with the reason. */
  readBlobs(at: RepositoryReference, oids: readonly string[]): Promise<ReadonlyMap<string, Seen<string>>>;
  /** The blobs that this commit has where its base (the first parent; of a merge of the base, the second) has others. */
  readHeadFiles(at: RepositoryReference, commit: string): Promise<readonly HeadFile[]>;

  /** Where a commit stands on the branch whose head is `head`, and its tree; `onBranch: false` also for a commit that GitHub does not have. */
  readRevision(
    at: RepositoryReference,
    wanted: { readonly commit: string; readonly head: string },
  ): Promise<Seen<RevisionFacts & { readonly tree?: string }>>;
  /** Our marked comments on pull requests and the deployments of their merge commits; one request for many. */
  readTold(
    at: RepositoryReference,
    wanted: readonly { readonly number: number; readonly commit?: string }[],
  ): Promise<ReadonlyMap<number, Seen<ToldOnPullRequest>>>;
  /** Our open issues about drift. */
  readDriftIssues(at: RepositoryReference): Promise<Seen<readonly ToldIssue[]>>;
  /** Files that a pull request changes against its base; unknown when there are more than GitHub lists. */
  readChangedFiles(at: RepositoryReference, number: number): Promise<Seen<ChangedFiles>>;
  /** The newest commit of a branch's head that changed a file, and the merged pull request that it came with. */
  readOrigin(at: RepositoryReference, wanted: { readonly head: string; readonly path: string }): Promise<Seen<Origin>>;
  /** Approving reviews by people with write access that stand, the newest of each person. */
  readReviews(at: RepositoryReference, number: number): Promise<Seen<readonly ApprovingReview[]>>;
  /** The last 50 comments of each pull request or issue, and which of them we have answered; one request for 25. */
  readComments(at: RepositoryReference, numbers: readonly number[]): Promise<ReadonlyMap<number, Seen<CommentsRead>>>;
  /** Who has that login now, and what they may do here. A login that GitHub does not know has id 0 and may do nothing. */
  readPerson(at: RepositoryReference, login: string): Promise<Seen<Person>>;
  /** Whether the person is in the team, `acme/sre`. Needs the permission `members: read`. */
  readMembership(
    at: RepositoryReference,
    question: { readonly team: string; readonly login: string },
  ): Promise<Seen<boolean>>;
  /** Attestations of a digest that GitHub keeps for `source`, unverified; needs `attestations: read` where that is private. */
  readAttestations(
    at: RepositoryReference,
    wanted: { readonly source: string; readonly digest: string },
  ): Promise<Seen<SignaturesFound>>;

  /**
   * One commit through the API without an author of its own, so that GitHub signs it. Moves no ref. Throws `CommitRefused`
   * where GitHub understood and does not want it.
   */
  commit(at: RepositoryReference, change: CommitRequest): Promise<Commit>;
  /**
   * One signed commit on a branch that exists and is at `head`; one request. Ordinary files only. `moved-on`: the branch
   * is elsewhere by now.
   */
  commitOnBranch(at: RepositoryReference, request: BranchCommitRequest): Promise<Outcome<Commit>>;
  /** All or none; exact compare-and-swap. */
  moveRefs(
    at: RepositoryReference,
    request: { readonly node: string; readonly moves: readonly RefMove[] },
  ): Promise<Outcome>;
  openPullRequest(
    at: RepositoryReference,
    request: PullRequestText & { readonly branch: string; readonly base: string; readonly draft?: boolean },
  ): Promise<Outcome<{ readonly number: number }>>;
  describePullRequest(
    at: RepositoryReference,
    request: PullRequestText & { readonly number: number },
  ): Promise<Outcome>;
  closePullRequest(at: RepositoryReference, request: { readonly number: number }): Promise<Outcome>;
  addLabels(
    at: RepositoryReference,
    request: { readonly number: number; readonly labels: readonly string[] },
  ): Promise<Outcome>;
  /** `already-so`: it is not there. */
  removeLabel(at: RepositoryReference, request: { readonly number: number; readonly label: string }): Promise<Outcome>;
  mergePullRequest(
    at: RepositoryReference,
    request: {
      readonly number: number;
      readonly head: string;
      readonly method: "squash" | "merge" | "rebase" | "queue";
      readonly title: string;
      readonly message: string;
    },
  ): Promise<Outcome>;
  /** Takes it out of the merge queue. `already-so`: it is in none. */
  dequeuePullRequest(
    at: RepositoryReference,
    request: { readonly number: number; readonly head: string },
  ): Promise<Outcome>;
  /** Edits run `run`, or makes a new one on `head`. */
  setCheck(
    at: RepositoryReference,
    request: { readonly head: string; readonly run?: number; readonly check: CheckText },
  ): Promise<Outcome<{ readonly id: number }>>;
  /** Edits `comment`, or makes a new one. `moved-on`: that comment is gone. */
  writeComment(
    at: RepositoryReference,
    request: { readonly number: number; readonly comment?: number; readonly body: string },
  ): Promise<Outcome<{ readonly id: number }>>;
  /** The reaction "seen" on comments, by their node ids; what is gone is left out. */
  acknowledge(at: RepositoryReference, request: { readonly nodes: readonly string[] }): Promise<Outcome>;
  /** A new comment that answers another one, and the reaction that says how it ended; one request. Never sent twice. */
  answerComment(at: RepositoryReference, request: AnswerRequest): Promise<Outcome<{ readonly id: number }>>;
  /** No merge, no required contexts, earlier deployments stay as they are. */
  createDeployment(
    at: RepositoryReference,
    request: { readonly commit: string; readonly environment: EnvironmentKey; readonly description: string },
  ): Promise<Outcome<{ readonly id: number }>>;
  setDeploymentStatus(
    at: RepositoryReference,
    request: { readonly deployment: number; readonly state: DeploymentState; readonly description: string },
  ): Promise<Outcome>;
  /** Edits `issue`, or opens a new one with the labels. */
  writeIssue(
    at: RepositoryReference,
    request: IssueText & { readonly issue?: number; readonly labels: readonly string[] },
  ): Promise<Outcome<{ readonly number: number }>>;
  closeIssue(at: RepositoryReference, request: { readonly issue: number }): Promise<Outcome>;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
}

/** Thrown when GitHub does not take the content of a commit; trying the same again gives the same. */
export class CommitRefused extends Error {
  /** GitHub's own words. */
  readonly why: string;

  constructor(message: string, options: { readonly why: string; readonly cause: unknown }) {
    super(message, { cause: options.cause });
    this.name = "CommitRefused";
    this.why = options.why;
  }
}

/** Thrown when a tree is larger than is read; asking again gives the same. */
export class TreeTooLarge extends Error {
  override readonly name = "TreeTooLarge";
}

/** Thrown when the repository does not exist any more, or Stagecoach has no access to it any more. */
export class RepositoryGone extends Error {
  readonly repository: number;

  constructor(message: string, options: { readonly repository: number; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "RepositoryGone";
    this.repository = options.repository;
  }
}

/** Thrown when GitHub asks for patience: nothing of this installation is tried before `until` (epoch milliseconds). */
export class Deferred extends Error {
  readonly installation: number;
  readonly until: number;

  constructor(
    message: string,
    options: { readonly installation: number; readonly until: number; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "Deferred";
    this.installation = options.installation;
    this.until = options.until;
  }
}
