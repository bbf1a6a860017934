// Pushes about live sources whose sender was not recognised, counted by who should have sent them and what was wrong.

import { Counter, type Registry } from "prom-client";
import type { LiveRouteOptions } from "./receive-live.ts";

export function countRefusals({
  registry,
}: {
  readonly registry: Registry;
}): NonNullable<LiveRouteOptions["onRefused"]> {
  const refusals = new Counter({
    name: "stagecoach_reports_refused_total",
    help: "Pushes about live sources whose sender was not recognised.",
    labelNames: ["from", "reason"],
    registers: [registry],
  });
  return (refused) => refusals.inc(refused);
}
