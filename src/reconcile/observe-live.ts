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
  readonly shell: Shell;
}

interface Place {
  readonly key: EnvironmentKey;
  readonly wanted: WantedTarget;
}

/** What is kept of a source from pass to pass; it may be gone at any moment, and then the clocks start again. */
interface Kept {
  readonly heardAt?: number;
  /** By place: the health it showed, since when, and when it was seen last. */
  readonly onsets: Readonly<Record<string, Onset>>;
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
  const onsets: Record<string, Onset> = {};
  const reads = places.map((place, index) => {
    const state = withOnset(states[index] ?? unknown(`${source} did not answer for it`), { place, kept, onsets });
    return { place, state };
  });
  const heard = reads.some(({ state }) => state.kind === "known" && state.value.freshness.stale === undefined);
  const heardAt = heard ? shell.now() : kept.heardAt;
  await keep({ ...(heardAt !== undefined && { heardAt }), onsets }, { kept, cacheKey, shell });
  return reads.map(({ place, state }) => ({ place, reading: readingOf(place, { state, heardAt, claims }) }));
}

function readingOf(
  { wanted }: Place,
  {
    state,
    heardAt,
    claims,
  }: { readonly state: Seen<LiveState>; readonly heardAt: number | undefined; readonly claims: readonly DriftClaim[] },
): LiveReading {
  const claim =
    state.kind === "known" ? claims.find(({ target }) => isSameObject(target, state.value.object)) : undefined;
  return { target: wanted.target, state, ...(heardAt !== undefined && { heardAt }), ...(claim && { claim }) };
}

function isSameObject(a: LiveState["object"], b: LiveState["object"]): boolean {
  return a.kind === b.kind && a.name === b.name && (a.namespace ?? "") === (b.namespace ?? "");
}

/** Since when it has been so: the source's own word, else since we first saw it without a gap. */
function withOnset(
  seen: Seen<LiveState>,
  { place, kept, onsets }: { readonly place: Place; readonly kept: Kept; readonly onsets: Record<string, Onset> },
): Seen<LiveState> {
  if (seen.kind === "unknown" || seen.value.health.since !== undefined) return seen;
  const { health, freshness, observed } = seen.value;
  const key = driftKey({ key: place.key, target: place.wanted.target });
  const state = `${health.state} ${observed?.map(({ id }) => id).join(" ") ?? ""}`;
  const before = kept.onsets[key];
  const unbroken = before?.state === state && freshness.readAt - before.seenAt <= LONGEST_GAP;
  const since = unbroken ? before.since : freshness.readAt;
  onsets[key] = { state, since, seenAt: freshness.readAt };
  return known({ ...seen.value, health: { ...health, since } });
}

async function recall(cacheKey: string, shell: Shell): Promise<Kept> {
  const text = (await shell.store.cache.read("live-source", [cacheKey])).get(cacheKey);
  return text === undefined ? { onsets: {} } : (JSON.parse(text) as Kept);
}

async function keep(
  next: Kept,
  { kept, cacheKey, shell }: { readonly kept: Kept; readonly cacheKey: string; readonly shell: Shell },
): Promise<void> {
  const same =
    Object.keys(next.onsets).length === 0 &&
    Object.keys(kept.onsets).length === 0 &&
    (next.heardAt ?? 0) - (kept.heardAt ?? 0) < KEEP_EVERY;
  if (!same) await shell.store.cache.write("live-source", new Map([[cacheKey, JSON.stringify(next)]]));
}
