// A busy repository sends an event for every check on every commit. A look that can change nothing is not taken.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { tell } from "./tell.ts";

tell(
  "checks on commits that are no business of ours cost nothing; one on a promotion's head is looked at",
  async (story) => {
    const { github } = story;
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    const questions = () => github.requests().filter(({ route }) => route === "/graphql").length;

    github.forgetRequests();
    for (let index = 0; index < 20; index += 1)
      github.reportCheck({ repository: CONFIG, ref: "main", name: `ci ${index}` });
    await story.settle();
    assert.equal(questions(), 0);

    github.reportCheck({ repository: CONFIG, ref: story.promotion("live").headRef, name: "e2e" });
    await story.settle();
    assert.ok(questions() > 0);
  },
);
