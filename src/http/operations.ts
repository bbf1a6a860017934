// The operator's listener, on a port of its own: is the process alive, can it take work, and its numbers.

import type { Metrics } from "./create-metrics.ts";
import type { Answer, Route } from "./route.ts";

export interface OperationsOptions {
  /** Throws when the store does not answer. */
  readonly ping: () => Promise<void>;
  readonly isStarted: () => boolean;
  readonly isDraining: () => boolean;
  readonly metrics: Pick<Metrics, "render" | "contentType">;
}

const patience = 2_000;

export function createOperationsRoutes(options: OperationsOptions): readonly Route[] {
  const shared = { method: "GET", limit: 0, intake: false } as const;
  return [
    { ...shared, path: "/healthz", handle: () => ({ status: 200, body: { alive: true } }) },
    { ...shared, path: "/readyz", handle: () => answerReadiness(options) },
    { ...shared, path: "/metrics", handle: () => answerMetrics(options) },
  ];
}

async function answerReadiness({ ping, isStarted, isDraining }: OperationsOptions): Promise<Answer> {
  const reasons = [
    ...(isDraining() ? ["The process is stopping."] : []),
    ...(isStarted() ? [] : ["The queue has not started yet."]),
    ...((await answers(ping)) ? [] : ["The store does not answer."]),
  ];
  return { status: reasons.length === 0 ? 200 : 503, body: { ready: reasons.length === 0, reasons } };
}

async function answerMetrics({ metrics }: OperationsOptions): Promise<Answer> {
  return { status: 200, body: await metrics.render(), headers: { "content-type": metrics.contentType } };
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  try {
    return await Promise.race([ping().then(() => true), late]);
  } catch {
    // Why the store does not answer is in the store's own log; strangers to it only learn that it does not.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
