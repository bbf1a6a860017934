// A store in memory whose queue a story drives by hand: what is due runs when the story says so, and the clock is the
// story's. It keeps the store's promises of hints and coalescing; the real stores have their own suite.

import type { StoredHint } from "../../src/domain/hint.ts";
import { Deferred, type RepositoryReference } from "../../src/forge/forge.ts";
import type { Store } from "../../src/store/store.ts";

type Handler = (repository: number, signal: AbortSignal) => Promise<void>;

export interface HandDrivenStore extends Store {
  /** Runs the pass that is due first, if any is. */
  runOne(): Promise<void>;
  /** Runs what is due, oldest wish first, until nothing is; gives how many passes that were. */
  runDue(): Promise<number>;
  /** The time of the next wish, epoch milliseconds. */
  nextWake(): number | undefined;
}

/** After a failure, as the real queue, if a little sooner. */
const AGAIN = 5_000;

interface HandDrivenOptions {
  readonly now: () => number;
  /** What a pass threw; patience that GitHub asked for is no failure. */
  readonly onFailure: (error: Error) => void;
}

export function createHandDrivenStore({ now, onFailure }: HandDrivenOptions): HandDrivenStore {
  const deliveries = new Set<string>();
  const wakes = new Map<number, number>();
  const deferred = new Map<number, number>();
  const caches = new Map<string, Map<string, string>>();
  const repositories = new Map<number, RepositoryReference>();
  const images = new Map<number, readonly string[]>();
  const sources = new Map<number, readonly string[]>();
  let hints: StoredHint[] = [];
  let handler: Handler | undefined;
  let count = 0;
  const wake = (repository: number, at: number) => wakes.set(repository, Math.min(at, wakes.get(repository) ?? at));
  const cacheOf = (kind: string) => caches.get(kind) ?? caches.set(kind, new Map()).get(kind) ?? new Map();

  const takeDue = (): number | undefined => {
    const due = [...wakes].filter(([, at]) => at <= now()).sort(([, a], [, b]) => a - b)[0];
    if (due) wakes.delete(due[0]);
    return due?.[0];
  };

  const runPass = async (run: Handler, repository: number) => {
    try {
      await run(repository, new AbortController().signal);
    } catch (error) {
      if (error instanceof Deferred) deferred.set(error.installation, error.until);
      else onFailure(error instanceof Error ? error : new Error(String(error)));
      wake(repository, error instanceof Deferred ? error.until : now() + AGAIN);
    }
  };

  return {
    hints: {
      async add({ delivery, hints: added }) {
        if (deliveries.has(delivery)) return "duplicate";
        deliveries.add(delivery);
        for (const hint of added) {
          count += 1;
          hints.push({ ...hint, id: String(count), storedAt: now() });
          wake(hint.repository, now());
        }
        return "stored";
      },
      of: async (repository) => hints.filter((hint) => hint.repository === repository),
      async remove(ids) {
        hints = hints.filter(({ id }) => !ids.includes(id));
      },
    },
    cache: {
      async read(kind, keys) {
        const cache = cacheOf(kind);
        return new Map(keys.flatMap((key) => (cache.has(key) ? [[key, cache.get(key) ?? ""] as const] : [])));
      },
      async write(kind, entries) {
        for (const [key, value] of entries) cacheOf(kind).set(key, value);
      },
      sweep: async () => undefined,
    },
    repositories: {
      async save(repository) {
        repositories.set(repository.repository, repository);
      },
      find: async (repository) => repositories.get(repository),
      list: async () => [...repositories.values()],
      async remove(repository) {
        repositories.delete(repository);
        images.delete(repository);
        sources.delete(repository);
      },
      async saveImages(repository, tracked) {
        images.set(repository, tracked);
      },
      trackers: async (image) =>
        [...images].flatMap(([id, tracked]) => (tracked.includes(image) ? (repositories.get(id) ?? []) : [])),
      async saveSources(repository, followed) {
        sources.set(repository, followed);
      },
      followers: async (source) =>
        [...sources].flatMap(([id, followed]) => (followed.includes(source) ? (repositories.get(id) ?? []) : [])),
      followedSources: async () => [...new Set([...sources.values()].flat())].sort(),
    },
    work: {
      async wake(repository, options) {
        wake(repository, options?.at?.getTime() ?? now());
      },
      async start(given) {
        handler = given;
      },
      async stop() {
        handler = undefined;
      },
      pending: async () => [...wakes.values()].filter((at) => at <= now()).length,
    },
    budgets: {
      async defer(installation, until) {
        deferred.set(installation, until.getTime());
      },
      async deferredUntil(installation) {
        const until = deferred.get(installation);
        return until === undefined || until <= now() ? undefined : new Date(until);
      },
    },
    ping: async () => undefined,
    close: async () => undefined,
    async runOne() {
      const repository = takeDue();
      if (repository !== undefined && handler) await runPass(handler, repository);
    },
    async runDue() {
      let passes = 0;
      for (let repository = takeDue(); repository !== undefined && handler; repository = takeDue()) {
        passes += 1;
        await runPass(handler, repository);
      }
      return passes;
    },
    nextWake: () => (wakes.size === 0 ? undefined : Math.min(...wakes.values())),
  };
}
