// Reads who has a login at this moment and what they may do in the repository. The numeric id is what counts: a login may
// have changed hands. Fails closed: whom GitHub does not know may do nothing, and what it does not say is unknown.

import type { Person, Role } from "../domain/conversation.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";

export interface PersonRequest {
  readonly at: RepositoryReference;
  readonly login: string;
}

interface Answer {
  readonly permission: string;
  readonly role_name: string;
  readonly user: { readonly id: number; readonly permissions?: Permissions } | null;
}

interface Permissions {
  readonly pull: boolean;
  readonly triage?: boolean;
  readonly push: boolean;
  readonly maintain?: boolean;
  readonly admin: boolean;
}

/** Also of people whose company manages their accounts, which have `_` in their logins. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/;
const ROLES: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];
const NOBODY: Person = { id: 0, role: "none" };

export function isLogin(text: string): boolean {
  return LOGIN.test(text);
}

export async function readPerson(github: Github, { at, login }: PersonRequest): Promise<Seen<Person>> {
  // A login travels in the address, and `..` would make it another one.
  if (!isLogin(login)) return known(NOBODY);
  const answer = await tryRead(github, {
    at,
    doing: `read what ${login} may do`,
    ask: ({ octokit, where }) => octokit.rest.repos.getCollaboratorPermissionLevel({ ...where, username: login }),
  });
  // GitHub has nobody of that name; whoever may read a repository is told of with a 200, and with "none" else.
  if (answer.kind === "answered" && answer.status === 404) return known(NOBODY);
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const data: Answer = answer.value.data;
  const id = Number(data.user?.id);
  if (!Number.isSafeInteger(id) || id <= 0) return unknown(`GitHub did not say who \`${login}\` is`);
  return known({ id, role: readRole(data) });
}

/** Roles that an organisation made itself have names of their own; what they may do stands in the flags. */
function readRole({ user, role_name, permission }: Answer): Role {
  const { permissions } = user ?? {};
  if (permissions === undefined) return ROLES.find((role) => role === role_name || role === permission) ?? "none";
  if (permissions.admin) return "admin";
  if (permissions.maintain) return "maintain";
  if (permissions.push) return "write";
  if (permissions.triage) return "triage";
  return permissions.pull ? "read" : "none";
}
