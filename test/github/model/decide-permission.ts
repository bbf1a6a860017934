// Whether an actor sees a repository and what it may do there: an installation by its token's permissions, a person by
// their role. The answers of the API (404 for what one may not see, 403 for what one may not do) are made from it.

import type { Access, Actor, Installation, User } from "./identity.ts";
import type { Model } from "./model.ts";
import type { Repository, Role } from "./repository.ts";

const roleOrder: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];
const accessOrder: readonly Access[] = ["read", "write", "admin"];

export interface PermissionQuestion {
  readonly actor: Actor;
  readonly repository: Repository;
  /** as GitHub names permissions of an app: contents, pull_requests, issues, checks ... */
  readonly permission: string;
  readonly access: Access;
}

export function canSee(
  model: Model,
  { actor, repository }: { readonly actor: Actor; readonly repository: Repository },
): boolean {
  if (actor.kind === "installation") {
    if (!isInstalledOn(actor.installation, repository)) return !repository.private;
    return (
      actor.token.repositories === "installation" || actor.token.repositories.has(repository.id) || !repository.private
    );
  }
  if (!repository.private) return true;
  return actor.kind === "user" && roleOf(model, { user: actor.user, repository }) !== undefined;
}

export function may(model: Model, { actor, repository, permission, access }: PermissionQuestion): boolean {
  switch (actor.kind) {
    case "anonymous":
      return access === "read" && !repository.private;
    case "app":
      return false;
    case "installation": {
      if (!reaches(actor, repository)) return access === "read" && !repository.private;
      const granted = permission === "metadata" ? "read" : actor.token.permissions[permission];
      return granted !== undefined && accessOrder.indexOf(granted) >= accessOrder.indexOf(access);
    }
    case "user": {
      const role = roleOf(model, { user: actor.user, repository });
      if (role === undefined) return access === "read" && !repository.private;
      return roleOrder.indexOf(role) >= roleOrder.indexOf(neededRole({ permission, access }));
    }
  }
}

export function isInstalledOn(installation: Installation, repository: Repository): boolean {
  if (installation.account !== repository.owner) return false;
  return installation.repositories === "all" || installation.repositories.has(repository.id);
}

/** The role a person has, by themselves or by a team; undefined = none. Owners have every right. */
export function roleOf(
  model: Model,
  { user, repository }: { readonly user: User; readonly repository: Repository },
): Role | undefined {
  if (user === repository.owner) return "admin";
  const login = user.login.toLowerCase();
  const byTeam = [...repository.teams]
    .filter(([id]) => model.teams.get(id)?.members.has(login))
    .map(([, role]) => role);
  const own = repository.collaborators.get(login);
  const roles = own === undefined ? byTeam : [own, ...byTeam];
  return roles.toSorted((one, other) => roleOrder.indexOf(other) - roleOrder.indexOf(one))[0];
}

export function hasRole(
  model: Model,
  { user, repository, role }: { readonly user: User; readonly repository: Repository; readonly role: Role },
): boolean {
  const present = roleOf(model, { user, repository });
  return present !== undefined && roleOrder.indexOf(present) >= roleOrder.indexOf(role);
}

function reaches(actor: Extract<Actor, { kind: "installation" }>, repository: Repository): boolean {
  const { token, installation } = actor;
  return (
    isInstalledOn(installation, repository) &&
    (token.repositories === "installation" || token.repositories.has(repository.id))
  );
}

function neededRole({ permission, access }: { readonly permission: string; readonly access: Access }): Role {
  if (access === "read") return "read";
  if (access === "admin" || permission === "administration") return "admin";
  // anybody who reads may open issues and comment; labels and the like are asked as "triage" by the routes
  return permission === "issues" ? "read" : "write";
}
