// The manifests of the reporter: it may do exactly what its readers do, its pod may do nothing else, and its file is sound.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { readReporter } from "../../../src/config/read-reporter.ts";
import { groupOf } from "../../../src/domain/object-key.ts";
import type { LiveTarget, ObjectSelector } from "../../../src/domain/pipeline.ts";
import { known } from "../../../src/domain/seen.ts";
import type { Cluster, KubernetesObject, ResourceKind } from "../../../src/live/cluster/cluster.ts";
import { createClusterSource } from "../../../src/live/cluster/cluster-source.ts";
import { HELM_RELEASE, KUSTOMIZATION, WORKLOADS } from "../../../src/live/kubernetes/resource-kinds.ts";
import { NOW } from "../reports/build-reports.ts";

const FOLDER = new URL("../../../deploy/reporter/", import.meta.url);
const files = readdirSync(FOLDER);
const textOf = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: what YAML holds is looked at field by field, and a wrong field fails the test
type Manifest = any;

const manifests: readonly Manifest[] = files
  .filter((name) => name !== "kustomization.yaml")
  .flatMap((name) => parseAllDocuments(textOf(name)).map((document) => document.toJS()));
const manifestOf = (kind: string): Manifest => manifests.find((each) => each.kind === kind);

const SOURCES = ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"];
const NAMED = ["Service", "PersistentVolumeClaim", "Ingress", "PodDisruptionBudget", "HelmRelease", "Kustomization"];

/** A cluster in which there is something for every reader to follow. */
function recordingCluster(asked: Set<string>): Cluster {
  const never = () => assert.fail("a reporter only lists");
  const flux = (name: string, spec: object) =>
    ({ apiVersion: "", kind: "", metadata: { namespace: "apps", name, uid: name }, spec }) satisfies KubernetesObject;
  const objects: Readonly<Record<string, readonly KubernetesObject[]>> = {
    [KUSTOMIZATION.plural]: SOURCES.map((kind) => flux(kind.toLowerCase(), { sourceRef: { kind, name: "a" } })),
    [HELM_RELEASE.plural]: [flux("release", { chartRef: { kind: "HelmChart", name: "a" } })],
    rootsyncs: [{ ...flux("root-sync", {}), metadata: { namespace: "config-management-system", name: "root-sync" } }],
  };
  return {
    list: async (kind: ResourceKind) => {
      asked.add(`${groupOf(kind.apiVersion)}/${kind.plural}`);
      return known(objects[kind.plural] ?? []);
    },
    ...{ get: never, dryRun: never, annotate: never, watch: never },
  };
}

describe("the reporter's rights", () => {
  it("T23: are to list what its readers list, and nothing besides", async () => {
    const asked = new Set<string>();
    const target = (kind: LiveTarget["kind"], name: string, objects: readonly ObjectSelector[] = []) => ({
      ...{ target: { source: "us", kind, name }, objects, images: ["ghcr.io/acme/web"], awaited: true },
    });
    const wanted = [
      ...SOURCES.map((kind) => target("flux", `apps/${kind.toLowerCase()}`)),
      target("flux", "HelmRelease/apps/release"),
      ...[target("config-sync", "root-sync"), target("config-sync", "apps/repo-sync")],
      ...[target("argocd", "web"), target("kubernetes", "shop")],
      target(
        "kubernetes",
        "shop",
        [...NAMED, ...WORKLOADS.map(({ kind }) => kind)].map((kind) => ({ kind, name: "a" })),
      ),
    ];
    await createClusterSource(recordingCluster(asked), { now: () => NOW }).read(wanted, { now: NOW });
    const rules: readonly Manifest[] = manifestOf("ClusterRole").rules;
    const allowed = rules.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group: string) => resources.map((plural: string) => `${group}/${plural}`)),
    );
    assert.deepEqual([...allowed].sort(), [...asked].sort());
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))], ["list"]);
  });

  it("T24: hold no secrets, and are its ServiceAccount's alone", () => {
    assert.doesNotMatch(textOf("cluster-role.yaml"), /secrets|configmaps|\*/);
    const { metadata } = manifestOf("ServiceAccount");
    const binding = manifestOf("ClusterRoleBinding");
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: metadata.name, namespace: metadata.namespace },
    ]);
    assert.equal(binding.roleRef.name, manifestOf("ClusterRole").metadata.name);
  });
});

describe("the reporter's pod", () => {
  const { spec } = manifestOf("Deployment").spec.template;
  const [container] = spec.containers;

  it("is not root, changes nothing in itself, and has limits", () => {
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.securityContext.seccompProfile.type, "RuntimeDefault");
    assert.deepEqual(container.securityContext, {
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ["ALL"] },
    });
    assert.ok(container.resources.requests.memory && container.resources.limits.memory);
    assert.equal(spec.serviceAccountName, manifestOf("ServiceAccount").metadata.name);
  });

  it("has a token for Stagecoach where its file says, and the file is sound", () => {
    const { data } = manifestOf("ConfigMap");
    const result = readReporter({ file: { path: "reporter.yaml", text: data["reporter.yaml"] }, variables: {} });
    assert.ok(result.kind === "read", JSON.stringify(result.findings));
    const { proof, url } = result.settings;
    const mounts = new Map(container.volumeMounts.map((mount: Manifest) => [mount.name, mount.mountPath]));
    const { serviceAccountToken } = spec.volumes.find(({ name }: Manifest) => name === "token").projected.sources[0];
    assert.deepEqual(proof, { kind: "token-file", path: `${mounts.get("token")}/${serviceAccountToken.path}` });
    assert.equal(serviceAccountToken.audience, url);
    assert.deepEqual(container.env[0], { name: "STAGECOACH_REPORTER", value: `${mounts.get("config")}/reporter.yaml` });
  });

  it("is applied with everything that it needs", () => {
    const { resources, namespace } = parse(textOf("kustomization.yaml"));
    assert.deepEqual([...resources, "kustomization.yaml"].sort(), [...files].sort());
    assert.equal(namespace, manifestOf("Namespace").metadata.name);
  });
});
