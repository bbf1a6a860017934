// The kinds that the stand-in for a Kubernetes API server knows: those of Kubernetes that Stagecoach looks at, and those of
// Argo CD, Flux and Config Sync. A CustomResourceDefinition adds further ones, as in a real cluster.

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Its status is written through `/status` alone. */
  readonly status: boolean;
  /** The server counts changes of what is wanted in `metadata.generation`. */
  readonly generation: boolean;
  /** A change of its annotations counts there, too. */
  readonly countsAnnotations: boolean;
  readonly scale: boolean;
  /** Lists of a custom resource have no keys of their own: whoever applies one owns it as a whole. */
  readonly custom: boolean;
}

type Row = readonly [apiVersion: string, kind: string, plural: string, marks?: string];

/** Marks: `c` of the whole cluster, `s` status, `g` generation, `a` annotations count as well, `n` scale. */
const KUBERNETES: readonly Row[] = [
  ["v1", "Namespace", "namespaces", "cs"],
  ["v1", "Node", "nodes", "cs"],
  ["v1", "Pod", "pods", "sg"],
  ["v1", "ConfigMap", "configmaps"],
  ["v1", "Secret", "secrets"],
  ["v1", "Service", "services", "s"],
  ["v1", "ServiceAccount", "serviceaccounts"],
  ["v1", "Event", "events"],
  ["v1", "PersistentVolumeClaim", "persistentvolumeclaims", "s"],
  ["apps/v1", "Deployment", "deployments", "sgan"],
  ["apps/v1", "ReplicaSet", "replicasets", "sgn"],
  ["apps/v1", "StatefulSet", "statefulsets", "sgn"],
  ["apps/v1", "DaemonSet", "daemonsets", "sg"],
  ["batch/v1", "Job", "jobs", "sg"],
  ["batch/v1", "CronJob", "cronjobs", "sg"],
  ["autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "s"],
  ["policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "sg"],
  ["networking.k8s.io/v1", "Ingress", "ingresses", "sg"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "csg"],
];

const RECONCILERS: readonly Row[] = [
  ["argoproj.io/v1alpha1", "Application", "applications", "g"],
  ["argoproj.io/v1alpha1", "AppProject", "appprojects", "g"],
  ["source.toolkit.fluxcd.io/v1", "GitRepository", "gitrepositories", "sg"],
  ["source.toolkit.fluxcd.io/v1", "OCIRepository", "ocirepositories", "sg"],
  ["source.toolkit.fluxcd.io/v1", "HelmRepository", "helmrepositories", "sg"],
  ["source.toolkit.fluxcd.io/v1", "HelmChart", "helmcharts", "sg"],
  ["source.toolkit.fluxcd.io/v1", "Bucket", "buckets", "sg"],
  ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "kustomizations", "sg"],
  ["helm.toolkit.fluxcd.io/v2", "HelmRelease", "helmreleases", "sg"],
  ["configsync.gke.io/v1beta1", "RootSync", "rootsyncs", "sg"],
  ["configsync.gke.io/v1beta1", "RepoSync", "reposyncs", "sg"],
  ["kpt.dev/v1alpha1", "ResourceGroup", "resourcegroups", "sg"],
];

export function listKinds(): readonly Kind[] {
  return [...KUBERNETES.map((row) => readRow(row, false)), ...RECONCILERS.map((row) => readRow(row, true))];
}

function readRow([apiVersion, kind, plural, marks = ""]: Row, custom: boolean): Kind {
  return {
    ...splitApiVersion(apiVersion),
    kind,
    plural,
    namespaced: !marks.includes("c"),
    status: marks.includes("s"),
    generation: marks.includes("g"),
    countsAnnotations: marks.includes("a"),
    scale: marks.includes("n"),
    custom,
  };
}

export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf({ group, version }: Pick<Kind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `deployments.apps`, `pods`. */
export function resourceName({ group, plural }: Pick<Kind, "group" | "plural">): string {
  return group === "" ? plural : `${plural}.${group}`;
}
