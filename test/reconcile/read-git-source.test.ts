// What a Git repository that is promoted costs to look at: its newest tags, unless their number says that more has changed.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { ImageState } from "../../src/domain/image-state.ts";
import { forgetMoving, readGitSource } from "../../src/reconcile/read-git-source.ts";
import { type ForgeOnGithub, startForge } from "../forge/start-forge.ts";

const NAME = "git:github.com/acme/manifests";
const MANIFESTS = "acme/manifests";
const UNREAD: ImageState = { tags: [], readAt: 0, digests: {}, created: {}, firstSeen: {} };

let world: ForgeOnGithub;
let clock = Date.UTC(2026, 10, 20, 9);
const now = () => {
  clock += 1_000;
  return clock;
};
before(async () => {
  world = await startForge({ now: () => new Date(now()) });
  world.github.createRepository({ owner: "acme", name: "manifests" });
  for (let n = 0; n < 150; n += 1) release(`v1.${n}.0`);
});
after(() => world.close());

function release(tag: string): string {
  const files = { "a.yaml": `version: ${tag}\n` };
  const oid = world.github.commitFiles({ repository: MANIFESTS, author: "ann", message: tag, files });
  world.github.pushTag({ repository: MANIFESTS, tag });
  return oid;
}

async function look(state: ImageState) {
  const asked = [{ kind: "tags", image: NAME }] as const;
  const { forge, at } = world;
  const { value, requests } = await world.count(() => readGitSource(state, { asked, at, shell: { forge, now } }));
  assert.ok(value.kind === "known", JSON.stringify(value));
  return { state: value.value, requests: requests.length };
}

it("reads every tag once, then the newest, then every tag again when one is gone or an hour has passed", async () => {
  const first = await look(UNREAD);
  assert.deepEqual([first.state.tags.length, first.requests], [150, 2]);

  const oid = release("v2.0.0");
  const second = await look(forgetMoving(first.state));
  assert.deepEqual([second.state.tags.length, second.requests], [151, 1]);
  assert.deepEqual(second.state.digests["v2.0.0"], { kind: "known", value: `commit:${oid}` });
  const before = first.state.digests["v1.0.0"];
  assert.equal(
    second.state.digests["v1.0.0"],
    undefined,
    "an old tag may have moved and is asked for before it counts",
  );
  assert.equal(second.state.earlier?.["v1.0.0"], before?.kind === "known" && before.value);

  world.github.deleteTag({ repository: MANIFESTS, tag: "v1.0.0" });
  const third = await look(forgetMoving(second.state));
  assert.deepEqual([third.state.tags.length, third.requests], [150, 3]);
  assert.ok(!third.state.tags.includes("v1.0.0"));
  assert.equal(third.state.digests["v1.0.0"], undefined);

  clock += 61 * 60_000;
  const fourth = await look(forgetMoving(third.state));
  assert.equal(fourth.requests, 2);
});

it("forgets where a branch was, whatever else it keeps", async () => {
  const { forge, at } = world;
  const asked = [{ kind: "digest", image: NAME, tag: "heads/main" }] as const;
  const read = await readGitSource(UNREAD, { asked, at, shell: { forge, now } });
  assert.ok(read.kind === "known");
  assert.equal(read.value.digests["heads/main"]?.kind, "known");
  assert.deepEqual(forgetMoving(read.value).digests, {});
});
