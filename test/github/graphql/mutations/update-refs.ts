// `updateRefs`: several refs move together or not at all, each only from where the caller says that it is. Forty zeros
// stand for "no ref": as `beforeOid` they create, as `afterOid` they delete. Without `beforeOid` the ref is taken as it is.

import { noOid } from "../../git/git-repository.ts";
import { type MoveOutcome, moveReferences, type ReferenceMove } from "../../model/move-reference.ts";
import type { Repository } from "../../model/repository.ts";
import { type Context, demand } from "../context.ts";
import { findNode } from "../find-node.ts";
import { problem } from "../problem.ts";

interface UpdateRefsArguments {
  readonly input: {
    readonly repositoryId: string;
    readonly clientMutationId?: string | null;
    readonly refUpdates: readonly RefUpdate[];
  };
}

interface RefUpdate {
  readonly name: string;
  readonly beforeOid?: string | null;
  readonly afterOid: string;
  readonly force?: boolean | null;
}

export function updateRefs(_: unknown, { input }: UpdateRefsArguments, context: Context): unknown {
  const repository = demandRepository(context, input.repositoryId);
  demand(context, { repository, permission: "contents", access: "write" });
  if (repository.archived) throw problem("UNPROCESSABLE", "Repository was archived so is read-only.");
  const names = input.refUpdates.map(({ name }) => name);
  const wrong = names.find((name) => !/^refs\/[^/]+\/./.test(name) || names.indexOf(name) !== names.lastIndexOf(name));
  if (wrong !== undefined) throw problem("UNPROCESSABLE", `"${wrong}" is not a valid name for one ref update.`);
  const outcome = moveReferences(context.model, {
    repository,
    actor: context.actor,
    moves: input.refUpdates.map((update) => readMove(repository, update)),
  });
  if (outcome.kind !== "moved") throw problem(typeOf(outcome), sayWhy(outcome));
  return { clientMutationId: input.clientMutationId ?? null };
}

function demandRepository(context: Context, nodeId: string): Repository {
  const node = findNode(context, nodeId);
  if (node?.kind === "repository") return node;
  throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${nodeId}'.`);
}

function readMove(repository: Repository, { name, beforeOid, afterOid, force }: RefUpdate): ReferenceMove {
  const isThere = repository.git.refs.has(name);
  const asItIs = isThere ? "any" : undefined;
  return {
    name,
    before: beforeOid == null ? asItIs : withoutZeros(beforeOid),
    after: withoutZeros(afterOid),
    force: force ?? false,
  };
}

function withoutZeros(oid: string): string | undefined {
  return oid === noOid ? undefined : oid;
}

type Refusal = Exclude<MoveOutcome, { readonly kind: "moved" }>;

function typeOf({ kind }: Refusal): "STALE_DATA" | "UNPROCESSABLE" {
  return kind === "elsewhere" || kind === "exists" || kind === "missing" ? "STALE_DATA" : "UNPROCESSABLE";
}

function sayWhy(refusal: Refusal): string {
  switch (refusal.kind) {
    case "elsewhere":
    case "missing":
      return `Reference update failed: "${refusal.name}" does not point to the expected object.`;
    case "exists":
      return `Reference update failed: "${refusal.name}" already exists.`;
    case "not-fast-forward":
      return `Reference update failed: "${refusal.name}" is not a fast forward.`;
    case "no-object":
    case "no-commit":
      return `Reference update failed: the object for "${refusal.name}" does not exist.`;
    case "name-taken":
      return `Reference update failed: "${refusal.name}" stands in the way of another ref, or under one.`;
    case "rule":
      return `Repository rule violations found for ${refusal.name}\n\n${refusal.message}`;
    case "workflow":
      return `refusing to allow a GitHub App to create or update workflow \`${refusal.message}\` without \`workflows\` permission`;
  }
}
