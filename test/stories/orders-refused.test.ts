// Orders that are not obeyed, each with its reason and one answer: by whom they may not be given, what was edited or comes
// too late, from where nothing is taken, and what gives nobody a right that they did not have.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const HOUR = 3_600_000;

async function proposed(story: Story): Promise<number> {
  await story.push("1.8.0");
  await story.settle();
  return story.promotion("live").number;
}

function expectUntouched(story: Story): void {
  assert.match(story.check("live") ?? "", /^success/);
}

tellInAllConditions(
  "T6: a stranger's command is refused, with what it takes, once",
  async (story) => {
    const number = await proposed(story);
    const comment = await story.say("/hold live", { on: "live", by: "stranger" });
    expectUntouched(story);
    assert.equal(story.reactionTo(comment), "-1");
    assert.equal(story.answers(number).length, 1);
    assert.match(
      story.answers(number)[0] ?? "",
      /takes the role triage or more in this repository, and `stranger` has read/,
    );
    await story.wait(HOUR);
    assert.equal(story.answers(number).length, 1);
  },
  LIVE_ONLY,
);

tell(
  "T6: what an environment allows to some is refused to all others, also to admins",
  async (story) => {
    const number = await proposed(story);
    await story.say("/hold live", { on: "live", by: "ann" });
    expectUntouched(story);
    assert.match(story.answers(number)[0] ?? "", /the pipeline file names `leo`, and `ann` is none of them/);
    await story.say("/hold live", { on: "live", by: "leo" });
    assert.match(story.check("live") ?? "", /^in progress/);
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "allow: { hold: [leo] }")]) },
);

tell(
  "T7: what was edited before it was read orders nothing, and what is edited later is not heard",
  async (story) => {
    const number = await proposed(story);
    const comment = story.github.comment({ repository: CONFIG, number, by: "maria", body: "/status" });
    story.github.editComment({ comment, by: "leo", body: "/hold live" });
    await story.settle();
    expectUntouched(story);
    assert.match(story.answers(number)[0] ?? "", /edited/);
    const harmless = story.github.comment({ repository: CONFIG, number, by: "maria", body: "Looks good" });
    await story.settle();
    story.github.editComment({ comment: harmless, by: "leo", body: "/hold live" });
    await story.wait(HOUR);
    expectUntouched(story);
    assert.equal(story.answers(number).length, 1);
  },
  LIVE_ONLY,
);

tell(
  "T7: a comment that was deleted before it was read orders nothing",
  async (story) => {
    const number = await proposed(story);
    const comment = story.github.comment({ repository: CONFIG, number, by: "maria", body: "/hold live" });
    story.github.deleteComment({ comment, by: "maria" });
    await story.settle();
    expectUntouched(story);
    assert.deepEqual(story.answers(number), []);
  },
  LIVE_ONLY,
);

tell(
  "T28: what Stagecoach itself writes is no command, also where it tells how commands are written",
  async (story) => {
    const number = await proposed(story);
    await story.say("/help hold", { on: "live" });
    await story.wait(HOUR);
    expectUntouched(story);
    assert.equal(story.answers(number).length, 1);
  },
  LIVE_ONLY,
);

tell(
  "T13: nothing is ordered on a pull request from a fork",
  async (story) => {
    await proposed(story);
    story.github.forkRepository({ repository: CONFIG, owner: "stranger" });
    story.github.commitFiles({
      repository: "stranger/platform-config",
      branch: "x",
      files: { "README.md": "Mine\n" },
      author: "stranger",
      message: "Mine",
    });
    const pull = story.github.openPullRequest({
      repository: CONFIG,
      by: "stranger",
      head: "stranger:x",
      title: "Mine",
    });
    await story.say("/hold live", { on: pull.number });
    expectUntouched(story);
    assert.match(story.answers(pull.number)[0] ?? "", /comes from a fork/);
  },
  LIVE_ONLY,
);

tell(
  "nothing is ordered on somebody's closed pull request",
  async (story) => {
    await proposed(story);
    const number = story.propose({ "README.md": "Better\n" });
    story.github.closePullRequest({ repository: CONFIG, number, by: "leo" });
    await story.say("/hold live", { on: number });
    expectUntouched(story);
    assert.match(story.answers(number)[0] ?? "", /is closed/);
  },
  LIVE_ONLY,
);

tell(
  "T11: a pipeline file gives its own author no right on that very pull request",
  async (story) => {
    await proposed(story);
    const generous = checkoutFile([environment("live", "allow: { hold: [reader], override: [reader] }")]);
    story.github.setRole({ repository: CONFIG, user: "reader", role: "triage" });
    const number = story.propose({ ".github/stagecoach.yaml": generous });
    await story.settle();
    await story.say("/override approvals because I may", { on: number, by: "reader" });
    await story.say("/override approvals because I may", { on: "live", by: "reader" });
    for (const answer of [...story.answers(number), ...story.answers("live")]) assert.match(answer, /👎|😕/);
    assert.ok(!story.reads("overrides.yaml", { ref: "stagecoach-ledger" }));
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge-when: [ { approvals: 1 } ]")]) },
);

tell(
  "T8: an override that was written for another head counts for nothing",
  async (story) => {
    const number = await proposed(story);
    await story.push("1.9.0");
    // The comment was on its way when the head moved.
    story.github.comment({ repository: CONFIG, number, by: "ann", body: "/override approvals it is urgent" });
    await story.settle();
    assert.match(story.check("live") ?? "", /^in progress/);
    assert.match(story.answers(number).join(), /while this was written|for what was seen|the head became/);
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge-when: [ { approvals: 1 } ]")]) },
);

tell(
  "a mistake is answered with what to write, and what is meant for others is left alone",
  async (story) => {
    const number = await proposed(story);
    const typo = await story.say("/hlod live", { on: "live" });
    assert.equal(story.reactionTo(typo), "confused");
    assert.match(story.answers(number)[0] ?? "", /\/hold/);
    for (const other of ["/lgtm", "/test all", "hold live", "> /hold live", "    /hold live", "```\n/hold live\n```"]) {
      await story.say(other, { on: "live" });
    }
    assert.equal(story.answers(number).length, 1);
    expectUntouched(story);
  },
  LIVE_ONLY,
);

tell(
  "a crash between the ledger and the answer: done once, answered once",
  async (story) => {
    const number = await proposed(story);
    const isAnswer = ({ body }: { readonly body: unknown }) => JSON.stringify(body).includes("addComment");
    story.fault({ on: "POST /graphql", when: isAnswer, fault: { kind: "error-before" }, times: 1 });
    await story.say("/hold live", { on: "live" });
    story.github.mend();
    await story.restart({ forget: true });
    await story.wait(HOUR);
    assert.equal(story.answers(number).length, 1);
    assert.match(story.check("live") ?? "", /^in progress/);
    story.failures();
  },
  LIVE_ONLY,
);
