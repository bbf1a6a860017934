// What was pushed, as the live sources read it: kept in the cache, each source with the age that its operator allows.

import type { Cache } from "../../store/store.ts";
import type { PushedReports } from "../pushed-reports.ts";
import { readClaims, readReports } from "./read-reports.ts";

export function recallReports({
  cache,
  now,
}: {
  readonly cache: Pick<Cache, "read">;
  readonly now: () => number;
}): PushedReports {
  return {
    readStates: async ({ id, reports }, targets) =>
      readReports({
        cache,
        source: id,
        targets: targets.map(({ target }) => target),
        maxAge: reports?.maxAge ?? 0,
        now: now(),
      }),
    readClaims: async ({ id, reports }) =>
      reports ? readClaims({ cache, source: id, maxAge: reports.maxAge, now: now() }) : [],
  };
}
