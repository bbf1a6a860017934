// Everything that a pass knows when it decides: facts with their gaps, nothing judged. Plain data that survives
// JSON, so that a pass can be recorded and planned again.

import type { ButtonPress } from "./button.ts";
import type { CommentsRead, Conversation, Person } from "./conversation.ts";
import type { DashboardState } from "./dashboard.ts";
import type { DriftClaim, DriftFinding } from "./drift.ts";
import type { EndpointReading } from "./endpoint.ts";
import type { ImageOrigin } from "./image-origin.ts";
import type { ImageState } from "./image-state.ts";
import type { LedgerState } from "./ledger.ts";
import type { LiveState } from "./live-state.ts";
import type { Configuration, EnvironmentKey, LiveTarget } from "./pipeline.ts";
import type { EditResult, HelmRepository, Place, PlaceProblem } from "./place.ts";
import type {
  ApprovingReview,
  CheckState,
  GuardedHead,
  PastPromotion,
  Promotion,
  ReleasePart,
  StrayBranch,
} from "./promotion.ts";
import type { ProposedChange } from "./proposed-change.ts";
import type { Release } from "./release.ts";
import type { Removal } from "./removal.ts";
import type { Repository } from "./repository.ts";
import type { Namings, RetagTry } from "./retag-image.ts";
import type { SandboxPulls, SandboxReading } from "./sandbox.ts";
import type { Seen } from "./seen.ts";
import type { SignatureReading } from "./signature.ts";
import type { SourceHistory } from "./source-history.ts";
import type { ToldIssue, ToldOnPullRequest } from "./told.ts";

export interface Observed {
  /** Epoch milliseconds; the only clock that the planner knows. */
  readonly now: number;
  readonly repository: Repository;
  /** `undefined` inside: the repository has no pipeline file. */
  readonly configuration: Seen<Configuration | undefined>;
  readonly ledger: Seen<LedgerState>;
  /** By branch name; the default branch and every `branch:` of an environment. */
  readonly branches: Readonly<Record<string, Seen<BranchState>>>;
  /** What the files of each environment say. */
  readonly environments: Readonly<Record<EnvironmentKey, Seen<DeclaredState>>>;
  /** By normalised image name. An image that is absent has not been read yet. */
  readonly images: Readonly<Record<string, Seen<ImageState>>>;
  readonly promotions: readonly Promotion[];
  readonly strays: readonly StrayBranch[];
  readonly past: readonly PastPromotion[];
  readonly guarded: readonly GuardedHead[];
  /** Our pull requests that lend environments; absent: none. */
  readonly sandboxPulls?: SandboxPulls;
  /** By `sandboxKey`: what the fields of sandboxes say, as the planner asked for them. Absent while nobody asked. */
  readonly sandboxFields?: Readonly<Record<string, Seen<SandboxReading>>>;
  /** By `nameKey`: whether the operator lets a name be written, as the planner asked. Absent while nobody asked. */
  readonly namings?: Namings;
  /** By `nameKey`: how the last try to give a name that was ordered went, where it is known. */
  readonly retagged?: Readonly<Record<string, RetagTry>>;
  /** Where people may talk to Stagecoach. */
  readonly conversations: readonly Conversation[];
  /** By number of the conversation: its newest comments, where there may be something to answer. */
  readonly comments: Readonly<Record<number, Seen<CommentsRead>>>;
  /** Buttons of our checks that people pressed; absent: none. */
  readonly presses?: readonly ButtonPress[];
  /** Absent: there is none. */
  readonly dashboard?: DashboardState;
  /** By login in small letters, as the planner asked for them. */
  readonly people: Readonly<Record<string, Seen<Person>>>;
  /** By `membershipKey`: whether that person is in that team. */
  readonly memberships: Readonly<Record<string, Seen<boolean>>>;
  /** By `endpointKey`: what the operator's endpoints said, as the planner asked them. */
  readonly endpoints: Readonly<Record<string, EndpointReading>>;
  /** By `signatureKey`: who signed an image, as the planner asked. Absent while nobody asked. */
  readonly signatures?: Readonly<Record<string, SignatureReading>>;
  /** By `editKey` or `jointEditKey`: what the planner asked to have computed. */
  readonly edits: Readonly<Record<string, Seen<EditResult>>>;
  /** By commit: the blobs that a promotion's head has where its base has others. */
  readonly heads: Readonly<Record<string, Seen<readonly HeadFile[]>>>;
  /** What runs, for every `live` of the environment and in its order. Absent: the environment names none. */
  readonly live: Readonly<Record<EnvironmentKey, readonly LiveReading[]>>;
  /** By `revisionKey`: commits that clusters say they run, as the planner asked for them. */
  readonly revisions: Readonly<Record<string, Seen<RevisionFacts>>>;
  /** By `declaredKey`: what an environment's files said at such a commit. */
  readonly declaredAt: Readonly<Record<string, Seen<DeclaredState>>>;
  /** By `imageKey`: the digests that an index holds, one for each platform; empty for what is no index. */
  readonly children: Readonly<Record<string, Seen<readonly string[]>>>;
  /** By `driftKey`: what became of the suspects and claims, as the planner asked to have them verified. */
  readonly drift: Readonly<Record<string, Seen<readonly DriftFinding[]>>>;
  /** By number: what we said on a pull request after its merge. */
  readonly told: Readonly<Record<number, Seen<ToldOnPullRequest>>>;
  /** Our open issues about drift; absent while the planner has not asked. */
  readonly issues?: Seen<readonly ToldIssue[]>;
  /** By `removalsKey` of a guarded pull request: the objects that it takes out of environments. */
  readonly removals: Readonly<Record<string, Seen<readonly Removal[]>>>;
  /** By `removalsKey` of a guarded pull request: what it would make of the environments and of the pipeline file. */
  readonly changes: Readonly<Record<string, Seen<ProposedChange>>>;
  /** By `originKey`: who brought what a file says. Absent while nobody asked. */
  readonly origins?: Readonly<Record<string, Seen<Origin>>>;
  /** By `imageKey`: from which commit images say that they were built. Absent while nobody asked. */
  readonly imageOrigins?: Readonly<Record<string, Seen<ImageOrigin>>>;
  /** By `rangeKey`: what came between two commits of source repositories. Absent while nobody asked. */
  readonly sourceHistories?: Readonly<Record<string, Seen<SourceHistory>>>;
  /** By number: approving reviews of a guarded pull request with what they say. */
  readonly reviews: Readonly<Record<number, Seen<readonly ApprovingReview[]>>>;
}

/** What nothing was asked about yet. */
export const UNASKED: Pick<
  Observed,
  | "edits"
  | "heads"
  | "live"
  | "revisions"
  | "declaredAt"
  | "children"
  | "drift"
  | "told"
  | "removals"
  | "reviews"
  | "comments"
  | "people"
  | "memberships"
  | "endpoints"
  | "changes"
> = {
  edits: {},
  heads: {},
  live: {},
  revisions: {},
  declaredAt: {},
  children: {},
  drift: {},
  told: {},
  removals: {},
  changes: {},
  reviews: {},
  comments: {},
  people: {},
  memberships: {},
  endpoints: {},
};

export interface LiveReading {
  readonly target: LiveTarget;
  readonly state: Seen<LiveState>;
  /** When the source last said anything about it, for "no news since"; absent: never. */
  readonly heardAt?: number;
  /** Since when no look has heard of it; absent: it was heard of just now. */
  readonly silentSince?: number;
  /** Since when every look has found that what Git says could not be applied. */
  readonly failingSince?: number;
  /** The newest report about drift there, if it is not too old. */
  readonly claim?: DriftClaim;
}

/** The newest commit that changed a file of a branch. */
export interface Origin {
  readonly commit: string;
  /** Login or name of its author. */
  readonly by: string;
  /** The merged pull request that it came with, where it came with one. */
  readonly pullRequest?: number;
}

/** Where a commit stands on an environment's branch. */
export interface RevisionFacts {
  /** It is the branch's head or an ancestor of it. */
  readonly onBranch: boolean;
  /** Commits of the branch that it does not contain; absent when there are too many to list. */
  readonly missing?: readonly string[];
}

export interface BranchState {
  readonly head: string;
  readonly tree: string;
  /** Epoch milliseconds of the head commit. */
  readonly committedAt: number;
  /** Login or name of the head commit's author. */
  readonly author: string;
  readonly usesMergeQueue: boolean;
  /** Our check on the head commit itself. */
  readonly check?: CheckState;
}

export interface DeclaredState {
  readonly places: readonly Place[];
  readonly problems: readonly PlaceProblem[];
  /** Where its charts may come from; absent: nothing is declared of that. */
  readonly repositories?: readonly HelmRepository[];
}

export interface HeadFile {
  readonly path: string;
  /** Git blob id after the change; absent when the file was removed. */
  readonly blob?: string;
}

/** `head` is the branch's head at that moment: what is on a branch depends on it. */
export function revisionKey({ commit, head }: { readonly commit: string; readonly head: string }): string {
  return `${commit} ${head}`;
}

export function declaredKey({ commit, key }: { readonly commit: string; readonly key: EnvironmentKey }): string {
  return `${commit} ${key}`;
}

/** What a head takes out depends on where it goes: one commit may be proposed to several branches. */
export function removalsKey({ head, base }: { readonly head: string; readonly base: string }): string {
  return `${head} ${base}`;
}

/** `head` is the branch's head at that moment. */
export function originKey({ head, path }: { readonly head: string; readonly path: string }): string {
  return `${head} ${path}`;
}

export function imageKey({ image, digest }: { readonly image: string; readonly digest: string }): string {
  return `${image}@${digest}`;
}

export function driftKey({ key, target }: { readonly key: EnvironmentKey; readonly target: LiveTarget }): string {
  return `${key} ${target.source} ${target.kind} ${target.name}`;
}

/** The name under which an edit is asked for and answered. Tags count too: an environment may have its own. */
export function editKey(key: EnvironmentKey, release: Release): string {
  return [key, ...release.versions.map(({ image, tag, digest }) => `${image}:${tag}@${digest}`)].join(" ");
}

export function jointEditKey(parts: readonly ReleasePart[]): string {
  return parts.map(({ key, release }) => editKey(key, release)).join(" and ");
}
