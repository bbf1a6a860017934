// A pipeline that needs an image for more than one kind of machine: what lacks one goes nowhere, and people are told.

import assert from "node:assert/strict";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const NEEDS_ARM = {
  pipeline: checkoutFile([environment("live")], { policy: '{ semver: "*", platform: [linux/amd64, linux/arm64] }' }),
  files: runs("1.7.0", ["live"]),
};
const BOTH = { repository: "acme/checkout", platforms: ["linux/amd64", "linux/arm64"] };

tellInAllConditions(
  "a version without the platform is passed over for one that has it, and comes once it has it too",
  async (story) => {
    await story.registry.push({ ...BOTH, tag: "1.8.0" });
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.merge("live");
    await story.settle();
    const [wait = ""] = await story.waits("live");
    assert.match(
      wait,
      /live has `1\.8\.0` already; `1\.9\.0` was passed over: it has no image for linux\/arm64 \(only for/,
    );
    await story.registry.push({ ...BOTH, tag: "1.9.0" });
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  NEEDS_ARM,
);

tell(
  "what an image is for is read once for each digest, whatever else happens",
  async (story) => {
    const digest = await story.registry.push({ ...BOTH, tag: "1.8.0" });
    await story.settle();
    await story.push("0.1.0");
    await story.settle();
    await story.merge("live");
    await story.settle();
    const read = story.registry.requests().filter(({ path }) => path.endsWith(`/manifests/${digest}`));
    assert.equal(read.length, 1);
  },
  NEEDS_ARM,
);
