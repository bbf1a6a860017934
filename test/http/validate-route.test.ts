// `PUT /api/validate`: for anybody, but not for any amount.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createRateLimit } from "../../src/http/limit-rate.ts";
import { type App, readJson, startApp } from "./start-app.ts";

describe("checking a pipeline file", () => {
  let app: App;
  before(async () => {
    app = await startApp({ validations: 6 });
  });
  after(() => app.stop());

  const put = (body: string | Uint8Array<ArrayBuffer>) => fetch(`${app.url}/api/validate`, { method: "PUT", body });

  it("answers with the findings, until somebody sends too many", async () => {
    const fine = await put("version: 1\n");
    assert.equal(fine.status, 200);
    assert.deepEqual(await readJson(fine), { ok: true, findings: [] });
    assert.equal((await readJson(await put(""))).ok, false);
    assert.equal((await put(new Uint8Array([0xff, 0xfe, 0x00]))).status, 400);
    assert.equal((await put("x".repeat(400 * 1024))).status, 200);
    assert.equal((await put("x".repeat(400 * 1024 + 1))).status, 413);
    assert.equal((await put("")).status, 200);
    const refused = await put("");
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.match(JSON.stringify(await refused.json()), /stagecoach validate/);
  });
});

describe("the rate limit", () => {
  const each = { burst: 2, perMinute: 60 };
  const total = { burst: 100, perMinute: 60 };

  it("lets a burst in, then one at a time as tokens come back", () => {
    let now = 0;
    const limit = createRateLimit({ each, total, now: () => now });
    assert.deepEqual([limit.take("10.0.0.1"), limit.take("10.0.0.1"), limit.take("10.0.0.1")], [0, 0, 1]);
    assert.equal(limit.take("10.0.0.2"), 0);
    now = 1_000;
    assert.deepEqual([limit.take("10.0.0.1"), limit.take("10.0.0.1")], [0, 1]);
  });

  it("counts all addresses together, too", () => {
    const limit = createRateLimit({ each, total: { burst: 3, perMinute: 1 }, now: () => 0 });
    const waits = [1, 2, 3, 4].map((last) => limit.take(`10.0.0.${last}`));
    assert.deepEqual(waits, [0, 0, 0, 60]);
  });

  const sameNetwork: readonly (readonly [string, string, boolean])[] = [
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
    ["2001:db8::1", "2001:db8:0:0:9::", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["::ffff:10.0.0.1", "10.0.0.1", true],
    ["::1", "10.0.0.1", false],
  ];
  for (const [one, other, same] of sameNetwork) {
    it(`${same ? "counts" : "does not count"} ${one} and ${other} as one sender`, () => {
      const limit = createRateLimit({ each: { burst: 1, perMinute: 1 }, total, now: () => 0 });
      assert.equal(limit.take(one), 0);
      assert.equal(limit.take(other) > 0, same);
    });
  }

  it("T1: what took long costs more, the sender and all together", () => {
    let now = 0;
    const limit = createRateLimit({ each, total: { burst: 10, perMinute: 60 }, now: () => now });
    assert.equal(limit.take("10.0.0.1"), 0);
    limit.charge("10.0.0.1", 5);
    assert.deepEqual([limit.take("10.0.0.1"), limit.take("10.0.0.2")], [5, 0]);
    limit.charge("10.0.0.2", 9);
    assert.equal(limit.take("10.0.0.3"), 7);
    now = 7_000;
    assert.equal(limit.take("10.0.0.3"), 0);
  });

  it("T1: remembers a bounded number of addresses", () => {
    const limit = createRateLimit({ each: { burst: 1, perMinute: 1 }, total, addresses: 2, now: () => 0 });
    assert.deepEqual(
      ["a", "b", "c", "b", "a"].map((address) => limit.take(address) > 0),
      [false, false, false, true, false],
    );
  });
});
