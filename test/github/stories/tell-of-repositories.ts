// Repositories in stories: made with files, forked, renamed, committed to, read, put under rules.

import type { Commit } from "../git/commit.ts";
import { writeTag } from "../git/tag.ts";
import { ensureUser } from "../model/manage-accounts.ts";
import { addRepository, renameRepository } from "../model/manage-repositories.ts";
import { type Model, nextId, timestamp } from "../model/model.ts";
import { moveReferences } from "../model/move-reference.ts";
import type { Repository } from "../model/repository.ts";
import type { BranchRule } from "../model/rule.ts";
import { commitFiles, type Files, type FilesCommit, readFileAt, readLog } from "./commit-files.ts";
import { type ByPerson, type Named, repositoryNamed } from "./find-repository-named.ts";

export interface RepositoryStory {
  readonly owner: string;
  readonly name: string;
  readonly files?: Files;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** login of who makes the first commit */
  readonly author?: string;
}

export interface TagStory {
  readonly tag: string;
  readonly oid?: string;
  readonly annotated?: boolean;
  readonly by?: string;
}

export function tellOfRepositories(model: Model) {
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
    /** A person pushes with force: the branch is at that commit now, wherever it was. */
    forcePush({
      repository,
      branch,
      oid,
      by,
    }: Named & ByPerson & { readonly branch: string; readonly oid: string }): void {
      const actor = { kind: "user", user: ensureUser(model, { login: by }) } as const;
      const target = named(repository);
      const name = `refs/heads/${branch}`;
      const moves = [{ name, before: target.git.refs.get(name), after: oid, force: true }];
      const outcome = moveReferences(model, { repository: target, actor, ignoreRules: true, moves });
      if (outcome.kind !== "moved") throw new Error(`${by} could not push to ${branch}: ${outcome.kind}`);
    },
    /** A person pushes a tag, at the default branch's tip unless a commit is named; one that is there moves. */
    pushTag({ repository, tag, oid, annotated = false, by = "ann" }: Named & TagStory): void {
      const target = named(repository);
      const user = ensureUser(model, { login: by });
      const commit = oid ?? target.git.refs.get(`refs/heads/${target.defaultBranch}`) ?? "";
      const tagger = { name: user.login, email: "people@people.example", date: timestamp(model) };
      const object = { name: tag, target: commit, tagger, message: `Release ${tag}\n` };
      const after = annotated ? writeTag(target.git.objects, object) : commit;
      const name = `refs/tags/${tag}`;
      const moves = [{ name, before: target.git.refs.get(name), after, force: true }];
      const outcome = moveReferences(model, {
        repository: target,
        actor: { kind: "user", user },
        ignoreRules: true,
        moves,
      });
      if (outcome.kind !== "moved") throw new Error(`${by} could not push the tag ${tag}: ${outcome.kind}`);
    },
    deleteTag({ repository, tag, by = "ann" }: Named & Pick<TagStory, "tag" | "by">): void {
      const actor = { kind: "user", user: ensureUser(model, { login: by }) } as const;
      const moves = [{ name: `refs/tags/${tag}`, before: "any", after: undefined }] as const;
      moveReferences(model, { repository: named(repository), actor, ignoreRules: true, moves });
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
