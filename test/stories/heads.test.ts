// Whose head it is, and when it moves: people's commits on our branch are never overwritten, a moved base alone is no
// reason, a conflict is computed again, and a branch that has to be up to date is brought up to date when it is next.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, deployment, environment, INTEGRATION, ONLY_LIVE, placeOf, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const BRANCH = "stagecoach/checkout/live";

tellInAllConditions(
  "T10: a branch that a person pushed to is left alone, and the check says who and how to go on",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const oid = await story.commit({ "notes.md": "Wait\n" }, { branch: BRANCH, by: "leo" });
    assert.match(story.check("live") ?? "", /^failure: .*leo/);
    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.promotion("live").headOid, oid);
    await story.close("live");
    await story.deleteBranch(BRANCH);
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

tell(
  "T10: a promotion that would merge by itself does not merge what a person put into it",
  async (story) => {
    story.rule({ requiredChecks: [{ context: "build" }] });
    await story.push("1.8.0");
    await story.settle();
    await story.commit({ "backdoor.yaml": "x: 1\n" }, { branch: BRANCH, by: "leo" });
    story.github.reportCheck({ repository: CONFIG, ref: BRANCH, name: "build" });
    await story.wait(3_600_000);
    assert.equal(story.declares("live"), "1.7.0");
    assert.match(story.check("live") ?? "", /^failure/);
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge: auto")]) },
);

tell(
  "a person's commit that is taken off again leaves the promotion to us",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { headOid } = story.promotion("live");
    await story.commit({ "notes.md": "Wait\n" }, { branch: BRANCH, by: "leo" });
    await story.forcePush(BRANCH, headOid);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

for (const [when, on] of [
  ["before our commit", "POST */git/trees"],
  ["between our commit and the move of the branch", "POST */git/commits"],
] as const) {
  tellInAllConditions(
    `T8: a person's push ${when} is not overwritten`,
    async (story) => {
      await story.push("1.8.0");
      await story.settle();
      const pushed: string[] = [];
      const happens = () => {
        pushed.push(
          story.github.commitFiles({
            repository: CONFIG,
            branch: BRANCH,
            files: { "notes.md": "Mine\n" },
            author: "leo",
            message: "Mine",
          }),
        );
      };
      story.fault({ on, times: 1, fault: { kind: "meanwhile", happens } });
      await story.push("1.9.0");
      await story.settle();
      assert.deepEqual(pushed, [story.promotion("live").headOid]);
      assert.match(story.check("live") ?? "", /leo/);
    },
    LIVE_ONLY,
  );
}

tell(
  "T8: a person's push just before the merge is not merged",
  async (story) => {
    const happens = () =>
      void story.github.commitFiles({
        repository: CONFIG,
        branch: BRANCH,
        files: { "notes.md": "Mine\n" },
        author: "leo",
        message: "Mine",
      });
    story.fault({ on: "PUT */merge", times: 1, fault: { kind: "meanwhile", happens } });
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.7.0");
    assert.match(story.check("live") ?? "", /leo/);
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge: auto")]) },
);

tell(
  "the head stays while the base moves elsewhere",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { headOid } = story.promotion("live");
    for (const n of [1, 2, 3]) await story.commit({ "README.md": `${n}\n` });
    assert.equal(story.promotion("live").headOid, headOid);
  },
  LIVE_ONLY,
);

async function changeOurFile(story: Story, text: string): Promise<void> {
  await story.commit({ [placeOf("live")]: text });
}

tellInAllConditions(
  "the change is computed again when its file differs on the base, far from the value",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { headOid, number } = story.promotion("live");
    await changeOurFile(story, `${deployment("1.7.0")}---\nkind: Service\n`);
    assert.notEqual(story.promotion("live").headOid, headOid);
    assert.equal(story.promotion("live").number, number);
    assert.equal(story.commits("live").length, 1);
    await story.merge("live");
    assert.equal(story.reads(placeOf("live")), `${deployment("1.8.0")}---\nkind: Service\n`);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "no promotion stays in conflict: it is computed again",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await changeOurFile(story, deployment("1.7.1").replace("# the service itself", "# renamed"));
    assert.match(story.reads(placeOf("live"), { ref: BRANCH }) ?? "", /# renamed\n.*:1\.8\.0/);
    await story.merge("live");
    assert.equal(story.declares("live"), "1.8.0");
  },
  { ...LIVE_ONLY, pushed: ["checkout:1.7.0", "checkout:1.7.1"] },
);

tellInAllConditions(
  "the button that updates the branch does not make it somebody else's",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.commit({ "README.md": "Another\n" });
    await story.updateBranch("live");
    assert.match(story.check("live") ?? "", /^success/);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    assert.equal(story.commits("live").length, 1);
  },
  LIVE_ONLY,
);

tell(
  "two promotions in one folder do not disturb each other's heads when the other merges",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { headOid } = story.promotion("b");
    await story.merge("a");
    assert.equal(story.promotion("b").headOid, headOid);
    await story.merge("b");
    assert.deepEqual([story.declares("a"), story.declares("b")], ["1.8.0", "1.8.0"]);
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      environment("a", "after: [integration]"),
      environment("b", "after: [integration]"),
    ]),
    files: runs("1.7.0", ["integration", "a", "b"]),
  },
);
