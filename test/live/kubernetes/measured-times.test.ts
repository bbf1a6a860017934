// What a controller measured is taken out of what it says; what somebody set stays.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutMeasuredTimes } from "../../../src/live/kubernetes/measured-times.ts";

const rows: readonly (readonly [said: string, kept: string])[] = [
  ["Health check passed in 14.996328ms", "Health check passed"],
  [
    "health check failed after 1m5.073210911s: timeout waiting for: [Job/apps/migrate status: 'InProgress']",
    "health check failed: timeout waiting for: [Job/apps/migrate status: 'InProgress']",
  ],
  ["Running health checks with a timeout of 30s", "Running health checks with a timeout of 30s"],
  ["it is tried again after 30s", "it is tried again after 30s"],
  ["upgraded in 1.2.3", "upgraded in 1.2.3"],
];

describe("a message with a measured time", () => {
  for (const [said, kept] of rows) test(said, () => assert.equal(withoutMeasuredTimes(said), kept));
});
