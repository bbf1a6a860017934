// Whether our app ever opened a pull request in a repository, also when its branch, its label and our memory of it are
// gone. GitHub's search lags by seconds, which does not matter here: a ledger is missed for much longer.

import { askGraphql, type Github, read } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";

export const PULL_REQUESTS_BY_US = `
query pullRequestsByUs($found: String!) {
  search(query: $found, type: ISSUE, first: 1) { issueCount }
}`;

export async function hadPullRequests(github: Github, { at }: { readonly at: RepositoryReference }): Promise<boolean> {
  const { slug } = await github.identity();
  const { data, errors } = await read(github, {
    at,
    doing: "look for earlier promotions",
    ask: ({ octokit, where }) =>
      askGraphql<{ readonly search: { readonly issueCount: number } | null }>(octokit, {
        query: PULL_REQUESTS_BY_US,
        variables: { found: `repo:${where.owner}/${where.repo} is:pr author:app/${slug}` },
      }),
  });
  if (errors[0] || !data.search) {
    throw new Error(`Could not look for earlier promotions: GitHub said "${errors[0]?.message ?? "nothing"}".`);
  }
  return data.search.issueCount > 0;
}
