// Makes entries of what was declared: from commit to commit the stretches in which the same versions were declared, each
// with how it came to be, by the commit's own message, and by the ledger where it agrees with the commit.

import type { EnvironmentMemory, Reached } from "../domain/ledger.ts";
import type { Release } from "../domain/release.ts";
import type { HistoryChange } from "../forge/history.ts";
import type { HistoricalVersion, HistoryEntry } from "./history-entry.ts";
import type { DeclaredAt } from "./trace-declared.ts";

export interface Telling {
  /** The oldest first. */
  readonly declared: readonly DeclaredAt[];
  /** Since when a commit counts. */
  readonly times: ReadonlyMap<string, number>;
  readonly memory: EnvironmentMemory;
}

/** The newest first; nothing before the first version that was declared. */
export function tellHistory({ declared, times, memory }: Telling): readonly HistoryEntry[] {
  const turns = declared
    .filter((step, index) => !isSame(step, declared[index - 1]))
    .map((turn) => ({ ...turn, at: times.get(turn.change.commit) ?? turn.change.committedAt }));
  const firstVersion = turns.findIndex(({ versions, unreadable }) => versions.length + unreadable.length > 0);
  if (firstVersion === -1) return [];
  return turns
    .slice(firstVersion)
    .map((turn, index, shown) => {
      const until = shown[index + 1]?.at;
      const { change, versions, unreadable, at } = turn;
      const stretch = { since: at, ...(until !== undefined && { until }) };
      const origin = originOf(change, versions);
      const reached = findReached(memory, { ...stretch, change, versions });
      return {
        ...stretch,
        orEarlier: change.cutOff,
        commit: change.commit,
        title: change.title,
        author: change.author,
        unreadable,
        ...origin,
        ...ledgerFacts(reached, stretch),
        versions: versions.map((version) => completeVersion(version, { change, reached })),
      };
    })
    .reverse();
}

function isSame(a: DeclaredAt, b: DeclaredAt | undefined): boolean {
  if (b === undefined) return false;
  return JSON.stringify([a.versions, a.unreadable]) === JSON.stringify([b.versions, b.unreadable]);
}

/** A message that names another release than the files declare tells of something else. */
function originOf(
  { promotion, pullRequest }: HistoryChange,
  versions: readonly HistoricalVersion[],
): Pick<HistoryEntry, "how" | "pullRequest" | "requestedBy" | "overriddenBy"> {
  const number = pullRequest === undefined ? {} : { pullRequest };
  if (promotion === undefined || !agrees(promotion.release, versions))
    return { how: "commit", ...number, requestedBy: [], overriddenBy: [] };
  const { requestedBy, overriddenBy } = promotion;
  return { how: "promotion", ...number, requestedBy, overriddenBy };
}

function agrees(release: Release, versions: readonly HistoricalVersion[]): boolean {
  if (versions.length === 0) return false;
  return versions.every(({ image, tag, digest }) => {
    const stated = release.versions.find((version) => version.image === image);
    return stated !== undefined && (digest === undefined ? stated.tag === tag : stated.digest === digest);
  });
}

interface Stretch {
  readonly since: number;
  readonly until?: number;
}

/** How long before a commit's own time the ledger may say that it came: clocks differ. */
const CLOCKS = 60_000;

function isWithin(at: number | undefined, { since, until }: Stretch): boolean {
  return at !== undefined && at >= since - CLOCKS && (until === undefined || at < until);
}

/** The ledger has a release once, however often it came: it speaks of this stretch where commit, number or time say so. */
function findReached(
  { reached }: EnvironmentMemory,
  { change, versions, ...stretch }: Stretch & Pick<DeclaredAt, "change" | "versions">,
): Reached | undefined {
  const same = reached.filter(({ release }) => agrees(release, versions));
  return (
    same.find(({ commit }) => commit === change.commit) ??
    same.find(({ pullRequest }) => pullRequest !== undefined && pullRequest === change.pullRequest) ??
    same.find(({ at, pullRequest }) => isWithin(at, stretch) && (change.pullRequest ?? pullRequest) === pullRequest)
  );
}

/** Health is of the release's first time here, whoever brought it again. */
function ledgerFacts(
  reached: Reached | undefined,
  stretch: Stretch,
): Pick<HistoryEntry, "pullRequest" | "mergedBy" | "approvedBy" | "healthyAt" | "soaked"> {
  if (reached === undefined) return {};
  const { pullRequest, mergedBy, approvedBy, healthyAt, soaked } = reached;
  const wasHealthy = isWithin(healthyAt, stretch);
  return {
    ...(pullRequest !== undefined && { pullRequest }),
    ...(mergedBy !== undefined && { mergedBy }),
    ...(approvedBy !== undefined && { approvedBy }),
    ...(wasHealthy && healthyAt !== undefined && { healthyAt }),
    ...(wasHealthy && soaked !== undefined && { soaked }),
  };
}

/** Files that name a tag alone: the promotion's message, or else the ledger, knows which digest it meant. */
function completeVersion(
  version: HistoricalVersion,
  { change, reached }: { readonly change: HistoryChange; readonly reached: Reached | undefined },
): HistoricalVersion {
  if (version.digest !== undefined) return version;
  const digestIn = (release: Release | undefined) =>
    release?.versions.find(({ image, tag }) => image === version.image && tag === version.tag)?.digest;
  const stated = digestIn(change.promotion?.release);
  if (stated !== undefined) return { ...version, digest: stated, digestFrom: "promotion" };
  const remembered = digestIn(reached?.release);
  return remembered === undefined ? version : { ...version, digest: remembered, digestFrom: "ledger" };
}
