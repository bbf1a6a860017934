// The figures of one fleet, in a process of its own so that its peak of memory is its own: `services places store`.
// Prints them as JSON.

import { openFleet, type PassFigures } from "./open-fleet.ts";

export interface FleetFigures {
  readonly services: number;
  readonly places: number;
  /** From the first look on an empty database until there is nothing left to do. */
  readonly cold: { readonly passes: number; readonly total: PassFigures; readonly longest: number };
  readonly unchanged: PassFigures;
  /** From the moment when every image is due to be looked at again until nothing is left to look at. */
  readonly sweep: { readonly passes: number; readonly total: PassFigures };
  /** The pass that opens a promotion after the registry's event, and the one that moves it to the next version. */
  readonly opening: PassFigures;
  readonly update: PassFigures;
  /** MiB: before the first pass, and the most that the process ever had. */
  readonly memory: { readonly before: number; readonly peak: number };
}

const MEBIBYTE = 1024 * 1024;
const [services = 20, places = 1] = process.argv.slice(2, 4).map(Number);
const store = process.argv[4] === "memory" ? "memory" : "embedded";
const fleet = await openFleet({ services, places, store });
const before = process.memoryUsage().rss / MEBIBYTE;
const cold = await fleet.settle();
const peak = process.resourceUsage().maxRSS / 1024;
const unchanged = await fleet.pass();
fleet.elapse(11 * 60_000);
const sweep = await fleet.settle();
await fleet.push(7, "1.1.0");
const opening = await fleet.pass();
await fleet.pass();
await fleet.push(7, "1.2.0");
const update = await fleet.pass();
await fleet.close();
const figures: FleetFigures = {
  services,
  places,
  cold: { passes: cold.length, total: sum(cold), longest: Math.max(...cold.map(({ milliseconds }) => milliseconds)) },
  unchanged,
  sweep: { passes: sweep.length, total: sum(sweep) },
  opening,
  update,
  memory: { before, peak },
};
console.log(JSON.stringify(figures));

function sum(passes: readonly PassFigures[]): PassFigures {
  return passes.reduce((total, pass) => ({
    ...pass,
    milliseconds: total.milliseconds + pass.milliseconds,
    github: total.github + pass.github,
    contentCreating: total.contentCreating + pass.contentCreating,
    tokens: total.tokens + pass.tokens,
    registry: total.registry + pass.registry,
  }));
}
