// Unkind days: GitHub refuses, forgets or lags, the registry answers by halves. What cannot be done stops nothing else
// and is not tried without end; what is not known is neither said nor acted on.

import assert from "node:assert/strict";
import { unknown } from "../../src/domain/seen.ts";
import { decide } from "../../src/reconcile/decide.ts";
import { runPass } from "../../src/reconcile/run-pass.ts";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, ONLY_LIVE, placeOf, runs } from "./sample-files.ts";
import { tell } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const isWrite = ({ kind }: { readonly kind: string }) => !["read", "graphql-query", "token"].includes(kind);

async function passOf({ app, store }: Story) {
  const [at] = await store().repositories.list();
  assert.ok(at, "Stagecoach knows no repository.");
  return { at, hints: [], inTime: () => true, shell: app().shell };
}

async function observeNow(story: Story) {
  const { at, shell } = await passOf(story);
  return shell.forge.observe(at, { branches: [] });
}

tell(
  "GitHub shows for a moment the ledger of before: nobody is told that it was rewritten",
  async (story) => {
    const { forge } = story.app().shell;
    const observe = forge.observe.bind(forge);
    await story.settle();
    const earlier = await observeNow(story);
    // The parts of GitHub that answer questions about refs may be behind those that move them.
    const shell = {
      ...story.app().shell,
      forge: {
        ...forge,
        observe: async (...asked: Parameters<typeof observe>) => ({
          ...(await observe(...asked)),
          ledger: earlier.ledger,
        }),
      },
    };
    await story.commit(runs("1.6.0", ["live"]));
    const { observed } = await decide({ ...(await passOf(story)), shell });
    assert.match(
      observed.ledger.kind === "unknown" ? observed.ledger.why : "known",
      /does not show yet what Stagecoach wrote/,
    );
    await story.wait(120_000);
    const later = await decide({ ...(await passOf(story)), shell });
    assert.equal(later.observed.ledger.kind === "known" && later.observed.ledger.value.kind, "untrusted");
  },
  { pushed: ["checkout:1.6.0", "checkout:1.7.0"] },
);

tell(
  "GitHub takes the content of one commit never: the others go on, and it is tried only now and then",
  async (story) => {
    const refused = story.fault({
      on: "POST /repos/{owner}/{repo}/git/trees",
      when: ({ body }) => JSON.stringify(body).includes("apps/checkout/a/"),
      fault: { kind: "error-before", status: 422, message: "Secret detected in content" },
    });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["b: 1.8.0"]);
    assert.equal(refused.met(), 1);
    story.github.mend();
    await story.wait(1_200_000);
    assert.deepEqual(story.open(), ["a: 1.8.0", "b: 1.8.0"]);
  },
  {
    pipeline: checkoutFile([environment("a"), environment("b")]),
    files: runs("1.7.0", ["a", "b"]),
  },
);

tell(
  "a merge that was taken back before anybody looked is a rollback",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    const before = story.reads(placeOf("live")) ?? "";
    story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
    await story.commit({ [placeOf("live")]: before }, { message: "Back to 1.7.0" });
    await story.wait(1_200_000);
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /`1.8.0` was rolled back in live/);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

tell(
  "places that disagree on the first day: the ledger begins before the promotion, and the second day is as good",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.wait(1_200_000);
    assert.match(story.check("live") ?? "", /^success/);
    await story.merge("live");
    assert.equal(story.declares("live"), "1.8.0");
  },
  {
    pipeline: ONLY_LIVE,
    files: {
      ...runs("1.7.0", ["live"]),
      "apps/checkout/live/job.yaml": (runs("1.6.0", ["live"])[placeOf("live")] ?? "").replace("Deployment", "Job"),
    },
  },
);

tell(
  "the registry is out of reach when an image comes: it is asked again soon",
  async (story) => {
    await story.settle();
    story.registry.fail({ kind: "status", status: 503 });
    await story.push("1.8.0");
    await story.settle();
    story.registry.fail();
    await story.wait(180_000);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "the registry tells its tags and not what they are: the news is kept until it does",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.github.webhooks.settled();
    const { at, shell } = await passOf(story);
    const registry = { ...shell.registry, resolveTag: async () => unknown("the registry answered 503") };
    const pass = { at, signal: new AbortController().signal };
    await runPass({ ...pass, shell: { ...shell, registry } });
    const [hint, ...others] = await shell.store.hints.of(at.repository);
    assert.deepEqual([hint?.subject.kind, others], ["image", []]);
    // Also without the hint: what could not be read was not taken for an answer.
    await shell.store.hints.remove([hint?.id ?? ""]);
    await runPass({ ...pass, shell });
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "the world has moved on: the rest of what was decided is not done before it is looked at again",
  async (story) => {
    await story.settle();
    story.fault({
      on: "POST /graphql",
      when: ({ body }) => JSON.stringify(body).includes("MoveRefs"),
      times: 1,
      fault: {
        kind: "meanwhile",
        happens: () => {
          const where = { repository: CONFIG, branch: "stagecoach/checkout/a", author: "leo", message: "Mine" };
          story.github.commitFiles({ ...where, files: { "mine.md": "Mine\n" } });
        },
      },
    });
    story.github.forgetRequests();
    await story.push("1.8.0");
    await story.settle();
    const [moved, ...later] = story.github
      .requests()
      .filter(({ kind }) => kind !== "token")
      .slice(-1000);
    assert.ok(moved);
    const kinds = [moved, ...later].map(({ kind }) => kind);
    const first = kinds.indexOf("graphql-mutation");
    const next = kinds.slice(first + 1).findIndex((kind) => kind !== "read" && kind !== "graphql-query");
    const between = kinds.slice(first + 1, first + 1 + next);
    assert.ok(between.filter((kind) => kind === "graphql-query").length >= 2, "it did not look again");
    assert.deepEqual(story.open(), ["b: 1.8.0"]);
  },
  {
    pipeline: checkoutFile([environment("a"), environment("b")]),
    files: runs("1.7.0", ["a", "b"]),
  },
);

tell(
  "an environment whose name is longer than a label merges like any other",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("a".repeat(60)), "1.8.0");
  },
  {
    pipeline: checkoutFile([environment("a".repeat(60), "merge: auto")]),
    files: runs("1.7.0", ["a".repeat(60)]),
  },
);

tell(
  "an approved promotion outlives any number of releases before it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.approve("staging", { by: "leo" });
    for (let minor = 9; minor < 33; minor += 1) {
      await story.push(`1.${minor}.0`);
      await story.settle();
    }
    assert.deepEqual(story.open(), ["staging: 1.8.0"]);
    assert.match(story.check("staging") ?? "", /^success/);
    story.github.forgetRequests();
    await story.merge("staging");
    assert.ok(story.github.requests().some(isWrite));
    assert.deepEqual(story.open(), ["staging: 1.32.0"]);
  },
  {
    pipeline: checkoutFile([INTEGRATION, environment("staging", "after: [integration]")]),
    files: runs("1.7.0", ["integration", "staging"]),
  },
);
