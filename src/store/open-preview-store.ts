// The store of a preview: caches in memory for as long as it looks, and nothing else. It takes no hints and runs no
// passes, because nobody would act on them.

import type { Store } from "./store.ts";

export function openPreviewStore(): Store {
  const entries = new Map<string, string>();
  const keyOf = (kind: string, key: string) => `${kind} ${key}`;
  return {
    cache: {
      async read(kind, keys) {
        const found = keys.map((key) => [key, entries.get(keyOf(kind, key))] as const);
        return new Map(found.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
      },
      async write(kind, written) {
        for (const [key, value] of written) entries.set(keyOf(kind, key), value);
      },
      sweep: async () => undefined,
    },
    hints: { add: refuse, of: async () => [], remove: refuse },
    repositories: {
      save: refuse,
      find: async () => undefined,
      list: async () => [],
      remove: refuse,
      saveImages: refuse,
      trackers: async () => [],
      saveSources: refuse,
      followers: async () => [],
      followedSources: async () => [],
    },
    work: { wake: refuse, start: refuse, stop: async () => undefined, pending: async () => 0 },
    budgets: { defer: refuse, deferredUntil: async () => undefined },
    ping: async () => undefined,
    close: async () => undefined,
  };
}

async function refuse(): Promise<never> {
  throw new Error("A preview stores nothing.");
}
