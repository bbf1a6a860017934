import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
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

async function treeOfMain(): Promise<string> {
  const { branches } = await world.forge.observe(world.at, { branches: [] });
  return branches.main?.kind === "known" ? (branches.main.value?.tree ?? "") : "";
}

describe("the files of a tree", () => {
  const files = {
    "a/b/c.yaml": "deep\n",
    "a/d.yaml": "d\n",
    "link.yaml": { mode: "120000", content: "a/d.yaml" },
    "run.sh": { mode: "100755", content: "#!/bin/sh\n" },
  } as const;
  const expected = [
    "100644 README.md",
    "100644 a/b/c.yaml",
    "100644 a/d.yaml",
    "100644 staging/app.yaml",
    "100755 run.sh",
    "120000 link.yaml",
  ];

  it("are all of them, with their modes", async () => {
    world.github.commitFiles({ repository: REPOSITORY, files, author: "ann", message: "Files" });
    const entries = await world.forge.readTree(world.at, await treeOfMain());
    assert.deepEqual(entries.map(({ mode, path }) => `${mode} ${path}`).sort(), expected);
  });

  it("are walked folder by folder where the whole is cut", async () => {
    world.github.commitFiles({ repository: REPOSITORY, files, author: "ann", message: "Files" });
    world.github.settings.treeLimit = 6;
    const tree = await treeOfMain();
    const { value, requests } = await world.count(() => world.forge.readTree(world.at, tree));
    assert.deepEqual(value.map(({ mode, path }) => `${mode} ${path}`).sort(), expected);
    assert.ok(requests.length > 2);
  });

  it("of the empty tree are none, and nobody is asked", async () => {
    const { value, requests } = await world.count(() =>
      world.forge.readTree(world.at, "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
    );
    assert.deepEqual([value, requests], [[], []]);
  });
});

describe("texts by id", () => {
  it("survive byte for byte: byte order mark, CRLF, large, in one request where GitHub shows them whole", async () => {
    const texts = ["plain\n", "crlf\r\nmore\r\n", "\ufeffmarked\n", "é 漢 🚂\n", "x".repeat(700_000)];
    const files = Object.fromEntries(texts.map((text, n) => [`t/${n}.yaml`, text]));
    world.github.commitFiles({ repository: REPOSITORY, files, author: "ann", message: "Texts" });
    const entries = await world.forge.readTree(world.at, await treeOfMain());
    const wanted = texts.map((_, n) => entries.find(({ path }) => path === `t/${n}.yaml`)?.oid ?? "");
    const { value, requests } = await world.count(() => world.forge.readBlobs(world.at, wanted));
    assert.deepEqual(
      wanted.map((oid) => value.get(oid)),
      texts.map((text) => ({ kind: "known", value: text })),
    );
    assert.ok(requests.length <= 3, requests.join(", "));
    assert.deepEqual(world.github.deviations(), []);
  });

  it("are asked fifty at a time", async () => {
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`t/${n}`, `text ${n}\n`]));
    world.github.commitFiles({ repository: REPOSITORY, files, author: "ann", message: "Texts" });
    const entries = await world.forge.readTree(world.at, await treeOfMain());
    const { value, requests } = await world.count(() =>
      world.forge.readBlobs(
        world.at,
        entries.map(({ oid }) => oid),
      ),
    );
    assert.equal([...value.values()].filter(({ kind }) => kind === "known").length, 122);
    assert.equal(requests.length, 3);
  });
});

describe("what a head changes", () => {
  it("is each file with its blob", async () => {
    const { head } = await openPromotion(world);
    const [file, ...more] = await world.forge.readHeadFiles(world.at, head);
    assert.deepEqual([file?.path, file?.blob?.length, more], ["staging/app.yaml", 40, []]);
  });

  it("is complete over several pages, renamed and removed ones included", async () => {
    const files = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`t/${n}`, `text ${n}\n`]));
    const commit = world.github.commitFiles({
      repository: REPOSITORY,
      files: { ...files, "README.md": null },
      author: "ann",
      message: "Texts",
    });
    const changed = await world.forge.readHeadFiles(world.at, commit);
    assert.equal(changed.length, 251);
    assert.deepEqual(
      changed.filter(({ blob }) => blob === undefined),
      [{ path: "README.md" }],
    );
  });

  it("after the update-branch button is still only what we changed", async () => {
    const { number } = await openPromotion(world);
    world.github.commitFiles({ repository: REPOSITORY, files: { other: "1" }, author: "ann", message: "Other" });
    const url = `${world.github.url}/repos/${REPOSITORY}/pulls/${number}/update-branch`;
    await fetch(url, { method: "PUT", headers: { authorization: "Bearer user:ann" }, body: "{}" });
    const [promotion] = (await world.forge.observe(world.at, { branches: [] })).promotions;
    const changed = await world.forge.readHeadFiles(world.at, promotion?.head.oid ?? "");
    assert.deepEqual(
      changed.map(({ path }) => path),
      ["staging/app.yaml"],
    );
  });
});
