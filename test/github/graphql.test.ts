// Holds the GraphQL of the stand-in to GitHub's rules: limits, partial answers, permissions, compare-and-swap of refs,
// and that a field which is not modelled can never be mistaken for an answer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { createCommit, noOid } from "./git/git-repository.ts";
import { writeObject } from "./git/object-store.ts";
import { editTree } from "./git/tree.ts";
import { answerGraphql } from "./graphql/answer-graphql.ts";
import type { Announcement } from "./model/announcement.ts";
import { closeConversation, setLabels } from "./model/change-conversation.ts";
import type { Actor, Permissions } from "./model/identity.ts";
import { ensureApp, ensureUser, installApp, mintToken } from "./model/manage-accounts.ts";
import { addRepository, ensureLabel } from "./model/manage-repositories.ts";
import { mergePullRequest } from "./model/merge-pull-request.ts";
import { createModel, type Model } from "./model/model.ts";
import { moveReferences } from "./model/move-reference.ts";
import { openPullRequest } from "./model/open-pull-request.ts";
import { addStatus, createCheckRun } from "./model/report-check.ts";
import type { PullRequest, Repository } from "./model/repository.ts";
import { reviewPullRequest } from "./model/review-pull-request.ts";
import type { BranchRule } from "./model/rule.ts";
import { buildMergeGroup } from "./model/run-merge-queue.ts";
import { addComment } from "./model/write-comment.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "stand-in-graphql-"));
after(() => rmSync(dataFolder, { recursive: true, force: true }));

const allPermissions: Permissions = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  statuses: "read",
  merge_queues: "read",
  metadata: "read",
};

interface World {
  readonly model: Model;
  readonly repository: Repository;
  readonly actor: Actor;
  readonly announced: Announcement[];
  readonly commit: (files: Readonly<Record<string, string | Buffer>>, parent?: string, signed?: boolean) => string;
  readonly move: (branch: string, oid: string) => void;
  readonly ask: (query: string, variables?: object) => Answer;
  readonly open: (branch: string, title?: string) => PullRequest;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a query answers depends on the query
  readonly data: any;
  readonly errors: readonly { type?: string; message: string; path?: readonly (string | number)[] }[];
  readonly message: string | undefined;
}

let worlds = 0;

function makeWorld(permissions: Permissions = allPermissions): World {
  worlds += 1;
  const now = () => new Date("2026-03-02T10:00:00Z");
  const webhook = { url: undefined, secret: "secret" };
  const model = createModel({ dataFolder: join(dataFolder, String(worlds)), now, webhook });
  const app = ensureApp(model, { slug: "stagecoach", owner: "acme", publicKey: "", permissions });
  const installation = installApp(model, { app, account: "acme" });
  const actor: Actor = { kind: "installation", installation, token: mintToken(model, { installation }) };
  const repository = addRepository(model, { owner: "acme", name: "config" });
  const { git } = repository;
  const commit: World["commit"] = (files, parent, signed = false) => {
    const changes = Object.entries(files).map(([path, text]) => ({
      path,
      put: { mode: "100644" as const, oid: writeObject(git.objects, { type: "blob", body: Buffer.from(text) }) },
    }));
    const edited = editTree(git.objects, { base: undefined, changes });
    assert.ok("tree" in edited);
    const author = { name: "ann", email: "7+ann@users.noreply.github.com", date: "2026-03-02T09:00:00Z" };
    const parents = parent === undefined ? [] : [parent];
    return createCommit(git, { tree: edited.tree, parents, author, committer: author, message: "Say\n\nwhy", signed });
  };
  const announced: Announcement[] = [];
  model.listeners.add((announcement) => announced.push(announcement));
  const move = (branch: string, oid: string) => {
    const name = `refs/heads/${branch}`;
    const before = git.refs.has(name) ? ("any" as const) : undefined;
    const moved = moveReferences(model, {
      repository,
      actor,
      ignoreRules: true,
      moves: [{ name, before, after: oid, force: true }],
    });
    assert.equal(moved.kind, "moved");
  };
  const ask: World["ask"] = (query, variables) => {
    const { status, body } = answerGraphql(model, { actor, body: { query, variables } });
    const { data, errors = [], message } = JSON.parse(JSON.stringify(body));
    return { status, data, errors, message };
  };
  const open: World["open"] = (branch, title = "Promote") => {
    const head = branch;
    const opened = openPullRequest(model, { repository, author: app.bot, app, title, base: "main", head });
    assert.ok(opened.kind === "opened");
    return opened.pull;
  };
  return { model, repository, actor, announced, commit, move, ask, open };
}

function withPullRequest(world: World): { readonly pull: PullRequest; readonly base: string; readonly head: string } {
  const base = world.commit({ "app/values.yaml": "tag: 1\n" });
  world.move("main", base);
  const head = world.commit({ "app/values.yaml": "tag: 2\n" }, base, true);
  world.move("promote", head);
  return { pull: world.open("promote"), base, head };
}

const queueRule: BranchRule = {
  id: 1,
  branch: "main",
  requiredChecks: [{ context: "stagecoach" }],
  strict: false,
  requiredApprovals: 1,
  dismissStaleReviews: false,
  requireLastPushApproval: false,
  mergeQueue: undefined,
  restrictUpdates: undefined,
  allowForcePushes: false,
  allowDeletions: false,
  bypass: [],
};

const inRepository = (fields: string) => `{ repository(owner: "acme", name: "config") { ${fields} } }`;

describe("what is not modelled", () => {
  it("is refused as a whole with the field's name, and never answered with a null", () => {
    const { ask } = makeWorld();
    const answer = ask(inRepository("name stargazerCount"));
    assert.equal(answer.status, 501);
    assert.equal(answer.message, "not modelled: Repository.stargazerCount");
  });

  it("does not include the schema itself: introspection and __typename work", () => {
    const { ask } = makeWorld();
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
      const answer = makeWorld().ask(inRepository(field));
      assert.equal(answer.status, 200);
      assert.equal(answer.data, undefined);
      assert.deepEqual(
        answer.errors.map((error) => error.type),
        [type],
      );
    });
  }

  it("count through variables and fragments, and a count alone needs no page", () => {
    const world = makeWorld();
    withPullRequest(world);
    const query = `query ($n: Int!) { ...R rateLimit { cost nodeCount remaining limit } }
      fragment R on Query { repository(owner: "acme", name: "config") {
        refs(refPrefix: "refs/heads/", first: $n) { nodes { name } } pullRequests { totalCount } } }`;
    const { data } = world.ask(query, { n: 50 });
    assert.deepEqual(data.rateLimit, { cost: 1, nodeCount: 50, remaining: 4999, limit: 5000 });
    assert.equal(data.repository.pullRequests.totalCount, 1);
    assert.equal(world.ask(query, { n: 500 }).errors[0]?.type, "EXCESSIVE_PAGINATION");
  });

  it("include the hourly budget", () => {
    const { model, actor } = makeWorld();
    const { status, body } = answerGraphql(model, { actor, body: { query: "{ __typename }" }, spend: () => undefined });
    assert.equal(status, 200);
    assert.match(JSON.stringify(body), /"type":"RATE_LIMITED".*API rate limit exceeded for installation ID \d+\./);
  });
});

describe("an error of one field", () => {
  it("leaves the rest of the answer: a repository that is not there is null, with its path", () => {
    const { ask } = makeWorld();
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
    const world = makeWorld({ contents: "read", metadata: "read" });
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
    const world = makeWorld();
    const { data, errors } = world.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } } }", {
      ids: [world.repository.nodeId, "R_unknown"],
    });
    assert.deepEqual(data.nodes, [{ name: "config" }, null]);
    assert.deepEqual(errors[0]?.path, ["nodes", 1]);
  });

  it("is one that a test asks for: null is then unknown, not absent", () => {
    const world = makeWorld();
    withPullRequest(world);
    const body = { query: inRepository("name pullRequest(number: 1) { number reviews(first: 1) { totalCount } }") };
    const brokenFields = ["PullRequest.reviews"];
    const answer = answerGraphql(world.model, { actor: world.actor, body, brokenFields });
    const { data, errors } = JSON.parse(JSON.stringify(answer.body));
    assert.equal(answer.status, 200);
    assert.deepEqual(data.repository, { name: "config", pullRequest: { number: 1, reviews: null } });
    assert.deepEqual(errors[0].path, ["repository", "pullRequest", "reviews"]);
  });

  it("of the query itself leaves no data", () => {
    const answer = makeWorld().ask(inRepository("nmae"));
    assert.equal(answer.data, undefined);
    assert.match(answer.errors[0]?.message ?? "", /nmae/);
  });
});

describe("git objects", () => {
  it("are read by id and by expression: tree, entries, text", () => {
    const world = makeWorld();
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
    const world = makeWorld();
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
    const world = makeWorld();
    const first = world.commit({ a: "1" });
    world.move("main", world.commit({ a: "2" }, first, true));
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
    const world = makeWorld();
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
    const world = makeWorld();
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
      const world = makeWorld();
      const oids: Readonly<Record<string, string>> = { one: world.commit({ a: "1" }), two: world.commit({ a: "2" }) };
      world.move("main", oids.one ?? "");
      const refUpdates = [{ name: main, beforeOid: oids[before] ?? before, afterOid: oids[target] ?? target, force }];
      const { errors } = world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } });
      assert.equal(errors.length, 1);
      assert.equal(world.repository.git.refs.get(main), oids.one);
    });
  }

  it("deletes with forty zeros, which closes the pull request of the branch", () => {
    const world = makeWorld();
    const { pull, head } = withPullRequest(world);
    const refUpdates = [{ name: "refs/heads/promote", beforeOid: head, afterOid: noOid }];
    assert.deepEqual(world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } }).errors, []);
    assert.equal(pull.state, "closed");
  });

  it("needs the permission to write contents", () => {
    const world = makeWorld({ contents: "read", metadata: "read" });
    const refUpdates = [{ name: main, afterOid: world.commit({ a: "1" }) }];
    const { errors } = world.ask(mutation, { input: { repositoryId: world.repository.nodeId, refUpdates } });
    assert.equal(errors[0]?.type, "FORBIDDEN");
  });
});

describe("a pull request", () => {
  it("tells its branches, author, labels, commits and files", () => {
    const world = makeWorld();
    const { pull, base, head } = withPullRequest(world);
    const label = ensureLabel(world.model, { repository: world.repository, name: "stagecoach" });
    setLabels(world.model, { conversation: pull, by: pull.author, labels: [label] });
    const { data } = world.ask(
      inRepository(`pullRequests(states: OPEN, headRefName: "promote", labels: ["stagecoach"], first: 5) { nodes {
        number state isDraft isCrossRepository headRefName headRefOid baseRefName baseRefOid
        author { login __typename ... on Bot { databaseId } } labels(first: 5) { nodes { name } }
        commits(last: 1) { totalCount nodes { commit { oid } } } files(first: 5) { nodes { path changeType } } } }`),
    );
    assert.deepEqual(data.repository.pullRequests.nodes, [
      {
        number: pull.number,
        state: "OPEN",
        isDraft: false,
        isCrossRepository: false,
        headRefName: "promote",
        headRefOid: head,
        baseRefName: "main",
        baseRefOid: base,
        author: { login: "stagecoach", __typename: "Bot", databaseId: pull.author.id },
        labels: { nodes: [{ name: "stagecoach" }] },
        commits: { totalCount: 1, nodes: [{ commit: { oid: head } }] },
        files: { nodes: [{ path: "app/values.yaml", changeType: "MODIFIED" }] },
      },
    ]);
  });

  it("does not know at first whether it can be merged", () => {
    const world = makeWorld();
    withPullRequest(world);
    const query = inRepository("pullRequest(number: 1) { mergeable mergeStateStatus }");
    world.model.settings.unknownMergeabilityAnswers = 2;
    assert.deepEqual(world.ask(query).data.repository.pullRequest, {
      mergeable: "UNKNOWN",
      mergeStateStatus: "UNKNOWN",
    });
    assert.deepEqual(world.ask(query).data.repository.pullRequest, {
      mergeable: "MERGEABLE",
      mergeStateStatus: "CLEAN",
    });
  });

  it("shows checks and statuses of its head, the newest of each, and which are required", () => {
    const world = makeWorld();
    const { head } = withPullRequest(world);
    const { model, repository } = world;
    repository.rules.push(queueRule);
    const app = ensureApp(model, { slug: "stagecoach", owner: "acme", publicKey: "", permissions: {} });
    for (const conclusion of ["failure", "success"] as const)
      createCheckRun(model, { repository, app, oid: head, name: "stagecoach", change: { conclusion } });
    const query = inRepository(`pullRequest(number: 1) { commits(last: 1) { nodes { commit {
      checkSuites(first: 5, filterBy: { appId: ${app.id} }) { nodes { app { slug } status conclusion
        checkRuns(first: 5, filterBy: { checkName: "stagecoach", checkType: LATEST }) { nodes { name conclusion isRequired(pullRequestNumber: 1) } } } }
      statusCheckRollup { state contexts(first: 5) { nodes { __typename ... on StatusContext { context state isRequired(pullRequestNumber: 1) } } } } } } } }`);
    const read = () => world.ask(query).data.repository.pullRequest.commits.nodes[0].commit;
    assert.deepEqual(read().checkSuites.nodes[0].checkRuns.nodes, [
      { name: "stagecoach", conclusion: "SUCCESS", isRequired: true },
    ]);
    assert.equal(read().statusCheckRollup.state, "SUCCESS");
    const creator = ensureUser(model, { login: "ci" });
    addStatus(model, {
      repository,
      oid: head,
      context: "e2e",
      state: "pending",
      description: null,
      targetUrl: null,
      creator,
    });
    assert.deepEqual(read().statusCheckRollup, {
      state: "PENDING",
      contexts: {
        nodes: [
          { __typename: "CheckRun" },
          { __typename: "StatusContext", context: "e2e", state: "PENDING", isRequired: false },
        ],
      },
    });
  });

  it("shows reviews, the last opinion of each reviewer, and a decision only where a rule asks for one", () => {
    const world = makeWorld();
    const { pull } = withPullRequest(world);
    const { model, repository } = world;
    const author = ensureUser(model, { login: "ann" });
    repository.collaborators.set("ann", "write");
    reviewPullRequest(model, { pull, author, state: "APPROVED" });
    reviewPullRequest(model, { pull, author, state: "COMMENTED", body: "nice" });
    const query =
      inRepository(`pullRequest(number: 1) { reviewDecision reviews(first: 5, states: APPROVED) { totalCount }
      latestReviews(first: 5) { nodes { state } } latestOpinionatedReviews(first: 5, writersOnly: true) { nodes { state author { login } commit { oid } } } }`);
    const before = world.ask(query).data.repository.pullRequest;
    assert.deepEqual(before.latestReviews.nodes, [{ state: "COMMENTED" }]);
    assert.deepEqual(before.latestOpinionatedReviews.nodes, [
      { state: "APPROVED", author: { login: "ann" }, commit: { oid: pull.headOid } },
    ]);
    assert.deepEqual([before.reviewDecision, before.reviews.totalCount], [null, 1]);
    repository.rules.push(queueRule);
    assert.equal(world.ask(query).data.repository.pullRequest.reviewDecision, "APPROVED");
  });

  it("tells who closed it, that its head was forced, and who merged it", () => {
    const world = makeWorld();
    const { pull, base } = withPullRequest(world);
    world.move("promote", world.commit({ "app/values.yaml": "tag: 3\n" }, base));
    const merged = mergePullRequest(world.model, { pull, actor: world.actor, method: "merge" });
    assert.equal(merged.kind, "merged");
    const { data } = world.ask(
      inRepository(`pullRequest(number: 1) { state merged mergedBy { login } mergeCommit { oid }
        timelineItems(last: 5, itemTypes: [CLOSED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, MERGED_EVENT]) { nodes { __typename
          ... on ClosedEvent { actor { login } createdAt } ... on MergedEvent { commit { oid } } ... on HeadRefForcePushedEvent { afterCommit { oid } } } } }`),
    );
    const { timelineItems, ...rest } = data.repository.pullRequest;
    assert.deepEqual(rest, {
      state: "MERGED",
      merged: true,
      mergedBy: { login: "stagecoach" },
      mergeCommit: { oid: pull.mergeCommitOid },
    });
    assert.deepEqual(timelineItems.nodes, [
      { __typename: "HeadRefForcePushedEvent", afterCommit: { oid: pull.headOid } },
      { __typename: "MergedEvent", commit: { oid: pull.mergeCommitOid } },
      { __typename: "ClosedEvent", actor: { login: "stagecoach" }, createdAt: "2026-03-02T10:00:00Z" },
    ]);
  });

  it("is found by searching for what the app opened", () => {
    const world = makeWorld();
    const { pull } = withPullRequest(world);
    const query = `query ($q: String!) { search(type: ISSUE, query: $q, first: 5) { issueCount nodes { ... on PullRequest { number } } } }`;
    const search = (q: string) => world.ask(query, { q });
    const ours = "repo:acme/config is:pr is:open author:app/stagecoach head:promote";
    assert.deepEqual(search(ours).data.search, { issueCount: 1, nodes: [{ number: 1 }] });
    closeConversation(world.model, { conversation: pull, by: pull.author });
    assert.equal(search(ours).data.search.issueCount, 0);
    assert.equal(search(`${ours.replace("open", "closed")} is:unmerged -label:x`).data.search.issueCount, 1);
    assert.equal(search("repo:acme/config reviewed-by:ann").status, 501);
  });
});

describe("comments", () => {
  it("are added in the app's name, told, and hidden", () => {
    const world = makeWorld();
    const { pull } = withPullRequest(world);
    addComment(world.model, { conversation: pull, author: ensureUser(world.model, { login: "ann" }), body: "/help" });
    const add = `mutation ($input: AddCommentInput!) { addComment(input: $input) { commentEdge { node { id databaseId } } } }`;
    const added = world.ask(add, { input: { subjectId: pull.nodeId, body: "Hello" } }).data.addComment.commentEdge.node;
    assert.equal(world.announced.filter(({ event }) => event === "issue_comment").length, 2);
    const minimize = `mutation ($input: MinimizeCommentInput!) { minimizeComment(input: $input) { minimizedComment { isMinimized minimizedReason } } }`;
    const hidden = world.ask(minimize, { input: { subjectId: added.id, classifier: "OUTDATED" } });
    assert.deepEqual(hidden.data.minimizeComment.minimizedComment, { isMinimized: true, minimizedReason: "outdated" });
    const { data } = world.ask(
      inRepository(
        "pullRequest(number: 1) { comments(last: 2) { nodes { author { login } databaseId body viewerDidAuthor } } }",
      ),
    );
    assert.deepEqual(
      data.repository.pullRequest.comments.nodes.map(
        ({ author, body, viewerDidAuthor }: Readonly<Record<string, unknown>>) => ({ author, body, viewerDidAuthor }),
      ),
      [
        { author: { login: "ann" }, body: "/help", viewerDidAuthor: false },
        { author: { login: "stagecoach" }, body: "Hello", viewerDidAuthor: true },
      ],
    );
  });
});

describe("createCommitOnBranch", () => {
  const mutation = `mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) {
    commit { oid message parents(first: 1) { nodes { oid } } signature { wasSignedByGitHub } author { name } } ref { name } } }`;

  it("commits what changes on top of the expected head, signed", () => {
    const world = makeWorld();
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

describe("a merge queue", () => {
  it("takes a pull request only with the head that was decided on, and gives it back", () => {
    const world = makeWorld();
    const { pull, base, head } = withPullRequest(world);
    world.repository.rules.push({
      ...queueRule,
      requiredChecks: [],
      requiredApprovals: undefined,
      mergeQueue: { method: "merge" },
    });
    const empty = world.ask(inRepository(`mergeQueue(branch: "main") { entries(first: 5) { totalCount } }`));
    assert.deepEqual(empty.data.repository.mergeQueue, { entries: { totalCount: 0 } });
    const enqueue = `mutation ($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input) { mergeQueueEntry { position state } } }`;
    const stale = world.ask(enqueue, { input: { pullRequestId: pull.nodeId, expectedHeadOid: base } });
    assert.deepEqual([stale.data.enqueuePullRequest, stale.errors[0]?.type], [null, "UNPROCESSABLE"]);
    const entry = world.ask(enqueue, { input: { pullRequestId: pull.nodeId, expectedHeadOid: head } });
    assert.deepEqual(entry.data.enqueuePullRequest.mergeQueueEntry, { position: 1, state: "QUEUED" });
    const queue = world.repository.mergeQueues.get("main");
    assert.ok(queue);
    const group = buildMergeGroup(world.model, { queue });
    const { data } = world.ask(
      inRepository(
        `mergeQueue(branch: "main") { entries(first: 5) { nodes { headCommit { oid } baseCommit { oid } pullRequest { number isInMergeQueue } state } } }`,
      ),
    );
    assert.deepEqual(data.repository.mergeQueue.entries.nodes, [
      {
        headCommit: { oid: group?.headOid },
        baseCommit: { oid: base },
        pullRequest: { number: 1, isInMergeQueue: true },
        state: "AWAITING_CHECKS",
      },
    ]);
    const dequeue = `mutation ($input: DequeuePullRequestInput!) { dequeuePullRequest(input: $input) { mergeQueueEntry { pullRequest { isInMergeQueue } } } }`;
    const out = world.ask(dequeue, { input: { id: pull.nodeId } });
    assert.deepEqual(out.data.dequeuePullRequest.mergeQueueEntry.pullRequest, { isInMergeQueue: false });
  });
});

describe("the rules of a branch", () => {
  it("are told with their parameters", () => {
    const world = makeWorld();
    world.move("main", world.commit({ a: "1" }));
    world.repository.rules.push(queueRule);
    const { data } = world.ask(
      inRepository(`ref(qualifiedName: "refs/heads/main") { branchProtectionRule { id } rules(first: 10) { nodes { type parameters { __typename
        ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context integrationId } }
        ... on PullRequestParameters { requiredApprovingReviewCount } } } } }`),
    );
    assert.equal(data.repository.ref.branchProtectionRule, null);
    assert.deepEqual(data.repository.ref.rules.nodes.slice(0, 2), [
      {
        type: "REQUIRED_STATUS_CHECKS",
        parameters: {
          __typename: "RequiredStatusChecksParameters",
          strictRequiredStatusChecksPolicy: false,
          requiredStatusChecks: [{ context: "stagecoach", integrationId: null }],
        },
      },
      { type: "PULL_REQUEST", parameters: { __typename: "PullRequestParameters", requiredApprovingReviewCount: 1 } },
    ]);
  });
});
