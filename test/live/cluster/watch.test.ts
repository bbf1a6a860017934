// A watch tells of every change that matters, whatever happens to the connection on the way.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { type ClusterOptions, type RunningCluster, startCluster } from "../../cluster/start-cluster.ts";
import { waitFor } from "../../cluster/suite/wait-for.ts";
import { connectTo, DEPLOYMENT, deployment, QUICK } from "./connect-stand-in.ts";

interface Scene {
  readonly cluster: RunningCluster;
  readonly told: readonly string[];
  readonly objects: readonly KubernetesObject[];
  readonly stop: () => void;
}

/** A watch of Deployments, begun. */
async function watch(
  context: TestContext,
  options: { limits?: typeof QUICK; cluster?: ClusterOptions } = {},
): Promise<Scene> {
  const cluster = await startCluster(options.cluster);
  cluster.apply(deployment("web"));
  const connection = connectTo(cluster, { limits: options.limits ?? QUICK });
  const objects: KubernetesObject[] = [];
  const told: string[] = [];
  const watching = connection.watch(DEPLOYMENT, {
    onChange: (object) => {
      objects.push(object);
      told.push(object.metadata.name);
    },
  });
  context.after(async () => {
    watching.stop();
    connection.close();
    await cluster.stop();
  });
  await waitFor("the watch is open", () => cluster.openWatches() === 1);
  return { cluster, told, objects, stop: watching.stop };
}

const untilTold = (scene: Scene, name: string) => waitFor(`${name} is told`, () => scene.told.includes(name));
const untilOpen = ({ cluster }: Scene) => waitFor("the watch is open again", () => cluster.openWatches() === 1);

describe("a watch", () => {
  test("tells nothing of what was there, and then of what comes, changes and goes", async (context) => {
    const scene = await watch(context);
    scene.cluster.apply(deployment("api"));
    await untilTold(scene, "api");
    assert.deepEqual(scene.told, ["api"]);
    scene.cluster.setStatus(deployment("web"), { readyReplicas: 1 });
    await untilTold(scene, "web");
    scene.cluster.delete(deployment("api"));
    await waitFor("the deletion is told", () => scene.told.length === 3);
    assert.deepEqual(scene.told, ["api", "web", "api"]);
  });

  test("goes on when the connection breaks in the middle, and misses nothing", async (context) => {
    const scene = await watch(context);
    scene.cluster.apply(deployment("before"));
    await untilTold(scene, "before");
    for (const name of ["first", "second", "third"]) {
      scene.cluster.breakWatches();
      scene.cluster.apply(deployment(`while-${name}`));
      await untilTold(scene, `while-${name}`);
      await untilOpen(scene);
      scene.cluster.apply(deployment(`after-${name}`));
      await untilTold(scene, `after-${name}`);
    }
    assert.equal(scene.told.length, 7);
  });

  test("goes on where the server ends it, without reading the list again", async (context) => {
    const scene = await watch(context);
    scene.cluster.apply(deployment("before"));
    await untilTold(scene, "before");
    scene.cluster.endWatches();
    await untilOpen(scene);
    scene.cluster.apply(deployment("after"));
    await untilTold(scene, "after");
    assert.equal(scene.cluster.count({ verb: "list", plural: "deployments" }), 1);
  });

  test("reads the list again where the past is forgotten, and tells what differs: new, changed and gone", async (context) => {
    const scene = await watch(context);
    for (const name of ["stays", "changes", "goes"]) scene.cluster.apply(deployment(name));
    await waitFor("all are told", () => scene.told.length === 3);
    const fault = scene.cluster.faults.add({ kind: "drop", verb: "watch" });
    scene.cluster.breakWatches();
    scene.cluster.apply(deployment("comes"));
    scene.cluster.apply(deployment("changes", "ghcr.io/acme/web:2"));
    scene.cluster.delete(deployment("goes"));
    scene.cluster.forgetPast();
    fault();
    await waitFor("the difference is told", () => scene.told.length === 6);
    assert.deepEqual([...scene.told.slice(3)].sort(), ["changes", "comes", "goes"]);
    await untilOpen(scene);
    assert.equal(scene.cluster.count({ verb: "list", plural: "deployments" }), 2);
  });

  test("goes on from a bookmark, so that a quiet kind does not grow too old", async (context) => {
    const scene = await watch(context);
    scene.cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "elsewhere" } });
    scene.cluster.bookmark();
    // What comes after the bookmark proves that it has arrived.
    scene.cluster.apply(deployment("marker"));
    await untilTold(scene, "marker");
    scene.cluster.forgetPast();
    scene.cluster.breakWatches();
    await untilOpen(scene);
    scene.cluster.apply(deployment("after"));
    await untilTold(scene, "after");
    assert.equal(scene.cluster.count({ verb: "list", plural: "deployments" }), 1);
  });

  for (const kind of [
    "unavailable",
    "hang",
    "trickle",
    "unauthorized",
    "forbidden",
    "gone",
    "html",
    "half-json",
    "cut",
  ] as const) {
    test(`survives a server whose watches go wrong for a while: ${kind}`, async (context) => {
      const limits = { ...QUICK, request: 60, watch: { ...QUICK.watch, open: 60, silent: 60 } };
      const scene = await watch(context, { limits });
      const fault = scene.cluster.faults.add({ kind, verb: "watch" });
      scene.cluster.breakWatches();
      const before = scene.cluster.count({ verb: "watch" });
      scene.cluster.apply(deployment("meanwhile"));
      await waitFor("it has tried", () => scene.cluster.count({ verb: "watch" }) > before || scene.told.length > 0);
      fault();
      await untilTold(scene, "meanwhile");
      scene.cluster.apply(deployment("afterwards"));
      await untilTold(scene, "afterwards");
    });
  }

  test("begins again after lines that nobody understands, and after one that never ends", async (context) => {
    const scene = await watch(context, { limits: { ...QUICK, watch: { ...QUICK.watch, event: 10_000 } } });
    for (const line of [
      "no json",
      "7",
      '{"type":"ODD","object":{}}',
      '{"type":"ERROR","object":{"code":500}}',
      "x".repeat(20_000),
    ]) {
      scene.cluster.sayToWatches(line);
      const name = `after-${line.length}`;
      scene.cluster.apply(deployment(name));
      await untilTold(scene, name);
      await untilOpen(scene);
    }
  });

  test("gives up a connection on which nothing is heard any more", async (context) => {
    const limits = { ...QUICK, watch: { ...QUICK.watch, open: 20, silent: 20 } };
    const scene = await watch(context, { limits });
    await waitFor("it is opened again", () => scene.cluster.count({ verb: "watch" }) >= 3);
    scene.cluster.apply(deployment("after"));
    await untilTold(scene, "after");
  });

  test("does not run wild where every watch is closed at once", async (context) => {
    const limits = { ...QUICK, watch: { ...QUICK.watch, shortestPause: 20, longestPause: 200 } };
    const scene = await watch(context, { limits });
    const started = performance.now();
    const before = scene.cluster.count({ verb: "watch" });
    while (performance.now() - started < 600) {
      scene.cluster.endWatches();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(scene.cluster.count({ verb: "watch" }) - before < 20);
  });

  test("tells nothing of versions, owners and heartbeats", async (context) => {
    const scene = await watch(context);
    const condition = { type: "Available", status: "True", lastUpdateTime: "2026-01-01T00:00:00Z" };
    scene.cluster.setStatus(deployment("web"), { conditions: [condition] });
    await untilTold(scene, "web");
    const later = { ...condition, lastUpdateTime: "2026-01-01T00:01:00Z" };
    scene.cluster.setStatus(deployment("web"), { conditions: [later] });
    scene.cluster.apply(deployment("web"), { manager: "another-owner" });
    scene.cluster.apply(deployment("marker"));
    await untilTold(scene, "marker");
    assert.deepEqual(scene.told, ["web", "marker"]);
  });

  test("is over when it is stopped", async (context) => {
    const scene = await watch(context);
    scene.stop();
    await waitFor("the connection is closed", () => scene.cluster.openWatches() === 0);
    const before = scene.cluster.requests().length;
    scene.cluster.apply(deployment("late"));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([scene.told, scene.cluster.requests().length], [[], before]);
  });

  test("waits for a kind that comes later", async (context) => {
    const scene = await watch(context, { cluster: { without: [] } });
    const connection = connectTo(scene.cluster);
    const kind = { apiVersion: "late.example/v1", kind: "Coach", plural: "coaches" };
    const seen: string[] = [];
    const late = connection.watch(kind, { onChange: ({ metadata }) => void seen.push(metadata.name) });
    context.after(() => late.stop());
    scene.cluster.apply({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "coaches.late.example" },
      spec: {
        group: "late.example",
        scope: "Namespaced",
        names: { plural: "coaches", kind: "Coach" },
        versions: [{ name: "v1", served: true, storage: true }],
      },
    });
    await waitFor("the kind is watched", () => scene.cluster.openWatches("coaches") === 1);
    scene.cluster.apply({ apiVersion: "late.example/v1", kind: "Coach", metadata: { name: "red", namespace: "shop" } });
    await waitFor("it is told", () => seen.includes("red"));
  });
});
