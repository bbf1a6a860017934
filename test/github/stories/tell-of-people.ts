// People in stories: roles, teams, and owners who suspend the app's installation.

import type { Installation, Team } from "../model/identity.ts";
import { ensureTeam, ensureUser, suspendInstallation, unsuspendInstallation } from "../model/manage-accounts.ts";
import type { Model } from "../model/model.ts";
import type { Role } from "../model/repository.ts";
import { type Named, repositoryNamed } from "./find-repository-named.ts";

export function tellOfPeople(model: Model) {
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
