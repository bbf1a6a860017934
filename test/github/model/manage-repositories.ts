// Makes, finds and renames repositories. An old name goes on leading to the repository, as on GitHub.

import { join } from "node:path";
import { openGitRepository } from "../git/git-repository.ts";
import { identifyNode } from "./identify-node.ts";
import type { User } from "./identity.ts";
import { ensureUser } from "./manage-accounts.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";
import type { Label, Repository } from "./repository.ts";

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly parent?: Repository;
}

export function addRepository(model: Model, { owner, name, parent, ...options }: NewRepository): Repository {
  if (model.names.has(nameKey(owner, name))) throw new Error(`There is a repository ${owner}/${name} already.`);
  const id = nextId(model);
  const now = timestamp(model);
  const repository: Repository = {
    kind: "repository",
    id,
    nodeId: identifyNode("repository", id),
    owner: ensureUser(model, { login: owner, type: "Organization" }),
    name,
    private: options.private ?? false,
    archived: false,
    description: null,
    defaultBranch: options.defaultBranch ?? "main",
    mergeMethods: ["merge", "squash", "rebase"],
    allowAutoMerge: false,
    deleteBranchOnMerge: false,
    parent,
    git: openGitRepository(join(model.dataFolder, `${id}.git`), parent?.git),
    collaborators: new Map(),
    customRoles: new Map(),
    teams: new Map(),
    labels: new Map(),
    rules: [],
    mergeQueues: new Map(),
    conversations: new Map(),
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  };
  model.repositories.set(id, repository);
  model.names.set(nameKey(owner, name), id);
  return register(model, repository);
}

/** @returns the repository, and whether the name is one that it had before */
export function findRepository(
  model: Model,
  { owner, name }: { readonly owner: string; readonly name: string },
): { readonly repository: Repository; readonly formerName: boolean } | undefined {
  const repository = model.repositories.get(model.names.get(nameKey(owner, name)) ?? -1);
  if (repository === undefined) return undefined;
  const formerName = nameKey(repository.owner.login, repository.name) !== nameKey(owner, name);
  return { repository, formerName };
}

export function renameRepository(
  model: Model,
  { repository, name, by }: { readonly repository: Repository; readonly name: string; readonly by: User },
): void {
  const previousName = repository.name;
  repository.name = name;
  repository.updatedAt = timestamp(model);
  model.names.set(nameKey(repository.owner.login, name), repository.id);
  announce(model, { event: "repository", action: "renamed", repository, previousName, sender: by });
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** The label of that name, made with GitHub's grey when there is none. */
export function ensureLabel(
  model: Model,
  {
    repository,
    name,
    color = "ededed",
    description = null,
  }: {
    readonly repository: Repository;
    readonly name: string;
    readonly color?: string;
    readonly description?: string | null;
  },
): Label {
  const known = repository.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const id = nextId(model);
  const label: Label = { kind: "label", id, nodeId: identifyNode("label", id), name, color, description };
  repository.labels.set(name.toLowerCase(), label);
  return register(model, label);
}

function nameKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}
