// The first loop: a pushed image travels to the last environment by pull requests.

import assert from "node:assert/strict";
import { tellInAllConditions } from "./tell.ts";

tellInAllConditions("a pushed image travels to the last environment", async (story) => {
  await story.settle();
  assert.deepEqual(story.open(), []);
  await story.push("1.8.0");
  await story.settle();
  assert.equal(story.declares("integration"), "1.8.0");
  assert.equal(story.declares("staging"), "1.8.0");
  assert.equal(story.declares("live"), "1.7.0");
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  assert.equal(story.check("live"), "success: Every gate has passed; a person merges it");
  await story.merge("live");
  assert.equal(story.declares("live"), "1.8.0");
  assert.deepEqual(story.open(), []);
});
