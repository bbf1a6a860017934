// What people said on pull requests and issues, read back for commands: who, what, whether it was changed or hidden, how
// far we are with it, and what we have answered already.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Comment, CommentsRead } from "../../src/domain/conversation.ts";
import { readActor } from "../../src/forge/read-actor.ts";
import { answerMark } from "../../src/report/write-marks.ts";
import type { ReactionContent } from "../github/model/repository.ts";
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

async function read(number: number): Promise<CommentsRead> {
  const seen = (await world.forge.readComments(world.at, [number])).get(number);
  assert.ok(seen?.kind === "known", JSON.stringify(seen));
  return seen.value;
}

async function only(number: number): Promise<Comment> {
  const [comment, ...more] = (await read(number)).comments;
  assert.ok(comment && more.length === 0);
  return comment;
}

function say(number: number, body: string, by = "ann") {
  return world.github.comment({ repository: REPOSITORY, number, by, body });
}

describe("a comment", () => {
  it("is read with its author's numeric id, on pull requests and on issues", async () => {
    const { number } = await openPromotion(world);
    const issue = world.github.openIssue({ repository: REPOSITORY, by: "ann", title: "Hello" });
    for (const conversation of [number, issue.number]) {
      const said = say(conversation, "/promote");
      const found = await read(conversation);
      assert.equal(found.node, world.github.issue({ repository: REPOSITORY, number: conversation }).nodeId);
      assert.deepEqual(found.answered, []);
      assert.deepEqual(found.comments, [
        {
          id: said.id,
          node: said.nodeId,
          by: { id: said.author.id, login: "ann", kind: "person" },
          at: Date.parse(said.createdAt),
          text: "/promote",
          edited: false,
          hidden: false,
        },
      ]);
    }
    assert.deepEqual(world.github.deviations(), []);
  });

  it("T7: that was changed says so, whoever changed it", async () => {
    const { number } = await openPromotion(world);
    const comment = say(number, "Hello");
    world.github.editComment({ comment, by: "leo", body: "/promote" });
    assert.deepEqual([(await only(number)).edited, (await only(number)).text], [true, "/promote"]);
  });

  it("T7: that was deleted is not there", async () => {
    const { number } = await openPromotion(world);
    world.github.deleteComment({ comment: say(number, "/promote"), by: "ann" });
    assert.deepEqual((await read(number)).comments, []);
  });

  it("that somebody hid says so", async () => {
    const { number } = await openPromotion(world);
    world.github.hideComment({ comment: say(number, "/promote") });
    assert.equal((await only(number)).hidden, true);
  });

  it("T28: of a bot is of a bot, ours as well", async () => {
    const { number } = await openPromotion(world);
    await world.forge.writeComment(world.at, { number, body: "/promote" });
    assert.equal((await only(number)).by.kind, "bot");
  });

  it("keeps its id when ids have outgrown GraphQL's numbers", async () => {
    world.github.model.lastId = 3_000_000_000;
    const { number } = await openPromotion(world);
    const { id } = say(number, "/promote");
    assert.ok(id > 2 ** 31);
    assert.equal((await only(number)).id, id);
  });

  const lines = `${"x".repeat(99)}\n`.repeat(200);
  const texts: readonly (readonly [name: string, body: string, length: number])[] = [
    ["of 20,000 characters ends after the last whole line of 16 KiB", lines, 16_299],
    ["of one line beyond that is empty", "/".repeat(20_000), 0],
    ["of 16 KiB is whole", "x".repeat(16_384), 16_384],
    ["is cut by bytes, not by characters", `${"ü".repeat(4_000)}\n`.repeat(3), 8_001],
  ];
  for (const [name, body, length] of texts) {
    it(`T27: ${name}`, async () => {
      const { number } = await openPromotion(world);
      say(number, body);
      const { text } = await only(number);
      assert.ok(body.startsWith(text));
      assert.equal(text.length, length);
    });
  }
});

describe("our reaction", () => {
  const rows: readonly (readonly [given: readonly ReactionContent[], reaction: Comment["reaction"]])[] = [
    [[], undefined],
    [["eyes"], "seen"],
    [["rocket"], "done"],
    [["+1"], "noted"],
    [["-1"], "refused"],
    [["confused"], "confused"],
    [["eyes", "-1"], "refused"],
    [["heart", "laugh", "hooray"], undefined],
  ];
  for (const [given, reaction] of rows) {
    it(`${given.join(" and ") || "nothing"} is ${reaction ?? "none"}`, async () => {
      const { number } = await openPromotion(world);
      const comment = say(number, "/promote");
      for (const content of given) world.github.react({ comment, by: "stagecoach[bot]", content });
      assert.equal((await only(number)).reaction, reaction);
    });
  }

  it("T15: is ours alone, whatever others give", async () => {
    const { number } = await openPromotion(world);
    const comment = say(number, "/promote");
    for (const by of ["eve", "stagecoach"]) world.github.react({ comment, by, content: "rocket" });
    assert.equal((await only(number)).reaction, undefined);
  });
});

describe("what is answered", () => {
  it("is what a mark of ours names", async () => {
    const { number } = await openPromotion(world);
    const { id } = say(number, "/promote");
    await world.forge.writeComment(world.at, { number, body: `Done.\n\n${answerMark(id)}` });
    assert.deepEqual((await read(number)).answered, [id]);
  });

  it("T15: is nothing that a stranger's mark names", async () => {
    const { number } = await openPromotion(world);
    const { id } = say(number, "/promote");
    for (const by of ["eve", "stagecoach", "stagecoach-bot[bot]"]) say(number, `Done.\n\n${answerMark(id)}`, by);
    assert.deepEqual((await read(number)).answered, []);
  });
});

describe("an author", () => {
  const rows = [
    ["a deleted account", null, { id: 0, login: "ghost", kind: "bot" }],
    ["a person", { __typename: "User", login: "ann", databaseId: 7 }, { id: 7, login: "ann", kind: "person" }],
    ["a person without an id", { __typename: "User", login: "ann" }, { id: 0, login: "ann", kind: "bot" }],
    ["a bot", { __typename: "Bot", login: "renovate", databaseId: 8 }, { id: 8, login: "renovate", kind: "bot" }],
    ["an imported account", { __typename: "Mannequin", login: "ann" }, { id: 0, login: "ann", kind: "bot" }],
    ["an organisation", { __typename: "Organization", login: "acme" }, { id: 0, login: "acme", kind: "bot" }],
  ] as const;
  for (const [name, node, actor] of rows) {
    it(`T6: ${name} is a ${actor.kind}`, () => assert.deepEqual(readActor(node), actor));
  }
});

describe("many conversations", () => {
  it("are one request for 25, and none for none", async () => {
    const { number } = await openPromotion(world);
    const numbers = Array.from({ length: 26 }, (_, n) => number + n);
    const { value, requests } = await world.count(() => world.forge.readComments(world.at, numbers));
    assert.deepEqual(requests, ["POST Comments", "POST Comments"]);
    assert.equal(value.size, 26);
    const none = await world.count(() => world.forge.readComments(world.at, []));
    assert.deepEqual([none.value.size, none.requests], [0, []]);
  });

  it("have the last 50 comments each", async () => {
    const { number } = await openPromotion(world);
    for (let index = 0; index < 60; index += 1) say(number, `number ${index}`);
    const { comments } = await read(number);
    assert.deepEqual([comments.length, comments.at(0)?.text, comments.at(-1)?.text], [50, "number 10", "number 59"]);
  });

  it("are known one by one: what GitHub cannot say of one leaves the others", async () => {
    const { number } = await openPromotion(world);
    say(number, "/promote");
    const all = await world.forge.readComments(world.at, [number, 4_711, 2 ** 40, -1]);
    const seen = [...all.values()].map((one) => (one.kind === "unknown" ? one.why : "known"));
    assert.equal(seen[0], "known");
    assert.match(seen[1] ?? "", /^GitHub said "Could not resolve to an issue or pull request/);
    assert.match(seen[2] ?? "", /no number that GitHub could know/);
    assert.match(seen[3] ?? "", /no number that GitHub could know/);
  });

  for (const field of ["PullRequest.comments", "IssueComment.body", "IssueComment.reactionGroups"]) {
    it(`are unknown where ${field} fails`, async () => {
      const { number } = await openPromotion(world);
      say(number, "/promote");
      world.github.break({ on: "POST /graphql", fault: { kind: "broken-field", field } });
      assert.equal((await world.forge.readComments(world.at, [number])).get(number)?.kind, "unknown");
    });
  }

  it("are unknown where the answer never came", async () => {
    const { number } = await openPromotion(world);
    world.github.break({ on: "POST /graphql", fault: { kind: "error-before", status: 502 } });
    const seen = (await world.forge.readComments(world.at, [number])).get(number);
    assert.match(seen?.kind === "unknown" ? seen.why : "", /^could not read comments .*502/);
  });
});
