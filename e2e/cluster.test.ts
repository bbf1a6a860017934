// What the tests on a cluster can rely on, on one's own and on the one that KUBECONFIG names: Deployments roll out and
// fail to, pods say which image they run, and everybody may do what their role says.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Deployment,
} from "@kubernetes/client-node";
import { applyObjects, loadKubeconfig } from "./apply-objects.ts";
import type { ClusterUser } from "./create-users.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { waitUntil } from "./wait-until.ts";

let cluster: OpenCluster;
before(async () => {
  cluster = await openCluster();
});
after(async () => {
  await cluster?.stop();
});

const deployment = (
  name: string,
  { image, deadline = 600 }: { readonly image: string; readonly deadline?: number },
) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: cluster.namespace },
  spec: {
    replicas: 2,
    progressDeadlineSeconds: deadline,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } },
  },
});

async function rollOut(name: string, options: Parameters<typeof deployment>[1]): Promise<void> {
  await applyObjects(cluster.kubeconfig, [deployment(name, options)]);
}

/** Waits for the condition that begins with these words, such as `Available=True`. */
function untilCondition(name: string, wanted: string): Promise<V1Deployment> {
  const api = loadKubeconfig(cluster.kubeconfig).makeApiClient(AppsV1Api);
  return waitUntil(`Deployment ${name} has ${wanted}`, {
    async ask() {
      const found = await api.readNamespacedDeployment({ name, namespace: cluster.namespace });
      const said = (found.status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
      const current = found.status?.observedGeneration === found.metadata?.generation;
      return current && said.some((text) => text.startsWith(wanted)) && found;
    },
  });
}

async function podsOf(name: string) {
  const api = loadKubeconfig(cluster.kubeconfig).makeApiClient(CoreV1Api);
  return (await api.listNamespacedPod({ namespace: cluster.namespace, labelSelector: `app=${name}` })).items;
}

describe("a Deployment", () => {
  it("becomes available, and its pods say which image they run", async () => {
    await rollOut("good", { image: cluster.image });
    await untilCondition("good", "Available=True");
    const ids = (await podsOf("good")).map(({ status }) => status?.containerStatuses?.[0]?.imageID ?? "");
    assert.equal(ids.length, 2);
    for (const id of ids) assert.match(id, /@?sha256:[0-9a-f]{64}$/);
  });

  it("misses its deadline when its image cannot be pulled, and the old pods go on", async () => {
    await rollOut("torn", { image: cluster.image });
    await untilCondition("torn", "Available=True");
    await rollOut("torn", { image: "registry.k8s.io/pause:broken", deadline: 5 });
    const { status } = await untilCondition("torn", "Progressing=False ProgressDeadlineExceeded");
    assert.equal(status?.readyReplicas, 2);
    assert.equal(status?.conditions?.find(({ type }) => type === "Available")?.status, "True");
    const waiting = (await podsOf("torn")).flatMap(({ status }) => status?.containerStatuses ?? []);
    assert.ok(waiting.some(({ state }) => /ImagePull/.test(state?.waiting?.reason ?? "")));
  });

  it("leaves nothing behind when it is deleted", async () => {
    await rollOut("gone", { image: cluster.image });
    await untilCondition("gone", "Available=True");
    const api = loadKubeconfig(cluster.kubeconfig).makeApiClient(AppsV1Api);
    await api.deleteNamespacedDeployment({ name: "gone", namespace: cluster.namespace });
    await waitUntil("its pods are gone", { ask: async () => (await podsOf("gone")).length === 0 });
  });
});

describe("who looks", () => {
  const attempts: readonly (readonly [user: ClusterUser, reads: number, tries: number])[] = [
    ["reader", 200, 403],
    ["comparer", 200, 200],
    ["without-patch", 200, 403],
    ["nobody", 403, 403],
  ];
  for (const [user, reads, tries] of attempts)
    it(`as ${user} is answered ${reads} on reading and ${tries} on trying a change out`, async () => {
      await rollOut("seen", { image: cluster.image });
      const config = loadKubeconfig(cluster.kubeconfigs[user]);
      const target = { name: "seen", namespace: cluster.namespace };
      assert.equal(await codeOf(config.makeApiClient(AppsV1Api).readNamespacedDeployment(target)), reads);
      const change = deployment("seen", { image: cluster.image });
      const api = KubernetesObjectApi.makeApiClient(config);
      // the kinds that there are may be asked by everybody who signs in
      const dryRun = api.patch(change, undefined, "All", "somebody-else", true, PatchStrategy.ServerSideApply);
      assert.equal(await codeOf(dryRun), tries);
    });
});

async function codeOf(request: Promise<unknown>): Promise<number> {
  try {
    await request;
    return 200;
  } catch (error) {
    if (error instanceof ApiException) return error.code;
    throw error;
  }
}

describe("a cluster of one's own", () => {
  it("comes back at the same address with everything in it, and its pods are looked after again", async (context) => {
    if (cluster.apiServer === undefined) return context.skip("this cluster belongs to somebody");
    await rollOut("lasting", { image: cluster.image });
    await untilCondition("lasting", "Available=True");
    await cluster.apiServer.breakDown();
    await assert.rejects(podsOf("lasting"));
    await cluster.apiServer.comeBack();
    assert.equal((await podsOf("lasting")).length, 2);
    await rollOut("late", { image: cluster.image });
    await untilCondition("late", "Available=True");
  });
});
