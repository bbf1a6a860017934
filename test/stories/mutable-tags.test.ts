// A tag that moves is followed by what it names: the tag stays, the digest beside it changes, and only where a policy says so.

import assert from "node:assert/strict";
import { checkoutFile, deployment, digestOf, environment, INTEGRATION } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LATEST = {
  files: {
    "apps/checkout/integration/deployment.yaml": deployment(`latest@${digestOf("latest")}`),
    "apps/checkout/live/deployment.yaml": deployment(`latest@${digestOf("latest")}`),
  },
  pushed: ["checkout:latest"],
};

tellInAllConditions(
  "a policy that follows a tag brings each digest that it comes to name, as a pair",
  async (story) => {
    const second = await story.push("latest", { seed: "second" });
    await story.settle();
    assert.equal(story.declares("integration"), `latest@${second}`);
    await story.merge("live");
    assert.equal(story.declares("live"), `latest@${second}`);
    await story.wait(60_000);
    const third = await story.push("latest", { seed: "third" });
    await story.settle();
    await story.merge("live");
    assert.equal(story.declares("live"), `latest@${third}`);
  },
  {
    ...LATEST,
    pipeline: checkoutFile([INTEGRATION, environment("live", "after: [integration]")], {
      policy: "{ digest: latest }",
    }),
  },
);

tell(
  "a tag that moves under another policy is not promoted by itself",
  async (story) => {
    await story.push("1.7.0", { seed: "somebody pushed it again" });
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match(
      (await story.waits("live")).join(),
      /another digest than the one in live; a tag that moved is not promoted by itself/,
    );
  },
  {
    pipeline: checkoutFile([environment("live")]),
    files: { "apps/checkout/live/deployment.yaml": deployment(`1.7.0@${digestOf("1.7.0")}`) },
  },
);
