// The pipeline file itself changes: it breaks, is repaired, loses an environment, goes away. It counts only on the
// default branch.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { CHECKOUT, checkoutFile, INTEGRATION, runs, STAGING, THREE } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

tellInAllConditions(
  "a file that cannot be read stops everything: what is open stays, and the commit says what is wrong",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { headOid } = story.promotion("live");
    await story.configure("version: 1\npipelines: [\n");
    const main = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    assert.match(story.check(main) ?? "", /^failure: \d+ errors? in the pipeline file/);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.equal(story.promotion("live").headOid, headOid);
    assert.equal(story.declares("integration"), "1.8.0");
    await story.configure(CHECKOUT);
    await story.wait(10 * 60_000);
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
);

const TWO = checkoutFile([INTEGRATION, "name: live, after: [integration], paths: [apps/checkout/live]"], {
  more: `  - name: cart
    images: [ { image: REGISTRY/acme/cart, policy: { semver: "*" } } ]
    environments: [ { name: dev, paths: [apps/cart/dev] } ]
`,
});

tellInAllConditions(
  "a broken pipeline stands still, its neighbours go on",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.configure(TWO.replace("after: [integration]", "after: [integratoin]"));
    const main = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    assert.match(story.check(main) ?? "", /^failure/);
    await story.push("1.9.0");
    await story.push("1.1.0", { name: "cart" });
    await story.settle();
    assert.deepEqual(story.open(), ["cart/dev: 1.1.0", "live: 1.8.0"]);
    await story.configure(TWO);
    await story.wait(10 * 60_000);
    assert.deepEqual(story.open(), ["cart/dev: 1.1.0", "live: 1.9.0"]);
  },
  {
    pipeline: TWO,
    files: { ...runs("1.7.0", ["integration", "live"]), ...runs("1.0.0", ["cart/dev"]) },
    pushed: ["checkout:1.7.0", "cart:1.0.0"],
  },
);

tellInAllConditions("an environment that is taken out of the file loses its promotion", async (story) => {
  await story.push("1.8.0");
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  await story.configure(checkoutFile([INTEGRATION, STAGING]));
  assert.deepEqual(story.open(), []);
  await story.configure(CHECKOUT);
  assert.deepEqual(story.open(), ["live: 1.8.0"], "nobody declined it: we closed it ourselves");
});

tellInAllConditions(
  "without a pipeline file nothing is touched, and it goes on when the file is back",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.configure(null);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.equal(story.declares("integration"), "1.8.0");
    await story.configure(CHECKOUT);
    await story.wait(10 * 60_000);
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
);

tell("T11: a pipeline file on a branch, in a pull request, or in another folder counts nothing", async (story) => {
  const evil = CHECKOUT.replace("after: [staging], ", "").replace(
    "[apps/checkout/live]",
    "[apps/checkout/live], merge: auto",
  );
  story.propose({ ".github/stagecoach.yaml": evil });
  story.propose({ "docs/stagecoach.yaml": evil }, { by: "maria" });
  await story.push("1.8.0");
  await story.settle();
  assert.equal(story.declares("live"), "1.7.0");
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
});

tell(
  "T17: a bomb instead of a pipeline file is a finding, and quickly",
  async (story) => {
    const levels = Array.from(
      { length: 40 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]\n`,
    );
    const began = performance.now();
    await story.configure(`a0: &a0 x\n${levels.join("")}`);
    assert.ok(performance.now() - began < 5_000);
    const main = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    assert.match(story.check(main) ?? "", /^failure/);
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
  },
  { files: THREE },
);

tell("T18: a file that is a symlink is no place", async (story) => {
  await story.commit({
    "apps/checkout/live/deployment.yaml": { mode: "120000", content: "../staging/deployment.yaml" },
  });
  await story.push("1.8.0");
  await story.settle();
  assert.equal(story.declares("staging"), "1.8.0");
  assert.deepEqual(story.open(), []);
  assert.match((await story.waits("live")).join(), /no file under `apps\/checkout\/live` says/);
});
