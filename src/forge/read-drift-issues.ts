// Reads our open issues about drift: found by their label, believed by their author and mark. Two about one environment
// count as the older one.

import type { ToldIssue } from "../domain/told.ts";
import { askGraphql, type Github, read } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type ActorNode, type Nodes, nodesOf, type Page } from "./observe-answer.ts";
import { readDriftMark } from "./read-marks.ts";
import { isOurBot } from "./read-pull-request.ts";
import { DRIFT_ISSUES } from "./told-query.ts";

interface IssueNode {
  readonly number: number;
  readonly body: string;
  readonly author: ActorNode | null;
  readonly labels: Nodes<{ readonly name: string }> | null;
}

interface Answer {
  readonly repository: { readonly issues: Page<IssueNode> | null } | null;
}

/** Of 50 each: who may give labels may give them to a great many issues. */
const MOST_PAGES = 20;

/** One request per 50 issues with the label. */
export async function readDriftIssues(
  github: Github,
  { at }: { readonly at: RepositoryReference },
): Promise<readonly ToldIssue[]> {
  const { slug } = await github.identity();
  const issues = new Map<string, ToldIssue>();
  let after: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found: Page<IssueNode> = await askPage(github, { at, after });
    for (const { number, body, author, labels } of nodesOf(found)) {
      const mark = isOurBot(author, { slug }) ? readDriftMark(body) : undefined;
      if (mark === undefined || issues.has(mark.key)) continue;
      issues.set(mark.key, { number, ...mark, labels: nodesOf(labels).map(({ name }) => name) });
    }
    if (!found.pageInfo.hasNextPage) return [...issues.values()];
    after = found.pageInfo.endCursor ?? "";
  }
  throw new Error(`${at.owner}/${at.name} has more open issues about drift than Stagecoach reads.`);
}

async function askPage(
  github: Github,
  { at, after }: { readonly at: RepositoryReference; readonly after: string | null },
): Promise<Page<IssueNode>> {
  const { data, errors } = await read(github, {
    at,
    doing: "read the issues about drift",
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: DRIFT_ISSUES,
        variables: { owner: where.owner, name: where.repo, after },
      }),
  });
  // An issue that is missing would be opened again.
  if (errors[0] || !data.repository?.issues) {
    throw new Error(`Could not read the issues about drift: GitHub said "${errors[0]?.message ?? "nothing"}".`);
  }
  return data.repository.issues;
}
