// The shape of the answer to the questions of observe-query.ts. What may be null on GitHub may be null here; a field
// that was not asked for on this page is absent.

export interface Nodes<T> {
  readonly nodes?: readonly (T | null)[] | null;
}

export interface Page<T> extends Nodes<T> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

export interface ActorNode {
  readonly __typename: string;
  readonly login: string;
}

export interface IdentifiedActorNode extends ActorNode {
  readonly databaseId?: number | null;
}

export interface CheckedCommitNode {
  readonly oid: string;
  readonly checkSuites?: Nodes<{ readonly createdAt: string; readonly checkRuns?: Nodes<CheckRunNode> | null }> | null;
}

/** What anybody reported about a commit, of each check the newest. */
export interface ReportedNode {
  readonly statusCheckRollup: {
    readonly contexts: Nodes<ReportNode> & { readonly totalCount: number };
  } | null;
}

export type ReportNode =
  | {
      readonly __typename: "CheckRun";
      readonly name: string;
      readonly status: string;
      readonly conclusion: string | null;
      readonly startedAt: string | null;
      readonly checkSuite: { readonly app: { readonly slug: string } | null };
    }
  | {
      readonly __typename: "StatusContext";
      readonly context: string;
      readonly state: string;
      readonly createdAt: string;
      readonly creator: ActorNode | null;
    };

export interface CheckRunNode {
  /** Ends in `/runs/<id>`; the ids of runs have outgrown GraphQL's `Int`, which is all that `databaseId` can be. */
  readonly url: string;
  readonly databaseId: number | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly externalId: string | null;
}

export interface SignedNode {
  readonly oid: string;
  readonly message: string;
  readonly committedDate?: string;
  readonly author: {
    readonly name: string | null;
    readonly email: string | null;
    readonly user: { readonly login: string } | null;
  } | null;
  readonly signature: { readonly isValid: boolean; readonly wasSignedByGitHub: boolean } | null;
}

export interface CommitNode extends SignedNode {
  readonly parents: Nodes<{ readonly oid: string }>;
}

export interface BranchNode {
  readonly name: string;
  readonly target:
    | (CheckedCommitNode & {
        readonly committedDate: string;
        readonly tree: { readonly oid: string };
        readonly author: { readonly name: string | null; readonly user: { readonly login: string } | null } | null;
      })
    | null;
}

export interface QueueNode {
  readonly entries?: Nodes<{
    readonly position: number;
    readonly headCommit: CheckedCommitNode | null;
    readonly pullRequest: OriginNode | null;
  }> | null;
}

export interface OriginNode {
  readonly number: number;
  readonly isCrossRepository: boolean;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly baseRefName: string;
  readonly author: ActorNode | null;
  readonly headRepository: { readonly databaseId: number | null } | null;
}

export interface ReviewsNode {
  readonly latestOpinionatedReviews: Nodes<{
    readonly state: string;
    readonly author: IdentifiedActorNode | null;
    readonly commit: { readonly oid: string } | null;
  }> | null;
}

/** The last comments, and how many there are. */
export interface TalkNode
  extends Nodes<{
    readonly url: string;
    readonly createdAt: string;
    readonly author: ActorNode | null;
  }> {
  readonly totalCount: number;
}

export interface TalkingNode {
  readonly comments: TalkNode;
}

export interface OpenNode extends OriginNode, ReviewsNode, TalkingNode {
  readonly title: string;
  readonly body: string;
  readonly createdAt: string;
  readonly isDraft: boolean;
  readonly labels: Nodes<{ readonly name: string }> | null;
  readonly mergeable: string;
  readonly mergeStateStatus: string;
  readonly isInMergeQueue: boolean;
  /** The last event of the merge queue or of the head. */
  readonly queueing: Nodes<{
    readonly __typename: string;
    readonly reason?: string | null;
    readonly actor?: ActorNode | null;
  }> | null;
  readonly commits: Nodes<{ readonly commit: CommitNode }> & { readonly totalCount: number };
  readonly newest: Nodes<{ readonly commit: CheckedCommitNode & ReportedNode & { readonly committedDate: string } }>;
}

export interface PastNode extends OriginNode, ReviewsNode, TalkingNode {
  readonly state: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly mergedAt: string | null;
  readonly mergedBy: ActorNode | null;
  readonly mergeCommit: { readonly oid: string } | null;
  readonly timelineItems: Nodes<{ readonly actor?: ActorNode | null }>;
  readonly commits: Nodes<{ readonly commit: SignedNode }>;
}

export interface DashboardNode extends TalkingNode {
  readonly id: string;
  readonly number: number;
  readonly body: string;
  readonly author: ActorNode | null;
  /** The newest first; the oldest is the text as it was written. */
  readonly userContentEdits: Nodes<{ readonly editedAt: string; readonly editor: IdentifiedActorNode | null }> | null;
}

export interface RefNode {
  readonly name: string;
  readonly prefix: string;
  readonly target: (SignedNode & { readonly parents: Nodes<CommitNode> }) | null;
}

export interface LedgerNode {
  readonly target: {
    readonly oid: string;
    readonly tree: { readonly oid: string };
    readonly history: Nodes<CommitNode> & { readonly pageInfo: { readonly hasNextPage: boolean } };
  } | null;
}

export interface RepositoryNode {
  readonly id: string;
  readonly databaseId: number | null;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly isArchived: boolean;
  /** `PUBLIC`, `INTERNAL`, `PRIVATE` */
  readonly visibility?: string;
  readonly squashMergeAllowed: boolean;
  readonly mergeCommitAllowed: boolean;
  readonly rebaseMergeAllowed: boolean;
  readonly defaultBranchRef: BranchNode | null;
  readonly defaultQueue?: QueueNode | null;
  readonly ledger?: LedgerNode | null;
  readonly open?: Page<OpenNode>;
  readonly past?: Nodes<PastNode>;
  /** Ours that were closed without a merge: a refusal is looked for longer than a merge. */
  readonly closed?: Nodes<PastNode>;
  /** Open issues with the dashboard's label, the oldest first. */
  readonly dashboards?: Nodes<DashboardNode>;
  /** Closed ones that have it still, the newest first. */
  readonly closedDashboards?: Nodes<Pick<DashboardNode, "number" | "author">>;
  readonly refs?: Page<RefNode> | null;
  /** Branches on which environments are lent. */
  readonly lent?: Nodes<RefNode> | null;
  /** `branch0`, `queue0`, … */
  readonly [wanted: string]: unknown;
}

export interface ObserveAnswer {
  readonly repository: RepositoryNode | null;
}

export function nodesOf<T>(list: Nodes<T> | null | undefined): readonly T[] {
  return (list?.nodes ?? []).filter((node) => node !== null);
}
