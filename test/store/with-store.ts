// A test with a store of its own: opened before, drained and closed afterwards.

import { it } from "node:test";
import type { StoreOptions } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";

export interface Backend {
  /** A store with tables of its own; with those of another store when `schema` names them. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
}

export type StoreTest = (store: Store) => Promise<void>;

export function withStore(backend: Backend, name: string, body: StoreTest): void {
  it(name, { timeout: 60_000 }, async () => {
    const store = await backend.open();
    try {
      await body(store);
    } finally {
      await store.work.stop({ milliseconds: 5_000 });
      await store.close();
    }
  });
}
