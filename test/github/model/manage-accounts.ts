// Makes and finds accounts: users, organisations, bots, teams, apps and their installations.

import { randomBytes } from "node:crypto";
import { identifyNode } from "./identify-node.ts";
import type { AccountType, Actor, App, Installation, InstallationToken, Permissions, Team, User } from "./identity.ts";
import { announce, type Model, nextId, register, timestamp, writeTime } from "./model.ts";

export function findUser(model: Model, login: string): User | undefined {
  return model.users.get(login.toLowerCase());
}

/** The account of that login, made when there is none. */
export function ensureUser(
  model: Model,
  { login, type = "User" }: { readonly login: string; readonly type?: AccountType },
): User {
  const known = findUser(model, login);
  if (known !== undefined) return known;
  const id = nextId(model);
  const kind = type === "Bot" ? "bot" : type === "Organization" ? "organization" : "user";
  const user: User = { kind: "user", id, nodeId: identifyNode(kind, id), login, type, createdAt: timestamp(model) };
  model.users.set(login.toLowerCase(), user);
  return register(model, user);
}

export function ensureTeam(
  model: Model,
  {
    organization,
    slug,
    members,
  }: { readonly organization: string; readonly slug: string; readonly members: readonly string[] },
): Team {
  const owner = ensureUser(model, { login: organization, type: "Organization" });
  const known = findTeam(model, { organization, slug });
  const id = nextId(model);
  const team: Team =
    known ??
    register(model, {
      kind: "team",
      id,
      nodeId: identifyNode("team", id),
      organization: owner,
      slug,
      name: slug,
      members: new Map(),
      invited: new Set(),
    });
  for (const login of members) team.members.set(ensureUser(model, { login }).login.toLowerCase(), "member");
  model.teams.set(team.id, team);
  return team;
}

export function findTeam(
  model: Model,
  { organization, slug }: { readonly organization: string; readonly slug: string },
): Team | undefined {
  return [...model.teams.values()].find(
    (team) => team.slug === slug && team.organization.login.toLowerCase() === organization.toLowerCase(),
  );
}

export interface NewApp {
  readonly slug: string;
  readonly id?: number;
  readonly owner: string;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events?: readonly string[];
}

export function ensureApp(model: Model, { slug, id: wanted, owner, publicKey, permissions, events = [] }: NewApp): App {
  const known = model.apps.get(slug);
  if (known !== undefined) return known;
  const id = wanted ?? nextId(model);
  const app: App = {
    kind: "app",
    id,
    nodeId: identifyNode("app", id),
    slug,
    name: slug,
    owner: ensureUser(model, { login: owner, type: "Organization" }),
    bot: ensureUser(model, { login: `${slug}[bot]`, type: "Bot" }),
    publicKey,
    permissions,
    events,
    createdAt: timestamp(model),
  };
  model.apps.set(slug, app);
  return register(model, app);
}

/** Checks that a workflow reports come from this app on GitHub, with this very id. */
export function ensureActionsApp(model: Model): App {
  return ensureApp(model, { slug: "github-actions", id: 15_368, owner: "github", publicKey: "", permissions: {} });
}

export function installApp(
  model: Model,
  {
    app,
    account,
    permissions = app.permissions,
  }: { readonly app: App; readonly account: string; readonly permissions?: Permissions },
): Installation {
  const id = nextId(model);
  const installation: Installation = register(model, {
    kind: "installation",
    id,
    nodeId: identifyNode("installation", id),
    app,
    account: ensureUser(model, { login: account, type: "Organization" }),
    permissions,
    repositories: "all",
    suspendedAt: undefined,
    suspendedBy: undefined,
    createdAt: timestamp(model),
    updatedAt: timestamp(model),
  });
  model.installations.set(id, installation);
  announce(model, { event: "installation", action: "created", installation, sender: installation.account });
  return installation;
}

export function suspendInstallation(
  model: Model,
  { installation, by }: { readonly installation: Installation; readonly by: User },
): void {
  installation.suspendedAt = timestamp(model);
  installation.suspendedBy = by;
  announce(model, { event: "installation", action: "suspend", installation, sender: by });
}

export function unsuspendInstallation(
  model: Model,
  { installation, by }: { readonly installation: Installation; readonly by: User },
): void {
  installation.suspendedAt = undefined;
  installation.suspendedBy = undefined;
  announce(model, { event: "installation", action: "unsuspend", installation, sender: by });
}

/** A token lives for an hour, as on GitHub. */
export function mintToken(
  model: Model,
  {
    installation,
    permissions = installation.permissions,
    repositories = "installation",
  }: {
    readonly installation: Installation;
    readonly permissions?: Permissions;
    readonly repositories?: InstallationToken["repositories"];
  },
): InstallationToken {
  const now = model.credentialsNow();
  const token: InstallationToken = {
    token: `ghs_${randomBytes(27).toString("base64url").replace(/[-_]/g, "x")}`,
    installation,
    permissions,
    repositories,
    createdAt: writeTime(now),
    expiresAt: writeTime(new Date(now.getTime() + 3_600_000)),
  };
  model.tokens.set(token.token, token);
  return token;
}

/** Who GitHub shows as the author of what this actor does. */
export function accountOf(actor: Actor): User | undefined {
  switch (actor.kind) {
    case "anonymous":
      return undefined;
    case "user":
      return actor.user;
    case "app":
      return actor.app.bot;
    case "installation":
      return actor.installation.app.bot;
  }
}

export function appOf(actor: Actor): App | undefined {
  return actor.kind === "installation" ? actor.installation.app : undefined;
}
