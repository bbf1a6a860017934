// What came between two commits of a source repository, on the stand-in for GitHub: who is asked, with which token, and
// what is said where nothing is shown.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Deferred } from "../../src/forge/forge.ts";
import { type ForgeOnGithub, startForge } from "./start-forge.ts";

const SOURCE = "acme/checkout";
const COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}";
const QUESTIONS = [COMPARE, "POST SourceHistory"];

let world: ForgeOnGithub;
/** The first commit, a plain one, one by a pull request that was squashed, one by a pull request that was merged. */
let first: string;
let plain: string;
let head: string;
let squashed: number;
let merged: number;

before(async () => {
  world = await startForge();
  const { github } = world;
  github.createRepository({ owner: "acme", name: "checkout", private: true });
  first = tip();
  plain = commit({ files: { a: "1" }, message: "Round half up\n\nas the law wants it" });
  squashed = pull({ branch: "tax", title: "Fix the tax", method: "squash" });
  merged = pull({ branch: "cards", title: "Gift cards", method: "merge" });
  head = tip();
});
after(() => world.close());

function tip(repository = SOURCE): string {
  return world.github.branchTip({ repository, branch: "main" }) ?? "";
}

function commit({
  repository = SOURCE,
  ...one
}: {
  repository?: string;
  files: Record<string, string>;
  message: string;
  branch?: string;
  onto?: string;
}) {
  return world.github.commitFiles({ repository, author: "maria", ...one });
}

function pull({ branch, title, method }: { branch: string; title: string; method: "squash" | "merge" }): number {
  const repository = SOURCE;
  commit({ branch, files: { [branch]: title }, message: `${title}, a step` });
  const { number } = world.github.openPullRequest({ repository, by: "leo", head: branch, title });
  world.github.setRole({ repository, user: "leo", role: "write" });
  const outcome = world.github.mergePullRequest({ repository, number, by: "leo", method });
  assert.equal(outcome.kind, "merged");
  return number;
}

const read = (range: { readonly source?: string; readonly base?: string; readonly head?: string } = {}) =>
  world.forge.readSourceHistory(world.at, { source: SOURCE, base: first, head, ...range });

async function whyNot(range: Parameters<typeof read>[0], forge = world.forge): Promise<string> {
  const answer = await forge.readSourceHistory(world.at, { source: SOURCE, base: first, head, ...range });
  return answer.kind === "unknown" ? answer.why : JSON.stringify(answer.value);
}

describe("the history of a source repository", () => {
  it("lists what came, the newest first and without merges, with their pull requests, in two requests", async () => {
    const { value, requests } = await world.count(() => read());
    assert.deepEqual(requests, QUESTIONS);
    assert.deepEqual(world.github.deviations(), []);
    assert.ok(value.kind === "known", JSON.stringify(value));
    const { commits, page, ...facts } = value.value;
    assert.deepEqual(facts, { ahead: 4, behind: 0, visibility: "private" });
    assert.deepEqual(
      commits.map(({ title, by, pullRequest }) => [title.replace(/ \(#\d+\)$/, ""), by, pullRequest]),
      [
        ["Gift cards, a step", "maria", merged],
        ["Fix the tax, a step", "leo", squashed],
        ["Round half up", "maria", undefined],
      ],
    );
    assert.equal(commits.at(-1)?.id, plain);
    assert.equal(page, `${world.github.url}/acme/checkout/compare/${first}...${head}`);
  });

  it("of a way back counts what is taken back", async () => {
    const value = { ahead: 0, behind: 4, visibility: "private", commits: [] };
    const answer = await read({ base: head, head: first });
    assert.ok(answer.kind === "known");
    const { page: _, ...rest } = answer.value;
    assert.deepEqual(rest, value);
  });

  it("of two branches counts both ways", async () => {
    const side = commit({ branch: "side", onto: first, files: { side: "1" }, message: "Aside" });
    const answer = await read({ base: side, head: plain });
    assert.ok(answer.kind === "known");
    assert.deepEqual([answer.value.ahead, answer.value.behind], [1, 1]);
  });

  it("is found under any capitals", async () => {
    assert.equal((await read({ source: "Acme/Checkout" })).kind, "known");
  });

  it("may be the config repository's own", async () => {
    const source = "acme/platform";
    const base = tip(source);
    const next = commit({ repository: source, files: { b: "1" }, message: "One more" });
    const { value, requests } = await world.count(() => read({ source, base, head: next }));
    assert.deepEqual(requests, QUESTIONS);
    assert.equal(value.kind === "known" && value.value.commits[0]?.title, "One more");
  });

  it("of more than 100 commits lists the newest 100", async () => {
    const base = tip();
    const oids = Array.from({ length: 105 }, (_, n) =>
      commit({ branch: "long", files: { n: `${n}` }, message: `Step ${n}` }),
    );
    const answer = await read({ base, head: oids.at(-1) ?? "" });
    assert.ok(answer.kind === "known");
    assert.equal(answer.value.ahead, 105);
    assert.equal(answer.value.commits.length, 100);
    assert.equal(answer.value.commits[0]?.title, "Step 104");
    assert.equal(answer.value.commits[99]?.title, "Step 5");
  });
});

describe("which token asks", () => {
  it("T23: one that opens the source repository alone, and only for reading", async () => {
    const forge = await world.restart();
    await forge.readSourceHistory(world.at, { source: SOURCE, base: first, head });
    const tokens = [...world.github.model.tokens.values()];
    const newest = tokens.at(-1);
    const source = world.github.model.repositories;
    const id = [...source.values()].find(({ name }) => name === "checkout")?.id;
    assert.deepEqual(newest?.permissions, { contents: "read", pull_requests: "read", metadata: "read" });
    assert.deepEqual(newest?.repositories, new Set([id]));
  });

  it("is minted once while it is good", async () => {
    const forge = await world.restart();
    const ask = () => forge.readSourceHistory(world.at, { source: SOURCE, base: first, head });
    await ask();
    const before = world.github.model.tokens.size;
    await ask();
    assert.equal(world.github.model.tokens.size, before);
  });
});

describe("what GitHub does not show", () => {
  it("T25: a private repository of another account is not readable, though the app is installed there", async () => {
    const { github } = world;
    github.createRepository({ owner: "else", name: "secret", private: true, author: "eve" });
    const base = tip("else/secret");
    const next = commit({ repository: "else/secret", files: { b: "1" }, message: "Secret" });
    const before = github.model.tokens.size;
    assert.match(
      await whyNot({ source: "else/secret", base, head: next }),
      /^GitHub shows Stagecoach no repository `else\/secret`; the app has to be installed there, too, in the same account$/,
    );
    assert.equal(github.model.tokens.size, before, "nobody signed in elsewhere");
  });

  it("a public repository of another account is", async () => {
    world.github.createRepository({ owner: "else", name: "open", author: "eve" });
    const base = tip("else/open");
    const next = commit({ repository: "else/open", files: { b: "1" }, message: "In the open" });
    const answer = await read({ source: "else/open", base, head: next });
    assert.ok(answer.kind === "known", JSON.stringify(answer));
    assert.equal(answer.value.visibility, "public");
    assert.equal(answer.value.commits[0]?.title, "In the open");
  });

  it("a private repository that the installation was not given is not readable", async () => {
    const { github } = world;
    const hidden = github.createRepository({ owner: "acme", name: "hidden", private: true });
    const installation = github.installation("acme");
    const all = installation.repositories;
    const others = [...github.model.repositories.values()].filter(({ id }) => id !== hidden.id);
    installation.repositories = new Set(others.map(({ id }) => id));
    const base = tip("acme/hidden");
    assert.match(
      await whyNot({ source: "acme/hidden", base, head: base }),
      /no repository `acme\/hidden`; the app has to/,
    );
    installation.repositories = all;
  });

  it("a commit that is not there is named, and that it may be of an image below", async () => {
    assert.match(
      await whyNot({ head: "1".repeat(40) }),
      /^`acme\/checkout` has no commit `111111111111`; it may be that of an image below$/,
    );
    assert.match(await whyNot({ base: "2".repeat(40) }), /has no commit `222222222222`/);
  });

  for (const [name, range] of [
    ["no name", { source: "checkout" }],
    ["a path", { source: "acme/../else/secret" }],
    ["the folder above", { source: "acme/.." }],
    ["a question", { source: "acme/checkout?x=" }],
    ["a branch", { head: "main" }],
    ["a path instead of a commit", { base: "../../user" }],
  ] as const) {
    it(`T19: ${name} is not asked for`, async () => {
      const { value, requests } = await world.count(() => read(range));
      assert.equal(value.kind, "unknown");
      assert.deepEqual(requests, []);
    });
  }

  it("what fails is unknown, with the reason; what asks for patience waits", async () => {
    world.github.break({ on: COMPARE, times: 1, fault: { kind: "error-before", status: 500, message: "too large" } });
    assert.match(await whyNot({}), /^could not compare .*500, "too large"$/);
    world.github.break({ on: COMPARE, times: 1, fault: { kind: "secondary-limit", retryAfter: 90 } });
    await assert.rejects(read(), Deferred);
  });
});
