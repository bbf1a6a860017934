// Finds the first moment at which every window of an environment is open and no freeze binds it: what people wait for is
// the moment at which all of them agree.

import type { Hours } from "./gate-context.ts";
import { judgeWindow } from "./judge-window.ts";

const YEAR = 366 * 86_400_000;
/** Each step ends at the end of a freeze or the beginning of a window. */
const MOST_STEPS = 2_000;

/** `now` where everything is open; `undefined` where nothing opens within a year. Epoch milliseconds. */
export function findOpening({ windows, freezes }: Hours, now: number): number | undefined {
  let at = now;
  for (let step = 0; step < MOST_STEPS && at <= now + YEAR; step += 1) {
    const ends = freezes.filter(({ from, to }) => from <= at && at < to).map(({ to }) => to);
    const states = windows.map((window) => judgeWindow(window, at));
    if (states.some((state) => state.kind === "closed" && state.opens === undefined)) return undefined;
    const opens = states.flatMap((state) =>
      state.kind === "closed" && state.opens !== undefined ? [state.opens] : [],
    );
    if (ends.length + opens.length === 0) return at;
    at = Math.max(...ends, ...opens);
  }
  return undefined;
}
