// Kinds of one's own: they are there once their definition is, count generations, part the status, and go with it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { APPLY, MERGE } from "./suite-objects.ts";
import { waitFor } from "./wait-for.ts";

const GROUP = "suite.stagecoach.example";
const NAME = `coaches.${GROUP}`;
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: NAME },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: { plural: "coaches", singular: "coach", kind: "Coach", listKind: "CoachList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

export function describeDefinitions(scene: () => Scene): void {
  const coaches = (name?: string) =>
    `/apis/${GROUP}/v1/namespaces/${scene().namespace}/coaches${name === undefined ? "" : `/${name}`}`;
  const coach = (name: string, spec: unknown) => ({
    apiVersion: `${GROUP}/v1`,
    kind: "Coach",
    metadata: { name },
    spec,
  });

  describe("kinds of one's own", () => {
    before(async () => {
      await scene().ask({ method: "POST", path: DEFINITIONS, body: DEFINITION });
      await waitFor("the kind is served", async () => (await scene().ask({ path: coaches() })).status === 200);
    });

    after(async () => {
      await scene().ask({ method: "DELETE", path: `${DEFINITIONS}/${NAME}` });
      await waitFor("the kind is gone", async () => {
        const { status, text } = await scene().ask({ path: coaches() });
        return status === 404 && text === "404 page not found\n";
      });
    });

    test("their objects have a generation that the status does not move", async () => {
      const { ask } = scene();
      const made = await ask({ method: "POST", path: coaches(), body: coach("red", { wheels: 4 }) });
      assert.deepEqual([made.status, made.body.metadata.generation], [201, 1]);
      const path = coaches("red");
      const told = await ask({
        method: "PATCH",
        path: `${path}/status`,
        type: MERGE,
        body: { status: { ready: true } },
      });
      assert.deepEqual([told.body.metadata.generation, told.body.status], [1, { ready: true }]);
      const changed = await ask({
        method: "PATCH",
        path,
        type: MERGE,
        body: { spec: { wheels: 6 }, status: { ready: false } },
      });
      assert.deepEqual([changed.body.metadata.generation, changed.body.status], [2, { ready: true }]);
    });

    test("lists of objects name the kind of each", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: coaches(), body: coach("listed", {}) });
      const list = await ask({ path: coaches() });
      assert.equal(list.body.kind, "CoachList");
      assert.equal(list.body.items[0].kind, "Coach");
    });

    test("a list in them has one owner as a whole", async () => {
      const { ask } = scene();
      const path = `${coaches("blue")}?fieldManager=`;
      const spec = { stops: [{ name: "a" }, { name: "b" }] };
      await ask({ method: "PATCH", path: `${path}one`, type: APPLY, body: coach("blue", spec) });
      const other = { stops: [{ name: "a" }, { name: "c" }] };
      const refused = await ask({ method: "PATCH", path: `${path}two`, type: APPLY, body: coach("blue", other) });
      assert.equal(refused.body.message, 'Apply failed with 1 conflict: conflict with "one": .spec.stops');
    });

    test("their replacement names the version that it replaces", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: coaches(), body: coach("green", { wheels: 4 }) });
      const refused = await ask({ method: "PUT", path: coaches("green"), body: coach("green", { wheels: 6 }) });
      assert.equal(refused.status, 422);
      assert.match(
        refused.body.message,
        /^coaches\.suite\.stagecoach\.example "green" is invalid: metadata\.resourceVersion: Invalid value: /,
      );
    });

    test("a strategic merge patch is not for them", async () => {
      const { ask } = scene();
      const type = "application/strategic-merge-patch+json";
      const refused = await ask({ method: "PATCH", path: coaches("green"), type, body: {} });
      assert.equal(refused.status, 415);
    });
  });
}
