// Reads our open issues about drift: found by their label, believed by their author and mark. Two about one environment
// count as the older one.

import { known, type Seen, unknown } from "../domain/seen.ts";
import type { ToldIssue } from "../domain/told.ts";
import { askGraphql, type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type ActorNode, type Nodes, nodesOf, type Page } from "./observe-answer.ts";
import { DRIFT_LABEL, readDriftMark } from "./read-marks.ts";
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
): Promise<Seen<readonly ToldIssue[]>> {
  const { slug } = await github.identity();
  const issues = new Map<string, ToldIssue>();
  let after: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found: Seen<Page<IssueNode>> = await askPage(github, { at, after });
    if (found.kind === "unknown") return found;
    for (const { number, body, author, labels } of nodesOf(found.value)) {
      const mark = isOurBot(author, { slug }) ? readDriftMark(body) : undefined;
      if (mark === undefined || issues.has(mark.key)) continue;
      issues.set(mark.key, { number, ...mark, labels: nodesOf(labels).map(({ name }) => name) });
    }
    const { hasNextPage, endCursor } = found.value.pageInfo;
    if (!hasNextPage) return known([...issues.values()]);
    after = endCursor ?? "";
  }
  return unknown(`more than ${MOST_PAGES * 50} open issues carry the label ${DRIFT_LABEL}`);
}

async function askPage(
  github: Github,
  { at, after }: { readonly at: RepositoryReference; readonly after: string | null },
): Promise<Seen<Page<IssueNode>>> {
  const answer = await tryRead(github, {
    at,
    doing: "read the issues about drift",
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: DRIFT_ISSUES,
        variables: { owner: where.owner, name: where.repo, after },
      }),
  });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const { data, errors } = answer.value;
  const found = data.repository?.issues;
  // An issue that is missing would be opened again.
  return errors[0] || !found ? unknown(`GitHub said "${errors[0]?.message ?? "nothing"}"`) : known(found);
}
