// Who may own fields of an object without anybody having changed it by hand: the reconcilers, Kubernetes' own parts, and
// controllers in general. Every other manager is a tool in somebody's hand, or unknown, and what it wrote is looked at.
// A manager is a name that the writer chose; it names a tool, never a person.

const KNOWN_CONTROLLERS: ReadonlySet<string> = new Set([
  // What Flux finds on an object that nobody ever applied.
  "before-first-apply",
  "cainjector",
  "configsync.gke.io",
  "eks",
  "flux",
  "flux-client-side-apply",
  "helm",
  "istiod",
  "keda",
  "kube-apiserver",
  "kubelet",
  "kyverno",
  "manager",
  "pilot-discovery",
]);

/** Names that programs take which act by themselves: `vpa-recommender`, `cert-manager-cainjector`, `kube-scheduler`. */
const CONTROLLER_NAMES =
  /(?:^vpa-.+|^(?:kube|istio|linkerd|cilium|calico)-.+|[-.](?:controller|controllers|controller-manager|operator|manager|webhook|injector|cainjector|autoscaler|scheduler|provisioner|admission))$/;

/** What people, and pipelines for them, use on a cluster that no reconciler looks after. */
export const DEPLOYERS: readonly string[] = ["kubectl-client-side-apply", "kubectl-last-applied", "kubectl"];

export function isController(manager: string): boolean {
  // `kubectl` and its renamed binaries are never controllers, whatever follows.
  if (/^(?:kubectl|oc|k9s)\b/.test(manager)) return false;
  return KNOWN_CONTROLLERS.has(manager) || CONTROLLER_NAMES.test(manager);
}

interface AllowedField {
  readonly kinds: RegExp;
  readonly path: RegExp;
  readonly why: string;
}

const EVERY_KIND = /^/;

/** Fields that others than the reconciler write as a matter of course, whoever the manager is. */
const ALLOWED_FIELDS: readonly AllowedField[] = [
  { kinds: EVERY_KIND, path: /^\/status(?:\/|$)/, why: "a status is written by the one who does the work" },
  {
    kinds: EVERY_KIND,
    path: /^\/metadata\/(?:managedFields|resourceVersion|uid|generation|creationTimestamp|selfLink)(?:\/|$)/,
    why: "the server writes it",
  },
  {
    kinds: EVERY_KIND,
    path: /^\/metadata\/annotations\/(?:deployment\.kubernetes\.io~1revision|deprecated\.daemonset\.template\.generation|kubectl\.kubernetes\.io~1last-applied-configuration|kubernetes\.io~1change-cause)$/,
    why: "Kubernetes and kubectl keep their own notes there",
  },
  {
    kinds: EVERY_KIND,
    path: /^\/metadata\/annotations\/(?:reconcile\.fluxcd\.io~1(?:requestedAt|forceAt|resetAt)|argocd\.argoproj\.io~1refresh)$/,
    why: "it asks a reconciler to look again",
  },
  {
    kinds: /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet)$/,
    path: /^\/spec\/template\/metadata\/annotations\/kubectl\.kubernetes\.io~1restartedAt$/,
    why: "`kubectl rollout restart` starts the same pods anew",
  },
  {
    kinds: /^(?:MutatingWebhookConfiguration|ValidatingWebhookConfiguration|CustomResourceDefinition|APIService)$/,
    path: /\/caBundle$/,
    why: "certificate authorities are put in by whoever issues the certificate",
  },
  { kinds: /^PersistentVolumeClaim$/, path: /^\/spec\/volumeName$/, why: "the volume is chosen by the cluster" },
  {
    kinds: /^Service$/,
    path: /^\/spec\/(?:clusterIPs?|ipFamilies|ipFamilyPolicy|healthCheckNodePort)(?:\/|$)/,
    why: "addresses are chosen by the cluster",
  },
];

/** The reason why a field may differ from Git whoever wrote it: a clause. */
export function whyAllowed({ kind, path }: { readonly kind: string; readonly path: string }): string | undefined {
  return ALLOWED_FIELDS.find((allowed) => allowed.kinds.test(kind) && allowed.path.test(path))?.why;
}
