// What Git declares for an object that runs, and for which objects it has no answer.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { declaredObject, declaredObjects } from "../../src/manifests/declared-objects.ts";
import { type Files, textsOf, treeOf } from "./tree.ts";

const web = (namespace?: string, replicas = 2) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web${namespace ? `, namespace: ${namespace}` : ""} }\nspec: { replicas: ${replicas} }\n`;

function replicasOf(files: Files, namespace = "shop"): unknown {
  const read = declaredObjects({ environment: { paths: ["live"] }, index: treeOf(files), texts: textsOf(files) });
  assert.ok(read.kind === "objects");
  const found = declaredObject(read.objects, { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" });
  return found && Reflect.get(Object(found.spec), "replicas");
}

describe("what Git declares for an object", () => {
  const ROWS: readonly { readonly when: string; readonly files: Files; readonly replicas: unknown }[] = [
    { when: "it stands there with its namespace", files: { "live/a.yaml": web("shop") }, replicas: 2 },
    { when: "its namespace is the reconciler's choice", files: { "live/a.yaml": web() }, replicas: 2 },
    { when: "it has another namespace", files: { "live/a.yaml": web("other") }, replicas: undefined },
    {
      when: "two of its name have no namespace",
      files: { "live/a.yaml": web(), "live/b.yaml": web() },
      replicas: undefined,
    },
    {
      when: "one stands in the namespace, one in none",
      files: { "live/a.yaml": web("shop", 3), "live/b.yaml": web() },
      replicas: 3,
    },
    {
      when: "a kustomization gives the namespace",
      files: { "live/kustomization.yaml": "namespace: shop\nresources: [a.yaml]\n", "live/a.yaml": web("x") },
      replicas: 2,
    },
    {
      when: "a kustomization patches it",
      files: {
        "live/kustomization.yaml": "resources: [a.yaml]\nreplicas: [{ name: web, count: 5 }]\n",
        "live/a.yaml": web("shop"),
      },
      replicas: undefined,
    },
    { when: "it is not there", files: { "live/a.yaml": "a: 1\n" }, replicas: undefined },
  ];
  for (const { when, files, replicas } of ROWS) {
    test(`when ${when}: ${replicas ?? "no answer"}`, () => assert.deepEqual(replicasOf(files), replicas));
  }

  test("asks for the texts that it lacks", () => {
    const files = { "live/a.yaml": web() };
    const read = declaredObjects({ environment: { paths: ["live"] }, index: treeOf(files), texts: new Map() });
    assert.equal(read.kind, "wanted");
  });
});
