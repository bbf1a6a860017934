// Writes: what the server sets, what counts as a change, and the status apart from the rest.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { configMap, configMaps, deployment, deployments, MERGE } from "./suite-objects.ts";

export function describeWrites(scene: () => Scene): void {
  describe("writes", () => {
    test("a new object has an identity, a version, a time and a generation", async () => {
      const { ask } = scene();
      const made = await ask({ method: "POST", path: deployments(scene()), body: deployment("fresh") });
      assert.equal(made.status, 201);
      const { uid, resourceVersion, creationTimestamp, generation, namespace } = made.body.metadata;
      assert.match(uid, /^[0-9a-f-]{36}$/);
      assert.match(resourceVersion, /^\d+$/);
      assert.match(creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(generation, 1);
      assert.equal(namespace, scene().namespace);
      const got = await ask({ path: deployments(scene(), "fresh") });
      assert.deepEqual([got.status, got.body.metadata.uid, got.body.kind], [200, uid, "Deployment"]);
    });

    test("the generation counts changes of the spec, and of nothing else", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: deployments(scene()), body: deployment("counted") });
      const path = deployments(scene(), "counted");
      const patch = async (body: unknown, at = path) =>
        (await ask({ method: "PATCH", path: at, type: MERGE, body })).body;
      assert.equal((await patch({ metadata: { labels: { more: "yes" } } })).metadata.generation, 1);
      assert.equal((await patch({ status: { observedGeneration: 1 } }, `${path}/status`)).metadata.generation, 1);
      assert.equal((await patch({ spec: { replicas: 3 } })).metadata.generation, 2);
      assert.equal((await patch({ spec: { replicas: 3 } })).metadata.generation, 2);
    });

    test("a Deployment's generation counts changes of its annotations, too", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: deployments(scene()), body: deployment("annotated") });
      const body = { metadata: { annotations: { note: "by hand" } } };
      const noted = await ask({ method: "PATCH", path: deployments(scene(), "annotated"), type: MERGE, body });
      assert.equal(noted.body.metadata.generation, 2);
    });

    test("a kind without a generation has none", async () => {
      const { ask } = scene();
      const made = await ask({ method: "POST", path: configMaps(scene()), body: configMap("plain", { a: "1" }) });
      assert.equal("generation" in made.body.metadata, false);
    });

    test("the status is written through /status alone, and nothing else is", async () => {
      const { ask } = scene();
      await ask({
        method: "POST",
        path: deployments(scene()),
        body: { ...deployment("parted"), status: { replicas: 7 } },
      });
      const path = deployments(scene(), "parted");
      const body = { spec: { replicas: 9 }, status: { replicas: 4, observedGeneration: 1 } };
      const whole = await ask({ method: "PATCH", path, type: MERGE, body: { status: body.status } });
      assert.notEqual(whole.body.status?.replicas, 4);
      const part = await ask({ method: "PATCH", path: `${path}/status`, type: MERGE, body });
      assert.deepEqual([part.body.status.replicas, part.body.spec.replicas], [4, 2]);
    });

    test("a write that changes nothing leaves the version", async () => {
      const { ask } = scene();
      const made = await ask({ method: "POST", path: configMaps(scene()), body: configMap("still", { a: "1" }) });
      const path = configMaps(scene(), "still");
      const same = await ask({ method: "PATCH", path, type: MERGE, body: { data: { a: "1" } } });
      assert.equal(same.body.metadata.resourceVersion, made.body.metadata.resourceVersion);
      const other = await ask({ method: "PATCH", path, type: MERGE, body: { data: { a: "2" } } });
      assert.notEqual(other.body.metadata.resourceVersion, made.body.metadata.resourceVersion);
    });

    test("a merge patch removes what is null", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: configMaps(scene()), body: configMap("merged", { a: "1", b: "2" }) });
      const path = configMaps(scene(), "merged");
      const patched = await ask({ method: "PATCH", path, type: MERGE, body: { data: { a: null, c: "3" } } });
      assert.deepEqual(patched.body.data, { b: "2", c: "3" });
    });

    test("an annotation is set without touching the rest", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: deployments(scene()), body: deployment("noted") });
      const path = deployments(scene(), "noted");
      const body = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "token-1" } } };
      const noted = await ask({ method: "PATCH", path: `${path}?fieldManager=stagecoach`, type: MERGE, body });
      assert.equal(noted.body.metadata.annotations["reconcile.fluxcd.io/requestedAt"], "token-1");
      assert.equal(noted.body.spec.replicas, 2);
    });

    test("what hangs on a finalizer is going, and goes with its last one", async () => {
      const { ask } = scene();
      const body = configMap("held");
      const held = { ...body, metadata: { ...body.metadata, finalizers: ["example.com/hold"] } };
      await ask({ method: "POST", path: configMaps(scene()), body: held });
      const path = configMaps(scene(), "held");
      const going = await ask({ method: "DELETE", path });
      assert.deepEqual([going.status, typeof going.body.metadata.deletionTimestamp], [200, "string"]);
      assert.equal((await ask({ path })).status, 200);
      const freed = await ask({ method: "PATCH", path, type: MERGE, body: { metadata: { finalizers: null } } });
      assert.equal(freed.status, 200);
      assert.equal((await ask({ path })).status, 404);
    });

    test("an object that was deleted and made again is another one", async () => {
      const { ask } = scene();
      const path = configMaps(scene());
      const first = await ask({ method: "POST", path, body: configMap("again") });
      const gone = await ask({ method: "DELETE", path: configMaps(scene(), "again") });
      assert.deepEqual([gone.body.kind, gone.body.status, gone.body.details.name], ["Status", "Success", "again"]);
      const second = await ask({ method: "POST", path, body: configMap("again") });
      assert.notEqual(second.body.metadata.uid, first.body.metadata.uid);
    });
  });
}
