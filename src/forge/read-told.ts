// Reads what we said on pull requests after their merge: our marked comments, and the deployments of the merge commits.
// One request for many pull requests; a further one only for what has more than a page. What somebody else wrote never
// counts, whatever mark it carries.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { DeploymentState, ToldComment, ToldDeployment, ToldOnPullRequest } from "../domain/told.ts";
import { askGraphql, errorAt, type Github, tryRead, whyNot } from "./call-github.ts";
import type { GraphqlError } from "./classify-error.ts";
import { findDeploymentId } from "./find-deployment-id.ts";
import type { RepositoryReference } from "./forge.ts";
import { type ActorNode, nodesOf, type Page } from "./observe-answer.ts";
import { isEnvironmentKey, readCommentMark } from "./read-marks.ts";
import { isCommitId } from "./read-payload.ts";
import { isOurBot } from "./read-pull-request.ts";
import { type ToldQuestion, toldQuery } from "./told-query.ts";

export interface ToldRequest {
  readonly at: RepositoryReference;
  readonly wanted: readonly { readonly number: number; readonly commit?: string }[];
}

interface CommentNode {
  readonly url: string;
  readonly body: string;
  readonly author: ActorNode | null;
}

interface DeploymentNode {
  readonly id: string;
  readonly databaseId: number | null;
  readonly originalEnvironment: string | null;
  readonly creator: ActorNode | null;
  readonly latestStatus: { readonly state: string; readonly description: string | null } | null;
}

interface ToldNode {
  readonly comments?: Page<CommentNode> | null;
  readonly deployments?: Page<DeploymentNode> | null;
}

interface Answer {
  readonly repository: Readonly<Record<string, ToldNode | null>> | null;
}

/** What came together about one pull request. */
interface Gathered {
  readonly comments: CommentNode[];
  readonly deployments: (DeploymentNode & { readonly commit: string })[];
  /** The first reason why not everything is known. */
  gap?: string;
}

const QUESTIONS_AT_ONCE = 50;
/** Of 50 each; GitHub takes no more than 2,500 comments on a pull request. */
const MOST_PAGES = 50;
const LARGEST_NUMBER = 2 ** 31 - 1;

export async function readTold(
  github: Github,
  { at, wanted }: ToldRequest,
): Promise<ReadonlyMap<number, Seen<ToldOnPullRequest>>> {
  const gathered = new Map<number, Gathered>(wanted.map(({ number }) => [number, { comments: [], deployments: [] }]));
  let questions = wanted.flatMap((one) => askAbout(one, gathered));
  while (questions.length > 0) {
    const further = await askOnce(github, { at, questions: questions.slice(0, QUESTIONS_AT_ONCE), gathered });
    questions = [...questions.slice(QUESTIONS_AT_ONCE), ...further];
  }
  const { slug } = await github.identity();
  const told = new Map<number, Seen<ToldOnPullRequest>>();
  for (const [number, found] of gathered) told.set(number, await judge(github, { at, found, slug }));
  return told;
}

/** One value of the wrong form would be refused together with the whole question. */
function askAbout(
  { number, commit }: ToldRequest["wanted"][number],
  gathered: Map<number, Gathered>,
): readonly ToldQuestion[] {
  const isNumber = Number.isSafeInteger(number) && number > 0 && number <= LARGEST_NUMBER;
  const isCommit = commit === undefined || isCommitId(commit);
  if (!isNumber) note(gathered, { number, gap: "it has no number that GitHub could know" });
  if (!isCommit) note(gathered, { number, gap: `\`${commit.slice(0, 80)}\` is no commit id` });
  if (!isNumber || !isCommit) return [];
  const comments = { kind: "comments", number, page: 1 } as const;
  return commit === undefined ? [comments] : [comments, { kind: "deployments", number, commit, page: 1 }];
}

/** Answers with what has to be asked again because there is more. */
async function askOnce(
  github: Github,
  {
    at,
    questions,
    gathered,
  }: {
    readonly at: RepositoryReference;
    readonly questions: readonly ToldQuestion[];
    readonly gathered: Map<number, Gathered>;
  },
): Promise<readonly ToldQuestion[]> {
  const variables = questions.flatMap(({ number, commit, after }, n) => [
    [`about${n}`, commit ?? number],
    [`after${n}`, after ?? null],
  ]);
  const answer = await tryRead(github, {
    at,
    doing: "read what Stagecoach said before",
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: toldQuery(questions.map(({ kind }) => kind)),
        variables: { owner: where.owner, name: where.repo, ...Object.fromEntries(variables) },
      }),
  });
  if (answer.kind !== "ok") {
    for (const { number } of questions) note(gathered, { number, gap: whyNot(answer) });
    return [];
  }
  const { data, errors } = answer.value;
  return questions.flatMap((question, n) => {
    const error = gapAt(errors, { question, n }) ?? (data.repository ? undefined : errors[0]);
    if (error) note(gathered, { number: question.number, gap: `GitHub said "${error.message}"` });
    return error ? [] : gather(data.repository?.[`told${n}`], { question, gathered });
  });
}

function gather(
  node: ToldNode | null | undefined,
  { question, gathered }: { readonly question: ToldQuestion; readonly gathered: Map<number, Gathered> },
): readonly ToldQuestion[] {
  const found = gathered.get(question.number);
  const { pageInfo } = (question.kind === "comments" ? node?.comments : node?.deployments) ?? {};
  found?.comments.push(...nodesOf(node?.comments));
  found?.deployments.push(...nodesOf(node?.deployments).map((one) => ({ ...one, commit: question.commit ?? "" })));
  if (!pageInfo?.hasNextPage) return [];
  if (question.page < MOST_PAGES) return [{ ...question, page: question.page + 1, after: pageInfo.endCursor ?? "" }];
  note(gathered, { number: question.number, gap: `it has more ${question.kind} than Stagecoach reads` });
  return [];
}

/** An id that is too large for its field is found elsewhere; who may not read deployments has recorded none. */
function gapAt(
  errors: readonly GraphqlError[],
  { question, n }: { readonly question: ToldQuestion; readonly n: number },
): GraphqlError | undefined {
  const relevant = errors.filter(({ path, type }) => {
    if (path?.at(-1) === "databaseId") return false;
    return question.kind === "comments" || type !== "FORBIDDEN";
  });
  return errorAt(relevant, ["repository", `told${n}`]);
}

function note(
  gathered: Map<number, Gathered>,
  { number, gap }: { readonly number: number; readonly gap: string },
): void {
  const found = gathered.get(number);
  if (found) found.gap ??= gap;
}

async function judge(
  github: Github,
  { at, found, slug }: { readonly at: RepositoryReference; readonly found: Gathered; readonly slug: string },
): Promise<Seen<ToldOnPullRequest>> {
  if (found.gap !== undefined) return unknown(found.gap);
  const comments = found.comments.flatMap((node) => (isOurBot(node.author, { slug }) ? readComment(node) : []));
  const deployments = new Map<EnvironmentKey, ToldDeployment>();
  for (const node of found.deployments) {
    const { originalEnvironment: environment, latestStatus: status } = node;
    if (environment === null || !isEnvironmentKey(environment) || !isOurBot(node.creator, { slug })) continue;
    if (deployments.has(environment)) continue;
    const id = node.databaseId ?? (await findDeploymentId(github, { at, node: node.id, commit: node.commit }));
    if (id === undefined) return unknown(`GitHub does not say which deployment to \`${environment}\` is ours`);
    deployments.set(environment, {
      id,
      environment,
      ...(status && { status: { state: readState(status.state), description: status.description ?? "" } }),
    });
  }
  return known({ comments: uniqueByTopic(comments), deployments: [...deployments.values()] });
}

function readComment({ url, body }: CommentNode): readonly ToldComment[] {
  const mark = readCommentMark(body);
  // The numbers of comments have outgrown `databaseId`; the address ends in them.
  const id = Number(/#issuecomment-([0-9]+)$/.exec(url)?.[1]);
  return mark && Number.isSafeInteger(id) ? [{ id, ...mark }] : [];
}

/** GitHub lists the oldest first. */
function uniqueByTopic(comments: readonly ToldComment[]): readonly ToldComment[] {
  return comments.filter(({ topic }, index) => comments.findIndex((one) => one.topic === topic) === index);
}

/** What we never set is read as the nearest of what we do; its description differs, so it is set again. */
function readState(state: string): DeploymentState {
  if (state === "IN_PROGRESS") return "in_progress";
  if (state === "SUCCESS") return "success";
  if (state === "INACTIVE") return "inactive";
  return state === "FAILURE" || state === "ERROR" ? "failure" : "queued";
}
