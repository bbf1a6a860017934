// Reads which blobs a commit has where its base has others: against its first parent, or, for a merge of the base,
// against what was merged. Complete or an error, never a part.

import type { HeadFile } from "../domain/observed.ts";
import { type Github, read } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";

const PAGE = 100;
/** GitHub lists no more than these files of a commit, and these of a comparison. */
const MOST_OF_COMMIT = 3_000;
const MOST_OF_COMPARISON = 300;

interface ChangedFile {
  readonly filename: string;
  readonly status: string;
  readonly sha: string | null;
  readonly previous_filename?: string;
}

export async function readHeadFiles(
  github: Github,
  { at, commit }: { readonly at: RepositoryReference; readonly commit: string },
): Promise<readonly HeadFile[]> {
  const files = new Map<string, ChangedFile>();
  for (let page = 1; ; page += 1) {
    const { data } = await read(github, {
      at,
      doing: `read the changes of ${commit}`,
      ask: ({ octokit, where }) => octokit.rest.repos.getCommit({ ...where, ref: commit, per_page: PAGE, page }),
    });
    const merged = data.parents[1]?.sha;
    if (merged !== undefined) return compare(github, { at, base: merged, head: commit });
    const some = data.files ?? [];
    // However many GitHub puts on a page, one that brings nothing new is behind the last.
    const news = some.filter(({ filename }) => !files.has(filename));
    for (const file of news) files.set(file.filename, file);
    if (some.length < PAGE || news.length === 0) return toHeadFiles([...files.values()]);
    if (files.size >= MOST_OF_COMMIT) throw new Error(`GitHub does not list all files that ${commit} changes.`);
  }
}

async function compare(
  github: Github,
  { at, base, head }: { readonly at: RepositoryReference; readonly base: string; readonly head: string },
): Promise<readonly HeadFile[]> {
  const { data } = await read(github, {
    at,
    doing: `compare ${head} with its base`,
    ask: ({ octokit, where }) =>
      octokit.rest.repos.compareCommitsWithBasehead({ ...where, basehead: `${base}...${head}` }),
  });
  const files = data.files ?? [];
  if (files.length >= MOST_OF_COMPARISON) throw new Error(`GitHub does not list all files that ${head} changes.`);
  return toHeadFiles(files);
}

function toHeadFiles(files: readonly ChangedFile[]): readonly HeadFile[] {
  return files.flatMap(({ filename, previous_filename: previous, status, sha }) => {
    if (status === "removed" || sha === null) return [{ path: filename }];
    const here = { path: filename, blob: sha };
    return status === "renamed" && previous !== undefined ? [{ path: previous }, here] : [here];
  });
}
