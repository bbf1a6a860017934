// `npm run e2e:kubernetes` holds the stand-in for a Kubernetes API server (test/cluster/) to a real one: the suite is the
// stand-in's own. Then Stagecoach's connection to the real one: with the rights that it should have, with fewer, and
// through an outage. On the cluster that KUBECONFIG names, or on one of its own; it leaves nothing behind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { connectCluster } from "../src/live/cluster/connect-cluster.ts";
import { describeCluster } from "../test/cluster/suite/cluster-suite.ts";
import { describeConnection } from "../test/cluster/suite/connection.ts";
import { applyObjects } from "./apply-objects.ts";
import type { ClusterUser } from "./create-users.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { waitUntil } from "./wait-until.ts";

const CONFIG_MAPS = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps" } as const;

let cluster: OpenCluster;
before(async () => {
  cluster = await openCluster();
});
after(async () => {
  await cluster?.stop();
});

const ofAdmin = async () => ({ kubeconfig: readFileSync(cluster.kubeconfig, "utf8") });
describeCluster("a real Kubernetes API server", { open: ofAdmin });
describeConnection("a real Kubernetes API server", { open: ofAdmin });

describe("the rights of an account", () => {
  const connectAs = (user: ClusterUser) => {
    const text = readFileSync(cluster.kubeconfigs[user], "utf8");
    return connectCluster({ name: "the cluster", access: { kind: "kubeconfig", text } });
  };
  const object = () => ({
    ...{ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } },
    metadata: { name: "tried", namespace: cluster.namespace },
  });
  const dryRun = async (user: ClusterUser) => {
    const connection = connectAs(user);
    const answer = await connection.dryRun({ object: object(), plural: "configmaps", manager: "gitops" });
    connection.close();
    return answer.kind;
  };

  test("who may only look may not try out", async () => {
    assert.equal(await dryRun("reader"), "forbidden");
    assert.equal(await dryRun("without-patch"), "forbidden");
  });

  test("who may patch may try out, and that suffices for what is there already", async () => {
    await applyObjects(cluster.kubeconfig, [object()]);
    assert.equal(await dryRun("comparer"), "applied");
  });

  test("who may nothing is told what is missing", async () => {
    const connection = connectAs("nobody");
    const list = await connection.list(CONFIG_MAPS, { namespace: cluster.namespace });
    connection.close();
    const where = `in the namespace ${cluster.namespace}`;
    assert.deepEqual(list, {
      kind: "unknown",
      why: `the cluster does not allow this account to list configmaps ${where} (403)`,
    });
  });
});

describe("an outage", () => {
  test("a watch goes on behind it, with what has changed since", async (context) => {
    const { apiServer, kubeconfig, namespace } = cluster;
    if (apiServer === undefined) return context.diagnostic("left out: this cluster is somebody else's");
    const connection = connectCluster({
      name: "the cluster",
      access: { kind: "kubeconfig", text: readFileSync(kubeconfig, "utf8") },
    });
    const told = new Set<string>();
    const watch = connection.watch(CONFIG_MAPS, { onChange: ({ metadata }) => void told.add(metadata.name) });
    context.after(() => {
      watch.stop();
      connection.close();
    });
    const change = (name: string) => {
      const metadata = { name, namespace };
      const data = { at: String(performance.now()) };
      const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
      return applyObjects(kubeconfig, [object]);
    };
    const untilTold = (name: string) => waitUntil(`${name} is told`, { ask: async () => told.has(name) });
    await waitUntil("the watch has begun", { ask: async () => change("begun").then(() => told.has("begun")) });
    await apiServer.breakDown();
    const down = await connection.list(CONFIG_MAPS, { namespace });
    assert.deepEqual(down, { kind: "unknown", why: "the cluster refused the connection" });
    await apiServer.comeBack();
    await change("behind");
    await untilTold("behind");
    await change("later");
    await untilTold("later");
    assert.equal((await connection.list(CONFIG_MAPS, { namespace })).kind, "known");
  });
});
