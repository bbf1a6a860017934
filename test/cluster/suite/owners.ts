// Who owns which field, as `metadata.managedFields` has it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Answer } from "./ask-cluster.ts";
import type { Scene } from "./cluster-suite.ts";
import { APPLY, configMap, configMaps, deployment, deployments, MERGE, STRATEGIC } from "./suite-objects.ts";

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1: Readonly<Record<string, unknown>>;
}

export function describeOwners(scene: () => Scene): void {
  const apply = (name: string, manager: string, options = "") => {
    const path = `${deployments(scene(), name)}?fieldManager=${manager}${options}`;
    return scene().ask({ method: "PATCH", path, type: APPLY, body: deployment(name) });
  };

  describe("owners of fields", () => {
    test("whoever applies owns exactly what was said, and nothing that the server adds", async () => {
      const applied = await apply("owned", "gitops");
      assert.equal(applied.status, 201);
      const entry = entryOf(applied, "gitops");
      assert.deepEqual([entry?.operation, entry?.subresource], ["Apply", undefined]);
      assert.deepEqual(entry?.fieldsV1, {
        "f:metadata": { "f:labels": { "f:app": {} } },
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": {
              "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {} } },
            },
          },
        },
      });
    });

    test("an edit takes the field that it changes, and no other", async () => {
      await apply("edited", "gitops");
      const body = {
        spec: { template: { spec: { containers: [{ name: "web", image: "registry.example/web:hot" }] } } },
      };
      const path = `${deployments(scene(), "edited")}?fieldManager=kubectl-set`;
      const edited = await scene().ask({ method: "PATCH", path, type: STRATEGIC, body });
      const container = { 'k:{"name":"web"}': { "f:image": {} } };
      const image = { "f:spec": { "f:template": { "f:spec": { "f:containers": container } } } };
      assert.deepEqual(entryOf(edited, "kubectl-set")?.fieldsV1, image);
      assert.doesNotMatch(JSON.stringify(entryOf(edited, "gitops")?.fieldsV1), /f:image/);
    });

    test("whoever makes an object owns all of it, its maps included", async () => {
      const body = { ...configMap("made", { a: "1" }), metadata: { name: "made", labels: { own: "yes" } } };
      const path = `${configMaps(scene())}?fieldManager=maker`;
      const made = await scene().ask({ method: "POST", path, body });
      assert.deepEqual(entryOf(made, "maker")?.fieldsV1, {
        "f:data": { ".": {}, "f:a": {} },
        "f:metadata": { "f:labels": { ".": {}, "f:own": {} } },
      });
    });

    test("an edit to the value that is there takes nothing", async () => {
      await apply("unmoved", "gitops");
      const path = `${deployments(scene(), "unmoved")}?fieldManager=kubectl-edit`;
      const same = await scene().ask({ method: "PATCH", path, type: MERGE, body: { spec: { replicas: 2 } } });
      assert.equal(entryOf(same, "kubectl-edit"), undefined);
    });

    test("scaling is an owner with a subresource", async () => {
      await apply("scaled", "gitops");
      const path = `${deployments(scene(), "scaled")}/scale?fieldManager=kubectl`;
      const scale = await scene().ask({ method: "PATCH", path, type: MERGE, body: { spec: { replicas: 5 } } });
      assert.deepEqual([scale.status, scale.body.kind, scale.body.spec.replicas], [200, "Scale", 5]);
      const after = await scene().ask({ path: deployments(scene(), "scaled") });
      const entry = entryOf(after, "kubectl");
      assert.deepEqual([entry?.operation, entry?.subresource], ["Update", "scale"]);
      assert.deepEqual(entry?.fieldsV1, { "f:spec": { "f:replicas": {} } });
    });

    test("the status has owners of its own", async () => {
      await apply("reported", "gitops");
      const path = `${deployments(scene(), "reported")}/status?fieldManager=reporter`;
      const condition = { type: "Example", status: "True", reason: "Told", message: "it is so" };
      const body = { status: { conditions: [condition] } };
      const told = await scene().ask({ method: "PATCH", path, type: MERGE, body });
      const entry = entryOf(told, "reporter");
      assert.deepEqual([entry?.operation, entry?.subresource], ["Update", "status"]);
      assert.match(JSON.stringify(entry?.fieldsV1), /"f:status":\{"f:conditions":/);
    });

    test("what is no longer applied goes, unless somebody else owns it", async () => {
      const { ask } = scene();
      const path = configMaps(scene(), "shrinking");
      const say = (manager: string, data: Readonly<Record<string, string>>) =>
        ask({
          method: "PATCH",
          path: `${path}?fieldManager=${manager}`,
          type: APPLY,
          body: configMap("shrinking", data),
        });
      await say("one", { a: "1", b: "2", c: "3" });
      await say("two", { b: "2" });
      const left = await say("one", { a: "1" });
      assert.deepEqual(left.body.data, { a: "1", b: "2" });
    });

    test("applying again what is there changes nothing", async () => {
      const first = await apply("repeated", "gitops");
      const second = await apply("repeated", "gitops");
      assert.equal(second.status, 200);
      assert.equal(entryOf(second, "gitops")?.time, entryOf(first, "gitops")?.time);
    });
  });
}

function entryOf({ body }: Answer, manager: string): Entry | undefined {
  const entries = body.metadata.managedFields as readonly Entry[] | undefined;
  return entries?.find((entry) => entry.manager === manager);
}
