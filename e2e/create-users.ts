// Those who look at a cluster with less than an admin's rights, as ServiceAccounts with a token each: what a bot should be
// given, what it should get along without, and what it should say when that is missing. Works on any cluster.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiException, CoreV1Api, type KubernetesObject, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { applyObjects, loadKubeconfig } from "./apply-objects.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What each may do. */
const RULES = {
  /** looks, and may not even try a change out */
  reader: () => everything("get", "list", "watch"),
  /** may also try changes out: a dry run needs `patch`, and `create` for what is not there */
  comparer: () => everything("get", "list", "watch", "patch", "create"),
  /** may do everything but `patch` */
  "without-patch": () => everything("get", "list", "watch", "create", "update", "delete", "deletecollection"),
  /** signs in, and that is all */
  nobody: () => [],
  /** what the documentation tells people to allow, and no more */
  documented: () => readRules("docs/live-state.md"),
  /** the same, where news come with the next look only */
  "without-watch": () =>
    readRules("docs/live-state.md").map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== "watch") })),
  /** what `stagecoach report` is given in its own cluster */
  reporter: () => readRules("deploy/reporter/cluster-role.yaml"),
} as const satisfies Readonly<Record<string, () => readonly Rule[]>>;

export type ClusterUser = keyof typeof RULES;

const CLUSTER_USERS = Object.keys(RULES) as readonly ClusterUser[];

const RBAC = "rbac.authorization.k8s.io";
const SECONDS_OF_A_DAY = 24 * 60 * 60;

export interface Place {
  /** the admin's */
  readonly kubeconfig: string;
  /** made when it is not there; the users live in it, their roles are called after it */
  readonly namespace: string;
}

/** Answers with the paths of their kubeconfigs, in `folder`; their tokens are good for a day. */
export async function createUsers({
  kubeconfig,
  namespace,
  folder,
}: Place & { readonly folder: string }): Promise<Readonly<Record<ClusterUser, string>>> {
  await applyObjects(kubeconfig, [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...CLUSTER_USERS.flatMap((user) => listObjects(user, namespace)),
  ]);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const paths: [ClusterUser, string][] = [];
  for (const user of CLUSTER_USERS) {
    const access = { ...readCluster(kubeconfig), user, token: await requestToken({ kubeconfig, namespace }, user) };
    paths.push([user, writeKubeconfig(join(folder, `${user}.yaml`), access)]);
  }
  return Object.fromEntries(paths) as Record<ClusterUser, string>;
}

/** Removes them with everything else in the namespace. Does not wait until it is gone. */
export async function deleteUsers({ kubeconfig, namespace }: Place): Promise<void> {
  const config = loadKubeconfig(kubeconfig);
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  for (const name of CLUSTER_USERS.map((user) => roleName(user, namespace))) {
    await rbac.deleteClusterRoleBinding({ name }).catch(ignoreAbsence);
    await rbac.deleteClusterRole({ name }).catch(ignoreAbsence);
  }
  await config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace }).catch(ignoreAbsence);
}

function listObjects(user: ClusterUser, namespace: string): readonly KubernetesObject[] {
  const metadata = { name: roleName(user, namespace) };
  const rules = RULES[user]();
  const role = { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules };
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: metadata.name },
    subjects: [{ kind: "ServiceAccount", name: user, namespace }],
  };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: user, namespace } };
  return rules.length === 0 ? [account] : [account, role, binding];
}

function everything(...verbs: readonly string[]): readonly Rule[] {
  return [{ apiGroups: ["*"], resources: ["*"], verbs }];
}

/** The rules of the first ClusterRole in a file of the project, so that what people copy from there is what was tried. */
function readRules(file: string): readonly Rule[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const blocks = file.endsWith(".md")
    ? [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = ""]) => yaml)
    : [text];
  for (const document of blocks.flatMap((yaml) => parseAllDocuments(yaml))) {
    const object = document.toJS() as { readonly kind?: string; readonly rules?: readonly Rule[] } | null;
    if (object?.kind === "ClusterRole" && object.rules !== undefined) return object.rules;
  }
  throw new Error(`${file} has no ClusterRole any more, so nobody can be given its rights.`);
}

function roleName(user: ClusterUser, namespace: string): string {
  return `${namespace}:${user}`;
}

async function requestToken({ kubeconfig, namespace }: Place, user: ClusterUser): Promise<string> {
  const api = loadKubeconfig(kubeconfig).makeApiClient(CoreV1Api);
  const body = { spec: { audiences: [], expirationSeconds: SECONDS_OF_A_DAY } };
  const { status } = await api.createNamespacedServiceAccountToken({ name: user, namespace, body });
  if (status?.token !== undefined) return status.token;
  throw new Error(`The cluster gave no token for the ServiceAccount ${namespace}/${user}.`);
}

function readCluster(kubeconfig: string): { readonly server: string; readonly authorityData: string } {
  const cluster = loadKubeconfig(kubeconfig).getCurrentCluster();
  const data = cluster?.caFile ? readFileSync(cluster.caFile).toString("base64") : cluster?.caData;
  if (cluster === null || data === undefined)
    throw new Error(`${kubeconfig} does not say whose certificate its cluster has.`);
  return { server: cluster.server, authorityData: data };
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof ApiException) || error.code !== 404) throw error;
}
