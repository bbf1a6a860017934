// What a reporter makes of what it read: always something that Stagecoach takes, whatever the cluster says.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { ReporterSettings } from "../../../src/domain/reporter.ts";
import { known, type Seen, unknown } from "../../../src/domain/seen.ts";
import { makeReports } from "../../../src/live/reporter/make-reports.ts";
import { liveReport as shape } from "../../../src/live/reports/live-report.ts";
import { fullState, NOW } from "../reports/build-reports.ts";

async function makeOf(...states: readonly Seen<LiveState>[]) {
  const settings: ReporterSettings = {
    ...{ cluster: "us", url: "https://stagecoach.example/hooks/live/us", every: 120_000 },
    proof: { kind: "secret", secret: "" },
    targets: states.map((_, index) => ({ name: `t-${index}`, kind: "flux", target: "a/b", images: [], objects: [] })),
  };
  let count = 0;
  const made = await makeReports({
    ...{ settings, version: "0.1.0", now: NOW, source: { read: async () => states } },
    makeId: () => {
      count += 1;
      return `report-${count}`;
    },
  });
  return made.map(({ body }) => {
    const read = shape.read(JSON.parse(body), "");
    assert.ok(read.kind === "fits", read.kind === "faulty" ? read.why : "");
    assert.ok(body.length <= 256 * 1024);
    return read.value;
  });
}

describe("makeReports", () => {
  it("tells what was read, and why something was not", async () => {
    const [report, ...others] = await makeOf(known(fullState()), unknown("the cluster us answered 403"));
    assert.deepEqual(others, []);
    assert.deepEqual([report?.cluster, report?.observedAt, report?.reportId], ["us", NOW, "report-1"]);
    assert.deepEqual(report?.states, [
      { name: "t-0", state: fullState() },
      { name: "t-1", error: "the cluster us answered 403" },
    ]);
  });

  it("cuts what is long, and drops properties without a value", async () => {
    const [resource] = fullState().resources;
    assert.ok(resource);
    const long = fullState({
      resources: Array.from({ length: 900 }, () => resource),
      sync: { state: "failed", message: "x".repeat(9_000) },
      ...({ link: undefined } as object),
    });
    const [report] = await makeOf(known(long));
    const [first] = report?.states ?? [];
    assert.ok(first && "state" in first);
    assert.equal(first.state.resources.length, 200);
    assert.equal(first.state.sync.message?.length, 1_000);
    assert.equal("link" in first.state, false);
  });

  it("tells of one state that nobody would take, and still reports the others", async () => {
    const odd = fullState({ link: "http://argocd.example" });
    const [report] = await makeOf(known(odd), known(fullState()));
    assert.deepEqual(report?.states[0], {
      name: "t-0",
      error:
        "what was read cannot be reported: `state.link` is not an address that begins with https:// and holds no credentials",
    });
    assert.deepEqual(report?.states[1], { name: "t-1", state: fullState() });
  });

  it("spreads much over several reports, none too large", async () => {
    const [resource] = fullState().resources;
    assert.ok(resource);
    const large = fullState({
      resources: Array.from({ length: 200 }, () => ({ ...resource, message: "y".repeat(800) })),
    });
    const reports = await makeOf(known(large), known(large), known(fullState()), known(large));
    assert.deepEqual(
      reports.map(({ states }) => states.map(({ name }) => name)),
      [["t-0"], ["t-1", "t-2"], ["t-3"]],
    );
    assert.equal(new Set(reports.map(({ reportId }) => reportId)).size, 3);
    const enormous = fullState({
      resources: Array.from({ length: 200 }, () => ({ ...resource, message: "\u0001".repeat(1_000) })),
    });
    const [only] = await makeOf(known(enormous));
    assert.deepEqual(only?.states, [{ name: "t-0", error: "what was read is too large to report" }]);
  });
});
