// Joins calls that come while one is on its way into one call for all of them, so that a burst of deliveries costs a few
// transactions instead of hundreds. A call that comes alone waits for company one turn of the event loop and no longer.

import { setImmediate } from "node:timers/promises";

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** `run` gives one result for each item, in their order. When it fails for several, each is tried by itself. */
export function joinCalls<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most }: { readonly most: number },
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let running = false;

  async function work(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      // The embedded database never gives way to the sockets by itself; what has arrived meanwhile is read now.
      await setImmediate();
      await settle(run, queue.splice(0, most));
    }
    running = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (!running) {
        void work();
      }
    });
}

async function settle<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  batch: readonly Waiting<Item, Result>[],
): Promise<void> {
  try {
    const results = await run(batch.map((waiting) => waiting.item));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (result === undefined) {
        reject(new Error("A joined call got no result."));
      } else {
        resolve(result);
      }
    }
  } catch (error) {
    const [only, ...others] = batch;
    if (others.length === 0) {
      only?.reject(error);
      return;
    }
    // One of them may be to blame; the others must not suffer for it.
    for (const waiting of batch) {
      await settle(run, [waiting]);
    }
  }
}
