// Which files a pull request touches, and who approves of it in which words.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { ChangedFiles } from "../../src/domain/removal.ts";
import { known } from "../../src/domain/seen.ts";
import { type ForgeOnGithub, openPromotion, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

type Files = Readonly<Record<string, string | null>>;

function propose(files: Files): { readonly number: number; readonly head: string } {
  const repository = REPOSITORY;
  const head = world.github.commitFiles({ repository, branch: "topic", files, author: "ann", message: "Change" });
  const { number } = world.github.openPullRequest({ repository, by: "ann", head: "topic", title: "Change" });
  return { number, head };
}

async function changed(number: number): Promise<ChangedFiles> {
  const seen = await world.forge.readChangedFiles(world.at, number);
  assert.ok(seen.kind === "known", JSON.stringify(seen));
  return seen.value;
}

function treeOf(ref: string): string | undefined {
  return world.github.log({ repository: REPOSITORY, ref })[0]?.tree;
}

function many(count: number): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`f/${String(n).padStart(4, "0")}`, `${n}\n`]));
}

const page = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";

describe("the files of a pull request", () => {
  it("are told with the trees between which they change, in two requests", async () => {
    const base = treeOf("main");
    const { number, head } = propose({ "staging/app.yaml": null, "live/new.yaml": "new\n" });
    const repository = REPOSITORY;
    world.github.commitFiles({ repository, branch: "main", files: { other: "x" }, author: "bob", message: "Other" });
    const { value, requests } = await world.count(() => changed(number));
    assert.deepEqual(value, {
      head,
      mergeBaseTree: base,
      headTree: treeOf(head),
      paths: ["live/new.yaml", "staging/app.yaml"],
    });
    assert.deepEqual(requests, ["POST ChangedFiles", "GET /repos/{owner}/{repo}/compare/{basehead}"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("that were moved have both their names", async () => {
    const text = "a line\n".repeat(20);
    world.github.commitFiles({
      repository: REPOSITORY,
      branch: "main",
      files: { "old.yaml": text },
      author: "ann",
      message: "Old",
    });
    const { number } = propose({ "old.yaml": null, "new.yaml": text });
    assert.deepEqual([...(await changed(number)).paths].sort(), ["new.yaml", "old.yaml"]);
  });

  it("of a fork are read as well", async () => {
    const fork = world.github.forkRepository({ repository: REPOSITORY, owner: "eve" });
    const name = `${fork.owner.login}/${fork.name}`;
    world.github.commitFiles({ repository: name, branch: "topic", files: { x: "1" }, author: "eve", message: "X" });
    const { number } = world.github.openPullRequest({
      repository: REPOSITORY,
      by: "eve",
      head: "eve:topic",
      title: "X",
    });
    assert.deepEqual((await changed(number)).paths, ["x"]);
  });

  it("are listed page by page where a comparison does not have them all", async () => {
    const { number } = propose(many(350));
    const { value, requests } = await world.count(() => changed(number));
    assert.equal(value.paths.length, 350);
    assert.deepEqual(requests.slice(2), [`${page}`, `${page}`, `${page}`, `${page}`]);
  });

  it("of 3,000 and more are unknown, and cost one request", async () => {
    const { number } = propose(many(3_000));
    const { value, requests } = await world.count(() => world.forge.readChangedFiles(world.at, number));
    const why = "it changes 3000 files, and GitHub lists no more than 3000";
    assert.deepEqual(value, { kind: "unknown", why });
    assert.equal(requests.length, 1);
  });

  it("that change while they are read are unknown", async () => {
    const { number } = propose(many(310));
    const push = () =>
      world.github.commitFiles({
        repository: REPOSITORY,
        branch: "topic",
        files: { more: "x" },
        author: "ann",
        message: "More",
      });
    world.github.break({ on: page, times: 1, fault: { kind: "meanwhile", happens: push } });
    const seen = await world.forge.readChangedFiles(world.at, number);
    assert.deepEqual(seen, { kind: "unknown", why: "its files changed while they were read" });
  });

  it("that GitHub cannot tell are unknown, with the reason", async () => {
    const { number } = propose({ x: "1" });
    const nobody = await world.forge.readChangedFiles(world.at, 99);
    assert.match(nobody.kind === "unknown" ? nobody.why : "", /Could not resolve to a PullRequest/);
    const on = "GET /repos/{owner}/{repo}/compare/{basehead}";
    world.github.break({ on, times: 1, fault: { kind: "error-before", status: 503 } });
    const broken = await world.forge.readChangedFiles(world.at, number);
    assert.match(broken.kind === "unknown" ? broken.why : "", /could not compare .*503/);
  });
});

describe("approvals with their words", () => {
  async function proposed(): Promise<{ readonly number: number; readonly head: string }> {
    const { number, head } = await openPromotion(world);
    for (const user of ["bob", "cem"]) world.github.setRole({ repository: REPOSITORY, user, role: "write" });
    return { number, head };
  }

  it("are those of people who may write, with the head and the text", async () => {
    const { number, head } = await proposed();
    const review = (by: string, body: string) => world.github.review({ repository: REPOSITORY, number, by, body });
    review("bob", "I approve the removal in checkout/staging");
    review("stranger", "Me too");
    const { value, requests } = await world.count(() => world.forge.readReviews(world.at, number));
    assert.deepEqual(value, known([{ by: "bob", head, text: "I approve the removal in checkout/staging" }]));
    assert.deepEqual(requests, ["POST Reviews"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("stand until they are dismissed or taken back, and count as each person's last", async () => {
    const { number, head } = await proposed();
    const story = { repository: REPOSITORY, number };
    const review = world.github.review({ ...story, by: "bob", body: "Yes" });
    world.github.review({ ...story, by: "cem", body: "Yes" });
    world.github.review({ ...story, by: "cem", body: "No", state: "CHANGES_REQUESTED" });
    world.github.dismissReview({ review, by: "ann", message: "Stale" });
    assert.deepEqual(await world.forge.readReviews(world.at, number), known([]));
    world.github.review({ ...story, by: "bob", body: "Once more" });
    assert.deepEqual(await world.forge.readReviews(world.at, number), known([{ by: "bob", head, text: "Once more" }]));
  });

  it("are cut where they are very long", async () => {
    const { number } = await proposed();
    world.github.review({ repository: REPOSITORY, number, by: "bob", body: "x".repeat(60_000) });
    const seen = await world.forge.readReviews(world.at, number);
    assert.equal(seen.kind === "known" && seen.value[0]?.text.length, 10_000);
  });

  it("T7: have no words where somebody else wrote into them", async () => {
    const { number, head } = await proposed();
    const review = world.github.review({ repository: REPOSITORY, number, by: "bob", body: "Looks good" });
    world.github.editReview({ review, by: "cem", body: "approve removal checkout/live" });
    assert.deepEqual(await world.forge.readReviews(world.at, number), known([{ by: "bob", head, text: "" }]));
    world.github.editReview({ review, by: "bob", body: "Looks very good" });
    assert.deepEqual(
      await world.forge.readReviews(world.at, number),
      known([{ by: "bob", head, text: "Looks very good" }]),
    );
  });

  it("that GitHub cannot tell are unknown, never none", async () => {
    const seen = await world.forge.readReviews(world.at, 99);
    assert.match(seen.kind === "unknown" ? seen.why : "", /Could not resolve to a PullRequest/);
  });
});
