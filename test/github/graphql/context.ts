// What every resolver gets, how tables of resolvers are written down, and the question whether the actor may.

import { may } from "../model/decide-permission.ts";
import type { Access, Actor } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { problem } from "./problem.ts";

export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly resetAt: Date;
}

export interface Context {
  readonly model: Model;
  readonly actor: Actor;
  readonly rateLimit: RateLimitState & { readonly cost: number; readonly nodeCount: number };
  /** fields that a test has break, as "Type.field" */
  readonly brokenFields: readonly string[];
}

/** GraphQL has checked source and arguments against the schema before a resolver sees them, so `never` is honest. */
export type FieldTable = Readonly<Record<string, (source: never, args: never, context: Context) => unknown>>;

export function demand(
  context: Context,
  {
    repository,
    permission,
    access = "read",
  }: { readonly repository: Repository; readonly permission: string; readonly access?: Access },
): void {
  if (!may(context.model, { actor: context.actor, repository, permission, access })) {
    throw problem("FORBIDDEN", refusal(context.actor));
  }
}

/** Comments and labels of a pull request open to either of two permissions. */
export function demandOneOf(
  context: Context,
  {
    repository,
    permissions,
    access = "read",
  }: { readonly repository: Repository; readonly permissions: readonly string[]; readonly access?: Access },
): void {
  const { model, actor } = context;
  if (!permissions.some((permission) => may(model, { actor, repository, permission, access }))) {
    throw problem("FORBIDDEN", refusal(actor));
  }
}

function refusal(actor: Actor): string {
  return actor.kind === "installation"
    ? "Resource not accessible by integration"
    : "You do not have permission to do this in this repository.";
}
