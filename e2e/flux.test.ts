// What Flux's own controllers do, seen from outside: what their statuses say while a commit comes up, when it does not,
// and when somebody changes the cluster by hand; and what they send to a webhook.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { AppsV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { type Github, startGithub } from "../test/github/start-github.ts";
import { applyObjects, loadKubeconfig } from "./apply-objects.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { type Flux, startFlux } from "./start-flux.ts";
import { waitUntil } from "./wait-until.ts";

interface Status {
  readonly observedGeneration?: number;
  readonly lastAppliedRevision?: string;
  readonly lastAttemptedRevision?: string;
  readonly lastHandledReconcileAt?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
}

interface Delivery {
  readonly text: string;
  readonly signature: string;
}

const secret = "a secret for the events of tests";
const deliveries: Delivery[] = [];
let cluster: OpenCluster;
let github: Github;
let flux: Flux;
let receiver: Server;

async function startReceiver(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      deliveries.push({
        text: Buffer.concat(chunks).toString("utf8"),
        signature: String(request.headers["x-signature"]),
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function manifest(image: string): string {
  const labels = { app: "checkout" };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "checkout", namespace: cluster.namespace },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 5,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "checkout", image }] } },
    },
  });
}

function listObjects() {
  const { namespace } = cluster;
  const { port } = receiver.address() as AddressInfo;
  const events = "notification.toolkit.fluxcd.io/v1beta3";
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "config", namespace },
      spec: { interval: "1m", url: `${github.url}/acme/config`, ref: { branch: "main" } },
    },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "events", namespace }, stringData: { token: secret } },
    {
      apiVersion: events,
      kind: "Provider",
      metadata: { name: "bot", namespace },
      spec: { type: "generic-hmac", address: `http://127.0.0.1:${port}/`, secretRef: { name: "events" } },
    },
    {
      apiVersion: events,
      kind: "Alert",
      metadata: { name: "bot", namespace },
      spec: {
        eventSeverity: "info",
        providerRef: { name: "bot" },
        eventSources: [{ kind: "Kustomization", name: "*" }],
      },
    },
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "checkout", namespace },
      spec: {
        interval: "1m",
        timeout: "30s",
        path: "./apps/checkout",
        prune: true,
        wait: true,
        sourceRef: { kind: "GitRepository", name: "config" },
      },
    },
  ];
}

function kind(plural: "kustomizations" | "gitrepositories") {
  const group = plural === "kustomizations" ? "kustomize.toolkit.fluxcd.io" : "source.toolkit.fluxcd.io";
  return { group, version: "v1", plural, namespace: cluster.namespace };
}

/** Asks Flux to look now; answers with the word that it repeats in its status. */
async function requestLook(plural: Parameters<typeof kind>[0], name: string): Promise<string> {
  const requestedAt = String(process.hrtime.bigint());
  const body = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": requestedAt } } };
  await loadKubeconfig(cluster.kubeconfig)
    .makeApiClient(CustomObjectsApi)
    .patchNamespacedCustomObject(
      { ...kind(plural), name, body },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  return requestedAt;
}

async function readStatus(): Promise<Status> {
  const api = loadKubeconfig(cluster.kubeconfig).makeApiClient(CustomObjectsApi);
  const found = await api.getNamespacedCustomObject({ ...kind("kustomizations"), name: "checkout" });
  return (found as { readonly status?: Status }).status ?? {};
}

const untilStatus = (what: string, holds: (status: Status) => boolean): Promise<Status> =>
  waitUntil(what, {
    async ask() {
      const status = await readStatus();
      return holds(status) && status;
    },
  });

const has = ({ conditions = [] }: Status, wanted: string): boolean =>
  conditions.some(({ type, status, reason }) => `${type}=${status} ${reason}` === wanted);

const readDeployment = () =>
  loadKubeconfig(cluster.kubeconfig)
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ name: "checkout", namespace: cluster.namespace });

function commit(image: string): string {
  const files = { "apps/checkout/app.yaml": manifest(image) };
  return github.commitFiles({ repository: "acme/config", files, author: "ann", message: `Run ${image}` });
}

let first: Status;

describe("Flux by itself", () => {
  before(async () => {
    cluster = await openCluster();
    github = await startGithub();
    receiver = await startReceiver();
    flux = await startFlux(cluster);
    github.createRepository({
      owner: "acme",
      name: "config",
      files: { "apps/checkout/app.yaml": manifest(cluster.image) },
    });
    await applyObjects(cluster.kubeconfig, listObjects());
  });
  after(async () => {
    await flux?.clear(cluster.namespace);
    await flux?.stop();
    receiver?.close();
    await github?.close();
    await cluster?.stop();
  });

  describe("a Kustomization with `wait`", () => {
    it("says that a commit is applied when what it declares has come up", async () => {
      first = await untilStatus("the first commit is applied", (status) =>
        has(status, "Ready=True ReconciliationSucceeded"),
      );
      assert.ok(has(first, "Healthy=True Succeeded"));
      assert.match(first.lastAppliedRevision ?? "", /^main@sha1:[0-9a-f]{40}$/);
      assert.equal((await readDeployment()).status?.availableReplicas, 2);
    });

    it("puts back what somebody changed by hand, and keeps no trace of it in its status", async () => {
      const body = { spec: { replicas: 5 } };
      await loadKubeconfig(cluster.kubeconfig)
        .makeApiClient(AppsV1Api)
        .patchNamespacedDeployment(
          { name: "checkout", namespace: cluster.namespace, body },
          setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
      const requestedAt = await requestLook("kustomizations", "checkout");
      const status = await untilStatus(
        "the look that was asked for",
        (said) => said.lastHandledReconcileAt === requestedAt && has(said, "Ready=True ReconciliationSucceeded"),
      );
      assert.equal((await readDeployment()).spec?.replicas, 2);
      assert.equal(status.lastAppliedRevision, first.lastAppliedRevision);
    });

    it("has put a commit that does not come up into the cluster already while it names the one before", async () => {
      const torn = "registry.k8s.io/pause:broken";
      const id = commit(torn);
      await requestLook("gitrepositories", "config");
      const status = await untilStatus("the health check fails", (said) => has(said, "Ready=False HealthCheckFailed"));
      assert.equal(status.lastAttemptedRevision, `main@sha1:${id}`);
      assert.equal(status.lastAppliedRevision, first.lastAppliedRevision);
      assert.equal((await readDeployment()).spec?.template.spec?.containers[0]?.image, torn);
    });

    it("reads Git as GitHub serves it", () => assert.deepEqual(github.deviations(), []));
  });

  describe("its events", () => {
    it("are signed over the body and name the revision without the group before it", async () => {
      const delivery = await waitUntil("an event of the failed health check", {
        ask: async () => deliveries.find(({ text }) => text.includes("HealthCheckFailed")),
      });
      const digest = createHmac("sha256", secret).update(delivery.text).digest("hex");
      assert.equal(delivery.signature, `sha256=${digest}`);
      const event = JSON.parse(delivery.text) as { readonly metadata: Readonly<Record<string, string>> };
      assert.match(event.metadata.revision ?? "", /^main@sha1:/);
    });

    it("are the only trace of a change by hand: the objects that were put back, and the revision that was there", () => {
      const progress = deliveries
        .map(
          ({ text }) =>
            JSON.parse(text) as { readonly message: string; readonly metadata: { readonly revision?: string } },
        )
        .filter(({ message }) => message === `Deployment/${cluster.namespace}/checkout configured`);
      assert.equal(progress[0]?.metadata.revision, first.lastAppliedRevision);
    });
  });
});
