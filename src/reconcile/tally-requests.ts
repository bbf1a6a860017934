// Which pass a request to the forge belongs to, also while other passes run: each counts its own.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Shell } from "./shell.ts";

export interface Tallies extends Pick<Shell, "counting"> {
  /** `left`: the smallest part of a budget that is left, 0 to 1; absent: the forge does not say. */
  readonly count: (request: { readonly left?: number }) => void;
}

export function createTallies(): Tallies {
  const tallies = new AsyncLocalStorage<{ requests: number; left: number }>();
  return {
    counting: (work) => {
      const tally = { requests: 0, left: 1 };
      return tallies.run(tally, () => work(() => ({ ...tally })));
    },
    count: ({ left = 1 }) => {
      const tally = tallies.getStore();
      if (!tally) return;
      tally.requests += 1;
      tally.left = Math.min(tally.left, left);
    },
  };
}
