// Which files a pull request touches, and the trees between which it does. Two requests for up to 299 files; GitHub lists
// 3,000 at most, and what it does not list is unknown, never unchanged.

import type { ChangedFiles } from "../domain/removal.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { askGraphql, type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type Nodes, nodesOf } from "./observe-answer.ts";

export const CHANGED_FILES = `
query ChangedFiles($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      changedFiles
      baseRefOid
      headRefOid
      newest: commits(last: 1) { nodes { commit { oid tree { oid } } } }
      headRef { target { oid ... on Commit { tree { oid } } } }
    }
  }
}`;

interface CommitNode {
  readonly oid: string;
  readonly tree?: { readonly oid: string };
}

interface PullNode {
  readonly changedFiles: number;
  readonly baseRefOid: string;
  readonly headRefOid: string;
  readonly newest: Nodes<{ readonly commit: CommitNode }> | null;
  readonly headRef: { readonly target: CommitNode | null } | null;
}

interface Answer {
  readonly repository: { readonly pullRequest: PullNode | null } | null;
}

interface Numbered {
  readonly at: RepositoryReference;
  readonly number: number;
}

interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
}

const PAGE = 100;
/** GitHub lists no more than these files of a comparison, and these of a pull request. */
const MOST_OF_COMPARISON = 300;
const MOST_OF_PULL_REQUEST = 3_000;

export async function readChangedFiles(github: Github, { at, number }: Numbered): Promise<Seen<ChangedFiles>> {
  const pull = await readPull(github, { at, number });
  if (pull.kind === "unknown") return pull;
  const { changedFiles, baseRefOid: base, headRefOid: head, newest, headRef } = pull.value;
  if (changedFiles >= MOST_OF_PULL_REQUEST) {
    return unknown(`it changes ${changedFiles} files, and GitHub lists no more than ${MOST_OF_PULL_REQUEST}`);
  }
  const listed = [...nodesOf(newest).map(({ commit }) => commit), headRef?.target];
  const headTree = listed.find((commit) => commit?.oid === head)?.tree?.oid;
  if (headTree === undefined) return unknown("GitHub does not say what its newest commit has");
  const compared = await compare(github, { at, base, head });
  if (compared.kind === "unknown") return compared;
  const { files, tree } = compared.value;
  const whole = files.length === changedFiles && files.length < MOST_OF_COMPARISON;
  const all = whole ? known(files) : await listFiles(github, { at, number });
  if (all.kind === "unknown") return all;
  if (all.value.length !== changedFiles) return unknown("its files changed while they were read");
  return known({ head, mergeBaseTree: tree, headTree, paths: [...new Set(all.value.flatMap(pathsOf))] });
}

async function readPull(github: Github, { at, number }: Numbered): Promise<Seen<PullNode>> {
  const answer = await tryRead(github, {
    at,
    doing: `read what #${number} changes`,
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: CHANGED_FILES,
        variables: { owner: where.owner, name: where.repo, number },
      }),
  });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const { data, errors } = answer.value;
  // The branch of a fork may be hidden from us; it is only the second place to look.
  const error = errors.find(({ path }) => !path?.includes("headRef"));
  const pull = data.repository?.pullRequest;
  return error || !pull ? unknown(`GitHub said "${error?.message ?? "there is no such pull request"}"`) : known(pull);
}

async function compare(
  github: Github,
  { at, base, head }: { readonly at: RepositoryReference; readonly base: string; readonly head: string },
): Promise<Seen<{ readonly files: readonly ChangedFile[]; readonly tree: string }>> {
  const answer = await tryRead(github, {
    at,
    doing: `compare ${head} with its base`,
    ask: ({ octokit, where }) =>
      octokit.rest.repos.compareCommitsWithBasehead({ ...where, basehead: `${base}...${head}`, per_page: 1 }),
  });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const { merge_base_commit: fork, files = [] } = answer.value.data;
  return known({ files, tree: fork.commit.tree.sha });
}

async function listFiles(github: Github, { at, number }: Numbered): Promise<Seen<readonly ChangedFile[]>> {
  const files = new Map<string, ChangedFile>();
  for (let page = 1; ; page += 1) {
    const answer = await tryRead(github, {
      at,
      doing: `list the files of #${number}`,
      ask: ({ octokit, where }) =>
        octokit.rest.pulls.listFiles({ ...where, pull_number: number, per_page: PAGE, page }),
    });
    if (answer.kind !== "ok") return unknown(whyNot(answer));
    for (const file of answer.value.data) files.set(file.filename, file);
    if (answer.value.data.length < PAGE || files.size >= MOST_OF_PULL_REQUEST) return known([...files.values()]);
  }
}

function pathsOf({ filename, previous_filename: previous }: ChangedFile): readonly string[] {
  return previous === undefined ? [filename] : [previous, filename];
}
