// Reads what runs: every source once in a pass, all of them side by side, however many environments name it. Keeps since
// when something has been as it is, where the source itself does not say, and when a source was heard of last.

import type { DriftClaim } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import { driftKey, type LiveReading, type Observed } from "../domain/observed.ts";
import { type Configuration, type EnvironmentKey, environmentKey, nameInEnvironment } from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { WantedTarget } from "../live/live.ts";
import type { Shell } from "./shell.ts";

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: LiveShell;
}

/** What reading needs of the shell. */
export interface LiveShell extends Pick<Shell, "now"> {
  readonly live: Pick<Shell["live"], "read" | "readClaims">;
  readonly store: { readonly cache: Pick<Shell["store"]["cache"], "read" | "write"> };
}

interface Place {
  readonly key: EnvironmentKey;
  readonly wanted: WantedTarget;
}

/** What is kept of a source from pass to pass; it may be gone at any moment, and then the clocks start again. */
interface Kept {
  /** By place: when it was heard of last. */
  readonly heard: Readonly<Record<string, number>>;
  /** By place: since when no look has heard of it. */
  readonly silent: Readonly<Record<string, number>>;
  /** By place: the health it showed, since when, and when it was seen last. */
  readonly onsets: Readonly<Record<string, Onset>>;
  /** By place: since when what Git says could not be applied there. */
  readonly failing: Readonly<Record<string, Onset>>;
}

interface Onset {
  readonly state: string;
  readonly since: number;
  readonly seenAt: number;
}

/** Nobody looked for so long: what was meanwhile is not known, and an unbroken time is broken. */
const LONGEST_GAP = 15 * 60_000;
/** What is kept only for "no news since" need not be exact to the second. */
const KEEP_EVERY = 60_000;

export async function observeLive(configuration: Configuration, reader: Reader): Promise<Observed["live"]> {
  const places = placesOf(configuration);
  const bySource = [...Map.groupBy(places, ({ wanted }) => wanted.target.source)];
  const read = await Promise.all(bySource.map(([source, wanted]) => readSource(source, { places: wanted, ...reader })));
  const live: Record<EnvironmentKey, LiveReading[]> = {};
  const readings = new Map(read.flat().map(({ place, reading }) => [place, reading]));
  for (const place of places) {
    const reading = readings.get(place);
    if (reading) live[place.key] = [...(live[place.key] ?? []), reading];
  }
  return live;
}

/** Ids of the sources that the environments name. */
export function followedSources({ pipelines }: Configuration): readonly string[] {
  const named = pipelines.flatMap(({ environments }) => environments.flatMap(({ live }) => live));
  return [...new Set(named.map(({ source }) => source))];
}

function placesOf({ pipelines }: Configuration): readonly Place[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.environments.flatMap((environment) =>
      environment.live.map((target) => ({
        key: environmentKey(pipeline, environment),
        wanted: {
          target,
          objects: environment.objects,
          images: pipeline.images.map(({ image }) => nameInEnvironment(environment, image)),
          awaited: true,
        },
      })),
    ),
  );
}

interface Read {
  readonly place: Place;
  readonly reading: LiveReading;
}

async function readSource(
  source: string,
  { places, at, shell }: Reader & { readonly places: readonly Place[] },
): Promise<readonly Read[]> {
  const asker = `${at.owner}/${at.name}`;
  const cacheKey = `${at.repository} ${source}`;
  const targets = places.map(({ wanted }) => wanted);
  const [states, claims, kept] = await Promise.all([
    shell.live.read({ source, asker, targets }),
    shell.live.readClaims({ source, asker }),
    recall(cacheKey, shell),
  ]);
  const next: Keeping = { heard: {}, silent: {}, onsets: {}, failing: {} };
  const reads = places.map((place, index) => {
    const state = states[index] ?? unknown(`${source} did not answer for it`);
    return { place, reading: readingOf(place, { state, claims, kept, next, now: shell.now() }) };
  });
  await keep(next, { kept, cacheKey, shell });
  return reads;
}

type Keeping = { readonly [Part in keyof Kept]: Record<string, Kept[Part][string]> };

function readingOf(
  { key, wanted }: Place,
  {
    state: seen,
    claims,
    ...memory
  }: Memory & { readonly state: Seen<LiveState>; readonly claims: readonly DriftClaim[] },
): LiveReading {
  const { kept, next, now } = memory;
  const name = driftKey({ key, target: wanted.target });
  const isHeard = seen.kind === "known" && seen.value.freshness.stale === undefined;
  const heardAt = isHeard ? now : kept.heard[name];
  if (heardAt !== undefined) next.heard[name] = heardAt;
  const silentSince = isHeard ? undefined : (kept.silent[name] ?? now);
  if (silentSince !== undefined) next.silent[name] = silentSince;
  const state = withOnset(seen, { name, ...memory });
  const failingSince = seen.kind === "known" ? findFailingSince(seen.value, { name, ...memory }) : undefined;
  const claim =
    seen.kind === "known" ? claims.find(({ target }) => isSameObject(target, seen.value.object)) : undefined;
  return {
    target: wanted.target,
    state,
    ...(heardAt !== undefined && { heardAt }),
    ...(silentSince !== undefined && { silentSince }),
    ...(failingSince !== undefined && { failingSince }),
    ...(claim && { claim }),
  };
}

interface Memory {
  readonly kept: Kept;
  readonly next: Keeping;
  readonly now: number;
}

interface Remembering extends Memory {
  /** Of the place. */
  readonly name: string;
}

function isSameObject(a: LiveState["object"], b: LiveState["object"]): boolean {
  return a.kind === b.kind && a.name === b.name && (a.namespace ?? "") === (b.namespace ?? "");
}

/** Since when it has been so: the source's own word, else since we first saw it without a gap. */
function withOnset(seen: Seen<LiveState>, { name, kept, next }: Remembering): Seen<LiveState> {
  if (seen.kind === "unknown" || seen.value.health.since !== undefined) return seen;
  const { health, freshness, observed } = seen.value;
  const state = `${health.state} ${observed?.map(({ id }) => id).join(" ") ?? ""}`;
  const onset = onsetOf(state, { before: kept.onsets[name], seenAt: freshness.readAt });
  next.onsets[name] = onset;
  return known({ ...seen.value, health: { ...health, since: onset.since } });
}

/** Reconcilers give the time of the last attempt; that there were others before it only shows by looking. */
function findFailingSince(
  { sync, blocked, freshness }: LiveState,
  { name, kept, next }: Remembering,
): number | undefined {
  if (sync.state !== "failed" && (blocked === undefined || blocked.retrying)) return undefined;
  const onset = onsetOf("failing", { before: kept.failing[name], seenAt: freshness.readAt });
  next.failing[name] = onset;
  return onset.since;
}

function onsetOf(
  state: string,
  { before, seenAt }: { readonly before: Onset | undefined; readonly seenAt: number },
): Onset {
  const unbroken = before?.state === state && seenAt - before.seenAt <= LONGEST_GAP;
  return { state, since: unbroken ? before.since : seenAt, seenAt };
}

const NOTHING_KEPT: Kept = { heard: {}, silent: {}, onsets: {}, failing: {} };

async function recall(cacheKey: string, shell: LiveShell): Promise<Kept> {
  const text = (await shell.store.cache.read("live-source", [cacheKey])).get(cacheKey);
  return text === undefined ? NOTHING_KEPT : { ...NOTHING_KEPT, ...(JSON.parse(text) as Partial<Kept>) };
}

async function keep(
  next: Kept,
  { kept, cacheKey, shell }: { readonly kept: Kept; readonly cacheKey: string; readonly shell: LiveShell },
): Promise<void> {
  if (isMuchTheSame(next, kept)) return;
  await shell.store.cache.write("live-source", new Map([[cacheKey, JSON.stringify(next)]]));
}

function isMuchTheSame(next: Kept, kept: Kept): boolean {
  const isEmpty = [next.onsets, next.failing, kept.onsets, kept.failing].every(
    (part) => Object.keys(part).length === 0,
  );
  const names = Object.keys(next.heard);
  return (
    isEmpty &&
    Object.keys(next.silent).join() === Object.keys(kept.silent).join() &&
    names.length === Object.keys(kept.heard).length &&
    names.every((name) => (next.heard[name] ?? 0) - (kept.heard[name] ?? 0) < KEEP_EVERY)
  );
}
