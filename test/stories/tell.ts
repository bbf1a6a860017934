// Tells a story, once or under every condition that a story has to stand. However it ends, the world has to be quiet
// afterwards: no pass failed, GitHub had nothing to complain of, and a process that knows nothing changes nothing more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { beginStory, CONFIG, type Story, type StoryOptions } from "./begin-story.ts";
import { ALL_CONDITIONS } from "./story-world.ts";

type Telling = (story: Story) => Promise<void>;

export function tellInAllConditions(name: string, telling: Telling, options: StoryOptions = {}): void {
  for (const conditions of ALL_CONDITIONS) tell(`${name}, ${conditions}`, telling, { ...options, conditions });
}

export function tell(name: string, telling: Telling, options: StoryOptions = {}): void {
  test(name, async () => {
    const story = await beginStory(options);
    try {
      await telling(story);
      await expectQuiet(story);
    } finally {
      await story.end();
    }
  });
}

export async function expectQuiet({ github, settle, restart, store, failures }: Story) {
  await settle();
  const open = github.pullRequests({ repository: CONFIG, state: "open" }).map(({ headRef }) => headRef);
  assert.deepEqual(open, [...new Set(open)], "two pull requests for one branch");
  await restart({ forget: true });
  github.forgetRequests();
  await store().runDue();
  const writes = github.requests().filter(({ kind }) => !["read", "graphql-query", "token"].includes(kind));
  assert.deepEqual(writes, [], "a pass over an unchanged world wrote something");
  assert.deepEqual(failures(), [], "a pass failed");
  assert.deepEqual(github.deviations(), [], "GitHub would not have it so");
}
