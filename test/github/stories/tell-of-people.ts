// People in stories: roles, teams, and owners who suspend the app's installation.

import type { Installation, Team } from "../model/identity.ts";
import {
  ensureTeam,
  ensureUser,
  findTeam,
  suspendInstallation,
  unsuspendInstallation,
} from "../model/manage-accounts.ts";
import type { Model } from "../model/model.ts";
import type { Role } from "../model/repository.ts";
import { type Named, repositoryNamed } from "./find-repository-named.ts";

export interface RoleStory extends Named {
  readonly user: string;
  readonly role: Role;
  readonly named?: string;
}

export interface TeamStory {
  readonly organization: string;
  readonly slug: string;
}

export function tellOfPeople(model: Model) {
  return {
    /** Gives a person a role in a repository; `named` when it is one of the organisation's own, made from that role. */
    setRole({ repository, user, role, named }: RoleStory): void {
      const { collaborators, customRoles } = repositoryNamed(model, repository);
      const login = ensureUser(model, { login: user }).login.toLowerCase();
      collaborators.set(login, role);
      if (named === undefined) customRoles.delete(login);
      else customRoles.set(login, named);
    },
    /** Takes the role away. */
    removeRole({ repository, user }: Named & { readonly user: string }): void {
      const { collaborators, customRoles } = repositoryNamed(model, repository);
      collaborators.delete(user.toLowerCase());
      customRoles.delete(user.toLowerCase());
    },
    leaveTeam({ user, ...team }: TeamStory & { readonly user: string }): void {
      findTeam(model, team)?.members.delete(user.toLowerCase());
    },
    /** Invited to a team, and not there until they accept. */
    inviteToTeam({ user, ...team }: TeamStory & { readonly user: string }): void {
      const { login } = ensureUser(model, { login: user });
      ensureTeam(model, { ...team, members: [] }).invited.add(login.toLowerCase());
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
