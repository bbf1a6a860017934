// The operator's listener: alive, ready and why not, and numbers that tell nothing about anybody's repositories.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { createMetrics } from "../../src/http/create-metrics.ts";
import { createHttpServer } from "../../src/http/create-server.ts";
import { createOperationsRoutes, type OperationsOptions } from "../../src/http/operations.ts";

const log = pino({ level: "silent" });

async function ask(path: string, change: Partial<OperationsOptions> = {}): Promise<{ status: number; text: string }> {
  const metrics = createMetrics({ pending: async () => 3 });
  metrics.onAnswered({ route: "/api/github/webhooks", method: "POST", status: 202, seconds: 0.01 });
  const options = { ping: async () => undefined, isStarted: () => true, isDraining: () => false, metrics, ...change };
  const server = createHttpServer({ routes: createOperationsRoutes(options), log });
  const port = await server.listen({ port: 0, host: "127.0.0.1" });
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  } finally {
    await server.close({ milliseconds: 0 });
  }
}

describe("the operator's listener", () => {
  it("is alive", async () => {
    assert.equal((await ask("/healthz")).status, 200);
  });

  const unready: readonly (readonly [string, Partial<OperationsOptions>])[] = [
    ["The process is stopping.", { isDraining: () => true }],
    ["The queue has not started yet.", { isStarted: () => false }],
    ["The store does not answer.", { ping: () => Promise.reject(new Error("connection refused")) }],
  ];
  for (const [reason, change] of unready) {
    it(`is not ready, and says why: ${reason}`, async () => {
      const { status, text } = await ask("/readyz", change);
      assert.equal(status, 503);
      assert.deepEqual(JSON.parse(text), { ready: false, reasons: [reason] });
    });
  }

  it("is ready when nothing speaks against it", async () => {
    assert.deepEqual(await ask("/readyz"), { status: 200, text: '{"ready":true,"reasons":[]}\n' });
  });

  it("T25: counts under labels of our own words alone", async () => {
    const { status, text } = await ask("/metrics");
    assert.equal(status, 200);
    assert.match(
      text,
      /stagecoach_http_requests_total\{route="\/api\/github\/webhooks",method="POST",status="202"\} 1/,
    );
    assert.match(text, /stagecoach_passes_pending 3/);
    assert.doesNotMatch(text, /repository|owner/);
  });

  it("still gives its numbers when the store does not answer", async () => {
    const metrics = createMetrics({ pending: () => Promise.reject(new Error("connection refused")) });
    assert.match((await ask("/metrics", { metrics })).text, /stagecoach_passes_pending Nan/);
  });
});
