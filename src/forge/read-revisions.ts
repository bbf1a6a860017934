// The tags and branches of another repository with the commits that they lead to, as far as the config repository that
// asks may read them. Annotated tags are followed to their commit; what leads to something else than a commit is none.

import { isTagName } from "../domain/git-source.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Revision, RevisionList, SourceRepository } from "../domain/source-repository.ts";
import { askGraphql, errorAt, type Github, type GraphqlAnswer, tryRead, whyNot } from "./call-github.ts";
import { isCommitId } from "./read-payload.ts";
import { type SourceRequest, signInToSource } from "./sign-in-to-source.ts";

interface ObjectNode {
  readonly __typename: string;
  readonly oid: string;
  readonly committedDate?: string;
  readonly target?: ObjectNode | null;
}

interface RefNode {
  readonly name: string;
  readonly target: ObjectNode | null;
}

interface TagPage {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly (RefNode | null)[];
}

interface TagsAnswer {
  readonly repository: { readonly refs: TagPage | null } | null;
}

interface RefsAnswer {
  readonly repository: Readonly<Record<string, RefNode | null>> | null;
}

const PAGE = 100;

// A tag may be of a tag; more than three deep nobody goes.
const TARGET = `__typename oid
    ... on Commit { committedDate }
    ... on Tag { target { __typename oid
      ... on Commit { committedDate }
      ... on Tag { target { __typename oid
        ... on Commit { committedDate } } } } }`;

export const TAGS = `query Tags($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    refs(refPrefix: "refs/tags/", first: $first, after: $after, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { name target { ${TARGET} } }
    }
  }
}`;

/** One request for each hundred tags, the newest commits first, and no more than `pages`. */
export async function listRevisions(
  github: Github,
  { pages, ...request }: SourceRequest & { readonly pages: number },
): Promise<Seen<RevisionList>> {
  const tags: Revision[] = [];
  let after: string | null = null;
  for (let page = 1; ; page += 1) {
    const refs: Seen<TagPage> = await readPage(github, { ...request, after });
    if (refs.kind === "unknown") return refs;
    const { nodes, totalCount: total, pageInfo } = refs.value;
    tags.push(...nodes.flatMap((node) => (node && isTagName(node.name) ? readRevision(node) : [])));
    const isWhole = !pageInfo.hasNextPage || pageInfo.endCursor === null;
    if (isWhole || page >= pages) return known({ tags, total, isWhole });
    after = pageInfo.endCursor;
  }
}

async function readPage(
  github: Github,
  { at, source, after }: SourceRequest & { readonly after: string | null },
): Promise<Seen<TagPage>> {
  const variables = { first: PAGE, after };
  const answer = await ask<TagsAnswer>(github, { at, source, doing: "list the tags", query: TAGS, variables });
  if (answer.kind === "unknown") return answer;
  const { data, errors } = answer.value;
  const refs = data.repository?.refs;
  return refs ? known(refs) : unknown(whyClosed(source, errorAt(errors, ["repository"])?.message));
}

export function revisionsQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const fields = numbers.map((n) => `ref${n}: ref(qualifiedName: $ref${n}) { name target { ${TARGET} } }`);
  return `query Revisions($owner: String!, $name: String!${numbers.map((n) => `, $ref${n}: String!`).join("")}) {
  repository(owner: $owner, name: $name) { ${fields.join(" ")} }
}`;
}

/** By name, a branch as `heads/main`; `undefined` inside for what is not there. One request. */
export async function readRevisions(
  github: Github,
  { at, source, names }: SourceRequest & { readonly names: readonly string[] },
): Promise<Seen<ReadonlyMap<string, Revision | undefined>>> {
  const qualified = names.map((name) => (isTagName(name) ? `refs/tags/${name}` : `refs/${name}`));
  const query = revisionsQuery(names.length);
  const variables = Object.fromEntries(qualified.map((name, n) => [`ref${n}`, name]));
  const answer = await ask<RefsAnswer>(github, { at, source, doing: "read branches and tags", query, variables });
  if (answer.kind === "unknown") return answer;
  const { data, errors } = answer.value;
  if (!data.repository) return unknown(whyClosed(source, errors[0]?.message));
  const found = new Map<string, Revision | undefined>();
  for (const [n, name] of names.entries()) {
    const error = errorAt(errors, ["repository", `ref${n}`]);
    if (error) return unknown(`GitHub said "${error.message}"`);
    const node = data.repository[`ref${n}`];
    const [revision] = node ? readRevision({ ...node, name }) : [];
    found.set(name, revision);
  }
  return known(found);
}

interface Question extends SourceRequest {
  /** As in "could not <doing>". */
  readonly doing: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

async function ask<T>(
  github: Github,
  { at, source, doing, query, variables }: Question,
): Promise<Seen<GraphqlAnswer<T>>> {
  const { owner, name } = source;
  const answer = await tryRead(github, {
    at,
    doing: `${doing} of ${owner}/${name}`,
    ask: async () => {
      const octokit = await signInToSource(github, { at, source });
      return askGraphql<T>(octokit, { query, variables: { owner, name, ...variables } });
    },
  });
  return answer.kind === "ok" ? known(answer.value) : unknown(whyNot(answer));
}

function readRevision({ name, target }: RefNode): readonly Revision[] {
  let node = target;
  while (node && node.__typename === "Tag") node = node.target ?? null;
  if (node?.__typename !== "Commit" || !isCommitId(node.oid) || node.oid.length !== 40) return [];
  const at = Date.parse(node.committedDate ?? "");
  return [{ name, commit: node.oid, ...(Number.isFinite(at) && { committedAt: at }) }];
}

function whyClosed({ owner, name }: SourceRepository, said: string | undefined): string {
  const whose = `install the GitHub App on ${owner}/${name} too, in the same account as this repository, or make it public`;
  return `GitHub does not show it to Stagecoach${said === undefined ? "" : ` ("${said}")`}; ${whose}`;
}
