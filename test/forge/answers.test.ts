// Answering comments: 👀 on many in one request, then one answer with the reaction that says how it ended; what becomes
// of it when the comment is gone, when GitHub refuses, and when its reply is lost.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { CommentsRead } from "../../src/domain/conversation.ts";
import { answerMark } from "../../src/report/write-marks.ts";
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

interface Asked {
  readonly number: number;
  readonly id: number;
  readonly comment: string;
  readonly conversation: string;
}

async function ask(): Promise<Asked> {
  const { number } = await openPromotion(world);
  const said = world.github.comment({ repository: REPOSITORY, number, by: "ann", body: "/promote" });
  return { number, id: said.id, comment: said.nodeId, conversation: said.conversation.nodeId };
}

async function read(number: number): Promise<CommentsRead> {
  const seen = (await world.forge.readComments(world.at, [number])).get(number);
  assert.ok(seen?.kind === "known", JSON.stringify(seen));
  return seen.value;
}

function answer({ conversation, comment, id }: Asked, body = `Done.\n\n${answerMark(id)}`) {
  return world.forge.answerComment(world.at, { conversation, comment, body, reaction: "done" });
}

describe("that comments were seen", () => {
  it("is said of many in one request, and a second time changes nothing", async () => {
    const first = await ask();
    const nodes = [first.comment];
    for (let index = 0; index < 9; index += 1) {
      const more = world.github.comment({ repository: REPOSITORY, number: first.number, by: "leo", body: "/why" });
      nodes.push(more.nodeId);
    }
    const { value, requests } = await world.count(() => world.forge.acknowledge(world.at, { nodes }));
    assert.deepEqual([value.kind, requests], ["done", ["POST Acknowledge"]]);
    assert.equal((await world.forge.acknowledge(world.at, { nodes })).kind, "done");
    assert.ok((await read(first.number)).comments.every(({ reaction }) => reaction === "seen"));
    assert.deepEqual(world.github.reactions({ comment: first.id }), ["stagecoach[bot]: eyes"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("T7: is said of the others when one of them is gone, and has moved on when all are", async () => {
    const first = await ask();
    const gone = world.github.comment({ repository: REPOSITORY, number: first.number, by: "leo", body: "/why" });
    world.github.deleteComment({ comment: gone, by: "leo" });
    const outcome = await world.forge.acknowledge(world.at, { nodes: [gone.nodeId, first.comment] });
    assert.equal(outcome.kind, "done");
    assert.equal((await read(first.number)).comments[0]?.reaction, "seen");
    assert.equal((await world.forge.acknowledge(world.at, { nodes: [gone.nodeId] })).kind, "moved-on");
  });

  it("of nothing costs nothing", async () => {
    const { value, requests } = await world.count(() => world.forge.acknowledge(world.at, { nodes: [] }));
    assert.deepEqual([value.kind, requests], ["already-so", []]);
  });
});

describe("an answer", () => {
  it("is one request: the comment, the reaction, and 👀 taken back", async () => {
    const asked = await ask();
    await world.forge.acknowledge(world.at, { nodes: [asked.comment] });
    const { value, requests } = await world.count(() => answer(asked));
    assert.deepEqual(requests, ["POST Answer"]);
    const { answered, comments } = await read(asked.number);
    assert.deepEqual(answered, [asked.id]);
    assert.deepEqual(value, { kind: "done", value: { id: comments.at(-1)?.id } });
    assert.deepEqual(world.github.reactions({ comment: asked.id }), ["stagecoach[bot]: rocket"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("stands although nobody had said that it was seen", async () => {
    const asked = await ask();
    assert.equal((await answer(asked)).kind, "done");
    assert.equal((await read(asked.number)).comments[0]?.reaction, "done");
  });

  it("leaves other people's reactions alone", async () => {
    const asked = await ask();
    const [comment] = world.github.comments({ repository: REPOSITORY, number: asked.number });
    assert.ok(comment);
    world.github.react({ comment, by: "eve", content: "eyes" });
    await answer(asked);
    assert.deepEqual(world.github.reactions({ comment: asked.id }), ["eve: eyes", "stagecoach[bot]: rocket"]);
  });

  it("T7: is given although the comment is gone", async () => {
    const asked = await ask();
    const [comment] = world.github.comments({ repository: REPOSITORY, number: asked.number });
    assert.ok(comment);
    world.github.deleteComment({ comment, by: "ann" });
    assert.equal((await answer(asked)).kind, "done");
    assert.deepEqual((await read(asked.number)).answered, [asked.id]);
  });

  it("has moved on where there is no such conversation, and is refused when it is too long", async () => {
    const asked = await ask();
    assert.equal((await answer({ ...asked, conversation: "I_nowhere" })).kind, "moved-on");
    const outcome = await answer(asked, "x".repeat(65_537));
    assert.match(outcome.kind === "refused" ? outcome.why : "", /too long/);
  });

  it("that was lost is not sent again: the next look finds it by its mark", async () => {
    const asked = await ask();
    world.github.break({ on: "POST /graphql", times: 1, fault: { kind: "reply-lost" } });
    await assert.rejects(answer(asked), /Could not answer a comment/);
    assert.deepEqual((await read(asked.number)).answered, [asked.id]);
    assert.equal(world.github.comments({ repository: REPOSITORY, number: asked.number }).length, 2);
  });
});
