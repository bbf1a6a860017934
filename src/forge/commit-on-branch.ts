// Makes one commit on a branch that exists, by compare-and-swap and in one request; GitHub signs it in our app's name.
// What became of it is read from the branch itself, never from the wording of an error.

import { askGraphql, type Github, read, write } from "./call-github.ts";
import { cleanSentence } from "./classify-error.ts";
import { findSigner } from "./find-signer.ts";
import type { Commit, Outcome, RepositoryReference } from "./forge.ts";
import { isOurCommit } from "./judge-ownership.ts";
import { type CommitNode, nodesOf } from "./observe-answer.ts";
import type { BranchCommitRequest, FileChange } from "./write-request.ts";

export const COMMIT_ON_BRANCH = `
mutation CommitOnBranch($branch: CommittableBranch!, $head: GitObjectID!, $message: CommitMessage!, $files: FileChanges!) {
  createCommitOnBranch(input: { branch: $branch, expectedHeadOid: $head, message: $message, fileChanges: $files }) {
    commit { oid tree { oid } signature { isValid wasSignedByGitHub } }
  }
}`;

export const BRANCH_HEAD = `
query BranchHead($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) {
      target {
        ... on Commit {
          oid
          message
          tree { oid }
          author { name email user { login } }
          parents(first: 3) { nodes { oid } }
          signature { isValid wasSignedByGitHub }
        }
      }
    }
  }
}`;

interface Made {
  readonly createCommitOnBranch: {
    readonly commit: Pick<HeadNode, "oid" | "tree" | "signature"> | null;
  };
}

type HeadNode = CommitNode & { readonly tree: { readonly oid: string } };

interface Head {
  readonly repository: { readonly ref: { readonly target: HeadNode | null } | null } | null;
}

interface Request {
  readonly at: RepositoryReference;
  readonly request: BranchCommitRequest;
}

export async function commitOnBranch(github: Github, { at, request }: Request): Promise<Outcome<Commit>> {
  const { branch, head, files } = request;
  const message = splitMessage(request.message);
  const additions = files.map(toAddition);
  const written = await write(github, {
    at,
    doing: `commit to ${branch}`,
    ask: ({ octokit, where }) =>
      octokit.graphql<Made>(COMMIT_ON_BRANCH, {
        branch: { repositoryNameWithOwner: `${where.owner}/${where.repo}`, branchName: branch },
        head,
        message,
        files: { additions },
      }),
  });
  if (written.kind === "ok") {
    const { commit } = written.value.createCommitOnBranch;
    if (commit) return { kind: "done", value: readMade(commit) };
  }
  const now = await readHead(github, { at, branch });
  if (now?.oid !== head) {
    const made = written.kind !== "answered" && now && (await isOurs(now, { github, at, request }));
    if (made) return { kind: "already-so", value: readMade(now) };
    return { kind: "moved-on", why: `${branch} ${now ? `is at ${now.oid}` : "does not exist any more"}` };
  }
  if (written.kind === "ok") throw new Error(`GitHub did not say what it committed to ${branch}.`);
  if (written.kind === "unsure") throw written.error;
  return { kind: "refused", why: cleanSentence(written.sentence) };
}

/** It stands on the branch already, so all that is left is to say it. */
function readMade({ oid, tree, signature }: Pick<HeadNode, "oid" | "tree" | "signature">): Commit {
  if (signature?.isValid && signature.wasSignedByGitHub) return { oid, tree: tree.oid };
  const cure = "On GitHub Enterprise Server, an administrator has to switch on web commit signing.";
  throw new Error(`GitHub did not sign Stagecoach's commit ${oid}, so it is not ours. ${cure}`);
}

/** Symlinks, submodules and programs cannot be told apart here, and are not written. */
function toAddition({ path, mode, text }: FileChange) {
  if (mode !== "100644") throw new Error(`Stagecoach does not write "${path}" with mode ${mode} in this way.`);
  return { path, contents: Buffer.from(text).toString("base64") };
}

/** GitHub takes the first line and the rest apart, and puts an empty line between them. */
function splitMessage(message: string): { readonly headline: string; readonly body?: string } {
  const [headline = "", ...rest] = message.split("\n");
  const body = rest.join("\n").trim();
  return { headline, ...(body !== "" && { body }) };
}

async function isOurs(
  commit: HeadNode,
  { github, at, request }: Request & { readonly github: Github },
): Promise<boolean> {
  const [parent, ...others] = nodesOf(commit.parents).map(({ oid }) => oid);
  const [said, wanted] = [commit.message, request.message].map((text) => JSON.stringify(splitMessage(text)));
  const fits = parent === request.head && others.length === 0 && said === wanted;
  return fits && isOurCommit(commit, await findSigner(github, at));
}

/** `undefined`: there is no such branch. Throws when that cannot be read. */
async function readHead(
  github: Github,
  { at, branch }: { readonly at: RepositoryReference; readonly branch: string },
): Promise<HeadNode | undefined> {
  const { data, errors } = await read(github, {
    at,
    doing: `read where ${branch} is`,
    ask: ({ octokit, where }) =>
      askGraphql<Head>(octokit, {
        query: BRANCH_HEAD,
        variables: { owner: where.owner, name: where.repo, ref: `refs/heads/${branch}` },
      }),
  });
  const [error] = errors;
  if (error || !data.repository) {
    throw new Error(`Could not read where ${branch} is: GitHub said "${error?.message ?? "nothing"}".`);
  }
  return data.repository.ref?.target ?? undefined;
}
