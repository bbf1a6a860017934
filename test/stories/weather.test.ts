// GitHub on a bad day: it asks for patience, answers late, tells things twice, in another order or not at all; it
// suspends an installation, and people rename the repository.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { ONLY_LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const HOUR = 3_600_000;

for (const [what, on] of [
  ["the question", "POST /graphql"],
  ["the commit", "POST */git/commits"],
  ["the pull request", "POST */pulls"],
  ["the labels", "POST */labels"],
  ["the check", "POST */check-runs"],
] as const) {
  tell(
    `patience is asked for at ${what}: everything waits, and goes on when it may`,
    async (story) => {
      const fault = story.fault({ on, times: 1, fault: { kind: "secondary-limit", retryAfter: 90 } });
      await story.push("1.8.0");
      const before = story.now();
      await story.settle();
      assert.equal(fault.met(), 1);
      assert.ok(story.now() - before >= 90_000, "nothing was tried before the time");
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
      assert.match(story.check("live") ?? "", /^success/);
    },
    LIVE_ONLY,
  );
}

tell(
  "while GitHub asks for patience nobody asks it anything",
  async (story) => {
    story.fault({ on: "POST /graphql", times: 1, fault: { kind: "secondary-limit", retryAfter: 1_800 } });
    await story.push("1.8.0");
    await story.settle();
    story.github.forgetRequests();
    story.propose({ "README.md": "Better\n" });
    await story.settle();
    assert.deepEqual(story.github.requests(), []);
    await story.wait(HOUR / 2);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "the requests of an hour are used up: the rest waits for the next one",
  async (story) => {
    await story.push("1.8.0");
    story.fault({ on: "POST */pulls", times: 1, fault: { kind: "primary-limit" } });
    await story.settle();
    assert.deepEqual(story.open(), []);
    await story.wait(HOUR);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "a token that is not known everywhere yet is no refusal",
  async (story) => {
    await story.restart({ forget: true });
    story.fault({ on: "POST /graphql", times: 1, fault: { kind: "token-not-yet-known" } });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

for (const field of [
  "Repository.ref",
  "PullRequest.latestOpinionatedReviews",
  "Repository.pullRequests",
  "Commit.checkSuites",
]) {
  tell(
    `${field} could not be read: nothing is decided on what is not known`,
    async (story) => {
      await story.push("1.8.0");
      await story.settle();
      await story.approve("live");
      const { headOid } = story.promotion("live");
      await story.push("1.9.0");
      story.fault({ on: "POST /graphql", fault: { kind: "broken-field", field } });
      await story.wait(HOUR);
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
      assert.equal(story.promotion("live").headOid, headOid);
      story.github.mend();
      await story.wait(HOUR);
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
      story.failures();
    },
    LIVE_ONLY,
  );
}

tell("what GitHub shows lags behind what was written, and nothing is done twice", async (story) => {
  story.fault({ on: "POST /graphql", times: 8, fault: { kind: "lag", requests: 3 } });
  await story.push("1.8.0");
  await story.settle();
  await story.wait(HOUR);
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  for (const name of ["integration", "staging", "live"]) assert.equal(story.promotions(name).length, 1);
  story.failures();
});

tell("deliveries come twice", async (story) => {
  story.github.webhooks.setSwitch({ mode: "double" });
  await story.push("1.8.0");
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  assert.equal(story.github.pullRequests({ repository: CONFIG }).length, 3);
});

tell("deliveries come late and in the wrong order", async (story) => {
  story.github.webhooks.setSwitch({ mode: "hold" });
  await story.push("1.8.0");
  await story.settle();
  await story.close("live");
  story.github.webhooks.clearSwitches();
  await story.github.webhooks.flush((held) => [...held].reverse());
  await story.settle();
  assert.deepEqual(story.open(), []);
  assert.equal(story.declares("staging"), "1.8.0");
});

function rename(story: Story): void {
  story.github.renameRepository({ repository: CONFIG, name: "gitops", by: "ann" });
}

tellInAllConditions(
  "a repository that is renamed is followed",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    rename(story);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    assert.equal(story.promotions("live").length, 1);
    const [known] = await story.app().shell.store.repositories.list();
    assert.equal(known?.name, "gitops");
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a suspended installation waits, and goes on when it is no longer suspended",
  async (story) => {
    await story.settle();
    const installation = story.github.installation("acme");
    story.github.suspendInstallation({ installation });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    story.github.forgetRequests();
    await story.wait(10 * 60_000);
    const refused = story.github.requests().filter(({ status }) => status === 403);
    assert.ok(refused.length <= 1, `${refused.length} requests in the name of a suspended installation`);
    story.github.unsuspendInstallation({ installation });
    await story.wait(2 * HOUR);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    story.failures();
  },
  LIVE_ONLY,
);

tell(
  "a token that GitHub does not give for now is asked for later, too",
  async (story) => {
    const token = "POST /app/installations/{installation_id}/access_tokens";
    const fault = story.fault({ on: token, times: 1, fault: { kind: "secondary-limit", retryAfter: 90 } });
    await story.push("1.8.0");
    await story.settle();
    assert.equal(fault.met(), 1);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "an archived repository is left alone",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    for (const repository of story.github.model.repositories.values()) repository.archived = true;
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.match((await story.waits()).join(), /archived/);
  },
  LIVE_ONLY,
);

tell(
  "a program that is stopped and started again goes on where it was",
  async (story) => {
    await story.push("1.8.0");
    await story.restart();
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.restart();
    await story.close("live");
    await story.restart();
    await story.push("1.9.0");
    await story.restart();
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);
