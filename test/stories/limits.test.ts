// How much happens at once, and what the mode and a freeze allow.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, LIVE, runs, STAGING, THREE } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

function manyApps(count: number, top: string) {
  const names = Array.from({ length: count }, (_, index) => `app${String(index).padStart(3, "0")}`);
  return {
    names,
    pipeline: `version: 1
mode: full
${top}
pipelines:
  - name: "{app}"
    for-each: "apps/{app}"
    images: [ { image: "REGISTRY/acme/{app}", policy: { semver: "*" } } ]
    environments: [ { name: dev, paths: ["apps/{app}/dev"] } ]
`,
    files: runs(
      "1.0.0",
      names.map((name) => `${name}/dev`),
    ),
    pushed: names.flatMap((name) => [`${name}:1.0.0`, `${name}:1.1.0`]),
  };
}

const SIX = manyApps(6, "limits: { open: 2, hourly: 3 }");
const HOUR = 3_600_000;

tellInAllConditions(
  "no more are open than the limit allows, and no more are opened in an hour",
  async (story) => {
    await story.settle();
    assert.equal(story.open().length, 2);
    for (const each of story.open()) await story.merge(each.replace(/:.*/, ""));
    await story.wait(HOUR);
    assert.equal(story.open().length, 2);
    const opened = SIX.names
      .flatMap((name) => story.promotions(`${name}/dev`))
      .map((pull) => Date.parse(pull.createdAt));
    const inOneHour = opened.map((at) => opened.filter((other) => other >= at && other < at + HOUR).length);
    assert.deepEqual([opened.length, Math.max(...inOneHour)], [4, 3]);
  },
  SIX,
);

const STORM = manyApps(300, "");

tell(
  "T27: the first day of 300 services opens no storm",
  async (story) => {
    await story.settle();
    assert.equal(story.open().length, 20, "the limit that nobody had to write");
    const created = story.github.requests().filter(({ kind }) => kind === "content-creating");
    assert.equal(created.length, 20);
    await story.settle();
    assert.equal(story.open().length, 20);
  },
  STORM,
);

tell(
  "`observe` reports and writes nothing but checks",
  async (story) => {
    const number = story.propose({ "README.md": "Better\n" });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("integration")).join(), /mode is observe; otherwise now: open/);
    assert.equal(story.github.branchTip({ repository: CONFIG, branch: "stagecoach-ledger" }), undefined);
    const { headOid } = story.github.pullRequest({ repository: CONFIG, number });
    assert.match(story.check(headOid) ?? "", /^success/);
  },
  { pipeline: checkoutFile([INTEGRATION, STAGING, LIVE], { top: "mode: observe" }) },
);

tellInAllConditions(
  "`propose` opens everything and merges nothing; `full` goes on from there",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["integration: 1.8.0"]);
    await story.wait(HOUR);
    assert.deepEqual(story.open(), ["integration: 1.8.0"]);
    await story.configure(checkoutFile([INTEGRATION, STAGING, LIVE]));
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  { pipeline: checkoutFile([INTEGRATION, STAGING, LIVE], { top: "mode: propose" }) },
);

tell(
  "what `observe` saw is opened when the mode changes",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    await story.configure(checkoutFile([environment("live")], { top: "mode: propose" }));
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.configure(checkoutFile([environment("live", "merge: auto")], { top: "mode: observe" }));
    assert.deepEqual(story.open(), ["live: 1.8.0"], "back to watching: what is open stays");
  },
  { pipeline: checkoutFile([environment("live")], { top: "mode: observe" }), files: runs("1.7.0", ["live"]) },
);

const FROZEN = 'freezes: [ { from: 2026-11-20, to: 2026-11-21, zone: Europe/London, why: "peak weekend" } ]';

tellInAllConditions(
  "a freeze binds at the merge: it is proposed, waits, and merges when the freeze is over",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["integration: 1.8.0"]);
    assert.match(story.check("integration") ?? "", /^in progress: .*frozen until 2026-11-22 00:00 UTC: peak weekend/);
    await story.wait(23 * HOUR);
    assert.deepEqual(story.open(), ["integration: 1.8.0"]);
    await story.wait(17 * HOUR);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  { pipeline: checkoutFile([INTEGRATION, STAGING, LIVE], { top: `mode: full\n${FROZEN}` }), files: THREE },
);
