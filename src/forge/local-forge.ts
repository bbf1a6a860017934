// The reading half of the forge on a clone on this machine, for previews without GitHub. A clone knows no pull
// requests, and nobody signed for its ledger: what stands there is taken at the reader's own word.

import { LEDGER_BRANCH } from "../domain/ledger.ts";
import type { BranchState } from "../domain/observed.ts";
import { NO_SANDBOX_PULLS } from "../domain/sandbox.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Forge, RepositoryReference } from "./forge.ts";
import { readCloneRevision } from "./read-clone-revision.ts";
import { type CloneCommit, listChanges, listTree, readCommit, readTexts } from "./read-git-objects.ts";
import { REFUSED_WRITES } from "./refuse-writes.ts";
import { askGit, tryGit } from "./run-git.ts";
import type { LedgerBranch, Snapshot } from "./snapshot.ts";

export interface LocalForgeOptions {
  /** A folder in the clone. */
  readonly clone: string;
  /** Stands for the default branch; the one that is checked out unless given. */
  readonly branch?: string;
  /** `owner/name`; the one that the remote `origin` has unless given. */
  readonly repository?: string;
}

/** Throws when the folder is in no Git repository, and when it has no branch of that name. */
export async function createLocalForge(options: LocalForgeOptions): Promise<Forge> {
  const { clone } = options;
  const inside = await tryGit({ clone, arguments: ["rev-parse", "--git-dir"] });
  if (inside.kind === "refused") throw new Error(`${clone} is not a Git repository: ${inside.why}.`);
  const at = await nameRepository(options);
  const branch = options.branch ?? (await currentBranch(clone));
  if (options.branch !== undefined && (await findBranch(clone, options.branch)) === undefined)
    throw new Error(`${clone} has no branch \`${options.branch}\`, neither of its own nor of \`origin\`.`);
  return {
    ...REFUSED_WRITES,
    identity: async () => ({ slug: "stagecoach", appId: 0 }),
    listInstallations: async () => [{ id: at.installation, account: at.owner, suspended: false }],
    listRepositories: async () => [at],
    findRepository: async () => at,
    observe: (_, { branches }) => observe(clone, { at, branch, branches }),
    hadPullRequests: async () => false,
    readLedgerCommits: async () => [],
    readTree: (_, tree) => listTree(clone, tree),
    readBlobs: (_, oids) => readTexts(clone, oids),
    readHeadFiles: async (_, commit) => {
      const { parents } = await readCommit(clone, commit);
      const from = parents[1] ?? parents[0];
      return from === undefined ? [] : listChanges(clone, { from, to: commit });
    },
    readRevision: (_, wanted) => readCloneRevision(clone, wanted),
    readTold: async (_, wanted) =>
      new Map(wanted.map(({ number }) => [number, known({ comments: [], deployments: [] })])),
    readDriftIssues: async () => known([]),
    readOrigin: async () => unknown("a clone knows no pull requests"),
    readSourceHistory: async () => unknown("a clone knows no other repository"),
    readChangedFiles: async () => unknown("a clone knows no pull requests"),
    listRevisions: async () => unknown("a clone knows no other repositories"),
    readRevisions: async () => unknown("a clone knows no other repositories"),
    readReviews: async () => known([]),
    readComments: async (_, numbers) =>
      new Map(numbers.map((number) => [number, unknown("a clone knows no conversations")])),
    readPerson: async () => unknown("a clone knows no people"),
    recallPackages: async () => [],
    readAttestations: async () => unknown("a clone knows no attestations"),
    readMembership: async () => unknown("a clone knows no teams"),
  };
}

/** The remote's address may hold a password: only the last two parts of its path are looked at. */
async function nameRepository({ clone, repository }: LocalForgeOptions): Promise<RepositoryReference> {
  const remote = await tryGit({ clone, arguments: ["config", "--get", "remote.origin.url"] });
  const address = remote.kind === "answered" ? remote.output.toString("utf8").trim() : "";
  const top = (await askGit({ clone, arguments: ["rev-parse", "--absolute-git-dir"] })).toString("utf8").trim();
  const folder =
    top
      .replace(/\/\.git$/, "")
      .split("/")
      .at(-1) ?? "clone";
  const [, owner = "local", name = folder] =
    /([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(repository ?? remoteName(address)) ?? [];
  return { installation: 0, repository: 0, owner, name };
}

/** A path on this machine names no owner. */
function remoteName(address: string): string {
  return /^(?:[a-z+]+:\/\/|[\w.-]+@[\w.-]+:)/.test(address) && !address.startsWith("file:")
    ? address.replace(/^[^/]*:(?!\/\/)/, "/")
    : "";
}

const DETACHED = "HEAD";

async function currentBranch(clone: string): Promise<string> {
  const head = await tryGit({ clone, arguments: ["symbolic-ref", "--quiet", "--short", "HEAD"] });
  return head.kind === "answered" ? head.output.toString("utf8").trim() : DETACHED;
}

async function findBranch(clone: string, branch: string): Promise<CloneCommit | undefined> {
  const refs = branch === DETACHED ? [DETACHED] : [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];
  return findCommit(clone, refs);
}

async function findCommit(clone: string, refs: readonly string[]): Promise<CloneCommit | undefined> {
  for (const ref of refs) {
    const found = await tryGit({ clone, arguments: ["show-ref", "--verify", "--hash", "--", ref] });
    if (found.kind === "answered") return readCommit(clone, found.output.toString("utf8").trim());
  }
  return undefined;
}

interface Observing {
  readonly at: RepositoryReference;
  readonly branch: string;
  readonly branches: readonly string[];
}

async function observe(clone: string, { at, branch, branches }: Observing): Promise<Snapshot> {
  const states: Record<string, Seen<BranchState | undefined>> = {};
  for (const name of new Set([branch, ...branches])) {
    const commit = await findBranch(clone, name);
    states[name] = known(commit && stateOf(commit));
  }
  return {
    repository: {
      id: at.repository,
      owner: at.owner,
      name: at.name,
      defaultBranch: branch,
      archived: false,
      mergeMethods: ["squash", "merge", "rebase"],
    },
    node: "",
    branches: states,
    ledger: known(await readLedgerBranch(clone)),
    promotions: [],
    strays: [],
    past: [],
    guarded: [],
    sandboxPulls: NO_SANDBOX_PULLS,
    conversations: [],
  };
}

function stateOf({ oid, tree, committedAt, author }: CloneCommit): BranchState {
  return { head: oid, tree, committedAt, author, usesMergeQueue: false };
}

/** Nobody works on the ledger in a clone, so what was fetched last is the newest. */
async function readLedgerBranch(clone: string): Promise<LedgerBranch | undefined> {
  const refs = [`refs/remotes/origin/${LEDGER_BRANCH}`, `refs/heads/${LEDGER_BRANCH}`];
  const commit = await findCommit(clone, refs);
  if (commit === undefined) return undefined;
  const { oid, tree, author } = commit;
  return { head: oid, tree, commits: [{ oid, parents: [], ours: true, author }], more: false };
}
