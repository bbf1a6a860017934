// What is declared at the beginning of the loop: the config repository, the operator's settings, and what Flux is told to
// follow. The environments are namespaces of one cluster with a Kustomization each; Stagecoach takes them for three
// clusters: `dev` and `prod`, which it may ask with different rights, and `far`, which only reports.

import type { KubernetesObject } from "@kubernetes/client-node";

export const ENVIRONMENTS = ["integration", "staging", "live"] as const;

export type EnvironmentName = (typeof ENVIRONMENTS)[number];

export const CONFIG = { owner: "acme", name: "platform-config" };

export interface LoopPlace {
  /** where Flux's objects are */
  readonly namespace: string;
  /** the registry, as image names have it */
  readonly host: string;
}

export function namespaceOf(environment: EnvironmentName, { namespace }: Pick<LoopPlace, "namespace">): string {
  return `${namespace}-${environment}`;
}

/** `integration` names a tag, the others pin the digest as well. */
export function declareRepository(
  place: LoopPlace,
  { tag, digest }: { readonly tag: string; readonly digest: string },
): Readonly<Record<string, string>> {
  const image = `${place.host}/acme/checkout:${tag}`;
  return {
    ".github/stagecoach.yaml": pipelineFile(place),
    "apps/integration/deployment.yaml": deployment(image, namespaceOf("integration", place)),
    "apps/staging/deployment.yaml": deployment(`${image}@${digest}`, namespaceOf("staging", place)),
    "apps/live/deployment.yaml": deployment(`${image}@${digest}`, namespaceOf("live", place)),
  };
}

function pipelineFile({ host, namespace }: LoopPlace): string {
  return `version: 1
mode: full
pipelines:
  - name: checkout
    images: [{ image: "${host}/acme/checkout", policy: { semver: "*" } }]
    environments:
      - name: integration
        paths: [apps/integration]
        merge: auto
        on-degraded: { do: hold, deadline: 5s }
        live: { source: dev, flux: ${namespace}/integration }
      - name: staging
        after: [integration]
        paths: [apps/staging]
        merge: auto
        live: { source: prod, flux: ${namespace}/staging }
      - name: live
        after: [staging]
        paths: [apps/live]
        live: { source: far, flux: ${namespace}/live }
`;
}

function deployment(image: string, namespace: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: ${namespace}
spec:
  replicas: 2
  progressDeadlineSeconds: 5
  selector:
    matchLabels: { app: checkout }
  template:
    metadata:
      labels: { app: checkout }
    spec:
      containers:
        - name: checkout
          image: ${image} # the service itself
`;
}

/** The reporter of `far`, by the token that its cluster gives it. */
export interface ReporterPlace {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

export function operatorSettings(
  { host }: Pick<LoopPlace, "host">,
  { issuer, audience, subject }: ReporterPlace,
): string {
  return `registries:
  - { host: "${host}", insecure: true, for: ["acme/*"] }
webhooks:
  - { id: lab, kind: distribution, registry: "${host}", secret-env: LAB_SECRET }
live:
  - { id: dev, kind: kubernetes, for: ["acme/*"], kubeconfig-env: DEV_KUBECONFIG }
  - { id: prod, kind: kubernetes, for: ["acme/*"], kubeconfig-env: PROD_KUBECONFIG, reports: { secret-env: PROD_REPORTS } }
  - id: far
    kind: reports
    for: ["acme/*"]
    reports: { token: { issuer: "${issuer}", audience: "${audience}", subject: "${subject}", keys-env: FAR_KEYS } }
`;
}

export function reporterFile(
  { namespace, host }: LoopPlace,
  { audience, tokenFile }: Pick<ReporterPlace, "audience"> & { readonly tokenFile: string },
): string {
  return `cluster: far
url: ${audience}
token-file: ${tokenFile}
targets: [{ flux: ${namespace}/live, images: ["${host}/acme/checkout"] }]
`;
}

export function namespaces(place: Pick<LoopPlace, "namespace">): readonly KubernetesObject[] {
  return ENVIRONMENTS.map((environment) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespaceOf(environment, place) },
  }));
}

/** Flux looks at Git every few seconds here, since nobody tells it of a push. */
export function fluxObjects(
  { namespace }: Pick<LoopPlace, "namespace">,
  { repositoryUrl }: { readonly repositoryUrl: string },
): readonly KubernetesObject[] {
  const source = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "config", namespace },
    spec: { interval: "3s", url: repositoryUrl, ref: { branch: "main" } },
  };
  const kustomizations = ENVIRONMENTS.map((environment) => ({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: environment, namespace },
    spec: {
      interval: "15s",
      timeout: "30s",
      path: `./apps/${environment}`,
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name: "config" },
    },
  }));
  return [source, ...kustomizations];
}

/** What Flux says of `staging` is sent to Stagecoach. */
export function notificationObjects(
  { namespace }: Pick<LoopPlace, "namespace">,
  { address, secret }: { readonly address: string; readonly secret: string },
): readonly KubernetesObject[] {
  const apiVersion = "notification.toolkit.fluxcd.io/v1beta3";
  const objects: readonly (KubernetesObject & Readonly<Record<string, unknown>>)[] = [
    { apiVersion: "v1", kind: "Secret", metadata: { name: "stagecoach", namespace }, stringData: { token: secret } },
    {
      apiVersion,
      kind: "Provider",
      metadata: { name: "stagecoach", namespace },
      spec: { type: "generic-hmac", address, secretRef: { name: "stagecoach" } },
    },
    {
      apiVersion,
      kind: "Alert",
      metadata: { name: "stagecoach", namespace },
      spec: {
        eventSeverity: "info",
        providerRef: { name: "stagecoach" },
        eventSources: [{ kind: "Kustomization", name: "staging" }],
      },
    },
  ];
  return objects;
}
