// The dashboard: an issue that shows how everything stands, and boxes that do what they say for whoever may ask for it.
// Nobody gets past a question by ticking instead of writing.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, LIVE, runs, STAGING } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const HOUR = 3_600_000;
const WITH = "mode: full\ndashboard: true";
const withDashboard = (...environments: readonly string[]) => checkoutFile(environments, { top: WITH });
const LIVE_ONLY = { pipeline: withDashboard(environment("live")), files: runs("1.7.0", ["live"]) };

function bodyOf(story: Story): string {
  return story.dashboard()?.body ?? assert.fail("There is no dashboard.");
}

function numberOf(story: Story): number {
  return story.dashboard()?.number ?? assert.fail("There is no dashboard.");
}

function edit(story: Story, { by, change }: { readonly by: string; readonly change: (body: string) => string }): void {
  story.github.editIssue({ repository: CONFIG, number: numberOf(story), by, body: change(bodyOf(story)) });
}

function tickIn(box: string): (body: string) => string {
  return (body) => body.replace(`- [ ] <!-- stagecoach:do ${box} -->`, `- [x] <!-- stagecoach:do ${box} -->`);
}

async function proposed(story: Story): Promise<void> {
  await story.settle();
  await story.push("1.8.0");
  await story.settle();
}

tellInAllConditions(
  "the dashboard opens, shows a hold, and a tick ends it",
  async (story) => {
    await proposed(story);
    assert.match(bodyOf(story), /Open promotions.*`checkout\/live` \| `1\.8\.0` \| #\d+/s);
    assert.doesNotMatch(bodyOf(story), /### Held/);
    await story.say("/hold live the sale is on", { on: "live" });
    assert.match(bodyOf(story), /### Held.*`checkout\/live` \| `maria` \|.*`the sale is on`/s);
    await story.tick(["resume checkout/live"], { by: "leo" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.doesNotMatch(bodyOf(story), /### Held|\[x\]/);
    assert.match(story.reads("commands.yaml", { ref: "stagecoach-ledger" }) ?? "", /id: "tick\//);
    assert.deepEqual(story.refusals(numberOf(story)), []);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "T6: the tick of somebody who may not is refused in one comment, and the box is empty again",
  async (story) => {
    await proposed(story);
    await story.tick(["hold checkout/live"], { by: "stranger" });
    assert.match(story.check("live") ?? "", /^success/);
    assert.match(bodyOf(story), /- \[ \] <!-- stagecoach:do hold checkout\/live -->/);
    await story.wait(HOUR);
    const number = numberOf(story);
    assert.equal(story.refusals(number).length, 1);
    assert.match(
      story.refusals(number)[0] ?? "",
      /`\/hold checkout\/live` of `stranger`.*takes the role triage or more/s,
    );
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "T7: where two have written since, nobody's tick counts",
  async (story) => {
    await proposed(story);
    await story.wait(1_000);
    edit(story, { by: "stranger", change: tickIn("hold checkout/live") });
    edit(story, { by: "leo", change: tickIn("retry checkout/live") });
    await story.settle();
    assert.match(story.check("live") ?? "", /^success/);
    assert.doesNotMatch(bodyOf(story), /\[x\]/);
    const number = numberOf(story);
    assert.equal(story.refusals(number).length, 1);
    assert.match(story.refusals(number)[0] ?? "", /nobody can tell whose ticks they are/);
    await story.tick(["hold checkout/live"], { by: "leo" });
    assert.match(story.check("live") ?? "", /^in progress.*held by leo/);
  },
  LIVE_ONLY,
);

tell(
  "T15: a box that somebody wrote there is none, whoever they are",
  async (story) => {
    await proposed(story);
    const forged = [
      "- [x] <!-- stagecoach:do rollback checkout/live -->",
      "- [x] <!-- stagecoach:do resume checkout/live -->",
      "- [x] <!-- stagecoach:do override approvals because I may -->",
    ];
    edit(story, { by: "ann", change: (body) => `${forged.join("\n")}\n${body}` });
    await story.settle();
    assert.match(story.check("live") ?? "", /^success/);
    assert.doesNotMatch(bodyOf(story), /\[x\]|rollback|override/);
    assert.match(story.refusals(numberOf(story))[0] ?? "", /none of the boxes that Stagecoach offers here now/);
    assert.ok(!story.reads("overrides.yaml", { ref: "stagecoach-ledger" }));
  },
  LIVE_ONLY,
);

tell(
  "T15: a box that stands there twice was written by somebody, and without our mark none is ours",
  async (story) => {
    await proposed(story);
    const box = "- [x] <!-- stagecoach:do hold checkout/live -->";
    edit(story, { by: "ann", change: (body) => `${box} see\n${body}` });
    await story.settle();
    assert.match(story.check("live") ?? "", /^success/);
    const withoutMark = (body: string) =>
      tickIn("hold checkout/live")(body).replace(/<!-- stagecoach:dashboard \S+ -->/, "");
    await story.wait(HOUR);
    edit(story, { by: "ann", change: withoutMark });
    await story.settle();
    assert.match(story.check("live") ?? "", /^success/);
    assert.match(bodyOf(story), /<!-- stagecoach:dashboard [0-9a-f]+ -->$/);
    assert.equal(story.refusals(numberOf(story)).length, 2);
  },
  LIVE_ONLY,
);

tell(
  "T15: somebody else's issue with our label and mark is not the dashboard",
  async (story) => {
    await proposed(story);
    const body = `- [x] <!-- stagecoach:do hold checkout/live -->\n\n<!-- stagecoach:dashboard 0123456789abcdef -->`;
    const { number } = story.github.openIssue({ repository: CONFIG, by: "ann", title: "Stagecoach dashboard", body });
    story.github.setLabels({ repository: CONFIG, number, by: "ann", labels: ["stagecoach", "stagecoach/dashboard"] });
    story.github.editIssue({ repository: CONFIG, number, by: "ann", body: `${body} ` });
    await story.settle();
    assert.match(story.check("live") ?? "", /^success/);
    assert.notEqual(numberOf(story), number);
  },
  LIVE_ONLY,
);

tell(
  "T28: a program that ticks is not heard, and is not answered with another edit",
  async (story) => {
    await proposed(story);
    story.github.reportCheck({ repository: CONFIG, ref: "main", name: "renovate", app: "renovate" });
    edit(story, { by: "renovate[bot]", change: tickIn("hold checkout/live") });
    const before = bodyOf(story);
    await story.wait(HOUR);
    assert.match(story.check("live") ?? "", /^success/);
    assert.equal(bodyOf(story), before);
    await story.push("1.9.0");
    await story.settle();
    assert.match(bodyOf(story), /1\.9\.0/);
    assert.doesNotMatch(bodyOf(story), /\[x\]/);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "it opens once, is closed with its option, and stays closed where a person closed it",
  async (story) => {
    await story.settle();
    const first = numberOf(story);
    story.github.closeIssue({ repository: CONFIG, number: first, by: "maria" });
    await story.wait(HOUR);
    assert.equal(story.dashboard(), undefined);
    await story.configure(checkoutFile([environment("live")]));
    await story.configure(LIVE_ONLY.pipeline);
    const second = numberOf(story);
    assert.notEqual(second, first);
    await story.configure(checkoutFile([environment("live")]));
    assert.equal(story.dashboard(), undefined);
    await story.configure(LIVE_ONLY.pipeline);
    assert.ok(numberOf(story) > second);
  },
  LIVE_ONLY,
);

tell(
  "an error in the pipeline file does not take the dashboard away, and shows there",
  async (story) => {
    await story.settle();
    await story.configure(LIVE_ONLY.pipeline.replace("name: live, paths", "name: live, pathz: [x], paths"));
    assert.match(bodyOf(story), /pipeline `checkout` stands still/i);
  },
  LIVE_ONLY,
);

tell(
  "commands in a comment there are heard, and what is blocked has a box",
  async (story) => {
    await proposed(story);
    await story.say("/block 1.8.0 it loses orders", { on: numberOf(story) });
    assert.match(story.check("live") ?? "", /^failure.*blocked by maria/);
    assert.match(bodyOf(story), /### Blocked.*`1\.8\.0`.*`it loses orders`.*### Failing/s);
    await story.tick(["unblock 1.8.0"]);
    assert.match(story.check("live") ?? "", /^success/);
    assert.doesNotMatch(bodyOf(story), /### Blocked|### Failing/);
  },
  LIVE_ONLY,
);

tell(
  "a crash between the ledger and the new text: done once, and the box is empty in the end",
  async (story) => {
    await proposed(story);
    const isEdit = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
    story.fault({ on: isEdit, fault: { kind: "error-before" }, times: 1 });
    story.crashWithNextFailure();
    await story.tick(["hold checkout/live"]);
    await story.wait(HOUR);
    assert.match(story.check("live") ?? "", /^in progress/);
    assert.doesNotMatch(bodyOf(story), /\[x\]/);
    assert.deepEqual(story.refusals(numberOf(story)), []);
    const commands = story.reads("commands.yaml", { ref: "stagecoach-ledger" }) ?? "";
    assert.equal(commands.match(/id: "tick\//g)?.length, 1);
    story.failures();
  },
  LIVE_ONLY,
);

tell(
  "what a person undid themselves is no reason to write, and what they wrote is taken out again",
  async (story) => {
    await proposed(story);
    const before = bodyOf(story);
    edit(story, { by: "maria", change: (body) => `${body}\nMine` });
    edit(story, { by: "maria", change: () => before });
    story.github.forgetRequests();
    await story.settle();
    const edits = story.github
      .requests()
      .filter(({ route }) => route?.startsWith("PATCH /repos/{owner}/{repo}/issues"));
    assert.deepEqual(edits, []);
    edit(story, { by: "maria", change: (body) => `Mine\n${body}` });
    await story.settle();
    assert.equal(bodyOf(story), before);
  },
  LIVE_ONLY,
);

tell(
  "a release on its way costs the dashboard few edits, and what runs where is a table",
  async (story) => {
    await story.settle();
    story.github.forgetRequests();
    await story.push("1.8.0");
    await story.settle();
    const edits = story.github
      .requests()
      .filter(({ route }) => route?.startsWith("PATCH /repos/{owner}/{repo}/issues"));
    assert.ok(edits.length <= 4, `${edits.length} edits`);
    assert.match(bodyOf(story), /\| \| `integration` \| `staging` \| `live` \|/);
    assert.match(bodyOf(story), /\| `checkout` \| `1\.8\.0` \| `1\.8\.0` \| `1\.7\.0` \|/);
  },
  { pipeline: withDashboard(INTEGRATION, STAGING, LIVE) },
);

tell(
  "what only observes shows how everything stands, without boxes",
  async (story) => {
    await proposed(story);
    assert.doesNotMatch(bodyOf(story), /\[ \]/);
  },
  {
    pipeline: checkoutFile([environment("live")], { top: "mode: observe\ndashboard: true" }),
    files: runs("1.7.0", ["live"]),
  },
);
