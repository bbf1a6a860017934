// Who may do what in a cluster for tests, and a kubeconfig for each: the rights that a bot should have, and those that it
// should not need.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";

/** The verbs of each, on everything. `admin` is in system:masters, whom no rule binds. */
const VERBS = {
  admin: undefined,
  /** looks, and may not even try a change out */
  reader: ["get", "list", "watch"],
  /** may try changes out (a dry run needs `patch`), as someone who compares a cluster with Git does */
  comparer: ["get", "list", "watch", "patch"],
  /** may do everything but `patch` */
  "without-patch": ["get", "list", "watch", "create", "update", "delete", "deletecollection"],
  /** signs in, and that is all */
  nobody: [],
} as const satisfies Readonly<Record<string, readonly string[] | undefined>>;

export type ClusterUser = keyof typeof VERBS;

const USERS = Object.keys(VERBS) as readonly ClusterUser[];

export type Tokens = Readonly<Record<ClusterUser, string>>;

export function makeTokens(): Tokens {
  return Object.fromEntries(USERS.map((user) => [user, randomBytes(24).toString("hex")])) as Record<
    ClusterUser,
    string
  >;
}

/** The lines of a `--token-auth-file`: token, user, uid, groups. */
export function tokenFile(tokens: Tokens): string {
  return USERS.map((user) => [tokens[user], user, user, user === "admin" ? "system:masters" : ""].join(",")).join("\n");
}

export interface Cluster {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM of who signed the server's certificate */
  readonly authority: string;
  readonly tokens: Tokens;
}

/** Writes `<folder>/<user>.yaml`, readable only for whoever runs this; answers with their paths. */
export function writeKubeconfigs(folder: string, cluster: Cluster): Readonly<Record<ClusterUser, string>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const paths = USERS.map((user) => {
    const path = join(folder, `${user}.yaml`);
    writeFileSync(path, JSON.stringify(kubeconfig(user, cluster), undefined, 2), { mode: 0o600 });
    return [user, path] as const;
  });
  return Object.fromEntries(paths) as Record<ClusterUser, string>;
}

/** JSON, which every reader of YAML reads. */
function kubeconfig(user: ClusterUser, { server, authority, tokens }: Cluster): object {
  const name = "stagecoach-e2e";
  const data = Buffer.from(authority).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": data } }],
    users: [{ name: user, user: { token: tokens[user] } }],
    contexts: [{ name: user, context: { cluster: name, user } }],
    "current-context": user,
  };
}

/** The roles of everybody but the admin. */
export function listRoles(): readonly KubernetesObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  return USERS.flatMap((user) => {
    const verbs = VERBS[user];
    if (verbs === undefined || verbs.length === 0) return [];
    const metadata = { name: `e2e:${user}` };
    return [
      { apiVersion, kind: "ClusterRole", metadata, rules: [{ apiGroups: ["*"], resources: ["*"], verbs }] },
      {
        apiVersion,
        kind: "ClusterRoleBinding",
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
      },
    ];
  });
}
