// Hints, cache, repositories and budgets: what goes in comes out, and hostile text harms nobody.

import assert from "node:assert/strict";
import type { Hint } from "../../src/domain/hint.ts";
import { type Backend, withStore } from "./with-store.ts";

const push: Hint = { repository: 7, subject: { kind: "push", ref: "refs/heads/main" } };
const comment: Hint = { repository: 7, subject: { kind: "comment", number: 3, comment: 11 } };
const elsewhere: Hint = { repository: 8, subject: { kind: "live", source: "dev" } };
const hostile = "v1\0\ud800\u202e'); drop table hints; --";

export function describeTables(backend: Backend): void {
  describeHints(backend);
  describeCache(backend);
  describeDirectory(backend);
  describeBudgets(backend);
}

function describeHints(backend: Backend): void {
  withStore(backend, "gives the hints of a repository in the order in which they came", async ({ hints }) => {
    assert.equal(await hints.add({ delivery: "one", hints: [push, elsewhere] }), "stored");
    assert.equal(await hints.add({ delivery: "two", hints: [comment] }), "stored");
    const subjects = (await hints.of(7)).map((hint) => hint.subject);
    assert.deepEqual(subjects, [push.subject, comment.subject]);
    assert.deepEqual(await hints.of(9), []);
  });

  withStore(backend, "removes exactly the hints that it is told to remove", async ({ hints }) => {
    await hints.add({ delivery: "one", hints: [push, comment] });
    const [first] = await hints.of(7);
    await hints.remove([first?.id ?? ""]);
    assert.deepEqual(
      (await hints.of(7)).map((hint) => hint.subject),
      [comment.subject],
    );
    await hints.remove([]);
  });

  withStore(backend, "T3: stores a delivery once, however often and however concurrently it comes", async (store) => {
    const add = () => store.hints.add({ delivery: "a-guid", hints: [push] });
    const outcomes = await Promise.all(Array.from({ length: 8 }, add));
    assert.deepEqual(outcomes.sort(), [...Array.from({ length: 7 }, () => "duplicate"), "stored"]);
    const [only] = await store.hints.of(7);
    await store.hints.remove([only?.id ?? ""]);
    assert.equal(await add(), "duplicate");
    assert.deepEqual(await store.hints.of(7), []);
  });

  withStore(
    backend,
    "keeps one row for the same hint, which a pass that read the older one cannot remove",
    async (store) => {
      await store.hints.add({ delivery: "one", hints: [push, push] });
      const read = await store.hints.of(7);
      assert.equal(read.length, 1);
      await store.hints.add({ delivery: "two", hints: [push] });
      await store.hints.remove(read.map((hint) => hint.id));
      const left = await store.hints.of(7);
      assert.equal(left.length, 1);
      assert.notEqual(left[0]?.id, read[0]?.id);
    },
  );

  withStore(backend, "gives back text that no database column can hold", async ({ hints }) => {
    const odd: Hint = { repository: 7, subject: { kind: "image", image: hostile, tag: hostile } };
    await hints.add({ delivery: "one", hints: [odd] });
    assert.deepEqual((await hints.of(7))[0]?.subject, odd.subject);
  });
}

function describeCache(backend: Backend): void {
  withStore(backend, "reads what was written, by kind", async ({ cache }) => {
    await cache.write("blob", new Map([["a", "text of a"]]));
    await cache.write(
      "blob",
      new Map([
        ["a", "newer text of a"],
        ["b", ""],
      ]),
    );
    await cache.write("tree", new Map([["a", "a tree"]]));
    assert.deepEqual(
      await cache.read("blob", ["b", "a", "c"]),
      new Map([
        ["a", "newer text of a"],
        ["b", ""],
      ]),
    );
    assert.deepEqual(await cache.read("blob", []), new Map());
  });

  withStore(
    backend,
    "does not keep what no database can hold, and says that it has no such thing",
    async ({ cache }) => {
      await cache.write(
        "blob",
        new Map([
          ["a", hostile],
          [hostile, "b"],
          ["c", "kept"],
        ]),
      );
      assert.deepEqual(await cache.read("blob", ["a", hostile, "c"]), new Map([["c", "kept"]]));
    },
  );

  withStore(backend, "sweeps only what was neither written nor read for so long", async ({ cache }) => {
    await cache.write("blob", new Map([["a", "kept"]]));
    await cache.sweep({ milliseconds: 0 });
    assert.equal((await cache.read("blob", ["a"])).size, 1);
    await cache.sweep({ milliseconds: -3 * 60 * 60 * 1000 });
    assert.equal((await cache.read("blob", ["a"])).size, 0);
  });
}

function describeDirectory(backend: Backend): void {
  const config = { installation: 1, repository: 7, owner: "acme", name: "config" };
  const platform = { installation: 2, repository: 8, owner: "acme", name: "platform" };

  withStore(backend, "follows a repository through renaming and transfer by its id", async ({ repositories }) => {
    await repositories.save(config);
    await repositories.save(platform);
    await repositories.save({ ...config, owner: "globex", name: "deploy", installation: 3 });
    assert.deepEqual(await repositories.find(7), { ...config, owner: "globex", name: "deploy", installation: 3 });
    assert.deepEqual(
      (await repositories.list()).map((each) => each.repository),
      [7, 8],
    );
    assert.equal(await repositories.find(9), undefined);
  });

  withStore(backend, "finds the repositories that track an image", async ({ repositories }) => {
    await repositories.save(config);
    await repositories.save(platform);
    await repositories.saveImages(7, ["ghcr.io/acme/a", "ghcr.io/acme/b", "ghcr.io/acme/b"]);
    await repositories.saveImages(8, ["ghcr.io/acme/b"]);
    assert.deepEqual(await repositories.trackers("ghcr.io/acme/b"), [config, platform]);
    await repositories.saveImages(7, ["ghcr.io/acme/a"]);
    assert.deepEqual(await repositories.trackers("ghcr.io/acme/b"), [platform]);
    await repositories.remove(7);
    assert.deepEqual(await repositories.trackers("ghcr.io/acme/a"), []);
    assert.deepEqual(await repositories.trackers(hostile), []);
  });

  withStore(backend, "finds the repositories that follow a live source", async ({ repositories }) => {
    await repositories.save(config);
    await repositories.save(platform);
    await repositories.saveSources(7, ["dev", "prod-eu", "prod-eu", hostile]);
    await repositories.saveSources(8, ["prod-eu"]);
    await repositories.saveImages(8, ["dev"]);
    assert.deepEqual(await repositories.followers("prod-eu"), [config, platform]);
    assert.deepEqual(await repositories.followers("dev"), [config]);
    assert.deepEqual(await repositories.followedSources(), ["dev", "prod-eu"]);
    await repositories.saveSources(7, ["dev"]);
    assert.deepEqual(await repositories.followers("prod-eu"), [platform]);
    await repositories.remove(7);
    assert.deepEqual(await repositories.followers("dev"), []);
    assert.deepEqual(await repositories.followedSources(), ["prod-eu"]);
    assert.deepEqual(await repositories.followers(hostile), []);
  });
}

function describeBudgets(backend: Backend): void {
  withStore(backend, "keeps the longer of two requests for patience", async ({ budgets }) => {
    const later = new Date(Date.now() + 7_200_000);
    await budgets.defer(1, later);
    await budgets.defer(1, new Date(later.getTime() - 3_600_000));
    assert.deepEqual(await budgets.deferredUntil(1), later);
    await budgets.defer(2, new Date(Date.now() - 1));
    assert.equal(await budgets.deferredUntil(2), undefined);
    assert.equal(await budgets.deferredUntil(3), undefined);
  });

  withStore(backend, "answers while it is open", (store) => store.ping());
}
