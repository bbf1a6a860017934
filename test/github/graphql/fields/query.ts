// Where queries start: a repository by name, nodes by id, search, the budget, and who is asking.

import { canSee } from "../../model/decide-permission.ts";
import { accountOf, findUser } from "../../model/manage-accounts.ts";
import { findRepository } from "../../model/manage-repositories.ts";
import type { Repository } from "../../model/repository.ts";
import type { Context, FieldTable } from "../context.ts";
import { findNode } from "../find-node.ts";
import { problem } from "../problem.ts";
import { searchConversations } from "../search-conversations.ts";

interface RepositoryArguments {
  readonly owner: string;
  readonly name: string;
  readonly followRenames: boolean;
}

export const queryFields = {
  Query: {
    repository: (_: unknown, { owner, name, followRenames }: RepositoryArguments, context: Context): Repository => {
      const found = findRepository(context.model, { owner, name });
      const hidden =
        found === undefined || !canSee(context.model, { actor: context.actor, repository: found.repository });
      if (hidden || (found.formerName && !followRenames)) {
        throw problem("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      }
      return found.repository;
    },
    node: (_: unknown, { id }: { readonly id: string }, context: Context) => demandNode(context, id),
    nodes: (_: unknown, { ids }: { readonly ids: readonly string[] }, context: Context) =>
      ids.map((id) => orError(() => demandNode(context, id))),
    user: (_: unknown, { login }: { readonly login: string }, { model }: Context) => {
      const user = findUser(model, login);
      if (user?.type === "User") return user;
      throw problem("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
    },
    viewer: (_: unknown, __: unknown, { actor }: Context) => {
      const user = accountOf(actor);
      if (user === undefined) throw problem("FORBIDDEN", "Resource not accessible by integration");
      return user;
    },
    rateLimit: (_: unknown, __: unknown, { rateLimit }: Context) => ({
      ...rateLimit,
      resetAt: rateLimit.resetAt.toISOString().replace(/\.\d+Z$/, "Z"),
    }),
    search: searchConversations,
  },
} satisfies Readonly<Record<string, FieldTable>>;

function demandNode(context: Context, id: string): unknown {
  const node = findNode(context, id);
  if (node === undefined) throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  return node;
}

/** In a list an error belongs to its own item; thrown, it would take the whole list away. */
function orError(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
