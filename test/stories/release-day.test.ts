// A whole release day, as it is told in `docs/release-day.md`: promoted, held, frozen, blocked, taken back, resumed. The
// document is what this story saw on GitHub; `UPDATE_CASES=1` writes it anew.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, runs } from "./sample-files.ts";
import { tell } from "./tell.ts";

const DOCUMENT = new URL("../../docs/release-day.md", import.meta.url);
const FREEZE = 'freezes: [ { from: "2026-11-20T14:00", to: "2026-11-20T15:00", zone: UTC, why: "the sale opens" } ]';
const HOUR = 3_600_000;

const PIPELINE = checkoutFile(
  [
    INTEGRATION,
    environment("staging", "after: [integration], merge: auto"),
    environment("live", "after: [staging], merge-when: [ { approvals: 1 } ]"),
  ],
  { top: `mode: full\n${FREEZE}` },
);

tell(
  "a release day from the first push to the evening",
  async (story) => {
    const pages = write(story);
    pages.say("Nine o'clock. Everything runs 1.7.0.");

    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    const { number } = story.promotion("live");
    pages.say("CI pushes 1.8.0. Integration and staging take it by themselves; for live there is a pull request.");
    pages.show(`#${number}, ${story.promotion("live").title}`, story.promotion("live").body ?? "");
    pages.say(`Its check is in progress: ${story.check("live")}`);

    const hold = await story.say("/hold the dashboards are down, we would not see a thing", { on: "live" });
    assert.equal(story.reactionTo(hold), "rocket");
    pages.command("maria", "/hold the dashboards are down, we would not see a thing");
    pages.show("The answer, and 🚀 on her comment", last(story, number));
    await story.approve("live", { by: "leo" });
    assert.match(story.check("live") ?? "", /^in progress/);
    await story.say("/why", { on: "live", by: "leo" });
    pages.command("leo", "/why");
    pages.show("He had approved, and asks why nothing happens", last(story, number));
    await story.say("/resume", { on: "live" });
    pages.command("maria", "/resume");
    pages.show("The dashboards are back", last(story, number));
    assert.match(story.check("live") ?? "", /^success/);
    await story.merge("live", { by: "leo" });
    assert.equal(story.declares("live"), "1.8.0");
    pages.say("Leo merges. Live runs 1.8.0 at half past nine.");

    await story.push("1.8.1");
    await story.settle();
    const next = story.promotion("live").number;
    await story.say("/block 1.8.1 it charges twice", { on: "live" });
    assert.match(story.check("live") ?? "", /^failure/);
    pages.say(`1.8.1 follows as #${next}, and a tester sees what it does.`);
    pages.command("maria", "/block 1.8.1 it charges twice");
    pages.show("Nobody can merge it any more, here and in every other pipeline", last(story, next));
    pages.say(`The check fails: ${story.check("live")}`);

    await story.say("/rollback", { on: number, by: "maria" });
    const back = story.promotion("live");
    pages.say("Then orders get lost in live, too: 1.8.0 has to go. On the merged pull request:");
    pages.command("maria", "/rollback");
    pages.show("The answer", last(story, number));
    pages.show(`#${back.number}, ${back.title}`, back.body ?? "");
    await story.approve("live", { by: "leo" });
    await story.merge("live", { by: "leo" });
    assert.equal(story.declares("live"), "1.7.0");
    pages.say("Reviewed and merged as every other. Live runs 1.7.0, takes nothing else, and 1.8.0 goes nowhere.");

    await story.wait(4.5 * HOUR);
    await story.push("1.8.2");
    await story.settle();
    assert.deepEqual(story.open(), []);
    await story.say("/status", { on: number });
    pages.say("In the afternoon 1.8.2 mends both. Staging has it; live is still held.");
    pages.command("maria", "/status");
    pages.show("Where everything is", last(story, number));
    await story.say("/resume live", { on: number });
    pages.command("maria", "/resume live");
    pages.show("The way is free", last(story, number));
    assert.deepEqual(story.open(), ["live: 1.8.2"]);
    await story.approve("live", { by: "leo" });
    await story.wait(HOUR - 120_000);
    assert.match(story.check("live") ?? "", /frozen until/);
    pages.say(`It is approved when the freeze of the pipeline file begins, and waits: ${story.check("live")}`);
    await story.wait(HOUR);
    assert.match(story.check("live") ?? "", /^success/);
    await story.merge("live", { by: "leo" });
    assert.equal(story.declares("live"), "1.8.2");
    pages.say("At three the freeze is over, and leo merges. `git log` of the ledger tells the day:");
    pages.show("git log stagecoach-ledger", ledgerOf(story));
    pages.compare();
  },
  { pipeline: PIPELINE, files: runs("1.7.0", ["integration", "staging", "live"]) },
);

function last(story: Story, on: number): string {
  return story.answers(on).at(-1) ?? assert.fail("There is no answer.");
}

function ledgerOf({ github }: Story): string {
  const log = github.log({ repository: "acme/platform-config", ref: "stagecoach-ledger" });
  const subjects = log.map(({ message }) => message.split("\n")[0] ?? "").filter((line) => /ordered/.test(line));
  return subjects.reverse().join("\n");
}

/** Collects what people see; hosts and ids that differ from run to run are written as they would look. */
function write(story: Story) {
  const parts: string[] = [
    "# A release day\n\nWhat people write and what they see, from the first push to the evening, taken from the story in\n[`test/stories/release-day.test.ts`](../test/stories/release-day.test.ts). Every command: [commands](commands.md).",
  ];
  const clean = (text: string) =>
    text
      .replaceAll(story.registry.host, "ghcr.io")
      .replace(/\b[0-9a-f]{40}\b/g, "c0ffee".padEnd(40, "0"))
      .replace(/<!-- stagecoach:.*?-->/g, "")
      .trim();
  const text = () => `${parts.join("\n\n")}\n`;
  return {
    say: (sentence: string) => void parts.push(clean(sentence)),
    command: (by: string, line: string) => void parts.push(`**${by}** writes\n\n\`\`\`text\n${line}\n\`\`\``),
    show: (title: string, body: string) =>
      void parts.push(
        `${title}:\n\n\`\`\`\`markdown\n${clean(body).replace(/<details>[\s\S]*?<\/details>\s*/g, "")}\n\`\`\`\``,
      ),
    compare: () => {
      if (process.env.UPDATE_CASES === "1") writeFileSync(DOCUMENT, text());
      assert.ok(existsSync(DOCUMENT), "There is no docs/release-day.md; run once with UPDATE_CASES=1 and read it.");
      assert.equal(text(), readFileSync(DOCUMENT, "utf8"));
    },
  };
}
