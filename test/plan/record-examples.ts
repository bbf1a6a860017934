// Records the examples in `recorded/` from stories on the stand-in for GitHub: `node test/plan/record-examples.ts`.
// Needed only when an observation gets another shape; a plan that changed on purpose is written anew by the test.

import { mkdirSync, writeFileSync } from "node:fs";
import { makeRecording } from "../../src/cli/make-recording.ts";
import { decide } from "../../src/reconcile/decide.ts";
import { beginStory, CONFIG, type Story, type StoryOptions } from "../stories/begin-story.ts";
import { checkoutFile, environment, INTEGRATION, runs } from "../stories/sample-files.ts";

interface Example {
  readonly name: string;
  readonly options?: StoryOptions;
  readonly tell: (story: Story) => Promise<void>;
}

const EXAMPLES: readonly Example[] = [
  {
    name: "fan-in-at-work",
    options: {
      pipeline: checkoutFile([
        environment("europe", "merge: auto"),
        environment("america"),
        environment("live", "after: [europe, america]"),
      ]),
      files: runs("1.7.0", ["europe", "america", "live"]),
    },
    tell: async (story) => {
      await story.settle();
      await story.push("1.8.0");
      await story.settle();
      // Recorded before Stagecoach sees it: the plan is to go on to the environment where both ways meet.
      const { number } = story.promotion("america");
      story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
    },
  },
  {
    name: "declined-version",
    options: {
      pipeline: checkoutFile([environment("integration"), environment("live", "after: [integration]")]),
      files: runs("1.7.0", ["integration", "live"]),
    },
    tell: async (story) => {
      await story.settle();
      await story.push("1.8.0");
      await story.settle();
      await story.close("integration", { by: "maria" });
    },
  },
  {
    name: "untrusted-ledger",
    options: {
      pipeline: checkoutFile([INTEGRATION, environment("live", "after: [integration]")]),
      files: runs("1.7.0", ["integration", "live"]),
    },
    tell: async (story) => {
      await story.settle();
      await story.push("1.8.0");
      await story.settle();
      await story.commit({ "holds.yaml": "holds: []\n" }, { by: "leo", branch: "stagecoach-ledger" });
      await story.push("1.9.0");
      await story.settle();
    },
  },
];

for (const { name, options, tell } of EXAMPLES) {
  const story = await beginStory(options);
  await tell(story);
  const { shell } = story.app();
  const at = (await shell.store.repositories.list()).find((each) => `${each.owner}/${each.name}` === CONFIG);
  if (at === undefined) throw new Error(`Stagecoach does not know ${CONFIG}.`);
  const { observed } = await decide({ hints: [], inTime: () => true, at, shell });
  const { observed: text, plan } = makeRecording(observed);
  const folder = new URL(`recorded/${name}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("observed.json", folder), text);
  writeFileSync(new URL("plan.json", folder), plan);
  await story.end();
}
