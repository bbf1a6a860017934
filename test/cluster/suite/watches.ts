// Watches: from a version on, in order, and for as long as was asked for.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { configMap, configMaps, MERGE } from "./suite-objects.ts";

export function describeWatches(scene: () => Scene): void {
  describe("watches", () => {
    test("tell what happened behind a version, in its order", async () => {
      const { ask } = scene();
      const path = configMaps(scene());
      const { body } = await ask({ path });
      await ask({ method: "POST", path, body: configMap("seen", { a: "1" }) });
      const patch = { method: "PATCH", path: configMaps(scene(), "seen"), type: MERGE } as const;
      await ask({ ...patch, body: { data: { a: "2" } } });
      await ask({ method: "DELETE", path: configMaps(scene(), "seen") });
      const from = `${path}?watch=true&resourceVersion=${body.metadata.resourceVersion}&fieldSelector=metadata.name%3Dseen`;
      const events = await ask.events(from, 3);
      assert.deepEqual(
        events.map(({ type, object }) => [type, object.kind, object.metadata.name, object.data.a]),
        [
          ["ADDED", "ConfigMap", "seen", "1"],
          ["MODIFIED", "ConfigMap", "seen", "2"],
          ["DELETED", "ConfigMap", "seen", "2"],
        ],
      );
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      assert.deepEqual(
        versions,
        versions.toSorted((one, other) => one - other),
      );
    });

    test("without a version they begin with what is there", async () => {
      const { ask } = scene();
      await ask({ method: "POST", path: configMaps(scene()), body: configMap("standing") });
      const events = await ask.events(`${configMaps(scene())}?watch=1&fieldSelector=metadata.name%3Dstanding`, 1);
      assert.deepEqual(
        events.map(({ type }) => type),
        ["ADDED"],
      );
    });

    test("end after the time that was asked for", async () => {
      const { ask } = scene();
      const { body } = await ask({ path: configMaps(scene()) });
      const path = `${configMaps(scene())}?watch=true&timeoutSeconds=1&resourceVersion=${body.metadata.resourceVersion}`;
      const answer = await ask({ path });
      assert.equal(answer.status, 200);
    });
  });
}
