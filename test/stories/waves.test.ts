// Waves are environments: one cluster first, then three, then the rest. Each wave waits for the health of the one before,
// and a version that fails in one goes no further.

import assert from "node:assert/strict";
import { type LiveStory, livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment } from "./sample-files.ts";

const MINUTE = 60_000;
const FIRST = ["berlin"];
const SECOND = ["london", "paris", "rome"];
const REST = ["tokyo", "sydney"];
const ALL = [...FIRST, ...SECOND, ...REST];

function wave(names: readonly string[], after: readonly string[]): readonly string[] {
  const before = after.length === 0 ? "" : `after: [${after.join(", ")}], `;
  return names.map((name) => environment(name, `${before}merge: auto, ${livesIn(name, "dev")}`));
}

const WAVES = {
  pipeline: checkoutFile([...wave(FIRST, []), ...wave(SECOND, FIRST), ...wave(REST, SECOND)]),
  sources: { dev: { environments: ALL } },
};

function whoHas(story: LiveStory, tag: string): readonly string[] {
  return ALL.filter((name) => story.declares(name) === tag);
}

async function takeIn(story: LiveStory, names: readonly string[]): Promise<void> {
  for (const name of names) await story.cluster(name).takes();
}

tellLiveInAllConditions(
  "one cluster, then three, then the rest, each after the health of all before it",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(whoHas(story, "1.8.0"), FIRST);
    await takeIn(story, FIRST);
    assert.deepEqual(whoHas(story, "1.8.0"), [...FIRST, ...SECOND]);
    await takeIn(story, ["london", "paris"]);
    assert.deepEqual(whoHas(story, "1.8.0"), [...FIRST, ...SECOND], "two of three are not all");
    await takeIn(story, ["rome"]);
    assert.deepEqual(whoHas(story, "1.8.0"), ALL);
    await takeIn(story, REST);
  },
  WAVES,
);

tellLive(
  "the first that fails stops the rest, and a newer version goes on",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await takeIn(story, FIRST);
    await takeIn(story, ["london", "rome"]);
    await story.cluster("paris").takes({ healthy: false });
    await story.cluster("paris").degrades("CrashLoopBackOff");
    await story.wait(30 * MINUTE);
    assert.deepEqual(whoHas(story, "1.8.0"), [...FIRST, ...SECOND]);
    assert.deepEqual(story.told("paris").attention, ["stopped"]);
    await story.push("1.8.1");
    await story.settle();
    await takeIn(story, FIRST);
    await takeIn(story, SECOND);
    assert.deepEqual(whoHas(story, "1.8.1"), ALL);
    await takeIn(story, REST);
  },
  WAVES,
);
