// People steer by comments: they promote, hold, block, take back and ask why; everything is done once, answered once, and
// refused with the reason. Who may do what is told in `orders-refused.test.ts`.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, LIVE, ONLY_LIVE, runs, STAGING } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };

/** Our answer to the comment, the only one. */
function answerIn(story: Story, on: number | string): string {
  const answers = story.answers(on);
  assert.equal(answers.length, 1, `${answers.length} answers:\n${answers.join("\n")}`);
  return answers[0] ?? "";
}

tellInAllConditions(
  "a held environment takes nothing until somebody resumes it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    const hold = await story.say("/hold the sale is on", { on: "live" });
    assert.match(story.check("live") ?? "", /^in progress.*held by maria: the sale is on/);
    assert.equal(story.reactionTo(hold), "rocket");
    assert.match(answerIn(story, number), /`checkout\/live` takes nothing until somebody resumes it/);
    await story.say("/resume", { on: "live", by: "leo" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.equal(story.answers(number).length, 2);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a hold until a time ends by itself",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.say("/hold live until 12:00 lunch", { on: "live" });
    assert.match(story.check("live") ?? "", /^in progress/);
    await story.wait(3 * 3_600_000);
    assert.match(story.check("live") ?? "", /^success/);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a blocked version turns red wherever it is proposed, and no new pull request offers it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["a: 1.8.0", "b: 1.8.0"]);
    const { number } = story.promotion("a");
    await story.say("/block 1.8.0 it loses orders", { on: "a" });
    assert.match(story.check("a") ?? "", /^failure.*blocked by maria: it loses orders/);
    assert.match(story.check("b") ?? "", /^failure.*blocked by maria/);
    assert.match(answerIn(story, number), /goes nowhere any more/);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["a: 1.9.0", "b: 1.9.0"]);
    await story.say("/unblock 1.8.0", { on: "a" });
    assert.deepEqual(story.open(), ["a: 1.9.0", "b: 1.9.0"]);
  },
  {
    pipeline: checkoutFile([environment("a"), environment("b")]),
    files: runs("1.7.0", ["a", "b"]),
  },
);

tellInAllConditions(
  "the hotfix: a version straight to live, past a gate that somebody takes on themselves",
  async (story) => {
    await story.push("1.7.1");
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.say("/promote 1.7.1 to live", { on: story.propose({ "README.md": "Better\n" }) });
    assert.ok(story.open().includes("live: 1.7.1"), story.open().join());
    const { number } = story.promotion("live");
    assert.match(story.check("live") ?? "", /^failure/);
    await story.say("/override merged the shop is down", { on: "live", by: "ann" });
    assert.equal(story.declares("live"), "1.7.1", story.answers(number).join("\n"));
    const message = story.github.log({ repository: CONFIG, ref: "main" }).map((commit) => commit.message)[0] ?? "";
    assert.match(message, /^Requested-By: maria$/m);
    assert.match(message, /^Overridden-By: ann$/m);
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      environment("staging", "after: [integration]"),
      environment("live", "after: [staging], merge: auto"),
    ]),
    files: runs("1.7.0", ["integration", "staging", "live"]),
  },
);

tellInAllConditions(
  "a merged promotion is taken back: reviewed as every other, what it brought is blocked, and the environment held",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    await story.merge("live");
    assert.equal(story.declares("live"), "1.8.0");
    const before = story.reads("apps/checkout/live/deployment.yaml");
    await story.commit({ "apps/checkout/live/README.md": "Something else\n" });
    await story.say("/rollback", { on: number, by: "leo" });
    assert.match(story.promotion("live").title, /^Roll back to checkout 1\.7\.0 in live$/);
    assert.match(answerIn(story, number), /takes `checkout\/live` from `1\.8\.0` to `1\.7\.0`/);
    await story.merge("live");
    assert.equal(story.declares("live"), "1.7.0");
    assert.notEqual(story.reads("apps/checkout/live/deployment.yaml"), before);
    assert.deepEqual(story.open(), []);
    await story.push("1.8.1");
    await story.settle();
    assert.deepEqual(story.open(), [], "it is held");
    assert.match((await story.waits("live")).join(), /held by `leo`: `rolled back from 1\.8\.0`/);
    await story.say("/resume live", { on: number });
    assert.deepEqual(story.open(), ["live: 1.8.1"]);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a whole environment goes back to what it was at a time",
  async (story) => {
    for (const tag of ["1.8.0", "1.9.0"]) {
      await story.push(tag);
      await story.settle();
      await story.merge("live");
      await story.wait(3_600_000);
    }
    const number = story.promotions("live").at(-1)?.number ?? 0;
    await story.say("/rollback live to 2026-11-20T09:30Z", { on: number });
    assert.deepEqual(story.open(), ["live: Roll back to checkout 1.8.0 in live"]);
    await story.merge("live");
    assert.equal(story.declares("live"), "1.8.0");
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "what a person declined comes back when somebody asks for it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    await story.close("live");
    await story.say("/promote 1.8.0 to live", { on: number });
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.wait(60_000);
    await story.close("live");
    assert.deepEqual(story.open(), [], "the last word is the last one");
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a branch that a person pushed to is taken back by a command",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.commit({ "apps/checkout/live/README.md": "By the way\n" }, { branch: "stagecoach/checkout/live" });
    assert.match(story.check("live") ?? "", /^failure.*has commit/);
    await story.say("/promote 1.8.0 to live", { on: "live" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.equal(story.commits("live").length, 1);
  },
  LIVE_ONLY,
);

tell(
  "questions are answered with tables, and change nothing",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number, headOid } = story.promotion("live");
    for (const question of ["/why", "/status", "/diff", "/help"]) await story.say(question, { on: "live" });
    const [why = "", status = "", diff = "", help = ""] = story.answers(number);
    assert.match(why, /merged in staging/);
    assert.match(status, /`checkout\/integration` \| `1\.8\.0`/);
    assert.match(diff, /`apps\/checkout\/live\/deployment\.yaml:9`/);
    assert.match(help, /`\/rollback \[<environment>\]/);
    assert.equal(story.promotion("live").headOid, headOid);
  },
  { pipeline: checkoutFile([INTEGRATION, STAGING, LIVE]) },
);

tell(
  "T14: what people write in reasons stays text: no mention, no reference, no link",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    await story.say("/hold live @everyone closes #1 [x](http://evil.example) <!-- stagecoach:live x -->", {
      on: "live",
    });
    await story.say("/hold live @everyone closes #1 http://evil.example", { on: "live" });
    const texts = [...story.answers(number), story.promotion("live").body ?? ""];
    for (const text of texts) assert.doesNotMatch(text.replace(/`+[^`]*`+/g, ""), /@everyone|#1\b|evil\.example/);
    const ledger = story.github.log({ repository: CONFIG, ref: "stagecoach-ledger" }).map(({ message }) => message);
    assert.doesNotMatch(ledger.join("\n"), /@everyone|#1\b/);
  },
  LIVE_ONLY,
);

tell(
  "a command costs six requests at most, its place in the ledger included",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    story.github.comment({
      repository: CONFIG,
      number: story.promotion("live").number,
      by: "maria",
      body: "/hold live",
    });
    story.github.forgetRequests();
    await story.github.webhooks.settled();
    await story.store().runOne();
    const asked = story.github.requests().filter(({ kind }) => kind !== "token");
    const told = asked.map(({ method, route, operation }) => operation ?? `${method} ${route}`);
    const check = told.filter((each) => each.includes("/check-runs") || each.includes("/pulls/"));
    assert.ok(told.length - check.length <= 6, told.join(", "));
    await story.settle();
  },
  LIVE_ONLY,
);
