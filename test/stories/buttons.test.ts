// The buttons of our check: what each of them does, for whom, and on what. GitHub tells of a press once and keeps no trace
// of it, so these stories hear every event.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const HOUR = 3_600_000;

async function proposed(story: Story): Promise<number> {
  await story.push("1.8.0");
  await story.settle();
  return story.promotion("live").number;
}

function buttonsOn(story: Story, ref: string): readonly string[] {
  const run = story.github.checkRuns({ repository: CONFIG, ref, app: "stagecoach" }).at(-1);
  return run?.actions.map(({ label }) => label) ?? [];
}

function ledger(story: Story): string {
  return story.reads("commands.yaml", { ref: "stagecoach-ledger" }) ?? "";
}

tell(
  "Hold holds and Resume lets go on, without a word, and the ledger knows who",
  async (story) => {
    const number = await proposed(story);
    assert.deepEqual(buttonsOn(story, story.promotion("live").headOid), ["Hold", "Try again"]);
    await story.press("hold", { on: "live" });
    assert.match(story.check("live") ?? "", /^in progress.*held by maria: by the button of the check/);
    assert.deepEqual(buttonsOn(story, story.promotion("live").headOid), ["Resume", "Try again"]);
    await story.press("resume", { on: "live", by: "leo" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.deepEqual(story.github.comments({ repository: CONFIG, number }), []);
    assert.match(ledger(story), /by: "leo"/);
    assert.match(ledger(story), /id: "button\/\d+\.hold\./);
  },
  LIVE_ONLY,
);

tell(
  "a pipeline that is held as a whole has a button of its own",
  async (story) => {
    await proposed(story);
    await story.say("/hold checkout the sale", { on: "live" });
    assert.deepEqual(buttonsOn(story, story.promotion("live").headOid), ["Resume the pipeline", "Try again"]);
    await story.press("resume-pipeline", { on: "live" });
    assert.match(story.check("live") ?? "", /^success/);
  },
  LIVE_ONLY,
);

tell(
  "Try again tries what GitHub refused",
  async (story) => {
    const number = await proposed(story);
    const when = ({ body }: { readonly body: unknown }) => JSON.stringify(body).includes("env/live");
    const refusal = story.fault({
      on: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      when,
      fault: { kind: "error-before", status: 422 },
      times: 1,
    });
    story.github.setLabels({ repository: CONFIG, number, by: "leo", labels: [] });
    await story.settle();
    assert.equal(refusal.met(), 1);
    await story.press("retry", { on: "live" });
    const labels = story.github.issue({ repository: CONFIG, number }).labels.map(({ name }) => name);
    assert.ok(labels.includes("env/live"), labels.join());
  },
  LIVE_ONLY,
);

tell(
  "T6: a stranger's press is refused in one comment, however often it is pressed",
  async (story) => {
    const number = await proposed(story);
    await story.press("hold", { on: "live", by: "stranger" });
    await story.press("hold", { on: "live", by: "stranger" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.equal(story.refusals(number).length, 1);
    assert.match(story.refusals(number)[0] ?? "", /`stranger`.*takes the role triage or more/s);
    await story.restart({ forget: true });
    await story.press("hold", { on: "live", by: "stranger" });
    await story.wait(HOUR);
    assert.equal(story.refusals(number).length, 1);
    assert.doesNotMatch(ledger(story), /stranger/);
  },
  LIVE_ONLY,
);

tell(
  "T8: a press on a head that has gone is refused",
  async (story) => {
    const number = await proposed(story);
    const before = story.promotion("live").headOid;
    await story.push("1.9.0");
    await story.settle();
    assert.notEqual(story.promotion("live").headOid, before);
    await story.press("hold", { on: before });
    assert.match(story.check("live") ?? "", /^success/);
    assert.match(story.refusals(number)[0] ?? "", /is not the head of this pull request any more/);
  },
  LIVE_ONLY,
);

tell(
  "T3: a press that is delivered twice counts once",
  async (story) => {
    await proposed(story);
    story.github.webhooks.setSwitch({ mode: "double", event: "check_run" });
    await story.press("hold", { on: "live" });
    assert.match(story.check("live") ?? "", /^in progress/);
    assert.equal(ledger(story).match(/id: "button\//g)?.length, 1);
  },
  LIVE_ONLY,
);

tell(
  "a press whose presser cannot be looked up waits for that, and is not forgotten",
  async (story) => {
    await proposed(story);
    const asked = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
    const gone = story.fault({ on: asked, fault: { kind: "error-before", status: 502 }, times: 1 });
    await story.press("hold", { on: "live" });
    await story.wait(5 * 60_000);
    assert.equal(gone.met(), 1);
    assert.match(story.check("live") ?? "", /^in progress/);
  },
  LIVE_ONLY,
);

const CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: orders }\n";
const WITH_CLAIM = { ...LIVE_ONLY, files: { ...LIVE_ONLY.files, "apps/checkout/live/orders.yaml": CLAIM } };

tell(
  "Approve the deletion lets exactly this head take objects out, by whom may override",
  async (story) => {
    await story.settle();
    const number = story.propose({ "apps/checkout/live/orders.yaml": null });
    await story.settle();
    const head = () => story.github.pullRequest({ repository: CONFIG, number }).headOid;
    assert.deepEqual(buttonsOn(story, head()), ["Approve the deletion"]);
    await story.press("approve-deletion", { on: head(), by: "maria" });
    assert.match(story.check(head()) ?? "", /^failure/);
    assert.match(story.refusals(number)[0] ?? "", /`maria`.*admin/s);
    await story.press("approve-deletion", { on: head(), by: "ann" });
    assert.match(story.check(head()) ?? "", /^success: The removal of 1 object .* is approved by `?ann/);
    assert.deepEqual(buttonsOn(story, head()), []);
    const branch = story.github.pullRequest({ repository: CONFIG, number }).headRef;
    await story.commit({ "apps/checkout/live/more.md": "More\n" }, { by: "leo", branch });
    assert.match(story.check(head()) ?? "", /^failure/, "it was given on another head");
  },
  WITH_CLAIM,
);

tell(
  "T13: a pull request from a fork has no button",
  async (story) => {
    await story.settle();
    story.github.forkRepository({ repository: CONFIG, owner: "stranger" });
    const files = { "apps/checkout/live/orders.yaml": null };
    const change = { repository: "stranger/platform-config", branch: "x", author: "stranger", message: "Mine", files };
    story.github.commitFiles(change);
    const pull = { repository: CONFIG, by: "stranger", head: "stranger:x", title: "Mine" };
    const { headOid } = story.github.openPullRequest(pull);
    await story.settle();
    assert.match(story.check(headOid) ?? "", /^failure/);
    assert.deepEqual(buttonsOn(story, headOid), []);
  },
  WITH_CLAIM,
);

tell(
  "what only observes has no buttons",
  async (story) => {
    await proposed(story);
    await story.configure(checkoutFile([environment("live")], { top: "mode: observe" }));
    assert.deepEqual(buttonsOn(story, story.promotion("live").headOid), []);
  },
  LIVE_ONLY,
);
