// A change by hand is looked at, told once where people read it, holds promotions up, and is forgotten when it is healed.

import assert from "node:assert/strict";
import { type LiveStory, livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment } from "./sample-files.ts";

const IMAGE = "/spec/template/spec/containers/0/image";

/** Somebody changed integration while it was taking 1.8.0; it is healthy all the same. */
async function changeByHand(story: LiveStory, image = "acme/checkout:1.6.9"): Promise<void> {
  await story.push("1.6.9");
  await story.settle();
  await story.push("1.8.0");
  await story.settle();
  const cluster = story.cluster("integration");
  await cluster.takes({ healthy: false });
  await cluster.handEdits(IMAGE, `${story.registry.host}/${image}`);
  await cluster.recovers();
}

tellLiveInAllConditions(
  "a change by hand is told once, holds up what comes after, and ends by itself",
  async (story) => {
    await changeByHand(story);
    assert.equal(story.told("integration").stage, "drifted");
    assert.match(story.told("integration").text, /`Deployment checkout-integration\/checkout`.*1\.6\.9/s);
    const [issue, ...others] = story.driftIssues({ open: true });
    assert.ok(issue);
    assert.deepEqual(others, []);
    assert.match(issue.body ?? "", /kubectl-edit/);
    assert.match(issue.body ?? "", /1\.8\.0.*1\.6\.9/s);
    assert.deepEqual(issue.labels.map(({ name }) => name).sort(), ["stagecoach", "stagecoach/drift"]);
    assert.equal(story.declares("staging"), "1.7.0");
    assert.match((await story.waits("staging")).join(), /integration was changed by hand/);

    await story.wait(40 * 60_000);
    assert.equal(story.driftIssues().length, 1);
    assert.deepEqual(
      story.told("integration").stages,
      ["merged", "synced", "drifted", "drifted"],
      "one more because it became healthy",
    );
    assert.equal(story.declares("staging"), "1.7.0");

    await story.cluster("integration").heals();
    assert.deepEqual(story.driftIssues({ open: true }), []);
    assert.equal(story.told("integration").stage, "healthy");
    assert.equal(story.told("integration").deployment.at(-1), "success");
    assert.equal(story.declares("staging"), "1.8.0");
  },
);

tellLive(
  "a change by hand after health: the comment says so, nothing goes on from there, and then it does",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").takes();
    await story.cluster("staging").takes();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.cluster("staging").handEdits(IMAGE, "elsewhere/checkout:1");
    assert.deepEqual(story.told("staging").stages.slice(-2), ["healthy", "drifted"]);
    assert.deepEqual(story.told("staging").deployment.at(-1), "success", "it was deployed all the same");
    assert.match(story.check("live") ?? "", /^in progress/);
    await story.cluster("staging").heals();
    assert.match(story.check("live") ?? "", /^success/);
    assert.equal(story.told("staging").stage, "healthy");
    await story.cluster("staging").handEdits(IMAGE, "elsewhere/checkout:2");
    assert.equal(story.driftIssues().length, 2, "another change is another issue");
    await story.cluster("staging").heals();
  },
);

tellLive(
  "on-drift: hold keeps new versions out as well",
  async (story) => {
    await story.settle();
    await story.cluster("integration").handEdits(IMAGE, "elsewhere/checkout:1");
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("integration"), "1.7.0");
    assert.match((await story.waits("integration")).join(), /changed by hand/);
    await story.cluster("integration").heals();
    await story.wait(5 * 60_000);
    assert.equal(story.declares("integration"), "1.8.0");
    await story.cluster("integration").takes();
  },
  {
    pipeline: checkoutFile([
      environment("integration", `merge: auto, on-drift: hold, ${livesIn("integration", "dev")}`),
    ]),
    sources: { dev: { environments: ["integration"] } },
  },
);

tellLive("what Argo CD's rules leave alone is no drift", async (story) => {
  await story.settle();
  const { application } = story.cluster("integration");
  application.ignores("Deployment/checkout", IMAGE).looks();
  await story.cluster("integration").handEdits(IMAGE, "elsewhere/checkout:1");
  assert.deepEqual(story.driftIssues(), []);
});

tellLiveInAllConditions("with the label stagecoach/ignore a change by hand holds nothing up", async (story) => {
  await changeByHand(story);
  const [issue] = story.driftIssues({ open: true });
  assert.ok(issue);
  // A person has taken it upon themselves, so it counts as healthy.
  story.health.follows({});
  await label(story, "stagecoach/ignore");
  assert.equal(story.declares("staging"), "1.8.0");
  assert.equal(story.driftIssues({ open: true }).length, 1);
  await story.cluster("integration").heals();
  assert.deepEqual(story.driftIssues({ open: true }), []);
});

tellLive(
  "the label stagecoach/sync asks Argo CD to sync, where the operator allows that",
  async (story) => {
    await changeByHand(story);
    await label(story, "stagecoach/sync");
    const asked = story
      .source("dev")
      .argocd.requests()
      .filter(({ method }) => method === "POST");
    assert.deepEqual(
      asked.map(({ path }) => path),
      ["/api/v1/applications/checkout-integration/sync"],
    );
    assert.deepEqual((asked[0]?.body as { prune?: boolean } | undefined)?.prune, false);
    await story.cluster("integration").recovers();
    assert.deepEqual(story.driftIssues({ open: true }), []);
    assert.equal(story.told("integration").stage, "healthy");
  },
  { sources: { dev: { environments: ["integration", "staging", "live"], mayAskToSync: true } } },
);

tellLive("the label stagecoach/sync asks for nothing where the operator does not allow it", async (story) => {
  await changeByHand(story);
  await label(story, "stagecoach/sync");
  await story.wait(30 * 60_000);
  assert.deepEqual(
    story
      .source("dev")
      .argocd.requests()
      .filter(({ method }) => method === "POST"),
    [],
  );
  assert.equal(story.driftIssues({ open: true }).length, 1);
});

tellLiveInAllConditions("the label stagecoach/adopt proposes what runs as a draft, once", async (story) => {
  await changeByHand(story);
  await label(story, "stagecoach/adopt");
  await story.settle();
  const drafts = story.github
    .pullRequests({ repository: "acme/platform-config", state: "open" })
    .filter(({ headRef }) => headRef.startsWith("stagecoach-adopt/"));
  assert.deepEqual(
    drafts.map(({ draft, title, baseRef }) => ({ draft, title, baseRef })),
    [{ draft: true, title: "Adopt 1.6.9 in integration", baseRef: "main" }],
  );
  assert.equal(story.declares("integration", { branch: drafts[0]?.headRef ?? "" }), "1.6.9");
  assert.equal(story.declares("integration"), "1.8.0", "nothing is merged by itself");
  assert.deepEqual(
    story
      .driftIssues({ open: true })
      .flatMap(({ labels }) => labels.map(({ name }) => name))
      .sort(),
    ["stagecoach", "stagecoach/drift"],
  );
  await story.cluster("integration").heals();
});

async function label(story: LiveStory, name: string): Promise<void> {
  const [issue] = story.driftIssues({ open: true });
  assert.ok(issue);
  const labels = [...issue.labels.map((each) => each.name), name];
  story.github.setLabels({ repository: "acme/platform-config", number: issue.number, by: "maria", labels });
  await story.settle();
}
