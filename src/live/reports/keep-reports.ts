// Keeps what reporters said: the newest state of each target, and the newest claim about each object. It stands in the
// cache, so it may vanish; reporters say it again within minutes. An older report never takes the place of a newer one.

import type { DriftClaim } from "../../domain/drift.ts";
import { objectKey } from "../../domain/object-key.ts";
import type { Cache } from "../../store/store.ts";
import type { NamedState } from "./live-report.ts";
import type { Keeping, Report } from "./receiver.ts";

export const STATE_KIND = "live-report";
export const CLAIM_KIND = "drift-claim";
/** Of each source: the names that it reported, and when. */
const NAMES_KIND = "live-report-names";

export interface KeptState {
  readonly observedAt: number;
  readonly receivedAt: number;
  readonly told: NamedState;
}

export interface KeepRequest {
  readonly source: string;
  readonly report: Report;
  /** Milliseconds after which a report says nothing. */
  readonly maxAge: number;
}

const MOST_CLAIMS = 50;
/** Of one source. Whoever may report could otherwise fill the disk with names that nobody asks for. */
const MOST_NAMES = 2_000;

export function createReportKeeper({
  cache,
  now,
}: {
  readonly cache: Pick<Cache, "read" | "write">;
  readonly now: () => number;
}): (request: KeepRequest) => Promise<Keeping> {
  // Reports of one source that come at once wait for each other: each reads what is kept before it writes.
  const turns = new Map<string, Promise<unknown>>();
  return (request) => {
    const keep = () => keepReport(request, { cache, now: now() });
    const turn = (turns.get(request.source) ?? Promise.resolve()).then(keep, keep);
    turns.set(request.source, turn);
    return turn;
  };
}

interface Keeper {
  readonly cache: Pick<Cache, "read" | "write">;
  readonly now: number;
}

function keepReport(request: KeepRequest, keeper: Keeper): Promise<Keeping> {
  const { report } = request;
  switch (report.kind) {
    case "states":
      return keepStates({ ...request, report }, keeper);
    case "drift":
      return keepClaim({ ...request, claim: report.claim }, keeper);
  }
}

export function stateKey(source: string, name: string): string {
  return `${source} ${name}`;
}

type StatesRequest = KeepRequest & { readonly report: Extract<Report, { readonly kind: "states" }> };

async function keepStates({ source, report, maxAge }: StatesRequest, { cache, now }: Keeper): Promise<Keeping> {
  const { observedAt, states } = report;
  const keyed = states.map((told) => ({ key: stateKey(source, told.name), told }));
  const before = await cache.read(
    STATE_KIND,
    keyed.map(({ key }) => key),
  );
  const keptOf = (key: string): KeptState | undefined => {
    const text = before.get(key);
    return text === undefined || text === "" ? undefined : (JSON.parse(text) as KeptState);
  };
  const newer = keyed.filter(({ key }) => (keptOf(key)?.observedAt ?? Number.NEGATIVE_INFINITY) < observedAt);
  // Sent again because no answer came: whether it was heard, its id decides.
  const isSame = keyed.some(({ key }) => keptOf(key)?.observedAt === observedAt);
  if (newer.length === 0) return isSame ? "news" : keyed.length === 0 ? "no-news" : "older";
  const entries = newer.map(
    ({ key, told }) => [key, JSON.stringify({ observedAt, receivedAt: now, told } satisfies KeptState)] as const,
  );
  await cache.write(STATE_KIND, new Map(entries));
  await dropOldest(source, { names: newer.map(({ told }) => told.name), observedAt, cache });
  const isNews = newer.some(({ key, told }) => {
    const kept = keptOf(key);
    return kept === undefined || observedAt - kept.observedAt > maxAge || !saysTheSame(kept.told, told);
  });
  return isNews ? "news" : "no-news";
}

async function dropOldest(
  source: string,
  {
    names,
    observedAt,
    cache,
  }: Pick<Keeper, "cache"> & { readonly names: readonly string[]; readonly observedAt: number },
): Promise<void> {
  const text = (await cache.read(NAMES_KIND, [source])).get(source);
  const kept = new Map(text === undefined ? [] : (JSON.parse(text) as readonly (readonly [string, number])[]));
  const isKnown = names.every((name) => kept.has(name));
  for (const name of names) kept.set(name, observedAt);
  // Only names that are new make more of them; when the others were reported last need not be exact.
  if (isKnown) return;
  const ordered = [...kept].sort(([, one], [, other]) => other - one);
  const dropped = ordered.slice(MOST_NAMES).map(([name]) => [stateKey(source, name), ""] as const);
  if (dropped.length > 0) await cache.write(STATE_KIND, new Map(dropped));
  await cache.write(NAMES_KIND, new Map([[source, JSON.stringify(ordered.slice(0, MOST_NAMES))]]));
}

/** That time went by is no news, and would cost a pass every few minutes. */
function saysTheSame(before: NamedState, after: NamedState): boolean {
  return withoutTimes(before) === withoutTimes(after);
}

function withoutTimes(told: NamedState): string {
  if ("error" in told) return JSON.stringify(told);
  const { readAt: _, reconciledAt: __, ...freshness } = told.state.freshness;
  return JSON.stringify({ ...told, state: { ...told.state, freshness } });
}

type ClaimRequest = KeepRequest & { readonly claim: DriftClaim };

async function keepClaim({ source, claim, maxAge }: ClaimRequest, { cache, now }: Keeper): Promise<Keeping> {
  const kept = readClaimList((await cache.read(CLAIM_KIND, [source])).get(source));
  const key = objectKey(claim.target);
  const before = kept.find(({ target }) => objectKey(target) === key);
  if (before !== undefined && before.observedAt >= claim.observedAt) {
    return before.report === claim.report ? "news" : "older";
  }
  const others = kept.filter((each) => each !== before && each.observedAt >= now - maxAge);
  const claims = [claim, ...others].slice(0, MOST_CLAIMS);
  await cache.write(CLAIM_KIND, new Map([[source, JSON.stringify(claims)]]));
  return "news";
}

export function readClaimList(text: string | undefined): readonly DriftClaim[] {
  return text === undefined ? [] : (JSON.parse(text) as readonly DriftClaim[]);
}
