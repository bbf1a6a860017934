// Finds what a global node id stands for, if the actor may see the repository that it is in.

import { canSee } from "../model/decide-permission.ts";
import { readGitNode } from "../model/identify-node.ts";
import type { Entity } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import type { Context } from "./context.ts";
import { type GitNode, objectNode, type RefNode, refNode } from "./git-node.ts";

export function findNode({ model, actor }: Context, id: string): Entity | GitNode | RefNode | undefined {
  const entity = model.nodes.get(id);
  if (entity !== undefined) {
    const repository = repositoryOf(entity);
    return repository === undefined || canSee(model, { actor, repository }) ? entity : undefined;
  }
  const git = readGitNode(id);
  const repository = git && model.repositories.get(git.repositoryId);
  if (git === undefined || repository === undefined || !canSee(model, { actor, repository })) return undefined;
  const node = git.kind === "ref" ? refNode(repository, git.name) : objectNode(repository, { oid: git.name });
  return node ?? undefined;
}

function repositoryOf(entity: Entity): Repository | undefined {
  switch (entity.kind) {
    case "repository":
      return entity;
    case "issue":
    case "pull-request":
    case "check-suite":
    case "status":
    case "deployment":
    case "merge-queue":
      return entity.repository;
    case "comment":
      return entity.conversation.repository;
    case "review":
      return entity.pullRequest.repository;
    case "check-run":
      return entity.suite.repository;
    case "merge-queue-entry":
      return entity.queue.repository;
    case "user":
    case "app":
    case "team":
    case "installation":
    case "label":
      return undefined;
  }
}
