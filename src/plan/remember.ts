// Decides what the ledger has to remember after a look at Git and GitHub: which release an environment has reached,
// what a person declined by closing the pull request, and what was rolled back. Writes nothing.

import {
  type Declined,
  type EnvironmentMemory,
  NOTHING_REMEMBERED,
  REACHED_KEPT,
  type Reached,
  type RolledBack,
} from "../domain/ledger.ts";
import type { BranchState } from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { PastPromotion, Promotion } from "../domain/promotion.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import type { Order } from "./order-releases.ts";
import { describeWithdrawal, isSettled } from "./settle-request.ts";
import { nameRelease } from "./wording.ts";

/** What stands in the environment was degraded for too long just after it came. */
export function isStopped({ reached: [present], stopped }: EnvironmentMemory): boolean {
  return present !== undefined && stopped.some(({ release }) => sameRelease(release, present.release));
}

export interface RememberContext {
  readonly key: EnvironmentKey;
  readonly memory: EnvironmentMemory | undefined;
  /** The release that Git declares now; absent while it is not fully known. */
  readonly declared: Release | undefined;
  readonly base: BranchState;
  readonly baseName: string;
  /** Releases that stand or are proposed somewhere in the pipeline: they are remembered however long ago they came. */
  readonly needed: readonly Release[];
  /** It takes whatever another environment has, also backwards. */
  readonly follows: boolean;
  readonly past: readonly PastPromotion[];
  readonly open: Promotion | undefined;
  readonly compare: (a: Release, b: Release) => Order;
}

export interface Memorised {
  readonly memory: EnvironmentMemory;
  /** One sentence for each thing that is new; empty when nothing is. */
  readonly reasons: readonly string[];
}

export function remember(context: RememberContext): Memorised {
  const before = context.memory ?? NOTHING_REMEMBERED;
  const arrival = rememberArrival(before, context);
  const present = arrival.memory.reached[0];
  const stoppedSince = present && isStopped(arrival.memory) ? cameAt(present, context.past) : undefined;
  const refusals = rememberDeclined(arrival.memory, { ...context, stoppedSince });
  const memory = forgetMoot(refusals.memory, { ...context, stoppedSince });
  const reasons = [...arrival.reasons, ...refusals.reasons, ...describeWithdrawal(before.requested, context)];
  // Without a word of it the ledger would keep it, and bring it back once the environment has moved on.
  const isSilent = reasons.length === 0 && before.requested !== undefined && memory.requested === undefined;
  return { memory, reasons: isSilent ? [`${context.key} has what ${before.requested.by} asked for`] : reasons };
}

function rememberArrival(known: EnvironmentMemory, context: RememberContext): Memorised {
  const { declared, key } = context;
  if (!declared) return { memory: known, reasons: [] };
  const memory = { ...known, reached: [...missedArrivals(known, context), ...known.reached] };
  const present = memory.reached[0];
  if (present && sameRelease(present.release, declared)) return { memory: known, reasons: [] };
  const leftBehind = releasesLeftBehind(memory, context);
  const before = memory.reached.find(({ release }) => sameRelease(release, declared));
  const arrival = describeArrival(declared, { present, before, context });
  const isTrustedAgain = memory.stopped.some(({ release }) => sameRelease(release, declared));
  // When it came first: a release that comes back does not become newer by that, and what it proved stays proven, unless
  // it was stopped after that.
  const proofs = before && !isTrustedAgain ? proofsOf(before) : {};
  const again = { ...arrival, ...proofs, again: arrival.at };
  const arrived = before ? { ...again, at: Math.min(before.at, arrival.at) } : arrival;
  const reached = keepNewest(
    [arrived, ...memory.reached.filter(({ release }) => !sameRelease(release, declared))],
    context,
  );
  const rolledBack = leftBehind.map(
    (release): RolledBack => ({ release, at: arrival.at, to: nameRelease(declared), commit: context.base.head }),
  );
  return {
    memory: {
      ...memory,
      reached,
      rolledBack: [...rolledBack, ...memory.rolledBack],
      // Whoever brings it again wants it tried again.
      stopped: isTrustedAgain
        ? memory.stopped.filter(({ release }) => !sameRelease(release, declared))
        : memory.stopped,
    },
    reasons: [
      `${key} took ${nameRelease(declared)}`,
      ...leftBehind.map((release) => `${nameRelease(release)} was rolled back in ${key}`),
    ],
  };
}

function proofsOf({ healthyAt, soaked }: Reached): Partial<Reached> {
  return { ...(healthyAt !== undefined && { healthyAt }), ...(soaked !== undefined && { soaked }) };
}

/** When the release that stands first came last. */
export function cameAt(reached: Reached, past: readonly PastPromotion[]): number {
  const promotion = past.find(({ number, outcome }) => outcome === "merged" && number === reached.pullRequest);
  return promotion?.endedAt ?? reached.again ?? reached.at;
}

/** Merged since the last look and gone again before this one: it was here, and that it is gone is somebody's word. */
function missedArrivals({ reached, rolledBack }: EnvironmentMemory, context: RememberContext): readonly Reached[] {
  const { declared, past, baseName } = context;
  if (reached.length === 0) return [];
  const last = Math.max(...reached.map(({ at }) => at));
  const known = [...reached, ...rolledBack].map(({ release }) => release).concat(declared ?? []);
  return past
    .filter(({ outcome, base, endedAt }) => outcome === "merged" && base === baseName && endedAt >= last)
    .flatMap((promotion) => (promotion.release ? [arrivalOf(promotion, promotion.release)] : []))
    .filter(({ release }) => !known.some((each) => sameRelease(each, release)))
    .sort((a, b) => b.at - a.at);
}

/** The newest, and of the older ones first those that are still asked for: the way back, and what has proven most. */
function keepNewest(reached: readonly Reached[], { needed }: RememberContext): readonly Reached[] {
  const most = Math.max(...reached.map(({ soaked }) => soaked ?? 0));
  const kept = [
    reached.slice(1).find(({ healthyAt }) => healthyAt !== undefined),
    most > 0 ? reached.find(({ soaked }) => soaked === most) : undefined,
  ];
  const isNeeded = (one: Reached) => kept.includes(one) || needed.some((each) => sameRelease(each, one.release));
  const room = REACHED_KEPT - Math.min(REACHED_KEPT, reached.filter(isNeeded).length);
  const others = new Set(reached.filter((each) => !isNeeded(each)).slice(0, room));
  return reached.filter((each) => isNeeded(each) || others.has(each)).slice(0, REACHED_KEPT);
}

/** Git went back: to an older release, or, where there is no order, to one that was here. What is newer is left behind. */
function releasesLeftBehind(memory: EnvironmentMemory, context: RememberContext): readonly Release[] {
  const { declared, compare } = context;
  const present = memory.reached[0];
  if (!declared || !present) return [];
  // Where a promotion of ours brought it, it followed another environment, and nobody took anything back, unless what
  // stood here was stopped.
  if (context.follows && !isStopped(memory) && (broughtBy(declared, context)?.endedAt ?? 0) > present.at) return [];
  const order = compare(declared, present.release);
  const wasHere = memory.reached.some(({ release }) => sameRelease(release, declared));
  if (order === "newer" || (order !== "older" && !wasHere)) return [];
  const known = (release: Release) => memory.rolledBack.some((entry) => sameRelease(entry.release, release));
  return memory.reached
    .map(({ release }) => release)
    .filter((release, index) => index === 0 || compare(release, declared) === "newer")
    .filter((release) => !known(release));
}

/** A person's commit may say any time; it came after what stood there before. */
function describeArrival(
  release: Release,
  {
    present,
    before,
    context,
  }: { readonly present: Reached | undefined; readonly before: Reached | undefined; readonly context: RememberContext },
): Reached {
  const promotion = broughtBy(release, context);
  // What it brought the time before it did not bring again: somebody's commit did.
  const isOld = before && promotion && promotion.endedAt <= (before.again ?? before.at);
  if (promotion && !isOld && promotion.number !== before?.pullRequest) return arrivalOf(promotion, release);
  const { committedAt } = context.base;
  return { release, at: Math.max(committedAt, present ? cameAt(present, context.past) : committedAt) };
}

/** The last merged promotion of this release to this environment. */
function broughtBy(release: Release, { past, baseName }: RememberContext): PastPromotion | undefined {
  return past
    .filter((each) => each.outcome === "merged" && each.base === baseName)
    .filter((each) => each.release && sameRelease(each.release, release))
    .sort((a, b) => b.endedAt - a.endedAt)[0];
}

function arrivalOf(promotion: PastPromotion, release: Release): Reached {
  return {
    release,
    at: promotion.endedAt,
    pullRequest: promotion.number,
    ...(promotion.shared && { shared: promotion.shared }),
    mergedBy: promotion.by,
    approvedBy: promotion.approvals,
    head: promotion.head,
    ...(promotion.mergeCommit !== undefined && { commit: promotion.mergeCommit }),
  };
}

interface RefusalContext extends RememberContext {
  /** What stands here since then was stopped, so that an older release may be proposed, and refused. */
  readonly stoppedSince: number | undefined;
}

function rememberDeclined(memory: EnvironmentMemory, context: RefusalContext): Memorised {
  const { past, open } = context;
  const fresh: Declined[] = [];
  for (const { release, outcome, byUs, number, endedAt, by } of past) {
    if (outcome !== "closed" || byUs || !release || open?.number === number) continue;
    if (isMoot({ release, at: endedAt }, context)) continue;
    const known = [...memory.declined, ...fresh].some(
      (entry) => entry.pullRequest === number || sameRelease(entry.release, release),
    );
    if (!known) fresh.push({ release, at: endedAt, pullRequest: number, by });
  }
  return {
    memory:
      fresh.length === 0 ? memory : { ...memory, declined: [...fresh, ...memory.declined].slice(0, REACHED_KEPT) },
    reasons: fresh.map(
      ({ release, pullRequest, by }) => `${by} declined ${nameRelease(release)} in pull request ${pullRequest}`,
    ),
  };
}

/**
 * People have the last word: what Git declares again or a person reopened is no longer refused. A refusal of what is
 * older than Git is moot, but a rollback is kept: what was taken back here goes no further, also once this place is past it.
 */
function forgetMoot(memory: EnvironmentMemory, context: RefusalContext): EnvironmentMemory {
  const { open } = context;
  const declined = memory.declined.filter(
    (refusal) => refusal.pullRequest !== open?.number && !isMoot(refusal, context),
  );
  const rolledBack = memory.rolledBack.filter(({ release }) => !isDeclared(release, context)).slice(0, REACHED_KEPT);
  const stopped = memory.stopped.slice(0, REACHED_KEPT);
  const { requested: wanted, ...others } = memory;
  const requested = wanted && !isSettled(wanted, { ...context, reached: memory.reached }) ? { requested: wanted } : {};
  const unchanged =
    requested.requested === wanted &&
    declined.length === memory.declined.length &&
    rolledBack.length === memory.rolledBack.length &&
    stopped.length === memory.stopped.length;
  return unchanged ? memory : { ...others, declined, rolledBack, stopped, ...requested };
}

function isMoot({ release, at }: Pick<Declined, "release" | "at">, context: RefusalContext): boolean {
  const { declared, compare, stoppedSince } = context;
  if (!declared) return false;
  // Who refused to go back refused it for what stands here now.
  const isWayBack = stoppedSince !== undefined && at >= stoppedSince;
  return isDeclared(release, context) || (!isWayBack && ["same", "older"].includes(compare(release, declared)));
}

function isDeclared(release: Release, { declared }: RememberContext): boolean {
  return declared !== undefined && sameRelease(release, declared);
}
