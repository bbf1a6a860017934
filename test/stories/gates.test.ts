// Gates that rest on people, other checks, the clock and the operator's endpoints: each holds a promotion until what it asks
// for is there, and says so in the check.

import assert from "node:assert/strict";
import { type RunningEndpoint, startEndpoint } from "../endpoint/start-endpoint.ts";
import { CONFIG, type Story, type StoryOptions } from "./begin-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const HOUR = 3_600_000;

function liveWith(gates: string, options: { readonly rest?: string; readonly top?: string } = {}): StoryOptions {
  const { rest = "merge: auto", top } = options;
  const line = environment("live", `${rest}, merge-when: [ ${gates} ]`);
  return { pipeline: checkoutFile([line], { ...(top && { top }) }), files: runs("1.7.0", ["live"]) };
}

/** What the check says in full; its title is cut and has no backticks. */
function says(story: Story): string {
  const ref = story.promotion("live").headOid;
  const run = story.github.checkRuns({ repository: CONFIG, ref, app: "stagecoach" }).at(-1);
  return `${run?.conclusion ?? "in progress"}: ${run?.output.summary ?? ""}`;
}

async function propose(story: Story): Promise<void> {
  await story.push("1.8.0");
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
}

async function report(
  story: Story,
  check: { readonly name: string; readonly app?: string; readonly conclusion?: "failure" },
) {
  story.github.reportCheck({ repository: CONFIG, ref: story.promotion("live").headOid, ...check });
  await story.wait(10 * 60_000);
}

tellInAllConditions(
  "other checks have to succeed, and only those of the named app count",
  async (story) => {
    await propose(story);
    assert.match(says(story), /^in progress.*`e2e@github-actions` has not run on this head/s);
    await report(story, { name: "e2e", app: "helper" });
    assert.match(says(story), /^in progress.*by `helper` does not count/s);
    await report(story, { name: "e2e", conclusion: "failure" });
    assert.match(says(story), /^failure.*has not succeeded: `failure`/s);
    await story.wait(60_000);
    await report(story, { name: "e2e" });
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith('{ checks: "e2e@github-actions" }'),
);

tellInAllConditions(
  "T9: two approvals of the team, and none of whoever asked for it",
  async (story) => {
    story.github.team({ organization: "acme", slug: "sre", members: ["maria", "leo", "ann"] });
    story.github.setRole({ repository: CONFIG, user: "nora", role: "write" });
    await propose(story);
    await story.say("/promote 1.8.0 to live", { on: "live", by: "maria" });
    await story.approve("live", { by: "maria" });
    assert.match(says(story), /^in progress.*`maria` does not count, who asked for this promotion/s);
    await story.approve("live", { by: "nora" });
    assert.match(says(story), /`nora` does not count, who is not in `acme\/sre`/);
    await story.approve("live", { by: "leo" });
    assert.match(says(story), /`leo` approved this head/);
    assert.equal(story.declares("live"), "1.7.0");
    await story.approve("live", { by: "ann" });
    await story.wait(10 * 60_000);
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith("{ approvals: { count: 2, teams: [acme/sre] } }"),
);

tellInAllConditions(
  "a window over a holiday and a freeze opens when all of them agree",
  async (story) => {
    await propose(story);
    assert.match(
      says(story),
      /frozen until 2026-11-23 18:00 UTC \(with the other windows and freezes first at 2026-11-25 09:00 UTC\)/,
    );
    await story.wait(Date.UTC(2026, 10, 25, 8, 20) - story.now());
    assert.match(story.check("live") ?? "", /^in progress/);
    await story.wait(HOUR);
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith(
    '{ window: { days: mon-fri, from: "09:00", to: "16:00", zone: Europe/London, except: 2026-11-23..2026-11-24 } }',
    {
      top: 'mode: full\nfreezes: [ { from: 2026-11-19T00:00, to: 2026-11-23T18:00, zone: Europe/London, why: "the sale" } ]',
    },
  ),
);

let endpoint: RunningEndpoint;

const BUDGET: StoryOptions = {
  ...liveWith("{ http: budget }"),
  beside: async () => {
    endpoint = await startEndpoint({ state: "wait", reason: "4 % of the budget are left" });
    const usual = { id: "budget", for: ["acme/*"], every: 600_000, timeout: 2_000 };
    return { endpoints: [{ ...usual, url: endpoint.url }] };
  },
};

tellInAllConditions(
  "an endpoint of the operator holds it until it says pass",
  async (story) => {
    await propose(story);
    assert.match(says(story), /^in progress.*`budget` says `4 % of the budget are left`/s);
    assert.equal(story.declares("live"), "1.7.0");
    endpoint.says = { status: 502, body: "" };
    await story.wait(10 * 60_000);
    assert.match(says(story), /^in progress.*what `budget` says is not known: it answered 502/s);
    endpoint.says = { body: { state: "pass", reason: "plenty" } };
    await story.wait(10 * 60_000);
    await story.wait(10 * 60_000);
    assert.equal(story.declares("live"), "1.8.0");
  },
  BUDGET,
);

tell(
  "the same question is asked once in its time, however often something happens",
  async (story) => {
    await propose(story);
    endpoint.asked.splice(0);
    await story.commit({ "README.md": "Better\n" });
    await story.commit({ "README.md": "Still better\n" });
    assert.equal(endpoint.asked.length, 0);
    await story.wait(600_000);
    assert.equal(endpoint.asked.length, 1);
  },
  BUDGET,
);

const REQUIRED = { requiredChecks: [{ context: "stagecoach" }] } as const;

tell(
  "GitHub's own auto-merge, which a person switched on, waits for our check",
  async (story) => {
    story.github.model.repositories.forEach((repository) => {
      repository.allowAutoMerge = true;
    });
    story.rule(REQUIRED);
    await propose(story);
    const { number } = story.promotion("live");
    story.github.enableAutoMerge({ repository: CONFIG, number, by: "maria", method: "squash" });
    await story.wait(10 * 60_000);
    assert.match(story.check("live") ?? "", /^in progress/);
    assert.equal(story.declares("live"), "1.7.0");
    await story.approve("live", { by: "leo" });
    assert.equal(story.declares("live"), "1.8.0");
    assert.equal(story.github.pullRequest({ repository: CONFIG, number }).mergedBy?.login, "maria");
  },
  liveWith("{ approvals: 1 }", { rest: "merge: manual" }),
);

tellInAllConditions(
  "a hold takes it out of the merge queue, and it goes back in when that ends",
  async (story) => {
    story.rule({ ...REQUIRED, mergeQueue: { method: "squash" } });
    await propose(story);
    const queued = () =>
      [...story.github.model.repositories.values()]
        .flatMap(({ mergeQueues }) => [...mergeQueues.values()])
        .flatMap(({ entries }) => entries.map(({ pullRequest }) => pullRequest.number));
    const { number } = story.promotion("live");
    await story.wait(10 * 60_000);
    assert.deepEqual(queued(), [number]);
    await story.say("/hold live the sale is on", { on: "live" });
    assert.deepEqual(queued(), []);
    assert.match(story.check("live") ?? "", /^in progress.*the sale is on/);
    await story.wait(HOUR);
    assert.deepEqual(queued(), []);
    await story.say("/resume live", { on: "live" });
    await story.wait(10 * 60_000);
    assert.deepEqual(queued(), [number]);
    story.github.buildMergeGroup({ repository: CONFIG, branch: "main" });
    await story.settle();
    story.github.finishMergeGroup({ repository: CONFIG, branch: "main", passed: true });
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
  },
  { pipeline: checkoutFile([environment("live", "merge: auto")]), files: runs("1.7.0", ["live"]) },
);
