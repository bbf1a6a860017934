// What people and other programs do on GitHub, in the words of stories: `github.comment({ repository: "acme/config",
// number: 7, by: "ann", body: "/promote" })`. Nothing here goes through HTTP; what follows from it is announced.

import type { Commit } from "../git/commit.ts";
import { closeConversation, openIssue, reopenConversation } from "../model/change-conversation.ts";
import type { CheckConclusion, CheckRun, CheckStatus } from "../model/check.ts";
import type { Installation, Team } from "../model/identity.ts";
import {
  ensureActionsApp,
  ensureApp,
  ensureTeam,
  ensureUser,
  suspendInstallation,
  unsuspendInstallation,
} from "../model/manage-accounts.ts";
import { addRepository, fullName, renameRepository } from "../model/manage-repositories.ts";
import { type MergeOutcome, mergePullRequest } from "../model/merge-pull-request.ts";
import { type Model, nextId } from "../model/model.ts";
import { moveReferences } from "../model/move-reference.ts";
import { findPullRequest, openPullRequest, pullRequestsOf } from "../model/open-pull-request.ts";
import { createCheckRun } from "../model/report-check.ts";
import type {
  Comment,
  Conversation,
  Issue,
  MergeGroup,
  MergeMethod,
  PullRequest,
  Repository,
  Review,
  ReviewState,
  Role,
} from "../model/repository.ts";
import { reviewPullRequest } from "../model/review-pull-request.ts";
import type { BranchRule } from "../model/rule.ts";
import { buildMergeGroup, ensureQueue, finishMergeGroup } from "../model/run-merge-queue.ts";
import { addComment, editComment } from "../model/write-comment.ts";
import { resolveCommit } from "../rest/resolve-commit.ts";
import { commitFiles, type Files, type FilesCommit, readFileAt, readLog } from "./commit-files.ts";

/** `owner/name` */
type Named = { readonly repository: string };
type Numbered = Named & { readonly number: number };
type ByPerson = { readonly by: string };

export type Stories = ReturnType<typeof tellStories>;

export function tellStories(model: Model) {
  return { ...tellOfRepositories(model), ...tellOfPullRequests(model), ...tellOfPeople(model), ...tellOfQueues(model) };
}

/** The repository of that name, now or formerly; a story that names another one is wrong. */
export function repositoryNamed(model: Model, name: string): Repository {
  const found = model.repositories.get(model.names.get(name.toLowerCase()) ?? -1);
  if (found === undefined) throw new Error(`There is no repository ${name}.`);
  return found;
}

export interface RepositoryStory {
  readonly owner: string;
  readonly name: string;
  readonly files?: Files;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** login of who makes the first commit */
  readonly author?: string;
}

function tellOfRepositories(model: Model) {
  const named = (name: string) => repositoryNamed(model, name);
  return {
    createRepository({ files = { "README.md": "Hello\n" }, author = "ann", ...options }: RepositoryStory): Repository {
      const repository = addRepository(model, options);
      repository.collaborators.set(ensureUser(model, { login: author }).login.toLowerCase(), "admin");
      commitFiles(model, { repository, files, author, message: "First commit" });
      return repository;
    },
    /** A copy with the same branches in somebody else's account. */
    forkRepository({ repository: name, owner }: Named & { readonly owner: string }): Repository {
      const parent = named(name);
      const fork = addRepository(model, {
        owner,
        name: parent.name,
        private: parent.private,
        defaultBranch: parent.defaultBranch,
        parent,
      });
      const user = ensureUser(model, { login: owner });
      const moves = [...parent.git.refs].map(([ref, oid]) => ({ name: ref, before: undefined, after: oid }));
      moveReferences(model, { repository: fork, actor: { kind: "user", user }, moves, ignoreRules: true });
      return fork;
    },
    commitFiles: ({ repository, ...commit }: Named & Omit<FilesCommit, "repository">): string =>
      commitFiles(model, { repository: named(repository), ...commit }),
    deleteBranch({ repository, branch, by }: Named & ByPerson & { readonly branch: string }): void {
      const actor = { kind: "user", user: ensureUser(model, { login: by }) } as const;
      const outcome = moveReferences(model, {
        repository: named(repository),
        actor,
        ignoreRules: true,
        moves: [{ name: `refs/heads/${branch}`, before: "any", after: undefined }],
      });
      if (outcome.kind !== "moved") throw new Error(`The branch ${branch} could not be deleted: ${outcome.kind}`);
    },
    renameRepository: ({
      repository,
      name,
      by = "ann",
    }: Named & { readonly name: string; readonly by?: string }): void =>
      renameRepository(model, { repository: named(repository), name, by: ensureUser(model, { login: by }) }),
    fileAt: ({ repository, ref, path }: Named & { readonly ref: string; readonly path: string }): string | undefined =>
      readFileAt(named(repository), { ref, path }),
    log: ({ repository, ref }: Named & { readonly ref: string }): readonly Commit[] => readLog(named(repository), ref),
    branchTip: ({ repository, branch }: Named & { readonly branch: string }): string | undefined =>
      named(repository).git.refs.get(`refs/heads/${branch}`),
    /** Replaces the rule of that branch. */
    setRule({ repository, branch, ...rule }: Named & { readonly branch: string } & Partial<BranchRule>): void {
      const { rules } = named(repository);
      const known = rules.findIndex((other) => other.branch === branch);
      rules.splice(known < 0 ? rules.length : known, known < 0 ? 0 : 1, {
        ...noDemands,
        ...rule,
        id: nextId(model),
        branch,
      });
    },
  };
}

const noDemands: Omit<BranchRule, "id" | "branch"> = {
  requiredChecks: [],
  strict: false,
  requiredApprovals: undefined,
  dismissStaleReviews: false,
  requireLastPushApproval: false,
  mergeQueue: undefined,
  restrictUpdates: undefined,
  allowForcePushes: false,
  allowDeletions: false,
  bypass: [],
};

export interface CheckStory extends Named {
  /** branch, tag or commit */
  readonly ref: string;
  readonly name: string;
  readonly conclusion?: CheckConclusion;
  readonly status?: CheckStatus;
  /** slug of the app that reports; GitHub Actions when not given */
  readonly app?: string;
}

function tellOfPullRequests(model: Model) {
  const named = (name: string) => repositoryNamed(model, name);
  const user = (login: string) => ensureUser(model, { login });
  const numbered = ({ repository, number }: Numbered): PullRequest => {
    const pull = findPullRequest(named(repository), number);
    if (pull === undefined) throw new Error(`There is no pull request ${repository}#${number}.`);
    return pull;
  };
  const conversation = ({ repository, number }: Numbered): Conversation => {
    const found = named(repository).conversations.get(number);
    if (found === undefined) throw new Error(`There is no ${repository}#${number}.`);
    return found;
  };
  return {
    pullRequest: numbered,
    /** By number, the oldest first. */
    pullRequests: ({
      repository,
      state = "all",
    }: Named & { readonly state?: "open" | "closed" | "all" }): readonly PullRequest[] =>
      pullRequestsOf(named(repository)).filter((pull) => state === "all" || pull.state === state),
    openPullRequest({
      repository,
      by,
      base,
      ...options
    }: Named &
      ByPerson & {
        readonly head: string;
        readonly base?: string;
        readonly title: string;
        readonly body?: string;
        readonly draft?: boolean;
      }): PullRequest {
      const target = named(repository);
      const outcome = openPullRequest(model, {
        repository: target,
        author: user(by),
        base: base ?? target.defaultBranch,
        ...options,
      });
      if (outcome.kind === "refused")
        throw new Error(`GitHub refuses the pull request: ${JSON.stringify(outcome.errors)}`);
      return outcome.pull;
    },
    review({
      by,
      state = "APPROVED",
      body,
      ...which
    }: Numbered & ByPerson & { readonly state?: ReviewState; readonly body?: string }): Review {
      const outcome = reviewPullRequest(model, { pull: numbered(which), author: user(by), state, body });
      if (outcome.kind === "refused") throw new Error(outcome.message);
      return outcome.review;
    },
    mergePullRequest: ({
      by,
      method = "merge",
      ignoreRules = false,
      ...which
    }: Numbered & ByPerson & { readonly method?: MergeMethod; readonly ignoreRules?: boolean }): MergeOutcome =>
      mergePullRequest(model, { pull: numbered(which), actor: { kind: "user", user: user(by) }, method, ignoreRules }),
    closePullRequest: ({ by, ...which }: Numbered & ByPerson): void =>
      closeConversation(model, { conversation: numbered(which), by: user(by) }),
    reopenPullRequest({ by, ...which }: Numbered & ByPerson): void {
      const outcome = reopenConversation(model, { conversation: numbered(which), by: user(by) });
      if (outcome.kind === "refused") throw new Error(outcome.message);
    },
    openIssue: ({
      repository,
      by,
      title,
      body = null,
    }: Named & ByPerson & { readonly title: string; readonly body?: string | null }): Issue =>
      openIssue(model, { repository: named(repository), author: user(by), title, body }),
    comment: ({ by, body, ...which }: Numbered & ByPerson & { readonly body: string }): Comment =>
      addComment(model, { conversation: conversation(which), author: user(by), body }),
    editComment: ({ comment, by, body }: ByPerson & { readonly comment: Comment; readonly body: string }): void =>
      editComment(model, { comment, by: user(by), body }),
    comments: (which: Numbered): readonly Comment[] => conversation(which).comments,
    /** Another program reports a check; completed with success unless the story says otherwise. */
    reportCheck({ repository, ref, name, conclusion, status, app: slug }: CheckStory): CheckRun {
      const target = named(repository);
      const commit = resolveCommit(target, ref);
      if (commit === undefined) throw new Error(`There is no commit ${ref} in ${repository}.`);
      const app =
        slug === undefined
          ? ensureActionsApp(model)
          : ensureApp(model, { slug, owner: "elsewhere", publicKey: "", permissions: {} });
      const change =
        status === undefined || status === "completed"
          ? { status: "completed" as const, conclusion: conclusion ?? "success" }
          : { status };
      return createCheckRun(model, { repository: target, app, oid: commit.oid, name, change });
    },
  };
}

function tellOfPeople(model: Model) {
  return {
    /** Gives a person a role in a repository. */
    setRole({ repository, user, role }: Named & { readonly user: string; readonly role: Role }): void {
      repositoryNamed(model, repository).collaborators.set(
        ensureUser(model, { login: user }).login.toLowerCase(),
        role,
      );
    },
    team: ({
      repositories = {},
      ...team
    }: {
      readonly organization: string;
      readonly slug: string;
      readonly members: readonly string[];
      readonly repositories?: Readonly<Record<string, Role>>;
    }): Team => {
      const made = ensureTeam(model, team);
      for (const [name, role] of Object.entries(repositories)) repositoryNamed(model, name).teams.set(made.id, role);
      return made;
    },
    suspendInstallation: ({
      installation,
      by = "ann",
    }: {
      readonly installation: Installation;
      readonly by?: string;
    }): void => suspendInstallation(model, { installation, by: ensureUser(model, { login: by }) }),
    unsuspendInstallation: ({
      installation,
      by = "ann",
    }: {
      readonly installation: Installation;
      readonly by?: string;
    }): void => unsuspendInstallation(model, { installation, by: ensureUser(model, { login: by }) }),
  };
}

function tellOfQueues(model: Model) {
  const queueOf = ({ repository, branch }: Named & { readonly branch: string }) => {
    const queue = ensureQueue(model, { repository: repositoryNamed(model, repository), branch });
    if (queue === undefined)
      throw new Error(`No rule gives ${branch} of ${fullName(repositoryNamed(model, repository))} a merge queue.`);
    return queue;
  };
  return {
    /** GitHub takes what waits into a group and asks for checks on it. */
    buildMergeGroup: ({
      size,
      ...which
    }: Named & { readonly branch: string; readonly size?: number }): MergeGroup | undefined =>
      buildMergeGroup(model, { queue: queueOf(which), ...(size !== undefined && { size }) }),
    /** The oldest group ends: the base takes it, or its first pull request is thrown out. */
    finishMergeGroup({ passed, ...which }: Named & { readonly branch: string; readonly passed: boolean }): void {
      const queue = queueOf(which);
      const group = queue.groups[0];
      if (group === undefined) throw new Error(`No merge group waits on ${which.branch}.`);
      finishMergeGroup(model, { queue, group, passed });
    },
  };
}
