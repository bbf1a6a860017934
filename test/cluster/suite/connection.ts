// What Stagecoach's own connection gives, in front of the stand-in and of a real server alike: lists, single objects, dry
// runs, annotations and watches.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KubernetesObject, ResourceKind } from "../../../src/live/cluster/cluster.ts";
import { CLUSTER_LIMITS } from "../../../src/live/cluster/cluster-limits.ts";
import { connectCluster } from "../../../src/live/cluster/connect-cluster.ts";
import { type AskCluster, openCluster } from "./ask-cluster.ts";
import { APPLY, configMap, deployment, STRATEGIC } from "./suite-objects.ts";
import { waitFor } from "./wait-for.ts";

const CONFIG_MAPS: ResourceKind = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps" };

export function describeConnection(
  title: string,
  { open }: { readonly open: () => Promise<{ readonly kubeconfig: string; readonly stop?: () => Promise<void> }> },
): void {
  describe(`a connection to ${title}`, () => {
    const namespace = `stagecoach-connection-${process.pid}-${Math.floor(performance.timeOrigin) % 100_000}`;
    let ask: AskCluster;
    let kubeconfig: string;
    let stop: (() => Promise<void>) | undefined;
    const connect = (limits = CLUSTER_LIMITS) =>
      connectCluster({ name: "the cluster", access: { kind: "kubeconfig", text: kubeconfig }, limits });

    before(async () => {
      const opened = await open();
      ({ kubeconfig } = opened);
      stop = opened.stop;
      ask = openCluster(kubeconfig);
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      await ask({ method: "POST", path: "/api/v1/namespaces", body });
    });
    after(async () => {
      await ask({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
      await stop?.();
    });

    const configMapsPath = (name?: string) =>
      `/api/v1/namespaces/${namespace}/configmaps${name === undefined ? "" : `/${name}`}`;
    const deploymentPath = (name: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    const put = (name: string, data: Readonly<Record<string, string>>) =>
      ask({
        method: "PATCH",
        path: `${configMapsPath(name)}?fieldManager=suite`,
        type: APPLY,
        body: configMap(name, data),
      });

    test("a list in small pages has every object once, with its kind", async () => {
      for (const name of ["one", "two", "three", "four", "five"]) await put(name, { name });
      const cluster = connect({ ...CLUSTER_LIMITS, page: 2 });
      const list = await cluster.list(CONFIG_MAPS, { namespace });
      cluster.close();
      assert.ok(list.kind === "known");
      const own = list.value.filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
      assert.deepEqual(own.map(({ metadata }) => metadata.name).sort(), ["five", "four", "one", "three", "two"]);
      assert.deepEqual([own[0]?.kind, own[0]?.apiVersion, own[0]?.metadata.namespace], ["ConfigMap", "v1", namespace]);
    });

    test("a kind that the server does not have is an empty list, and its objects are not there", async () => {
      const cluster = connect();
      const strange = { apiVersion: "stagecoach.example/v1", kind: "Coach", plural: "coaches" };
      const unheard = { apiVersion: "apps/v1", kind: "Coach", plural: "coaches" };
      assert.deepEqual(await cluster.list(strange), { kind: "known", value: [] });
      assert.deepEqual(await cluster.list(unheard), { kind: "known", value: [] });
      assert.deepEqual(await cluster.get({ ...strange, namespace, name: "red" }), { kind: "known", value: undefined });
      cluster.close();
    });

    test("one object is there, or it is not", async () => {
      await put("single", { a: "1" });
      const cluster = connect();
      const there = await cluster.get({ ...CONFIG_MAPS, namespace, name: "single" });
      const absent = await cluster.get({ ...CONFIG_MAPS, namespace, name: "nobody" });
      cluster.close();
      assert.ok(there.kind === "known");
      assert.deepEqual(there.value?.data, { a: "1" });
      assert.equal(there.value?.metadata.managedFields?.[0]?.manager, "suite");
      assert.deepEqual(absent, { kind: "known", value: undefined });
    });

    test("a dry run shows the object as it would be, or who else owns which field", async () => {
      const wanted = deployment("web");
      const body = { ...wanted, metadata: { ...wanted.metadata, namespace } } as unknown as KubernetesObject;
      const cluster = connect();
      const request = { object: body, plural: "deployments", manager: "gitops" };
      await ask({ method: "PATCH", path: `${deploymentPath("web")}?fieldManager=gitops`, type: APPLY, body: wanted });
      const quiet = await cluster.dryRun(request);
      assert.ok(quiet.kind === "applied");
      assert.equal(quiet.object.metadata.name, "web");
      const image = {
        spec: { template: { spec: { containers: [{ name: "web", image: "registry.example/web:hot" }] } } },
      };
      const edit = `${deploymentPath("web")}?fieldManager=kubectl-set`;
      await ask({ method: "PATCH", path: edit, type: STRATEGIC, body: image });
      assert.deepEqual(await cluster.dryRun(request), {
        kind: "conflicts",
        causes: [{ manager: "kubectl-set", field: '.spec.template.spec.containers[name="web"].image' }],
      });
      cluster.close();
    });

    test("an annotation is set, in Stagecoach's name", async () => {
      await put("asked", {});
      const cluster = connect();
      const address = { ...CONFIG_MAPS, namespace, name: "asked" };
      assert.deepEqual(await cluster.annotate(address, { "reconcile.fluxcd.io/requestedAt": "t1" }), {
        kind: "known",
        value: undefined,
      });
      const after = await cluster.get(address);
      assert.ok(after.kind === "known");
      assert.equal(after.value?.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"], "t1");
      assert.ok(after.value?.metadata.managedFields?.some(({ manager }) => manager === "stagecoach"));
      const nobody = await cluster.annotate({ ...address, name: "nobody" }, { a: "b" });
      assert.deepEqual(nobody, { kind: "unknown", why: "the cluster has no such ConfigMap" });
      cluster.close();
    });

    test("a watch tells of what changes, until it is stopped", async (context) => {
      let seen: readonly string[] = [];
      const cluster = connect();
      const watch = cluster.watch(CONFIG_MAPS, {
        onChange: ({ metadata }) => {
          if (metadata.namespace === namespace) seen = [...seen, metadata.name];
        },
      });
      context.after(() => {
        watch.stop();
        cluster.close();
      });
      let turn = 0;
      await waitFor("the watch has begun", async () => {
        turn += 1;
        await put("watched", { turn: String(turn) });
        return seen.includes("watched");
      });
      await put("watched", { turn: "last" });
      await put("marker", { a: "1" });
      await waitFor("everything so far is told", () => seen.includes("marker"));
      seen = [];
      await ask({ method: "DELETE", path: configMapsPath("watched") });
      await waitFor("the deletion is told", () => seen.includes("watched"));
    });
  });
}
