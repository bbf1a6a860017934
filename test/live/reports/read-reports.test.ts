// What is kept of reports and read back: the newest, for as long as the operator said, by a clock that may be wrong.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DriftClaim } from "../../../src/domain/drift.ts";
import { createReportKeeper } from "../../../src/live/reports/keep-reports.ts";
import type { NamedState } from "../../../src/live/reports/live-report.ts";
import { readClaims, readReports } from "../../../src/live/reports/read-reports.ts";
import { openPreviewStore } from "../../../src/store/open-preview-store.ts";
import { at, fullState, MINUTE, NOW } from "./build-reports.ts";

const maxAge = 10 * MINUTE;

/** A source `us` whose reports come when the test says so. */
function hear({ receivedAt = NOW } = {}) {
  const { cache } = openPreviewStore();
  const clock = { now: receivedAt };
  const keep = createReportKeeper({ cache, now: () => clock.now });
  return {
    states: (observedAt: number, ...states: readonly NamedState[]) =>
      keep({ source: "us", maxAge, report: { kind: "states", observedAt, states } }),
    claim: (claim: DriftClaim) => keep({ source: "us", maxAge, report: { kind: "drift", claim } }),
    read: async (now: number, name = "shop") => {
      const query = { cache, source: "us", maxAge, now, targets: [{ kind: "reports", name }] as const };
      const [seen] = await readReports(query);
      assert.ok(seen);
      return seen;
    },
    claims: (now: number) => readClaims({ cache, source: "us", maxAge, now }),
    clock,
  };
}

const shop = (changes = {}): NamedState => ({ name: "shop", state: fullState(changes) });

describe("a report", () => {
  it("is the observation of its source, made when the reporter made it", async () => {
    const us = hear();
    await us.states(NOW - MINUTE, shop());
    const seen = await us.read(NOW);
    assert.ok(seen.kind === "known");
    const { freshness, ...rest } = seen.value;
    const { freshness: _, ...told } = fullState();
    assert.deepEqual(rest, told);
    assert.deepEqual(freshness, {
      ...{ readAt: NOW - MINUTE, proof: "report", reconciledAt: NOW - 2 * MINUTE, stale: "nobody looked" },
    });
  });

  it("T26: of names without end is kept for the newest two thousand", async () => {
    const us = hear();
    const named = (index: number): NamedState => ({ name: `name-${index}`, error: "no" });
    for (let report = 0; report <= 10; report += 1) {
      const some = Array.from({ length: 200 }, (_, index) => named(report * 200 + index));
      await us.states(NOW + report, ...some);
    }
    const known = async (index: number) =>
      /could not read it/.test(JSON.stringify(await us.read(NOW, `name-${index}`)));
    assert.deepEqual(await Promise.all([0, 199, 200, 2_199].map(known)), [false, false, true, true]);
    await us.states(NOW + MINUTE, named(0));
    assert.equal(await known(0), true);
  });

  const ages: readonly (readonly [string, number, string])[] = [
    ["on its last millisecond", NOW + 10 * MINUTE, "known"],
    ["one millisecond later", NOW + 10 * MINUTE + 1, "there is no news from us since 2026-03-02 10:00 UTC"],
    ["a day later", NOW + 24 * 60 * MINUTE, "there is no news from us since 2026-03-02 10:00 UTC"],
  ];
  for (const [name, now, expected] of ages) {
    it(`says something for max-age and no longer: ${name}`, async () => {
      const us = hear();
      await us.states(NOW, shop());
      const seen = await us.read(now);
      assert.equal(seen.kind === "known" ? "known" : seen.why, expected);
    });
  }

  it("that never came is no news either", async () => {
    assert.deepEqual(await hear().read(NOW, "cart"), { kind: "unknown", why: "us has not reported cart yet" });
  });

  it("of a clock that is ahead counts from when it came, and its health no longer than that", async () => {
    const us = hear();
    await us.states(
      NOW + 4 * MINUTE,
      shop({ health: { state: "healthy", basis: "kstatus", since: NOW + 3 * MINUTE } }),
    );
    const seen = await us.read(NOW);
    assert.ok(seen.kind === "known");
    assert.deepEqual([seen.value.freshness.readAt, seen.value.health.since], [NOW, NOW]);
    assert.equal((await us.read(NOW + 10 * MINUTE + 1)).kind, "unknown");
  });

  it("T3: that is older changes nothing, whichever came first", async () => {
    const us = hear();
    assert.equal(await us.states(NOW - MINUTE, shop({ suspended: "new" })), "news");
    assert.equal(await us.states(NOW - 2 * MINUTE, shop({ suspended: "old" })), "older");
    const both = hear();
    await Promise.all([both.states(NOW - MINUTE, shop({ suspended: "new" })), both.states(NOW - 2 * MINUTE, shop())]);
    for (const source of [us, both]) {
      const seen = await source.read(NOW);
      assert.equal(seen.kind === "known" && seen.value.suspended, "new");
    }
  });

  it("is news when it says something else, when it comes after silence, and when it is sent again for want of an answer", async () => {
    const us = hear();
    assert.equal(await us.states(NOW, shop()), "news");
    const later = { ...fullState().freshness, readAt: NOW + MINUTE, reconciledAt: NOW + MINUTE };
    assert.equal(await us.states(NOW + MINUTE, shop({ freshness: later })), "no-news");
    assert.equal(await us.states(NOW + 2 * MINUTE, shop({ health: { state: "degraded", basis: "kstatus" } })), "news");
    assert.equal(await us.states(NOW + 2 * MINUTE, shop({ health: { state: "degraded", basis: "kstatus" } })), "news");
    assert.equal(await us.states(NOW + 3 * MINUTE, { name: "shop", error: "403" }), "news");
    assert.equal(await us.states(NOW + 20 * MINUTE, { name: "shop", error: "403" }), "news");
    assert.equal(await us.states(NOW + 21 * MINUTE), "no-news");
  });
});

describe("a claim", () => {
  const claim = (name: string, observedAt: number): DriftClaim => ({
    ...{ report: `${name}-${observedAt}`, by: "night-watch", observedAt, suspects: [] },
    target: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name },
  });

  it("stands beside those about other objects, in place of older ones about the same", async () => {
    const us = hear();
    assert.equal(await us.claim(claim("web", NOW - 3 * MINUTE)), "news");
    assert.equal(await us.claim(claim("api", NOW - 2 * MINUTE)), "news");
    assert.equal(await us.claim(claim("web", NOW - MINUTE)), "news");
    assert.equal(await us.claim(claim("web", NOW - 2 * MINUTE)), "older");
    assert.equal(await us.claim(claim("web", NOW - MINUTE)), "news", `sent again, at ${at(NOW)}`);
    const names = (await us.claims(NOW)).map(({ target, observedAt }) => [target.name, NOW - observedAt]);
    assert.deepEqual(names.sort(), [
      ["api", 2 * MINUTE],
      ["web", MINUTE],
    ]);
  });

  it("is forgotten with its age, and fifty are enough", async () => {
    const us = hear();
    for (let index = 0; index < 60; index += 1) await us.claim(claim(`web-${index}`, NOW - index));
    assert.equal((await us.claims(NOW)).length, 50);
    assert.deepEqual(await us.claims(NOW + 10 * MINUTE + 1), []);
    us.clock.now = NOW + 20 * MINUTE;
    await us.claim(claim("late", NOW + 20 * MINUTE));
    assert.equal((await us.claims(NOW)).length, 1);
  });
});
