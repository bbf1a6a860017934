// A cluster that nobody can reach from outside: its reporter's signed word is the observation, for as long as the operator
// said and no longer, and it speaks for its own cluster alone.

import assert from "node:assert/strict";
import type { HealthState, LiveState } from "../../src/domain/live-state.ts";
import { CONFIG } from "./begin-story.ts";
import { LIVE_SECRET, sendReport } from "./live-source.ts";
import { type LiveStory, tellLive } from "./live-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";

const MINUTE = 60_000;
const reporting = (id: string) => ({
  id,
  for: ["acme/*"],
  access: { kind: "reports" } as const,
  mayAskToSync: false,
  reports: { from: "reporter" as const, secrets: [LIVE_SECRET], maxAge: 10 * MINUTE },
});
const REPORTED = {
  pipeline: checkoutFile([
    environment("live", "merge: auto, live: { source: us }"),
    environment("archive", "after: [live]"),
  ]),
  files: runs("1.7.0", ["live", "archive"]),
  sources: {},
  settings: () => ({ live: [reporting("us"), reporting("eu")] }),
};

interface Reported {
  readonly health?: HealthState;
  readonly commit?: string;
  readonly cluster?: string;
  readonly source?: string;
  readonly name?: string;
  /** Since when, epoch milliseconds; without it the reporter does not know. */
  readonly since?: number;
}

function headOf({ github }: LiveStory): string {
  return github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
}

function stateOf(story: LiveStory, { health = "healthy", commit = headOf(story), since }: Reported): LiveState {
  const revisions = [{ kind: "git", id: commit, repository: "acme/platform-config" }] as const;
  return {
    reconciler: "flux-kustomization",
    object: {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      namespace: "apps",
      name: "checkout",
    },
    desired: revisions,
    attempted: revisions,
    observed: revisions,
    sync: { state: "synced" },
    health: { state: health, basis: "kstatus", ...(since !== undefined && { since }) },
    freshness: { readAt: story.now(), proof: "handshake" },
    resources: [],
    suspects: [],
    prunable: [],
    containers: [],
    healing: { how: "every 10m", ignored: [] },
  };
}

let reports = 0;

/** Gives the status of the answer. */
async function report(story: LiveStory, reported: Reported = {}): Promise<number> {
  const { cluster = "us", source = "us", name = "checkout/live" } = reported;
  reports += 1;
  const body = {
    schema: "live-report/v1",
    reportId: `report-${reports}-of-the-story`,
    cluster,
    reporter: { name: "stagecoach", version: "1" },
    observedAt: new Date(story.now()).toISOString(),
    states: [{ name, state: stateOf(story, reported) }],
  };
  const { status } = await sendReport(story.app().url, { source, report: body, now: story.now() });
  await story.settle();
  return status;
}

async function bring(story: LiveStory): Promise<void> {
  story.health.follows({});
  await story.settle();
  await report(story);
  await story.push("1.8.0");
  await story.settle();
}

tellLive(
  "a signed report of health is health, for the commit that it names, and opens the next environment",
  async (story) => {
    const before = headOf(story);
    await bring(story);
    await report(story, { commit: before });
    assert.equal(story.told("live").stage, "merged");
    assert.deepEqual(story.open(), []);
    assert.equal(await report(story, { health: "progressing" }), 202);
    assert.equal(story.told("live").stage, "synced");
    assert.equal(await report(story), 202);
    assert.equal(story.told("live").stage, "healthy");
    assert.deepEqual(story.open(), ["archive: 1.8.0"]);
    await report(story);
  },
  REPORTED,
);

tellLive(
  "a reporter that stops speaking: no news once its last word is too old, and nothing goes on",
  async (story) => {
    await bring(story);
    await report(story, { health: "progressing" });
    for (let round = 0; round < 3; round += 1) await story.wait(11 * MINUTE);
    assert.equal(story.told("live").stage, "no-news");
    assert.match(story.told("live").text, /no news from us/i);
    const { stages } = story.told("live");
    await story.wait(60 * MINUTE);
    assert.deepEqual(story.told("live").stages, stages);
    assert.deepEqual(story.open(), []);
    await report(story);
    assert.equal(story.told("live").stage, "healthy");
    assert.deepEqual(story.open(), ["archive: 1.8.0"]);
  },
  REPORTED,
);

tellLive(
  "T26: cluster A about cluster B, or under another source's name, proves nothing",
  async (story) => {
    await bring(story);
    assert.equal(await report(story, { cluster: "eu" }), 400);
    assert.equal(await report(story, { cluster: "eu", source: "eu" }), 200, "known, and followed by nobody");
    assert.equal(await report(story, { source: "eu" }), 400);
    await story.wait(MINUTE);
    assert.notEqual(story.told("live").stage, "healthy");
    assert.deepEqual(story.open(), []);
  },
  REPORTED,
);

tellLive(
  "a soak counted from reports that know no beginning: unbroken reports complete it, also across a lost database",
  async (story) => {
    await bring(story);
    await report(story);
    const began = story.now();
    let restarted = false;
    while (story.open().length === 0 && story.now() - began < 90 * MINUTE) {
      await story.wait(4 * MINUTE);
      if (!restarted && story.now() - began > 15 * MINUTE) {
        restarted = true;
        await story.restart({ forget: true });
      }
      await report(story);
    }
    assert.deepEqual(story.open(), ["archive: 1.8.0"]);
    assert.ok(story.now() - began >= 40 * MINUTE, "what nobody remembers is counted anew");
  },
  {
    ...REPORTED,
    pipeline: checkoutFile([
      environment("live", "merge: auto, live: { source: us }"),
      environment("archive", "after: [live], propose-when: [ { soak: 30m } ]"),
    ]),
  },
);
