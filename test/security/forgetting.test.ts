// T1, T27: what others make us keep. Files of strangers' pull requests, reports and delivery ids are forgotten when nobody
// has asked for them for two weeks, so that no stream of them fills a disk.

import assert from "node:assert/strict";
import { it } from "node:test";
import { pino } from "pino";
import { openStore } from "../../src/store/open-store.ts";
import { waitUntil } from "../store/wait-until.ts";

it("T27: what nobody asks for any more is forgotten", { timeout: 60_000 }, async () => {
  const clock = { now: Date.UTC(2026, 10, 1) };
  const store = await openStore({ now: () => clock.now, log: pino({ level: "silent" }), pace: { forget: 0.02 } });
  try {
    const message = { delivery: "d-1", hints: [] };
    await store.cache.write("blob", new Map([["stranger", "x"]]));
    assert.equal(await store.hints.add(message), "stored");
    assert.equal(await store.hints.add(message), "duplicate");
    clock.now += 15 * 24 * 60 * 60 * 1_000;
    await waitUntil("the delivery is forgotten", async () => (await store.hints.add(message)) === "stored");
    assert.equal((await store.cache.read("blob", ["stranger"])).size, 0);
  } finally {
    await store.work.stop({ milliseconds: 5_000 });
    await store.close();
  }
});
