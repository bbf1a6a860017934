// A source that kept somebody waiting and then said nothing is left alone for a while, so that the next passes are not
// slowed by it. Kept for each asker: what one repository asks for never decides what another gets.

import type { Seen } from "../domain/seen.ts";
import type { LiveRequest } from "./live.ts";

/** Milliseconds. */
export interface RestLimits {
  /** What failed sooner than this may be asked again at once. */
  readonly slow: number;
  readonly rest: number;
}

type Asker = Pick<LiveRequest, "source" | "asker">;

export interface Rests {
  /** Why it is not asked now: the reason of the failure. */
  why(asker: Asker): string | undefined;
  note(asker: Asker, read: { readonly states: readonly Seen<unknown>[]; readonly began: number }): void;
}

export function createRests({ limits, now }: { readonly limits: RestLimits; readonly now: () => number }): Rests {
  const rests = new Map<string, { readonly until: number; readonly why: string }>();
  return {
    why: (asker) => {
      const rest = rests.get(keyOf(asker));
      return rest !== undefined && now() < rest.until ? rest.why : undefined;
    },
    note: (asker, { states, began }) => {
      const [first] = states;
      const silent = first?.kind === "unknown" && states.every(({ kind }) => kind === "unknown");
      if (silent && now() - began >= limits.slow)
        rests.set(keyOf(asker), { until: now() + limits.rest, why: first.why });
      else rests.delete(keyOf(asker));
    },
  };
}

function keyOf({ source, asker }: Asker): string {
  return `${source} ${asker.toLowerCase()}`;
}
