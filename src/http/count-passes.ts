// Counts passes and what they did for `/metrics`. Names of repositories are nobody's business who may read the numbers.

import { Counter, Histogram, type Registry } from "prom-client";

export interface PassCounts {
  passFinished(pass: { readonly milliseconds: number; readonly outcome: string }): void;
  acted(action: { readonly kind: string; readonly outcome: string }): void;
}

export function countPasses({ registry }: { readonly registry: Registry }): PassCounts {
  const registers = [registry];
  const passes = new Histogram({
    name: "stagecoach_pass_duration_seconds",
    help: "Time of a pass over one repository.",
    labelNames: ["outcome"],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const actions = new Counter({
    name: "stagecoach_actions_total",
    help: "What was done on GitHub.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  return {
    passFinished: ({ milliseconds, outcome }) => passes.observe({ outcome }, milliseconds / 1_000),
    acted: (action) => actions.inc(action),
  };
}
