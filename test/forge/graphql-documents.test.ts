// Every question that the adapter asks by GraphQL, checked against GitHub's own schema.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { buildSchema, parse, validate } from "graphql";
import { ANSWER, acknowledgeMutation } from "../../src/forge/answer-comment.ts";
import { commentsQuery } from "../../src/forge/comments-query.ts";
import { BRANCH_HEAD, COMMIT_ON_BRANCH } from "../../src/forge/commit-on-branch.ts";
import { PULL_REQUESTS_BY_US } from "../../src/forge/had-pull-requests.ts";
import { DEQUEUE, ENQUEUE, QUEUED } from "../../src/forge/merge-pull-request.ts";
import { headsQuery, MOVE_REFS } from "../../src/forge/move-refs.ts";
import { LEDGER_COMMITS_QUERY, observeQuery } from "../../src/forge/observe-query.ts";
import { blobsQuery } from "../../src/forge/read-blobs.ts";
import { CHANGED_FILES } from "../../src/forge/read-changed-files.ts";
import { REVIEWS } from "../../src/forge/read-reviews.ts";
import { revisionsQuery, TAGS } from "../../src/forge/read-revisions.ts";
import { DRIFT_ISSUES, toldQuery } from "../../src/forge/told-query.ts";

const file = new URL("../../node_modules/@octokit/graphql-schema/schema.graphql", import.meta.url);
const schema = buildSchema(readFileSync(file, "utf8"), { assumeValidSDL: true });

const documents = {
  "observe without branches": observeQuery({ branches: 0 }),
  "observe with three branches": observeQuery({ branches: 3 }),
  "ledger commits": LEDGER_COMMITS_QUERY,
  "fifty blobs": blobsQuery(50),
  "two heads": headsQuery(2),
  "move refs": MOVE_REFS,
  dequeue: DEQUEUE,
  enqueue: ENQUEUE,
  queued: QUEUED,
  "pull requests by us": PULL_REQUESTS_BY_US,
  "what was told on one pull request": toldQuery(["comments"]),
  "what was told on many": toldQuery(["comments", "deployments", "comments", "deployments", "deployments"]),
  "issues about drift": DRIFT_ISSUES,
  "changed files": CHANGED_FILES,
  reviews: REVIEWS,
  "comments of one conversation": commentsQuery(1),
  "comments of many": commentsQuery(25),
  "that comments were seen": acknowledgeMutation(3),
  "an answer": ANSWER,
  "a commit on a branch": COMMIT_ON_BRANCH,
  "where a branch is": BRANCH_HEAD,
  "tags of another repository": TAGS,
  "three tags and branches of it": revisionsQuery(3),
};

for (const [name, text] of Object.entries(documents)) {
  it(`${name} is a valid question`, () => {
    assert.deepEqual(
      validate(schema, parse(text)).map(({ message }) => message),
      [],
    );
  });
}
