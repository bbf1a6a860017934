// Moves branches and tags by compare-and-swap, for whoever moves them: REST, GraphQL, a push, a merge. What then happens
// to pull requests is decided in follow-reference.ts.

import { commitAt, moveRefs, noOid } from "../git/git-repository.ts";
import { isAncestor } from "../git/history.ts";
import { readObject } from "../git/object-store.ts";
import { isInstalledOn } from "./decide-permission.ts";
import { findForbiddenWorkflow, findRuleAgainst } from "./find-rule.ts";
import { followReferences } from "./follow-reference.ts";
import type { Actor, User } from "./identity.ts";
import { accountOf } from "./manage-accounts.ts";
import { announce, type Model, timestamp } from "./model.ts";
import { ensureCheckSuite } from "./report-check.ts";
import type { Repository } from "./repository.ts";

export interface ReferenceMove {
  /** full name, refs/heads/main */
  readonly name: string;
  /** the id that it must have now, undefined = must not exist; leave "any" to take it as it is */
  readonly before: string | undefined | "any";
  /** undefined = delete */
  readonly after: string | undefined;
  /** allow what is not a fast forward */
  readonly force?: boolean;
}

export type MoveOutcome =
  | { readonly kind: "moved" }
  | {
      readonly kind: "exists" | "missing" | "elsewhere" | "not-fast-forward" | "no-object" | "no-commit" | "name-taken";
      readonly name: string;
    }
  | { readonly kind: "rule" | "workflow"; readonly name: string; readonly message: string };

export interface Moves {
  readonly repository: Repository;
  readonly actor: Actor;
  readonly moves: readonly ReferenceMove[];
  /** a merge, or a person in a story who may do everything: no rules asked */
  readonly ignoreRules?: boolean;
}

interface CheckedMove {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** All of the moves happen or none. */
export function moveReferences(model: Model, { repository, actor, moves, ignoreRules = false }: Moves): MoveOutcome {
  const checked: CheckedMove[] = [];
  for (const move of moves) {
    const before = repository.git.refs.get(move.name);
    const refusal = refuseMove(repository, move);
    if (refusal !== undefined) return refusal;
    const direct = { repository, actor, name: move.name, before, after: move.after };
    const rule = ignoreRules ? undefined : findRuleAgainst(model, direct);
    if (rule !== undefined) return { kind: "rule", name: move.name, message: rule };
    const workflow = ignoreRules ? undefined : findForbiddenWorkflow(direct);
    if (workflow !== undefined) return { kind: "workflow", name: move.name, message: workflow };
    checked.push({ name: move.name, before, after: move.after });
  }
  const effective = checked.filter(({ before, after }) => before !== after);
  const result = moveRefs(repository.git, effective);
  if (result.kind === "elsewhere") return { kind: "elsewhere", name: result.name };
  tellOfMoves(model, { repository, sender: accountOf(actor) ?? repository.owner, moves: effective });
  return { kind: "moved" };
}

/** What follows once refs have moved on disk: pushes are announced, pull requests follow their branches. */
export function tellOfMoves(
  model: Model,
  {
    repository,
    sender,
    moves,
  }: { readonly repository: Repository; readonly sender: User; readonly moves: readonly CheckedMove[] },
): void {
  for (const { name, before, after } of moves) {
    repository.pushedAt = timestamp(model);
    const refType = name.startsWith("refs/tags/") ? "tag" : "branch";
    const ref = name.replace(/^refs\/(heads|tags)\//, "");
    const forced =
      before !== undefined && after !== undefined && !isAncestor(repository.git, { base: before, head: after });
    announce(model, {
      event: "push",
      repository,
      ref: name,
      before: before ?? noOid,
      after: after ?? noOid,
      forced,
      sender,
    });
    if (before === undefined) announce(model, { event: "create", repository, refType, ref, sender });
    if (after === undefined) announce(model, { event: "delete", repository, refType, ref, sender });
    if (after !== undefined && refType === "branch")
      requestChecks(model, { repository, oid: after, branch: ref, sender });
  }
  followReferences(model, { repository, sender, moves });
}

function refuseMove(
  repository: Repository,
  { name, before, after, force = false }: ReferenceMove,
): MoveOutcome | undefined {
  const now = repository.git.refs.get(name);
  if (after !== undefined && readObject(repository.git.objects, after) === undefined)
    return { kind: "no-object", name };
  if (after !== undefined && name.startsWith("refs/heads/") && commitAt(repository.git, after) === undefined)
    return { kind: "no-commit", name };
  if (before === undefined) return now === undefined ? refuseName(repository, name) : { kind: "exists", name };
  if (now === undefined) return { kind: "missing", name };
  if (before !== "any" && before !== now) return { kind: "elsewhere", name };
  if (after === undefined || force || isAncestor(repository.git, { base: now, head: after })) return undefined;
  return { kind: "not-fast-forward", name };
}

/** git keeps refs as files: `a` and `a/b` cannot both be. */
function refuseName(repository: Repository, name: string): MoveOutcome | undefined {
  const taken = [...repository.git.refs.keys()].some(
    (other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`),
  );
  return taken ? { kind: "name-taken", name } : undefined;
}

/** Every app that may write checks gets a suite for what was pushed, and is told. */
function requestChecks(
  model: Model,
  {
    repository,
    oid,
    branch,
    sender,
  }: { readonly repository: Repository; readonly oid: string; readonly branch: string; readonly sender: User },
): void {
  for (const installation of model.installations.values()) {
    if (!isInstalledOn(installation, repository) || installation.permissions.checks !== "write") continue;
    const checkSuite = ensureCheckSuite(model, { repository, app: installation.app, oid, branch });
    announce(model, { event: "check_suite", action: "requested", repository, checkSuite, sender });
  }
}
