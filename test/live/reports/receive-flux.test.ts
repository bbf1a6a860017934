// Which of Flux's events are news, and which say once more what was said.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { receiveFlux } from "../../../src/live/reports/receive-flux.ts";

const NOW = Date.UTC(2026, 10, 20, 9);
const SECRET = "the-secret-of-flux-in-prod";

interface Said {
  readonly name?: string;
  readonly uid?: string;
  readonly revision?: string;
  readonly reason?: string;
  readonly message?: string;
  /** Minutes ago. */
  readonly ago?: number;
}

/** The id under which an event is stored: the same one is taken once. */
async function deliveryOf(said: Said): Promise<string> {
  const { name = "web", uid = "u1", revision = "main@sha1:1111", reason = "ReconciliationSucceeded", ago = 0 } = said;
  const { message = "Reconciliation finished in 304.114955ms, next run in 10m0s" } = said;
  const event = {
    involvedObject: { kind: "Kustomization", namespace: "apps", name, uid, resourceVersion: String(ago) },
    severity: "info",
    timestamp: new Date(NOW - ago * 60_000).toISOString(),
    message,
    reason,
    metadata: { revision },
  };
  const body = Buffer.from(JSON.stringify(event));
  const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
  const settings = { from: "flux", secrets: [SECRET], maxAge: 600_000 } as const;
  const headers = { "x-signature": signature };
  const received = await receiveFlux({ body, headers, source: "prod", settings, now: NOW });
  assert.equal(received.kind, "understood");
  return received.kind === "understood" ? received.delivery : "";
}

const LATER = { ago: 1, message: "Reconciliation finished in 1.2s, next run in 10m0s" };
const CONFIGURED = { reason: "Progressing", message: "Deployment/apps/web configured" };

const rows: readonly (readonly [what: string, first: Said, second: Said, same: boolean])[] = [
  ["another round of the same revision is the same", {}, LATER, true],
  ["a round of another revision is news", {}, { ...LATER, revision: "main@sha1:2222" }, false],
  ["a round of another object is news", {}, { ...LATER, name: "api" }, false],
  ["an object that was made anew is another one", {}, { ...LATER, uid: "u2" }, false],
  ["what was taken back by hand is news every time", CONFIGURED, { ...CONFIGURED, ago: 1 }, false],
  [
    "a message that only begins so is taken as it is",
    { message: "Reconciliation finished in a mess" },
    { message: "Reconciliation finished in a mess", ago: 1 },
    false,
  ],
];

describe("an event of Flux", () => {
  for (const [what, first, second, same] of rows)
    test(what, async () => {
      assert.equal((await deliveryOf(first)) === (await deliveryOf(second)), same);
    });
});
