// Holds the GraphQL of the stand-in to GitHub's rules: limits, partial answers, permissions, compare-and-swap of refs,
// and that a field which is not modelled can never be mistaken for an answer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inRepository, makeGraphqlWorld } from "./ask-graphql.ts";
import { noOid } from "./git/git-repository.ts";
import { answerGraphql } from "./graphql/answer-graphql.ts";

describe("what is not modelled", () => {
  it("is refused as a whole with the field's name, and never answered with a null", () => {
    const { ask } = makeGraphqlWorld();
    const answer = ask(inRepository("name stargazerCount"));
    assert.equal(answer.status, 501);
    assert.equal(answer.message, "not modelled: Repository.stargazerCount");
  });

  it("does not include the schema itself: introspection and __typename work", () => {
    const { ask } = makeGraphqlWorld();
    const { data } = ask(`{ __type(name: "Ref") { kind } ${inRepository("__typename").slice(2, -2)} }`);
    assert.deepEqual(data, { __type: { kind: "OBJECT" }, repository: { __typename: "Repository" } });
  });
});

describe("limits of a query", () => {
  const cases = [
    {
      why: "no page size",
      field: 'refs(refPrefix: "refs/heads/") { nodes { name } }',
      type: "MISSING_PAGINATION_BOUNDARIES",
    },
    {
      why: "more than 100",
      field: 'refs(refPrefix: "refs/heads/", first: 101) { nodes { name } }',
      type: "EXCESSIVE_PAGINATION",
    },
    {
      why: "less than 1",
      field: 'refs(refPrefix: "refs/heads/", first: 0) { nodes { name } }',
      type: "ARGUMENT_LIMIT",
    },
    {
      why: "too many possible nodes",
      field:
        "pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { history(first: 100) { nodes { oid } } } } } } }",
      type: "MAX_NODE_LIMIT_EXCEEDED",
    },
  ];
  for (const { why, field, type } of cases) {
    it(`are held: ${why}`, () => {
      const answer = makeGraphqlWorld().ask(inRepository(field));
      assert.equal(answer.status, 200);
      assert.equal(answer.data, undefined);
      assert.deepEqual(
        answer.errors.map((error) => error.type),
        [type],
      );
    });
  }

  it("count through variables and fragments, and a count alone needs no page", () => {
    const world = makeGraphqlWorld();
    world.openPromotion();
    const query = `query ($n: Int!) { ...R rateLimit { cost nodeCount remaining limit } }
      fragment R on Query { repository(owner: "acme", name: "config") {
        refs(refPrefix: "refs/heads/", first: $n) { nodes { name } } pullRequests { totalCount } } }`;
    const { data } = world.ask(query, { n: 50 });
    assert.deepEqual(data.rateLimit, { cost: 1, nodeCount: 50, remaining: 4999, limit: 5000 });
    assert.equal(data.repository.pullRequests.totalCount, 1);
    assert.equal(world.ask(query, { n: 500 }).errors[0]?.type, "EXCESSIVE_PAGINATION");
  });

  it("include the hourly budget", () => {
    const { model, actor } = makeGraphqlWorld();
    const { status, body } = answerGraphql(model, { actor, body: { query: "{ __typename }" }, spend: () => undefined });
    assert.equal(status, 200);
    assert.match(JSON.stringify(body), /"type":"RATE_LIMITED".*API rate limit exceeded for installation ID \d+\./);
  });
});

describe("an error of one field", () => {
  it("leaves the rest of the answer: a repository that is not there is null, with its path", () => {
    const { ask } = makeGraphqlWorld();
    const answer = ask(
      `{ a: repository(owner: "acme", name: "config") { name } b: repository(owner: "acme", name: "no") { name } }`,
    );
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data, { a: { name: "config" }, b: null });
    assert.deepEqual(
      answer.errors.map(({ type, path, message }) => ({ type, path, message })),
      [{ type: "NOT_FOUND", path: ["b"], message: "Could not resolve to a Repository with the name 'acme/no'." }],
    );
  });

  it("says what an installation may not read, and what is absent is null without an error", () => {
    const world = makeGraphqlWorld({ contents: "read", metadata: "read" });
    world.move("main", world.commit({ "a.txt": "a" }));
    const { data, errors } = world.ask(
      inRepository(`ref(qualifiedName: "refs/heads/no") { name } object(expression: "main:no") { oid }
        mergeQueue(branch: "main") { id } defaultBranchRef { target { ... on Commit { checkSuites(first: 1) { totalCount } } } }`),
    );
    assert.equal(data.repository.ref, null);
    assert.equal(data.repository.object, null);
    assert.deepEqual(
      errors.map(({ type, path, message }) => [type, path?.join("."), message]),
      [
        ["FORBIDDEN", "repository.mergeQueue", "Resource not accessible by integration"],
        ["FORBIDDEN", "repository.defaultBranchRef.target.checkSuites", "Resource not accessible by integration"],
      ],
    );
  });

  it("belongs to one item of a list of nodes", () => {
    const world = makeGraphqlWorld();
    const { data, errors } = world.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } } }", {
      ids: [world.repository.nodeId, "R_unknown"],
    });
    assert.deepEqual(data.nodes, [{ name: "config" }, null]);
    assert.deepEqual(errors[0]?.path, ["nodes", 1]);
  });

  it("is one that a test asks for: null is then unknown, not absent", () => {
    const world = makeGraphqlWorld();
    world.openPromotion();
    const body = { query: inRepository("name pullRequest(number: 1) { number reviews(first: 1) { totalCount } }") };
    const brokenFields = ["PullRequest.reviews"];
    const answer = answerGraphql(world.model, { actor: world.actor, body, brokenFields });
    const { data, errors } = JSON.parse(JSON.stringify(answer.body));
    assert.equal(answer.status, 200);
    assert.deepEqual(data.repository, { name: "config", pullRequest: { number: 1, reviews: null } });
    assert.deepEqual(errors[0].path, ["repository", "pullRequest", "reviews"]);
  });

  it("of the query itself leaves no data", () => {
    const answer = makeGraphqlWorld().ask(inRepository("nmae"));
    assert.equal(answer.data, undefined);
    assert.match(answer.errors[0]?.message ?? "", /nmae/);
  });
});

describe("git objects", () => {
  it("are read by id and by expression: tree, entries, text", () => {
    const world = makeGraphqlWorld();
    const oid = world.commit({ "app/values.yaml": "tag: 1\n", "readme.md": "hi" });
    world.move("main", oid);
    const { data } = world.ask(
      inRepository(`defaultBranchRef { name prefix target { oid ... on Commit { message committedDate author { name email }
          tree { entries { name path type mode } } file(path: "app/values.yaml") { path size } } } }
        object(expression: "main:app/values.yaml") { ... on Blob { text byteSize isBinary isTruncated } }
        folder: object(expression: "main:app") { ... on Tree { entries { path object { oid } } } }`),
    );
    const { defaultBranchRef: ref, object, folder } = data.repository;
    assert.deepEqual([ref.name, ref.prefix, ref.target.oid], ["main", "refs/heads/", oid]);
    assert.equal(ref.target.message, "Say\n\nwhy");
    assert.deepEqual(ref.target.tree.entries, [
      { name: "app", path: "app", type: "tree", mode: 16384 },
      { name: "readme.md", path: "readme.md", type: "blob", mode: 33188 },
    ]);
    assert.deepEqual(ref.target.file, { path: "app/values.yaml", size: 7 });
    assert.deepEqual(object, { text: "tag: 1\n", byteSize: 7, isBinary: false, isTruncated: false });
    assert.equal(folder.entries[0].path, "app/values.yaml");
  });

  it("lose text after 512,000 bytes, and binary ones have none", () => {
    const world = makeGraphqlWorld();
    world.move("main", world.commit({ big: "x".repeat(512_001), bin: Buffer.from([1, 0, 2]) }));
    const blob = "... on Blob { text isTruncated isBinary byteSize }";
    const { data } = world.ask(
      inRepository(`big: object(expression: "main:big") { ${blob} } bin: object(expression: "main:bin") { ${blob} }`),
    );
    assert.equal(data.repository.big.text.length, 512_000);
    assert.deepEqual([data.repository.big.isTruncated, data.repository.big.byteSize], [true, 512_001]);
    assert.deepEqual(data.repository.bin, { text: null, isTruncated: false, isBinary: true, byteSize: 3 });
  });

  it("say whether GitHub signed a commit", () => {
    const world = makeGraphqlWorld();
    const first = world.commit({ a: "1" });
    world.move("main", world.commit({ a: "2" }, { parent: first, signed: true }));
    const signature = "signature { __typename isValid wasSignedByGitHub state }";
    const { data } = world.ask(
      inRepository(
        `object(expression: "main") { ... on Commit { ${signature} history(first: 5) { nodes { ${signature} } } } }`,
      ),
    );
    const signed = { __typename: "GpgSignature", isValid: true, wasSignedByGitHub: true, state: "VALID" };
    assert.deepEqual(data.repository.object.signature, signed);
    assert.deepEqual(data.repository.object.history.nodes, [{ signature: signed }, { signature: null }]);
  });

  it("list branches by prefix, page by page, also when one came in between", () => {
    const world = makeGraphqlWorld();
    const oid = world.commit({ a: "1" });
    for (const name of ["main", "stagecoach/a", "stagecoach/b", "stagecoach/d"]) world.move(name, oid);
    const query = `query ($after: String) { repository(owner: "acme", name: "config") {
      refs(refPrefix: "refs/heads/stagecoach/", first: 2, after: $after) {
        totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }`;
    const first = world.ask(query).data.repository.refs;
    assert.deepEqual([first.totalCount, first.pageInfo.hasNextPage], [3, true]);
    world.move("stagecoach/aa", oid);
    const second = world.ask(query, { after: first.pageInfo.endCursor }).data.repository.refs;
    assert.deepEqual(second.nodes, [{ name: "stagecoach/d" }]);
    assert.equal(second.pageInfo.hasNextPage, false);
  });
});

describe("updateRefs", () => {
  const mutation = "mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
  const main = "refs/heads/main";

  it("moves all refs or none, each only from where the caller says", () => {
    const world = makeGraphqlWorld();
    const [one, two] = [world.commit({ a: "1" }), world.commit({ a: "2" })];
    world.move("main", one);
    world.announced.splice(0);
    const update = (beforeOid: string) => ({
      repositoryId: world.repository.nodeId,
      refUpdates: [
        { name: "refs/heads/new", beforeOid: noOid, afterOid: two },
        { name: main, beforeOid, afterOid: two, force: true },
      ],
    });
    const refused = world.ask(mutation, { input: update(two) });
    assert.deepEqual([refused.data.updateRefs, refused.errors[0]?.path], [null, ["updateRefs"]]);
    assert.deepEqual([...world.repository.git.refs], [[main, one]]);
    assert.equal(world.announced.length, 0);
    assert.deepEqual(world.ask(mutation, { input: update(one) }).data, { updateRefs: { clientMutationId: null } });
    assert.deepEqual(Object.fromEntries(world.repository.git.refs), { [main]: two, "refs/heads/new": two });
    assert.ok(world.announced.some((told) => told.event === "push" && told.ref === main && told.forced));
    assert.ok(world.announced.some((told) => told.event === "create" && told.ref === "new"));
  });

  const refusals = [
    { why: "a ref that is there already is not created", before: noOid, after: "two", force: true },
    { why: "what is no fast forward needs force", before: "one", after: "two", force: false },
    { why: "an object that is not there is no target", before: "one", after: "f".repeat(40), force: true },
  ];
  for (const { why, before, after: target, force } of refusals) {
    it(`refuses: ${why}`, () => {
      const world = makeGraphqlWorld();
      const oids: Readonly<Record<string, string>> = { one: world.commit({ a: "1" }), two: world.commit({ a: "2" }) };
      world.move("main", oids.one ?? "");
      const refUpdates = [{ name: main, beforeOid: oids[before] ?? before, afterOid: oids[target] ?? target, force }];
      const { errors } = world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } });
      assert.equal(errors.length, 1);
      assert.equal(world.repository.git.refs.get(main), oids.one);
    });
  }

  it("deletes with forty zeros, which closes the pull request of the branch", () => {
    const world = makeGraphqlWorld();
    const { pull, head } = world.openPromotion();
    const refUpdates = [{ name: "refs/heads/promote", beforeOid: head, afterOid: noOid }];
    assert.deepEqual(world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } }).errors, []);
    assert.equal(pull.state, "closed");
  });

  it("needs the permission to write contents", () => {
    const world = makeGraphqlWorld({ contents: "read", metadata: "read" });
    const refUpdates = [{ name: main, afterOid: world.commit({ a: "1" }) }];
    const { errors } = world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } });
    assert.equal(errors[0]?.type, "FORBIDDEN");
  });
});

describe("createCommitOnBranch", () => {
  const mutation = `mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) {
    commit { oid message parents(first: 1) { nodes { oid } } signature { wasSignedByGitHub } author { name } } ref { name } } }`;

  it("commits what changes on top of the expected head, signed", () => {
    const world = makeGraphqlWorld();
    const head = world.commit({ "a.txt": "1", "b.txt": "1" });
    world.move("main", head);
    const input = {
      branch: { repositoryNameWithOwner: "acme/config", branchName: "main" },
      expectedHeadOid: head,
      message: { headline: "Change a", body: "Because" },
      fileChanges: {
        additions: [{ path: "a.txt", contents: Buffer.from("2").toString("base64") }],
        deletions: [{ path: "b.txt" }],
      },
    };
    const { commit, ref } = world.ask(mutation, { input }).data.createCommitOnBranch;
    assert.deepEqual(
      [ref.name, commit.message, commit.parents.nodes],
      ["main", "Change a\n\nBecause", [{ oid: head }]],
    );
    assert.deepEqual([commit.signature, commit.author.name], [{ wasSignedByGitHub: true }, "stagecoach[bot]"]);
    const { data } = world.ask(inRepository(`object(expression: "main:") { ... on Tree { entries { name } } }`));
    assert.deepEqual(data.repository.object.entries, [{ name: "a.txt" }]);
    assert.equal(world.ask(mutation, { input }).errors[0]?.type, "STALE_DATA");
  });
});
