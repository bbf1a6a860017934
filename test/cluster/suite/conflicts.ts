// Dry runs and conflicts: who else owns a field with another value, word for word.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { APPLY, deployment, deployments, MERGE, STRATEGIC } from "./suite-objects.ts";

export function describeConflicts(scene: () => Scene): void {
  const apply = (name: string, options: string, body: unknown = deployment(name)) =>
    scene().ask({ method: "PATCH", path: `${deployments(scene(), name)}?${options}`, type: APPLY, body });
  const setImage = (name: string) => {
    const body = { spec: { template: { spec: { containers: [{ name: "web", image: "registry.example/web:hot" }] } } } };
    const path = `${deployments(scene(), name)}?fieldManager=kubectl-set`;
    return scene().ask({ method: "PATCH", path, type: STRATEGIC, body });
  };
  const IMAGE = '.spec.template.spec.containers[name="web"].image';

  describe("dry runs and conflicts", () => {
    test("a dry run shows what would be, and nothing is kept", async () => {
      await apply("tried", "fieldManager=gitops");
      const changed = { ...deployment("tried", "registry.example/web:2") };
      const tried = await apply("tried", "fieldManager=gitops&dryRun=All", changed);
      assert.equal(tried.status, 200);
      assert.equal(tried.body.spec.template.spec.containers[0].image, "registry.example/web:2");
      const kept = await scene().ask({ path: deployments(scene(), "tried") });
      assert.equal(kept.body.spec.template.spec.containers[0].image, "registry.example/web:1");
      assert.equal((await apply("untried", "fieldManager=gitops&dryRun=All")).status, 201);
      assert.equal((await scene().ask({ path: deployments(scene(), "untried") })).status, 404);
    });

    test("one field of another's is one conflict, with its owner and its path", async () => {
      await apply("contested", "fieldManager=gitops");
      await setImage("contested");
      const refused = await apply("contested", "fieldManager=gitops&dryRun=All");
      assert.deepEqual(refused.body, {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: ${IMAGE}`,
        reason: "Conflict",
        details: {
          causes: [
            { reason: "FieldManagerConflict", message: 'conflict with "kubectl-set" using apps/v1', field: IMAGE },
          ],
        },
        code: 409,
      });
    });

    test("several conflicts are told by owner, subresources too", async () => {
      await apply("crowded", "fieldManager=gitops");
      await setImage("crowded");
      const path = `${deployments(scene(), "crowded")}/scale?fieldManager=kubectl`;
      await scene().ask({ method: "PATCH", path, type: MERGE, body: { spec: { replicas: 5 } } });
      const refused = await apply("crowded", "fieldManager=gitops&dryRun=All");
      assert.equal(
        refused.body.message,
        [
          'Apply failed with 2 conflicts: conflicts with "kubectl" with subresource "scale" using apps/v1:',
          "- .spec.replicas",
          'conflicts with "kubectl-set" using apps/v1:',
          `- ${IMAGE}`,
        ].join("\n"),
      );
      assert.deepEqual(
        new Set(refused.body.details.causes.map(({ field }: { readonly field: string }) => field)),
        new Set([".spec.replicas", IMAGE]),
      );
    });

    test("whoever applies is an owner without a version", async () => {
      await apply("shared", "fieldManager=one");
      const refused = await apply("shared", "fieldManager=two", deployment("shared", "registry.example/web:2"));
      assert.equal(refused.body.message, `Apply failed with 1 conflict: conflict with "one": ${IMAGE}`);
    });

    test("the same value is no conflict, and has two owners", async () => {
      await apply("agreed", "fieldManager=one");
      const agreed = await apply("agreed", "fieldManager=two");
      assert.equal(agreed.status, 200);
      assert.equal(agreed.body.metadata.managedFields.length, 2);
    });

    test("force takes the field back, also as a dry run", async () => {
      await apply("forced", "fieldManager=gitops");
      await setImage("forced");
      const tried = await apply("forced", "fieldManager=gitops&force=true&dryRun=All");
      assert.equal(tried.body.spec.template.spec.containers[0].image, "registry.example/web:1");
      const forced = await apply("forced", "fieldManager=gitops&force=true");
      assert.equal(forced.body.metadata.managedFields.length, 1);
    });

    test("a field that another adds is seen by its owner alone", async () => {
      await apply("extended", "fieldManager=gitops");
      const env = [{ name: "DEBUG", value: "1" }];
      const body = { spec: { template: { spec: { containers: [{ name: "web", env }] } } } };
      const path = `${deployments(scene(), "extended")}?fieldManager=kubectl-set`;
      await scene().ask({ method: "PATCH", path, type: STRATEGIC, body });
      const tried = await apply("extended", "fieldManager=gitops&dryRun=All");
      assert.equal(tried.status, 200);
      assert.deepEqual(tried.body.spec.template.spec.containers[0].env, env);
      const entry = tried.body.metadata.managedFields.find(
        ({ manager }: { readonly manager: string }) => manager === "kubectl-set",
      );
      const keyed = { ".": {}, 'k:{"name":"DEBUG"}': { ".": {}, "f:name": {}, "f:value": {} } };
      assert.deepEqual(entry.fieldsV1["f:spec"]["f:template"]["f:spec"]["f:containers"], {
        'k:{"name":"web"}': { "f:env": keyed },
      });
    });
  });
}
