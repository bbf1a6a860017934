// The two formats of reports: what is read, what is refused and where, what is cut, and that the published schemas say
// the same as the readers.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ajv } from "ajv";
import ajvFormats from "ajv-formats";
import { claimOf, driftReport as driftShape } from "../../../src/live/reports/drift-report.ts";
import type { JsonShape } from "../../../src/live/reports/json-shape.ts";
import { liveReport as liveShape } from "../../../src/live/reports/live-report.ts";
import { REPORT_SCHEMAS } from "../../../src/live/reports/report-schemas.ts";
import { createRandom, mutateValue } from "../../http/mutate.ts";
import { at, COMMIT, driftReport, fullState, liveReport, MINUTE, NOW } from "./build-reports.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20260302);
const ajv = new Ajv({ allErrors: true });
ajvFormats.default(ajv);
const fitsSchema = {
  live: ajv.compile(REPORT_SCHEMAS["live-report.v1"]),
  drift: ajv.compile(REPORT_SCHEMAS["drift-report.v1"]),
};

function whyNot(shape: JsonShape<unknown>, value: unknown): string {
  const read = shape.read(JSON.parse(JSON.stringify(value)), "");
  return read.kind === "faulty" ? read.why : "fits";
}

describe("live-report/v1", () => {
  it("gives back a state with every field as it was", () => {
    const read = liveShape.read(liveReport(), "");
    assert.ok(read.kind === "fits");
    assert.deepEqual(read.value.states, [{ name: "flux:apps/shop", state: fullState() }]);
    assert.equal(read.value.observedAt, NOW - MINUTE);
  });

  it("gives back why a target could not be read", () => {
    const states = [{ name: "shop", error: "it answered 403" }];
    const read = liveShape.read(liveReport({ states }), "");
    assert.ok(read.kind === "fits");
    assert.deepEqual(read.value.states, states);
  });

  const state = (changes: object) => liveReport({ states: [{ name: "shop", state: { ...fullState(), ...changes } }] });
  const rows: readonly (readonly [string, object, string])[] = [
    ["no body worth the name", [], "`the body` is not an object"],
    ["another version", liveReport({ schema: "live-report/v2" }), "`schema` is not one of live-report/v1"],
    [
      "a cluster that is no name",
      liveReport({ cluster: "<b>" }),
      "`cluster` is not the id of a live source of Stagecoach",
    ],
    [
      "a local time",
      liveReport({ observedAt: "2026-03-02 10:00" }),
      "`observedAt` is not a time such as 2026-03-02T10:02:00Z",
    ],
    [
      "a month too many",
      liveReport({ observedAt: "2026-13-02T10:00:00Z" }),
      "`observedAt` is not a time such as 2026-03-02T10:02:00Z",
    ],
    [
      "201 states",
      liveReport({ states: Array(201).fill({ name: "a", error: "b" }) }),
      "`states` has more than 200 items",
    ],
    ["a name twice", liveReport({ states: Array(2).fill({ name: "a", error: "b" }) }), "`states` names a target twice"],
    ["neither state nor error", liveReport({ states: [{ name: "a" }] }), "`states[0]` needs either `state` or `error`"],
    [
      "both",
      liveReport({ states: [{ name: "a", error: "b", state: fullState() }] }),
      "`states[0]` needs either `state` or `error`",
    ],
    [
      "a word that is none",
      state({ health: { state: "fine", basis: "kstatus" } }),
      "`states[0].state.health.state` is not one of healthy, progressing, degraded, suspended, missing, unknown",
    ],
    [
      "health that nobody looked at",
      state({ health: { state: "healthy", basis: "none" } }),
      "`states[0].state.health` is more than unknown although nobody looked",
    ],
    [
      "half a time",
      state({ freshness: { readAt: 0.5, proof: "read" } }),
      "`states[0].state.freshness.readAt` is not a time in milliseconds since 1970",
    ],
    [
      "T14: a link of another scheme",
      state({ link: "javascript:alert(1)" }),
      "`states[0].state.link` is not an address that begins with https:// and holds no credentials",
    ],
    [
      "T14: a link in the clear",
      state({ link: "http://acme.example" }),
      "`states[0].state.link` is not an address that begins with https:// and holds no credentials",
    ],
    [
      "T22: a link with credentials",
      state({ link: "https://a:b@acme.example" }),
      "`states[0].state.link` is not an address that begins with https:// and holds no credentials",
    ],
    [
      "T14: a repository that is none",
      state({ observed: [{ kind: "git", id: COMMIT, repository: "@acme/*" }] }),
      "`states[0].state.observed[0].repository` is not owner/name",
    ],
    [
      "T14: markup for an object's name",
      state({ object: { apiVersion: "v1", kind: "Namespace", name: "<img src=x>" } }),
      "`states[0].state.object.name` is not the name of an object",
    ],
    [
      "201 resources",
      state({ resources: Array(201).fill({ object: fullState().object }) }),
      "`states[0].state.resources` has more than 200 items",
    ],
  ];
  for (const [name, report, why] of rows) {
    it(`refuses ${name}`, () => assert.equal(whyNot(liveShape, report), why));
  }

  it("refuses keys that nobody knows, and repeats none of them", () => {
    const why = whyNot(liveShape, { ...liveReport(), "@everybody": 1 });
    assert.equal(why, "`the body` has a key besides schema, reportId, cluster, reporter, observedAt, states");
    const polluted = JSON.parse(`{"__proto__":{"schema":"live-report/v1"},"states":[]}`);
    assert.equal(liveShape.read(polluted, "").kind, "faulty");
  });

  it("T14: keeps hostile prose as it is, cut short, for those who show it to escape", () => {
    const message = `<script>@acme/sre closes #1</script>${"x".repeat(5_000)}`;
    const read = liveShape.read(state({ sync: { state: "failed", message } }), "");
    assert.ok(read.kind === "fits");
    const [first] = read.value.states;
    const kept = first && "state" in first ? (first.state.sync.message ?? "") : "";
    assert.equal(kept.length, 1_000);
    assert.ok(kept.startsWith("<script>@acme/sre closes #1</script>x"));
  });

  it("T24: hides what a reporter should have hidden", () => {
    const shown = (text: string) => ({ kind: "shown", text }) as const;
    const suspects = [
      ["Secret", "/data/a", shown('"aGVsbG8="')],
      ["Deployment", "/spec/template/spec/containers/0/env/0/value", shown('"hunter2"')],
      ["Deployment", "/spec/template", shown('{"env":[{"name":"A","value":"hunter2"}]}')],
      ["ConfigMap", "/data/config", shown('"postgres://shop:hunter2@db/shop"')],
    ].map(([kind, path, value]) => ({
      ...{ object: { apiVersion: "v1", kind, name: "a" }, change: "modified", evidence: "e" },
      fields: [{ path, desired: value, live: value }],
    }));
    const read = liveShape.read(state({ suspects }), "");
    assert.ok(read.kind === "fits");
    assert.doesNotMatch(JSON.stringify(read.value), /hunter2|aGVsbG8/);
    assert.equal(JSON.stringify(read.value).match(/"hidden"/g)?.length, 8);
  });
});

describe("drift-report/v1", () => {
  it("becomes a claim", () => {
    const read = driftShape.read(driftReport(), "");
    assert.ok(read.kind === "fits");
    const web = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
      uid: "u-1",
      generation: 3,
    };
    assert.deepEqual(claimOf(read.value), {
      ...{
        report: "5d2a4f3e-0000-4a5d-9b1a-1d6b9f0a7c11",
        by: "night-watch",
        observedAt: NOW - MINUTE,
        commit: COMMIT,
      },
      target: web,
      suspects: [
        {
          ...{ object: web, change: "modified", evidence: "a report by night-watch" },
          fields: [
            {
              ...{ path: "/spec/replicas", desired: { kind: "shown", text: "2" }, live: { kind: "shown", text: "5" } },
              ...{ manager: "kubectl", operation: "Update", subresource: "scale", time: NOW - 2 * MINUTE },
            },
          ],
        },
      ],
    });
  });

  it("T24: values of Secrets and hashes of values are dropped", () => {
    const secret = { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "db", change: "modified" };
    const resources = [
      { ...secret, fields: [{ path: "/data/password", desired: "aHVudGVyMg==", live: "aHVudGVyMw==" }] },
      { ...secret, name: "other", fields: [{ path: "/data", desiredHash: "5f1d", liveHash: "77aa" }] },
    ];
    const read = driftShape.read(driftReport({ resources }), "");
    assert.ok(read.kind === "fits");
    const text = JSON.stringify(claimOf(read.value));
    assert.doesNotMatch(text, /aHVudG|5f1d|77aa/);
    assert.equal(text.match(/"hidden"/g)?.length, 4);
  });

  it("T17: a value of any depth is read without harm", () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}1${"]".repeat(20_000)}`);
    const [resource] = driftReport().resources;
    const report = driftReport({ resources: [{ ...resource, fields: [{ path: "/spec", live: deep }] }] });
    const read = driftShape.read(report, "");
    assert.ok(read.kind === "fits");
    assert.deepEqual(claimOf(read.value).suspects[0]?.fields[0]?.live, { kind: "hidden" });
  });

  const rows: readonly (readonly [string, object, string])[] = [
    ["a short commit", driftReport({ revision: { commit: "4f2a4f2" } }), "`revision.commit` is not a commit in full"],
    [
      "a path that is no pointer",
      driftReport({ resources: [{ ...driftReport().resources[0], fields: [{ path: "spec" }] }] }),
      "`resources[0].fields[0].path` is not a JSON pointer such as /spec/replicas, or empty for the object as a whole",
    ],
    [
      "201 resources",
      driftReport({ resources: Array(201).fill(driftReport().resources[0]) }),
      "`resources` has more than 200 items",
    ],
    [
      "a report without an id",
      driftReport({ reportId: "" }),
      "`reportId` is not an id of 8 to 100 letters, digits, dots, dashes and underscores, another one for each report, such as a UUID",
    ],
  ];
  for (const [name, report, why] of rows) {
    it(`refuses ${name}`, () => assert.equal(whyNot(driftShape, report), why));
  }
});

describe("the published schemas", () => {
  it("accept what the readers accept", () => {
    assert.ok(fitsSchema.live(liveReport()), JSON.stringify(fitsSchema.live.errors));
    assert.ok(fitsSchema.live(liveReport({ states: [{ name: "a", error: "b" }], observedAt: at(NOW) })));
    assert.ok(fitsSchema.drift(driftReport()), JSON.stringify(fitsSchema.drift.errors));
  });

  it(`refuse what the readers refuse, over 4,000 broken reports (seed ${seed})`, (test) => {
    const random = createRandom(seed);
    const counts = { accepted: 0, refused: 0, stricter: 0 };
    for (let round = 0; round < 4_000; round += 1) {
      const isLive = random.next(2) === 0;
      const broken = mutateValue(random, isLive ? liveReport() : driftReport());
      const read = (isLive ? liveShape : driftShape).read(broken, "");
      const fits = (isLive ? fitsSchema.live : fitsSchema.drift)(broken);
      // The reader also looks at what a schema cannot say; it never takes what the schema refuses.
      if (read.kind === "fits") assert.ok(fits, `${JSON.stringify(broken).slice(0, 600)}`);
      counts[read.kind === "fits" ? "accepted" : fits ? "stricter" : "refused"] += 1;
    }
    test.diagnostic(JSON.stringify(counts));
    assert.ok(counts.accepted > 50 && counts.refused > 500);
  });
});
