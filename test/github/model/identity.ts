// Who acts on GitHub: users, bots, organisations, teams, apps, their installations and tokens.
// Only shapes; what an actor may do is decided in decide-permission.ts.

export type AccountType = "User" | "Bot" | "Organization";

export interface User {
  readonly kind: "user";
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
  readonly type: AccountType;
  readonly createdAt: string;
}

export interface Team {
  readonly kind: "team";
  readonly id: number;
  readonly nodeId: string;
  readonly organization: User;
  readonly slug: string;
  readonly name: string;
  /** login in lower case -> role in the team */
  readonly members: Map<string, "member" | "maintainer">;
  /** logins in lower case of those who have not accepted yet */
  readonly invited: Set<string>;
}

export type Access = "read" | "write" | "admin";
/** permission name as GitHub writes it (`contents`, `pull_requests`) -> access */
export type Permissions = { readonly [permission: string]: Access };

export interface App {
  readonly kind: "app";
  readonly id: number;
  readonly nodeId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: User;
  /** `<slug>[bot]`, the author of what installations of the app do */
  readonly bot: User;
  /** PEM; empty for apps that nobody signs in as here (github-actions) */
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: string;
}

export interface Installation {
  readonly kind: "installation";
  readonly id: number;
  readonly nodeId: string;
  readonly app: App;
  readonly account: User;
  permissions: Permissions;
  /** ids of the repositories chosen, or all of the account's */
  repositories: "all" | Set<number>;
  suspendedAt: string | undefined;
  suspendedBy: User | undefined;
  readonly createdAt: string;
  updatedAt: string;
}

export interface InstallationToken {
  readonly token: string;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** narrowed to these ids, or whatever the installation has */
  readonly repositories: "installation" | ReadonlySet<number>;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Whoever stands behind one request. */
export type Actor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "app"; readonly app: App }
  | { readonly kind: "installation"; readonly installation: Installation; readonly token: InstallationToken };
