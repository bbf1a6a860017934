// Tags and branches of a repository beside the config repository: what they lead to, what that costs, and who may read
// it. GitHub decides that; the worst case is a config repository that names a private repository of somebody else (T23, T25).

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SourceRepository } from "../../src/domain/source-repository.ts";
import type { RepositoryReference } from "../../src/forge/forge.ts";
import type { FaultRequest } from "../github/http/faults.ts";
import { type ForgeOnGithub, startForge } from "./start-forge.ts";

const MANIFESTS = "acme/checkout-manifests";
const SOURCE = { owner: "acme", name: "checkout-manifests" };

let world: ForgeOnGithub;
let first: string;
let second: string;
before(async () => {
  let clock = Date.UTC(2026, 10, 20, 9);
  world = await startForge({
    now: () => {
      clock += 1_000;
      return new Date(clock);
    },
  });
  const { github } = world;
  github.createRepository({ ...SOURCE, private: true });
  first = github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
  github.pushTag({ repository: MANIFESTS, tag: "v1.0.0" });
  second = github.commitFiles({ repository: MANIFESTS, author: "ann", message: "More", files: { "a.yaml": "a: 1\n" } });
  github.pushTag({ repository: MANIFESTS, tag: "v1.1.0", annotated: true });
  github.pushTag({ repository: MANIFESTS, tag: "heads/main", oid: first });
});
after(() => world.close());

function list(source: SourceRepository = SOURCE, at: RepositoryReference = world.at) {
  return world.forge.listRevisions(at, { source, pages: 10 });
}

function dateOf(oid: string): number {
  return Date.parse(world.github.log({ repository: MANIFESTS, ref: oid })[0]?.committer.date ?? "");
}

describe("the tags of a repository", () => {
  it("come with the commits that they lead to, the newest first, in one request", async () => {
    const { value, requests } = await world.count(() => list());
    assert.deepEqual(value, {
      kind: "known",
      value: {
        tags: [
          { name: "v1.1.0", commit: second, committedAt: dateOf(second) },
          { name: "v1.0.0", commit: first, committedAt: dateOf(first) },
        ],
        total: 3,
        isWhole: true,
      },
    });
    assert.deepEqual(requests, ["POST Tags"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("come in pages of a hundred, and no more of them than were asked for", async () => {
    world.github.createRepository({ owner: "acme", name: "many" });
    for (let n = 0; n < 205; n += 1) world.github.pushTag({ repository: "acme/many", tag: `v1.${n}.0` });
    const source = { owner: "acme", name: "many" };
    const { value, requests } = await world.count(() => list(source));
    assert.ok(value.kind === "known");
    assert.deepEqual([value.value.tags.length, value.value.total, value.value.isWhole], [205, 205, true]);
    assert.equal(requests.length, 3);
    const one = await world.forge.listRevisions(world.at, { source, pages: 1 });
    assert.ok(one.kind === "known");
    assert.deepEqual([one.value.tags.length, one.value.total, one.value.isWhole], [100, 205, false]);
  });

  it("and its branches can be asked for one by one, together in one request", async () => {
    const names = ["heads/main", "v1.1.0", "heads/gone", "v9"];
    const { value, requests } = await world.count(() => world.forge.readRevisions(world.at, { source: SOURCE, names }));
    assert.ok(value.kind === "known", JSON.stringify(value));
    assert.deepEqual(
      names.map((name) => value.value.get(name)?.commit),
      [second, second, undefined, undefined],
    );
    assert.deepEqual(requests, ["POST Revisions"]);
  });
});

describe("a repository that a pipeline names", () => {
  const read = async (source: SourceRepository, at?: RepositoryReference) => {
    const seen = await list(source, at);
    return seen.kind === "known" ? "known" : seen.why;
  };

  it("is read by a token for it alone, that may only read", async () => {
    const forge = await world.restart();
    const asked: unknown[] = [];
    const note = ({ body }: FaultRequest) => {
      asked.push(body);
      return false;
    };
    const on = "POST /app/installations/{installation_id}/access_tokens";
    world.github.break({ on, when: note, fault: { kind: "slow", milliseconds: 0 } });
    await forge.listRevisions(world.at, { source: SOURCE, pages: 1 });
    world.github.mend();
    assert.deepEqual(asked.at(-1), {
      repositories: ["checkout-manifests"],
      permissions: { contents: "read", pull_requests: "read", metadata: "read" },
    });
  });

  it("of another account is not read where it is private, though the app is installed there", async () => {
    const { github } = world;
    const config = github.createRepository({ owner: "evil", name: "config" });
    const at = { installation: github.installation("evil").id, repository: config.id, owner: "evil", name: "config" };
    assert.equal(
      await read(SOURCE, at),
      "GitHub does not show it to Stagecoach (\"Could not resolve to a Repository with the name 'acme/checkout-manifests'.\"); " +
        "install the GitHub App on acme/checkout-manifests too, in the same account as this repository, or make it public",
    );
    // A repository of the same name in the asker's own account does not open the other.
    github.createRepository({ owner: "evil", name: "checkout-manifests", private: true });
    assert.match(await read(SOURCE, at), /^GitHub does not show it/);
    assert.equal(await read({ owner: "evil", name: "checkout-manifests" }, at), "known");
  });

  it("of another account is read where it is public", async () => {
    world.github.createRepository({ owner: "other", name: "public" });
    assert.equal(await read({ owner: "other", name: "public" }), "known");
  });

  it("that is not there is unknown, not empty", async () => {
    assert.match(await read({ owner: "acme", name: "nowhere" }), /^GitHub does not show it to Stagecoach/);
  });
});
