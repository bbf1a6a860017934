import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DriftField } from "../../../src/domain/drift.ts";
import type { KubernetesObject, ManagedFields } from "../../../src/live/cluster/cluster.ts";
import {
  findDeployers,
  findForeignFields,
  findForeignSuspects,
} from "../../../src/live/kubernetes/find-foreign-fields.ts";
import { at, type Changes, deployment, make, NEW_IMAGE } from "./build.ts";

const OWN = ["kustomize-controller"];

function fields(tree: Changes): Changes {
  return { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': tree } } } } };
}

const APPLIED: ManagedFields = {
  manager: "kustomize-controller",
  operation: "Apply",
  time: at("08:00"),
  fieldsV1: {
    "f:spec": { "f:replicas": {}, ...(fields({ ".": {}, "f:name": {}, "f:image": {} })["f:spec"] as Changes) },
  },
};

function written(by: string, fieldsV1: Changes, more: Partial<ManagedFields> = {}): ManagedFields {
  return { manager: by, operation: "Update", time: at("11:00"), fieldsV1, ...more };
}

function find(managedFields: readonly ManagedFields[], given: Partial<KubernetesObject> = {}): readonly DriftField[] {
  const object = deployment({ managedFields });
  return findForeignFields({ object: { ...object, ...given }, own: OWN });
}

const IMAGE = fields({ "f:image": {} });

describe("fields that somebody wrote by hand", () => {
  test("an image: the path in the live object, the value, the tool and the time", () => {
    const taken = { ...APPLIED, fieldsV1: fields({ "f:name": {} }) };
    assert.deepEqual(find([taken, written("kubectl-set", IMAGE)]), [
      {
        path: "/spec/template/spec/containers/0/image",
        live: { kind: "shown", text: JSON.stringify(NEW_IMAGE) },
        manager: "kubectl-set",
        operation: "Update",
        time: Date.parse(at("11:00")),
      },
    ]);
  });

  test("a scale, by a kubectl of another name, without a time", () => {
    const scale: ManagedFields = {
      manager: "kubectl.1.33",
      operation: "Update",
      subresource: "scale",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    };
    assert.deepEqual(find([scale]), [
      {
        path: "/spec/replicas",
        live: { kind: "shown", text: "2" },
        manager: "kubectl.1.33",
        operation: "Update",
        subresource: "scale",
      },
    ]);
  });

  test("an environment variable that Git does not declare: its name, never its value", () => {
    const env = [{ name: "DEBUG", value: "hunter2" }];
    const object = deployment({
      managedFields: [
        written(
          "kubectl-set",
          fields({ "f:env": { ".": {}, 'k:{"name":"DEBUG"}': { ".": {}, "f:name": {}, "f:value": {} } } }),
        ),
      ],
      spec: { template: { spec: { containers: [{ name: "proxy" }, { name: "web", env }] } } },
    });
    const found = findForeignFields({ object, own: OWN });
    assert.deepEqual(
      found.map(({ path, live }) => [path, live]),
      [
        ["/spec/template/spec/containers/1/env/0/name", { kind: "shown", text: '"DEBUG"' }],
        ["/spec/template/spec/containers/1/env/0/value", { kind: "hidden" }],
      ],
    );
  });

  test("a finalizer, which is an item by its value", () => {
    const object = make("apps/v1", "Deployment", {
      managedFields: [written("k9s", { "f:metadata": { "f:finalizers": { 'v:"acme.io/keep"': {} } } })],
    });
    const withFinalizers = { ...object, metadata: { ...object.metadata, finalizers: ["a", "acme.io/keep"] } };
    assert.deepEqual(
      findForeignFields({ object: withFinalizers, own: OWN }).map(({ path }) => path),
      ["/metadata/finalizers/1"],
    );
  });

  test("what is not in the object any more has no path", () => {
    assert.deepEqual(find([written("kubectl-edit", { "f:spec": { "f:paused": {} } })]), []);
    assert.deepEqual(find([written("kubectl-edit", fields({}), {})]).length, 1);
  });

  test("a field that the reconciler owns, too, has the reconciler's value", () => {
    assert.deepEqual(find([APPLIED, written("kubectl-client-side-apply", IMAGE)]), []);
  });

  const HANDS = [
    "kubectl-edit",
    "kubectl-patch",
    "kubectl-scale",
    "kubectl.1.33",
    "k9s",
    "Lens",
    "Mozilla",
    "dashboard",
    "unknown",
    "curl",
  ];
  for (const manager of HANDS) {
    test(`\`${manager}\` is a tool in somebody's hand`, () => assert.equal(find([written(manager, IMAGE)]).length, 1));
  }

  const MACHINES = [
    "kube-controller-manager",
    "vpa-updater",
    "cert-manager-cainjector",
    "argocd-controller",
    "helm-controller",
    "configsync.gke.io",
    "keda-operator",
    "before-first-apply",
    "istiod",
    "cluster-autoscaler",
  ];
  for (const manager of MACHINES) {
    test(`\`${manager}\` acts by itself`, () => assert.deepEqual(find([written(manager, IMAGE)]), []));
  }

  const ALLOWED: readonly (readonly [string, Changes])[] = [
    ["a status", { "f:status": { "f:replicas": {} } }],
    ["kubectl's own note", annotation("kubectl.kubernetes.io/last-applied-configuration")],
    ["a request to reconcile", annotation("reconcile.fluxcd.io/requestedAt")],
    ["the number of the rollout", annotation("deployment.kubernetes.io/revision")],
    ["a restart", { "f:spec": { "f:template": annotation("kubectl.kubernetes.io/restartedAt") } }],
  ];
  for (const [what, tree] of ALLOWED) {
    test(`${what} is allowed, whoever writes it`, () => {
      const annotations = {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "reconcile.fluxcd.io/requestedAt": "x",
        "deployment.kubernetes.io/revision": "2",
      };
      const object = deployment({
        managedFields: [written("kubectl-edit", tree)],
        annotations,
        spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "x" } } } },
      });
      assert.deepEqual(findForeignFields({ object, own: OWN }), []);
    });
  }

  test("of a Secret nothing is shown", () => {
    const object = make("v1", "Secret", { managedFields: [written("kubectl-edit", { "f:data": { "f:plain": {} } })] });
    assert.deepEqual(
      findForeignFields({ object: { ...object, data: { plain: "aHVudGVyMg==" } }, own: OWN }).map(({ live }) => live),
      [{ kind: "hidden" }],
    );
  });

  const SECRETS: Readonly<Record<string, unknown>> = {
    "a key that says so": { dbPassword: "x" },
    "an address with credentials": { url: "postgres://web:hunter2@db/web" },
    "a key in a list of arguments": ["--api-key=hunter2"],
    "a private key": "-----BEGIN PRIVATE KEY-----",
    "a signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3ZWIifQ.x",
    "a whole container with its variables": { name: "web", env: [{ name: "A", value: "hunter2" }] },
  };
  for (const [what, value] of Object.entries(SECRETS)) {
    test(`${what} stays hidden, also deep inside`, () => {
      const object = deployment({
        managedFields: [written("kubectl-edit", { "f:spec": { "f:extra": {} } })],
        spec: { extra: value },
      });
      const [field] = findForeignFields({ object, own: OWN });
      assert.deepEqual(field?.live, { kind: "hidden" });
    });
  }

  test("long values are cut", () => {
    const object = deployment({
      managedFields: [written("kubectl-edit", { "f:spec": { "f:extra": {} } })],
      spec: { extra: "a b ".repeat(100_000) },
    });
    const [field] = findForeignFields({ object, own: OWN });
    assert.ok(field?.live?.kind === "shown" && field.live.text.length === 200);
  });

  test("are suspects, one for each object", () => {
    const objects = ["web", "api"].map((name) => deployment({ name, managedFields: [written("kubectl-set", IMAGE)] }));
    assert.deepEqual(
      findForeignSuspects([...objects, deployment({ name: "clean" })], OWN).map(({ object, change, evidence }) => [
        object.name,
        change,
        evidence,
      ]),
      [
        ["web", "modified", "managed fields"],
        ["api", "modified", "managed fields"],
      ],
    );
  });

  test("stand out against whoever deploys, where no reconciler does", () => {
    const byPipeline: ManagedFields = {
      manager: "acme-pipeline",
      operation: "Apply",
      fieldsV1: { "f:spec": { "f:replicas": {}, "f:selector": {}, "f:progressDeadlineSeconds": {} } },
    };
    const objects = [deployment({ managedFields: [byPipeline, written("k9s", IMAGE)] })];
    const [suspect] = findForeignSuspects(objects, findDeployers);
    assert.deepEqual(
      suspect?.fields.map(({ manager }) => manager),
      ["k9s"],
    );
  });

  test("a tree without an end, keys that are no JSON and kinds of keys that nobody knows do no harm", () => {
    let deep: Changes = {};
    for (let depth = 0; depth < 5_000; depth += 1) deep = { "f:spec": deep };
    const odd = { "k:{": {}, "x:y": {}, "i:0": {}, "f:__proto__": {}, "f:spec": { "k:[]": {}, "v:": {} } };
    assert.deepEqual(find([written("kubectl-edit", deep), written("kubectl-edit", odd)]), []);
    assert.deepEqual(find([{ manager: "kubectl-edit", fieldsV1: "text" }]), []);
  });
});

function annotation(key: string): Changes {
  return { "f:metadata": { "f:annotations": { [`f:${key}`]: {} } } };
}
