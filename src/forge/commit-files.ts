// Makes one commit through the API, without an author of its own, so that GitHub signs it. Moves no ref: until one
// points to it, the commit is nothing, and one whose answer was lost is simply made again by a later pass.

import { type Github, type Written, write } from "./call-github.ts";
import { type Commit, CommitRefused, type RepositoryReference } from "./forge.ts";
import type { CommitRequest } from "./write-request.ts";

type Mode = "100644" | "100755";

export async function commitFiles(
  github: Github,
  { at, change }: { readonly at: RepositoryReference; readonly change: CommitRequest },
): Promise<Commit> {
  const files = change.files.map(({ path, mode, text }) => ({
    path,
    mode: fileMode({ path, mode }),
    type: "blob" as const,
    content: text,
  }));
  const tree = await write(github, {
    at,
    doing: "store the changed files",
    ask: ({ octokit, where }) =>
      octokit.rest.git.createTree({
        ...where,
        tree: files,
        ...(change.baseTree !== undefined && { base_tree: change.baseTree }),
      }),
  });
  if (tree.kind !== "ok") throw failureOf(tree);
  const commit = await write(github, {
    at,
    doing: "commit the changed files",
    ask: ({ octokit, where }) =>
      octokit.rest.git.createCommit({
        ...where,
        message: change.message,
        tree: tree.value.data.sha,
        parents: change.parent === undefined ? [] : [change.parent],
      }),
  });
  if (commit.kind !== "ok") throw failureOf(commit);
  const { sha, verification } = commit.value.data;
  if (!verification.verified) {
    const cure = "On GitHub Enterprise Server, an administrator has to switch on web commit signing.";
    throw new Error(
      `GitHub did not sign Stagecoach's commit (${verification.reason}), so it would not be ours. ${cure}`,
    );
  }
  return { oid: sha, tree: tree.value.data.sha };
}

/** What a rule or a scan of the content forbids concerns this commit alone; everything else is a failure of the world. */
function failureOf(written: Exclude<Written<unknown>, { readonly kind: "ok" }>): Error {
  const forbidden = written.kind === "answered" && [403, 409, 422].includes(written.status);
  if (!forbidden) return written.error;
  return new CommitRefused(written.error.message, { why: written.sentence, cause: written.error });
}

/** Symlinks and submodules are never written (what a promotion changes is text in a file). */
function fileMode({ path, mode }: { readonly path: string; readonly mode: string }): Mode {
  if (mode === "100644" || mode === "100755") return mode;
  throw new Error(`Stagecoach does not write "${path}" with mode ${mode}: it is no ordinary file.`);
}
