// What came between two commits of a source repository: the commits, and the pull requests that they came with. It is
// read with a token of the config repository's own installation; what that does not show is unknown, with what to do.
// Two requests. Whether people may be told is the planner's decision.

import { known, type Seen, unknown } from "../domain/seen.ts";
import type { SourceCommit, SourceHistory, SourceRange } from "../domain/source-history.ts";
import { askGraphql, type Call, type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type Nodes, nodesOf } from "./observe-answer.ts";
import { isCommitId } from "./read-payload.ts";
import { readVisibility } from "./read-visibility.ts";

export const SOURCE_HISTORY = `
query SourceHistory($owner: String!, $name: String!, $base: GitObjectID!, $head: GitObjectID!, $commits: [ID!]!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    visibility
    base: object(oid: $base) { __typename oid }
    head: object(oid: $head) { __typename oid }
  }
  nodes(ids: $commits) {
    ... on Commit {
      oid
      associatedPullRequests(first: 5) { nodes { number state baseRepository { nameWithOwner } } }
    }
  }
}`;

interface ObjectNode {
  readonly __typename: string;
  readonly oid: string;
}

interface Answer {
  readonly repository: {
    readonly nameWithOwner: string;
    readonly visibility: string;
    readonly base: ObjectNode | null;
    readonly head: ObjectNode | null;
  } | null;
  readonly nodes: readonly ({
    readonly oid?: string;
    readonly associatedPullRequests?: Nodes<{
      readonly number: number;
      readonly state: string;
      readonly baseRepository: { readonly nameWithOwner: string } | null;
    }> | null;
  } | null)[];
}

interface Comparison {
  readonly ahead: number;
  readonly behind: number;
  /** The newest first. */
  readonly commits: readonly ComparedCommit[];
  readonly page?: string;
}

interface ComparedCommit extends SourceCommit {
  readonly node: string;
}

type Compared = { readonly kind: "compared"; readonly value: Comparison } | { readonly kind: "absent" };

export interface SourceHistoryRequest {
  readonly at: RepositoryReference;
  readonly range: SourceRange;
}

interface Asking {
  readonly at: RepositoryReference;
  readonly range: SourceRange;
  /** The installation has the repository, so what it does not show is not there. */
  readonly installed: boolean;
}

/** Two dots would lead elsewhere in an address. */
const REPOSITORY = /^([A-Za-z0-9_-]{1,100})\/(?!\.{1,2}$)([A-Za-z0-9._-]{1,100})$/;
/** GitHub takes so many ids at once. */
const MOST_COMMITS = 100;
const LONGEST_TITLE = 200;
const LONGEST_NAME = 100;

export async function readSourceHistory(
  github: Github,
  { at, range }: SourceHistoryRequest,
): Promise<Seen<SourceHistory>> {
  const [, owner, name] = REPOSITORY.exec(range.source) ?? [];
  if (owner === undefined || name === undefined)
    return unknown(`${quote(range.source)} is not the name of a repository`);
  const wrong = [range.base, range.head].find((id) => !isCommitId(id));
  if (wrong !== undefined) return unknown(`${quote(wrong)} is no commit id`);
  const source = await openSource(github, { at, owner, name });
  const asking = { at: source.at, range, installed: source.installed };
  const compared = await compare(source.github, asking);
  if (compared.kind === "unknown") return compared;
  const { commits } = compared.value.kind === "compared" ? compared.value.value : { commits: [] };
  const answer = await tryRead(source.github, {
    at: source.at,
    doing: `read the pull requests of ${range.source}`,
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: SOURCE_HISTORY,
        variables: {
          owner: where.owner,
          name: where.repo,
          base: range.base,
          head: range.head,
          commits: commits.map(({ node }) => node),
        },
      }),
  });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  return join(compared.value, { answer: answer.value.data, asking });
}

/** The repository as a token of the same installation sees it; without one, as anybody does. */
async function openSource(
  github: Github,
  { at, owner, name }: { readonly at: RepositoryReference; readonly owner: string; readonly name: string },
): Promise<{ readonly github: Github; readonly at: RepositoryReference; readonly installed: boolean }> {
  const own = github.names.get(at.repository) ?? at;
  const isOwn = `${own.owner}/${own.name}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
  if (isOwn) return { github, at, installed: true };
  // No name but the one that was written: a number of another repository would be looked up there.
  const names: Github["names"] = new Map();
  const place = { ...at, owner, name };
  const isAccount = owner.toLowerCase() === own.owner.toLowerCase();
  const { installation } = at;
  const client = isAccount ? await github.clientForSource({ installation, name }) : undefined;
  if (client === undefined) return { github: { ...github, names }, at: place, installed: false };
  return { github: { ...github, names, clientFor: async () => client }, at: place, installed: true };
}

/** Without pages, GitHub lists the newest 250 commits, the newest last. */
async function compare(github: Github, { at, range }: Asking): Promise<Seen<Compared>> {
  const { source, base, head } = range;
  const answer = await tryRead(github, {
    at,
    doing: `compare ${base} with ${head}`,
    ask: ({ octokit, where }: Call) =>
      octokit.rest.repos.compareCommitsWithBasehead({ ...where, basehead: `${base}...${head}` }),
  });
  if (answer.kind === "answered" && (answer.status === 404 || answer.status === 422)) return known({ kind: "absent" });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const { ahead_by: ahead, behind_by: behind, html_url: page, commits } = answer.value.data;
  const listed = commits
    .filter(({ parents }) => parents.length < 2)
    .slice(-MOST_COMMITS)
    .map(({ sha, node_id: node, author, commit }): ComparedCommit => {
      const by = author?.login ?? commit.author?.name;
      const title = firstLine(commit.message);
      return { id: sha, node, title, ...(by !== undefined && { by: by.slice(0, LONGEST_NAME) }) };
    });
  return known({
    kind: "compared",
    value: { ahead, behind, commits: listed.reverse(), ...(isPageOf(page, source) && { page }) },
  });
}

function firstLine(message: string): string {
  return (/^\s*(.*)/u.exec(message.slice(0, 10 * LONGEST_TITLE))?.[1] ?? "").slice(0, LONGEST_TITLE);
}

/** GitHub says where its pages are; no more is taken on its word than the host. */
function isPageOf(page: string, source: string): boolean {
  const path = URL.parse(page)?.pathname.toLowerCase() ?? "";
  return path.startsWith(`/${source.toLowerCase()}/compare/`);
}

function join(
  compared: Compared,
  { answer, asking }: { readonly answer: Answer; readonly asking: Asking },
): Seen<SourceHistory> {
  const { source } = asking.range;
  const visibility = readVisibility(answer.repository?.visibility);
  if (answer.repository === null || visibility === undefined) return unknown(whyHidden(asking));
  if (compared.kind === "absent") return unknown(whyAbsent(answer.repository, asking));
  const pulls = new Map(answer.nodes.map((node) => [node?.oid, nodesOf(node?.associatedPullRequests)]));
  const { commits, ...facts } = compared.value;
  return known({
    ...facts,
    visibility,
    commits: commits.map(({ node: _, ...commit }) => {
      const merged = pulls
        .get(commit.id)
        ?.find(
          (pull) => pull.state === "MERGED" && isNamed(pull.baseRepository, answer.repository?.nameWithOwner ?? source),
        );
      return { ...commit, ...(merged && { pullRequest: merged.number }) };
    }),
  });
}

function isNamed(repository: { readonly nameWithOwner: string } | null, name: string): boolean {
  return repository?.nameWithOwner.toLowerCase() === name.toLowerCase();
}

function whyHidden({ range: { source }, installed }: Asking): string {
  const cure = "the app has to be installed there, too, in the same account";
  return `GitHub shows Stagecoach no repository ${quote(source)}${installed ? "" : `; ${cure}`}`;
}

function whyAbsent({ base, head }: NonNullable<Answer["repository"]>, { range }: Asking): string {
  const missing = base === null ? range.base : head === null ? range.head : undefined;
  if (missing === undefined) return `the two commits of ${quote(range.source)} have no history in common`;
  return `${quote(range.source)} has no commit ${quote(missing.slice(0, 12))}; it may be that of an image below`;
}

function quote(text: string): string {
  return `\`${text.replaceAll("`", "'").slice(0, 100)}\``;
}
