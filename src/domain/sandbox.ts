// Sandboxes: environments that one open pull request of a person may borrow, by writing its branch or its head into the
// field from which the reconciler takes what it applies. Our own pull requests write that field and put it back.

import type { HealthState, LiveSync } from "./live-state.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Edit, EditResult } from "./place.ts";
import type { PastPromotion, Promotion, StrayBranch } from "./promotion.ts";

/** An open pull request of ours that lends an environment or takes it back. */
export type SandboxPull = Omit<Promotion, "approvals" | "checks" | "pushedBy">;

/** What GitHub shows of them. */
export interface SandboxPulls {
  readonly open: readonly SandboxPull[];
  readonly past: readonly PastPromotion[];
  /** Branches of ours without an open pull request. */
  readonly strays: readonly StrayBranch[];
}

export const NO_SANDBOX_PULLS: SandboxPulls = { open: [], past: [], strays: [] };

/** What the field says now, with the edit that would write the value in question; no files: it says so already. */
export type SandboxReading =
  | { readonly kind: "field"; readonly present: string; readonly edit: Edit }
  | Extract<EditResult, { readonly kind: "refused" }>;

/** The name under which a field and one value for it are asked for and answered. */
export function sandboxKey({ key, value }: { readonly key: EnvironmentKey; readonly value: string }): string {
  return `${key} ${value}`;
}

const BRANCH_PREFIX = "stagecoach-sandbox/";

/** The one branch on which the field of this environment is changed. */
export function sandboxBranch(key: EnvironmentKey): string {
  return `${BRANCH_PREFIX}${key}`;
}

export function sandboxOfBranch(branch: string): EnvironmentKey | undefined {
  const match = /^stagecoach-sandbox\/([^/]+)\/([^/]+)$/.exec(branch);
  return match ? `${match[1] ?? ""}/${match[2] ?? ""}` : undefined;
}

const LONGEST = 200;
/** Git allows more; what could mean something to YAML, to a shell or to Markdown is left out. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._/+#=,@-]*$/;
const NOT_FOR_GIT = /\.\.|@\{|\/\.|\/\/|[/.]$|\.lock(?:\/|$)/;

/** Whether a text may be written as a branch or a revision: a Git ref name of plain characters. */
export function isPlainReference(text: string): boolean {
  return text.length <= LONGEST && PLAIN.test(text) && !NOT_FOR_GIT.test(text);
}

/** Everything that title, body, commit and merge message of our pull request are made of. */
export interface SandboxPullView {
  readonly key: EnvironmentKey;
  readonly pipeline: string;
  readonly environment: string;
  readonly direction: "lend" | "take-back";
  /** The feature pull request. */
  readonly number: number;
  /** Login of who claimed it. */
  readonly by: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** One sentence without a full stop each: why, and who merges it. */
  readonly why: string;
  readonly merge: string;
  readonly fingerprint: string;
}

export type SandboxStage = "proposed" | "lent" | "waiting" | "ending" | "given-back";

export interface SandboxView {
  readonly key: EnvironmentKey;
  readonly environment: string;
  readonly stage: SandboxStage;
  readonly by: string;
  readonly at: number;
  /** Our pull request that is open. */
  readonly pull?: number;
  /** One sentence without a full stop: how it stands and what comes next. */
  readonly reason: string;
  readonly places: readonly SandboxPlace[];
  readonly fingerprint: string;
}

/** One place where the environment runs. */
export interface SandboxPlace {
  readonly source: string;
  readonly name: string;
  /** The commit that is applied there. */
  readonly revision?: string;
  /** It is the head of the feature pull request. */
  readonly isHead: boolean;
  readonly sync?: LiveSync["state"];
  readonly health?: HealthState;
  /** What is said about it, one sentence without a full stop. */
  readonly reason?: string;
}
