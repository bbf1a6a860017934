// Where a Kustomization or HelmRelease takes its files or its chart from: the source object that it names, what that has
// fetched last, and what keeps it from fetching.

import type { Blocked, LiveRevision } from "../../domain/live-state.ts";
import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { conditionOf } from "../kubernetes/read-conditions.ts";
import { entryOf, fieldsAt, isTrueAt, numberAt, textAt } from "../kubernetes/read-fields.ts";
import { repositoryNameOf } from "../repository-name.ts";
import { describeRevision, type RevisionSource } from "./flux-revision.ts";

const SOURCE_API = "source.toolkit.fluxcd.io/v1";

const SOURCE_KINDS: readonly ResourceKind[] = [
  { apiVersion: SOURCE_API, kind: "GitRepository", plural: "gitrepositories" },
  { apiVersion: SOURCE_API, kind: "OCIRepository", plural: "ocirepositories" },
  { apiVersion: SOURCE_API, kind: "HelmChart", plural: "helmcharts" },
  { apiVersion: SOURCE_API, kind: "Bucket", plural: "buckets" },
  { apiVersion: SOURCE_API, kind: "ExternalArtifact", plural: "externalartifacts" },
];

export interface SourceReference {
  readonly kind: ResourceKind;
  readonly namespace: string;
  readonly name: string;
}

export interface FluxSource extends RevisionSource {
  /** As Flux writes it; absent while nothing was fetched, or where the source could not be read. */
  readonly revision?: string | undefined;
  readonly digest?: string | undefined;
  readonly origin?: string | undefined;
  readonly desired?: readonly LiveRevision[] | undefined;
  readonly suspended?: string | undefined;
  readonly blocked?: Blocked | undefined;
  /** It has seen its own spec. */
  readonly isCurrent: boolean;
}

export function sourceReferenceOf(object: KubernetesObject): SourceReference | undefined {
  const at = object.kind === "Kustomization" ? "spec.sourceRef" : "spec.chartRef";
  const kind = SOURCE_KINDS.find((known) => known.kind === textAt(object, `${at}.kind`));
  const name = textAt(object, `${at}.name`);
  const own = object.metadata.namespace ?? "";
  if (kind && name) return { kind, name, namespace: textAt(object, `${at}.namespace`) ?? own };
  // Flux itself makes the chart's object where the release only names chart and version.
  const [namespace, chart, ...more] = textAt(object, "status.helmChart")?.split("/") ?? [];
  const helmChart = SOURCE_KINDS.find((known) => known.kind === "HelmChart");
  if (object.kind !== "HelmRelease" || !namespace || !chart || more.length > 0 || !helmChart) return undefined;
  return { kind: helmChart, namespace, name: chart };
}

export function findSource(object: KubernetesObject, listed: Listed): FluxSource {
  const reference = sourceReferenceOf(object);
  if (reference === undefined) return { kind: "", isCurrent: false };
  const seen = listed.find(reference.kind, reference);
  const kind = reference.kind.kind;
  return seen.kind === "known" && seen.value ? describeSource(seen.value) : { kind, isCurrent: false };
}

function describeSource(source: KubernetesObject): FluxSource {
  const { kind } = source;
  const name = `${kind} ${source.metadata.namespace}/${source.metadata.name}`;
  const metadata = fieldsAt(source, "status.artifact.metadata");
  const origin = entryOf(metadata, "org.opencontainers.image.revision");
  const isCurrent = numberAt(source, "status.observedGeneration") === numberAt(source, "metadata.generation");
  // Until it has seen its new address, what it holds is from the old one.
  const address =
    kind === "GitRepository" ? textAt(source, "spec.url") : entryOf(metadata, "org.opencontainers.image.source");
  const repository = isCurrent && address !== undefined ? repositoryNameOf(address) : undefined;
  const revision = textAt(source, "status.artifact.revision");
  return {
    kind,
    repository,
    revision,
    digest: splitDigest(revision),
    origin,
    desired: describeRevision(revision, { source: { kind, repository }, origin }),
    suspended: isTrueAt(source, "spec.suspend") ? `its source ${name} is suspended` : undefined,
    blocked: whatBlocks(source, name),
    isCurrent,
  };
}

function splitDigest(revision: string | undefined): string | undefined {
  return /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(revision ?? "")?.[1];
}

function whatBlocks(source: KubernetesObject, name: string): Blocked | undefined {
  const stalled = conditionOf(source, "Stalled");
  const failed = [conditionOf(source, "FetchFailed"), stalled].find((condition) => condition?.status === "True");
  const ready = conditionOf(source, "Ready");
  const decisive = failed ?? (ready?.status === "False" ? ready : undefined);
  if (decisive === undefined) return undefined;
  const message = `${name}: ${decisive.message ?? "it cannot fetch"}`;
  return { code: decisive.reason || decisive.type, message, retrying: stalled?.status !== "True" };
}
