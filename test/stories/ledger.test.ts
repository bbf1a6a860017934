// The ledger is believed only if it is ours. Where it is forged, gone, rewritten or forbidden nothing moves, the check
// says why, and what was put back is believed again.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LEDGER = "stagecoach-ledger";
const MINUTE = 60_000;

function ledgerHead({ github }: Story): string {
  return github.branchTip({ repository: CONFIG, branch: LEDGER }) ?? "";
}

function checkOnMain(story: Story): string {
  return story.check(story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "") ?? "";
}

async function expectStandstill(story: Story, why: RegExp): Promise<void> {
  assert.match(checkOnMain(story), /^failure: Nothing is promoted/);
  assert.match(story.check("live") ?? "", /^failure/);
  assert.match((await story.waits("live")).join(), why);
  await story.push("1.9.0");
  await story.settle();
  assert.equal(story.declares("integration"), "1.8.0");
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
}

async function expectToGoOn(story: Story): Promise<void> {
  await story.wait(11 * MINUTE);
  assert.equal(story.declares("staging"), "1.9.0");
  assert.deepEqual(story.open(), ["live: 1.9.0"]);
  assert.match(story.check("live") ?? "", /^success/);
}

async function begin(story: Story): Promise<string> {
  await story.push("1.8.0");
  await story.settle();
  return ledgerHead(story);
}

const FORGED = { "checkout/live.yaml": "declined: []\nrolled-back: []\nreached: []\n" };

tellInAllConditions("T15: a person's commit on the ledger stops everything until it is taken off", async (story) => {
  const good = await begin(story);
  await story.commit(FORGED, { branch: LEDGER, by: "leo" });
  await expectStandstill(story, /by `leo`, not made by Stagecoach; put the branch back with `git push --force origin/);
  await story.forcePush(LEDGER, good);
  await expectToGoOn(story);
});

tellInAllConditions("T15: a commit in our name that GitHub did not sign is not ours", async (story) => {
  const good = await begin(story);
  const [ours] = story.github.log({ repository: CONFIG, ref: LEDGER });
  const forgery = { branch: LEDGER, author: "leo", message: ours?.message ?? "" };
  const email = ours?.author.email ?? "";
  story.github.commitFiles({ repository: CONFIG, ...forgery, email, files: FORGED });
  await story.settle();
  await expectStandstill(story, /not made by Stagecoach/);
  await story.forcePush(LEDGER, good);
  await expectToGoOn(story);
});

tellInAllConditions("a ledger that is deleted stops everything until it is brought back", async (story) => {
  const good = await begin(story);
  await story.deleteBranch(LEDGER);
  await expectStandstill(story, /is gone; bring it back|does not exist although there are promotions/);
  await story.forcePush(LEDGER, good);
  await expectToGoOn(story);
});

tell("a ledger whose history is rewritten is not believed, even if all of it is ours", async (story) => {
  const good = await begin(story);
  const [, older] = story.github.log({ repository: CONFIG, ref: LEDGER });
  await story.forcePush(LEDGER, older?.oid ?? "");
  await expectStandstill(story, /was rewritten: it no longer contains/);
  await story.forcePush(LEDGER, good);
  await expectToGoOn(story);
});

tell(
  "T15: a promotion that a person turned towards the ledger is closed, and proposed again where it belongs",
  async (story) => {
    const good = await begin(story);
    const pull = story.promotion("live");
    pull.baseRef = LEDGER;
    await story.wait(11 * MINUTE);
    assert.equal(pull.state, "closed");
    assert.equal(story.promotion("live").baseRef, "main");
    assert.equal(ledgerHead(story), good);
  },
);

tellInAllConditions("a ruleset that forbids us the ledger stops everything, and says so", async (story) => {
  await begin(story);
  story.rule({ branch: LEDGER, restrictUpdates: ["ann"] });
  await story.push("1.9.0");
  await story.settle();
  assert.equal(story.declares("staging"), "1.8.0", "what cannot be remembered goes no further");
  assert.match(checkOnMain(story), /^failure: Nothing is promoted: GitHub does not let Stagecoach write/);
  assert.match(story.check("live") ?? "", /^failure/);
  story.rule({ branch: LEDGER, restrictUpdates: ["stagecoach"] });
  await story.wait(11 * MINUTE);
  assert.deepEqual(story.open(), ["live: 1.9.0"]);
  assert.equal(story.declares("staging"), "1.9.0");
});

tell("the ruleset that the documents recommend is no hindrance", async (story) => {
  story.rule({ branch: LEDGER, restrictUpdates: ["stagecoach"] });
  await begin(story);
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  await story.merge("live");
  await story.push("1.9.0");
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.9.0"]);
});

tell("T32: the ledger's log says who and why", async (story) => {
  await begin(story);
  await story.close("live", { by: "leo" });
  await story.commit(runs("1.7.0", ["staging"]));
  const messages = story.github.log({ repository: CONFIG, ref: LEDGER }).map(({ message }) => message);
  assert.match(messages.join("\n"), /leo declined 1\.8\.0 in pull request \d/);
  assert.match(messages.join("\n"), /1\.8\.0 was rolled back in checkout\/staging/);
});

tell("one pass makes at most one commit on the ledger", async (story) => {
  story.github.forgetRequests();
  await begin(story);
  const passes = story.github.requests().filter(({ operation }) => operation === "Observe").length;
  const commits = story.github.log({ repository: CONFIG, ref: LEDGER }).length;
  assert.ok(commits <= passes, `${commits} commits in ${passes} passes`);
  assert.ok(commits <= 5, `${commits} commits for one release in three environments`);
});
