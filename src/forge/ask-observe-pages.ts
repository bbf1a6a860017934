// Asks the observing question page by page: the facts once, and only what has more again. Finds a repository that was
// renamed meanwhile, and refuses answers with gaps that would look like absences.

import { askGraphql, errorAt, type Github, read } from "./call-github.ts";
import type { GraphqlError } from "./classify-error.ts";
import { findRepository } from "./find-repository.ts";
import { RepositoryGone, type RepositoryReference } from "./forge.ts";
import { nodesOf, type ObserveAnswer, type OpenNode, type RefNode, type RepositoryNode } from "./observe-answer.ts";
import { observeQuery } from "./observe-query.ts";

/** Of 50 each. */
const MOST_PAGES = 40;

export interface ObservedPages {
  /** The first page; it alone has the facts. */
  readonly repository: RepositoryNode;
  readonly errors: readonly GraphqlError[];
  readonly open: readonly OpenNode[];
  readonly refs: readonly RefNode[];
}

interface Question {
  readonly at: RepositoryReference;
  readonly branches: readonly string[];
  readonly appId: number;
}

export async function readObservePages(github: Github, question: Question): Promise<ObservedPages> {
  const first = await askPage(github, { question, facts: true, pulls: {}, refs: {} });
  let { open, refs } = first.repository;
  const allOpen = [...nodesOf(open)];
  const allRefs = [...nodesOf(refs)];
  for (let page = 2; open?.pageInfo.hasNextPage || refs?.pageInfo.hasNextPage; page += 1) {
    if (page > MOST_PAGES) throw new Error(`${question.at.name} has more open pull requests than Stagecoach reads.`);
    const next = await askPage(github, {
      question,
      facts: false,
      ...(open?.pageInfo.hasNextPage && { pulls: { after: open.pageInfo.endCursor ?? "" } }),
      ...(refs?.pageInfo.hasNextPage && { refs: { after: refs.pageInfo.endCursor ?? "" } }),
    });
    ({ open, refs } = next.repository);
    allOpen.push(...nodesOf(open));
    allRefs.push(...nodesOf(refs));
  }
  return { ...first, open: uniqueByNumber(allOpen), refs: allRefs };
}

interface PageRequest {
  readonly question: Question;
  readonly facts: boolean;
  readonly pulls?: { readonly after?: string };
  readonly refs?: { readonly after?: string };
}

async function askPage(
  github: Github,
  request: PageRequest,
): Promise<{ readonly repository: RepositoryNode; readonly errors: readonly GraphqlError[] }> {
  const { at } = request.question;
  const page = await readPage(github, request);
  if (page.repository?.databaseId === at.repository) {
    github.names.set(at.repository, { owner: page.repository.owner.login, name: page.repository.name });
    failOnGaps(page.errors);
    return { repository: page.repository, errors: page.errors };
  }
  // Renamed, transferred, or another repository has taken its name: the id finds it.
  const found = await findRepository(github, at);
  if (found === undefined) {
    throw new RepositoryGone(`Repository ${at.owner}/${at.name} is gone.`, { repository: at.repository });
  }
  const second = await readPage(github, request);
  if (second.repository?.databaseId !== at.repository) {
    const why = second.errors[0]?.message ?? "its answer is about another repository";
    throw new Error(`Could not observe ${found.owner}/${found.name}: GitHub said "${why}".`);
  }
  failOnGaps(second.errors);
  return { repository: second.repository, errors: second.errors };
}

async function readPage(
  github: Github,
  { question, facts, pulls, refs }: PageRequest,
): Promise<{ readonly repository: RepositoryNode | null; readonly errors: readonly GraphqlError[] }> {
  const { at, branches, appId } = question;
  const wanted = branches.flatMap((branch, n) => [
    [`ref${n}`, `refs/heads/${branch}`],
    [`name${n}`, branch],
  ]);
  const query = observeQuery({ branches: branches.length });
  const { data, errors } = await read(github, {
    at,
    doing: "observe",
    ask: ({ octokit, where }) =>
      askGraphql<ObserveAnswer>(octokit, {
        query,
        variables: {
          owner: where.owner,
          name: where.repo,
          appId,
          facts,
          pulls: pulls !== undefined,
          pullsAfter: pulls?.after ?? null,
          refs: refs !== undefined,
          refsAfter: refs?.after ?? null,
          ...Object.fromEntries(wanted),
        },
      }),
  });
  return { repository: data.repository, errors };
}

/** A gap among pull requests, issues or branches of ours would look like an absence, and an absence makes us write. */
function failOnGaps(errors: readonly GraphqlError[]): void {
  // The id of a run may be too large for its field; it stands in the run's address, too.
  const relevant = errors.filter(({ path }) => path?.at(-1) !== "databaseId" || !path.includes("checkRuns"));
  for (const list of [
    "open",
    "past",
    "closed",
    "dashboards",
    "closedDashboards",
    "lent",
    "refs",
    "defaultBranchRef",
  ] as const) {
    const error = errorAt(relevant, ["repository", list]);
    if (error) throw new Error(`GitHub could not say everything about the repository: "${error.message}".`);
  }
}

/** Between two pages a pull request may slide from one to the other. */
function uniqueByNumber(nodes: readonly OpenNode[]): readonly OpenNode[] {
  return [...new Map(nodes.map((node) => [node.number, node])).values()];
}
