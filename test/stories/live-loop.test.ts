// A promotion is followed into its cluster: one comment and one deployment tell how far it has come, and the next
// environment opens only once it was healthy.

import assert from "node:assert/strict";
import { tellLiveInAllConditions } from "./live-story.ts";

tellLiveInAllConditions("from the merge to health, and only then to the next environment", async (story) => {
  await story.settle();
  assert.deepEqual(story.open(), []);
  await story.push("1.8.0");
  await story.settle();
  assert.equal(story.declares("integration"), "1.8.0");
  assert.equal(story.told("integration").stage, "merged");
  assert.deepEqual(story.open(), []);

  await story.cluster("integration").begins();
  assert.equal(story.told("integration").stage, "reconciling");
  await story.cluster("integration").takes({ healthy: false });
  assert.equal(story.told("integration").stage, "synced");
  assert.deepEqual(story.told("integration").deployment, ["queued", "in_progress"]);
  assert.deepEqual(story.open(), []);
  assert.equal(story.declares("staging"), "1.7.0");

  await story.cluster("integration").recovers();
  const { stages, deployment, text, attention } = story.told("integration");
  assert.deepEqual(stages, ["merged", "reconciling", "synced", "healthy"]);
  assert.deepEqual(deployment, ["queued", "in_progress", "success"]);
  assert.deepEqual(attention, []);
  assert.match(text, /✅ merged → reconciling → synced → \*\*healthy\*\*/);
  assert.equal(story.declares("staging"), "1.8.0");
  assert.deepEqual(story.open(), []);

  await story.cluster("staging").takes();
  assert.equal(story.told("staging").stage, "healthy");
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  await story.merge("live");
  await story.cluster("live").takes();
  assert.equal(story.told("live").stage, "healthy");
  assert.deepEqual(story.told("live").deployment.at(-1), "success");
  assert.match(
    story.reads("environments/checkout/integration.yaml", { ref: "stagecoach-ledger" }) ?? "",
    /healthy/,
    "the ledger remembers",
  );
});
