// Refusals: `Status` objects with the server's own words, because clients go by them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { APPLY, configMap, configMaps, deployment, deployments, MERGE } from "./suite-objects.ts";

const STRANGER = { "impersonate-user": "stagecoach-stranger" };

export function describeRefusals(scene: () => Scene): void {
  describe("refusals", () => {
    test("an object that is not there", async () => {
      const missing = await scene().ask({ path: deployments(scene(), "nowhere") });
      assert.deepEqual(missing.body, {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'deployments.apps "nowhere" not found',
        reason: "NotFound",
        details: { name: "nowhere", group: "apps", kind: "deployments" },
        code: 404,
      });
    });

    test("a resource that is not there, in a group that is", async () => {
      const missing = await scene().ask({ path: "/apis/apps/v1/stagecoaches" });
      assert.deepEqual(missing.body, {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: "the server could not find the requested resource",
        reason: "NotFound",
        details: {},
        code: 404,
      });
    });

    test("a group that is not there", async () => {
      const missing = await scene().ask({ path: "/apis/stagecoach.example/v1/coaches" });
      assert.deepEqual([missing.status, missing.text], [404, "404 page not found\n"]);
    });

    test("a method that a resource does not take", async () => {
      const answer = await scene().ask({
        method: "POST",
        path: configMaps(scene(), "anything"),
        body: configMap("anything"),
      });
      assert.deepEqual([answer.status, answer.body.reason], [405, "MethodNotAllowed"]);
    });

    test("an object that is there already", async () => {
      await scene().ask({ method: "POST", path: configMaps(scene()), body: configMap("taken") });
      const again = await scene().ask({ method: "POST", path: configMaps(scene()), body: configMap("taken") });
      assert.deepEqual(
        [again.status, again.body.reason, again.body.message, again.body.details],
        [409, "AlreadyExists", 'configmaps "taken" already exists', { name: "taken", kind: "configmaps" }],
      );
    });

    test("a namespace that is not there", async () => {
      const path = "/api/v1/namespaces/no-such-place/configmaps";
      const refused = await scene().ask({ method: "POST", path, body: configMap("lost") });
      assert.deepEqual([refused.status, refused.body.message], [404, 'namespaces "no-such-place" not found']);
    });

    test("a version that is not the last one", async () => {
      await scene().ask({ method: "POST", path: configMaps(scene()), body: configMap("moved") });
      const path = configMaps(scene(), "moved");
      const body = { metadata: { resourceVersion: "1" }, data: { a: "1" } };
      const refused = await scene().ask({ method: "PATCH", path, type: MERGE, body });
      assert.deepEqual([refused.status, refused.body.reason], [409, "Conflict"]);
      assert.match(
        refused.body.message,
        /^Operation cannot be fulfilled on configmaps "moved": the object has been modified/,
      );
    });

    test("whoever may not: the words name verb, resource and namespace", async () => {
      const { namespace } = scene();
      const path = `${deployments(scene(), "web")}?fieldManager=x&dryRun=All`;
      const refused = await scene().ask({
        method: "PATCH",
        path,
        type: APPLY,
        body: deployment("web"),
        headers: STRANGER,
      });
      assert.deepEqual(refused.body, {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `deployments.apps "web" is forbidden: User "stagecoach-stranger" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace}"`,
        reason: "Forbidden",
        details: { name: "web", group: "apps", kind: "deployments" },
        code: 403,
      });
      const list = await scene().ask({ path: "/api/v1/pods", headers: STRANGER });
      assert.equal(
        list.body.message,
        'pods is forbidden: User "stagecoach-stranger" cannot list resource "pods" in API group "" at the cluster scope',
      );
    });

    test("nobody that is known", async () => {
      const refused = await scene().ask({ path: "/api/v1/pods", headers: { authorization: "Bearer wrong" } });
      const { status, body } = refused;
      assert.deepEqual(
        [status, body.kind, body.reason, body.message, body.code],
        [401, "Status", "Unauthorized", "Unauthorized", 401],
      );
    });

    test("an apply without a manager, and one that says who owns what", async () => {
      const path = configMaps(scene(), "unnamed");
      const nameless = await scene().ask({ method: "PATCH", path, type: APPLY, body: configMap("unnamed") });
      assert.equal(nameless.status, 422);
      assert.match(nameless.body.message, /fieldManager: Required value/);
      const body = { ...configMap("unnamed"), metadata: { name: "unnamed", managedFields: [] } };
      const managed = {
        ...body,
        metadata: { ...body.metadata, managedFields: [{ manager: "x", operation: "Apply" }] },
      };
      const claiming = await scene().ask({
        method: "PATCH",
        path: `${path}?fieldManager=x`,
        type: APPLY,
        body: managed,
      });
      assert.deepEqual([claiming.status, claiming.body.message], [400, "metadata.managedFields must be nil"]);
    });

    test("a patch of a type that nobody knows", async () => {
      const path = configMaps(scene(), "taken");
      const refused = await scene().ask({ method: "PATCH", path, type: "application/x-unheard-of", body: {} });
      assert.deepEqual([refused.status, refused.body.reason], [415, "UnsupportedMediaType"]);
    });
  });
}
