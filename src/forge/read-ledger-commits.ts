// Reads the history of the ledger branch further than the newest commits, and says of each commit whether our app made
// it and GitHub signed it. Whether that is enough to believe the ledger is decided elsewhere.

import { askGraphql, type Github, read } from "./call-github.ts";
import { findSigner } from "./find-signer.ts";
import type { RepositoryReference } from "./forge.ts";
import { isOurCommit, nameAuthor, type Signer } from "./judge-ownership.ts";
import { type CommitNode, type Nodes, nodesOf } from "./observe-answer.ts";
import { LEDGER_COMMITS_QUERY } from "./observe-query.ts";
import type { LedgerCommit } from "./snapshot.ts";

interface Answer {
  readonly repository: { readonly object: { readonly history?: Nodes<CommitNode> } | null } | null;
}

/** Up to 99 commits behind `after`, newest first; none when `after` is the first one of all. */
export async function readLedgerCommits(
  github: Github,
  { at, after }: { readonly at: RepositoryReference; readonly after: string },
): Promise<readonly LedgerCommit[]> {
  const signer = await findSigner(github, at);
  const { data, errors } = await read(github, {
    at,
    doing: "read the ledger's history",
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: LEDGER_COMMITS_QUERY,
        variables: { owner: where.owner, name: where.repo, oid: after },
      }),
  });
  const nodes = data.repository?.object?.history?.nodes;
  if (errors[0] || !nodes) {
    throw new Error(`Could not read the ledger's history: GitHub said "${errors[0]?.message ?? "no such commit"}".`);
  }
  const commits = nodesOf({ nodes }).map((node) => readLedgerCommit(node, signer));
  return commits.filter(({ oid }) => oid !== after);
}

export function readLedgerCommit(node: CommitNode, signer: Signer): LedgerCommit {
  return {
    oid: node.oid,
    parents: nodesOf(node.parents).map(({ oid }) => oid),
    ours: isOurCommit(node, signer),
    author: nameAuthor(node),
  };
}
