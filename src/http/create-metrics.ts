// The numbers that an operator watches, in a registry of their own. Labels are made of our own words alone: no name of a
// repository, an image or a person (T25).

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Answered } from "./create-server.ts";

export interface Metrics {
  readonly registry: Registry;
  readonly onAnswered: (answered: Answered) => void;
  readonly contentType: string;
  render(): Promise<string>;
}

export function createMetrics({ pending }: { readonly pending: () => Promise<number> }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "stagecoach_" });
  const requests = new Counter({
    name: "stagecoach_http_requests_total",
    help: "Requests that were answered.",
    labelNames: ["route", "method", "status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "stagecoach_http_request_duration_seconds",
    help: "Time from the head of a request to its answer.",
    labelNames: ["route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  new Gauge({
    name: "stagecoach_passes_pending",
    help: "Passes that are due, running, or to be tried again.",
    registers: [registry],
    async collect() {
      // A store that does not answer must not take the other numbers away.
      this.set(await pending().catch(() => Number.NaN));
    },
  });
  return {
    registry,
    contentType: registry.contentType,
    onAnswered: ({ route, method, status, seconds }) => {
      requests.inc({ route, method, status: String(status) });
      duration.observe({ route }, seconds);
    },
    render: () => registry.metrics(),
  };
}
