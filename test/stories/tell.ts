// Tells a story, once or under every condition that a story has to stand.

import { test } from "node:test";
import { ALL_CONDITIONS, beginStory, type Story, type StoryOptions } from "./begin-story.ts";

type Telling = (story: Story) => Promise<void>;

export function tellInAllConditions(name: string, telling: Telling, options: StoryOptions = {}): void {
  for (const conditions of ALL_CONDITIONS) tell(`${name}, ${conditions}`, telling, { ...options, conditions });
}

export function tell(name: string, telling: Telling, options: StoryOptions = {}): void {
  test(name, async () => {
    const story = await beginStory(options);
    try {
      await telling(story);
    } catch (error) {
      await story.end().catch(() => undefined);
      throw error;
    }
    await story.end();
  });
}
