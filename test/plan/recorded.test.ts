// Observations that `stagecoach record` kept, planned again: the same observation, the same plan. A plan that changed
// on purpose is written anew with `UPDATE_CASES=1`, and its difference read.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { planAgain } from "../../src/cli/make-recording.ts";

const FOLDER = new URL("recorded/", import.meta.url);

describe("a recorded pass is planned as it was", () => {
  const names = readdirSync(FOLDER).sort();
  assert.ok(names.length >= 3);
  for (const name of names) {
    it(name, () => {
      const plan = planAgain(readFileSync(new URL(`${name}/observed.json`, FOLDER), "utf8"));
      const file = new URL(`${name}/plan.json`, FOLDER);
      if (process.env.UPDATE_CASES === "1") writeFileSync(file, plan);
      assert.deepEqual(JSON.parse(plan), JSON.parse(readFileSync(file, "utf8")));
    });
  }
});
