// T1, T17: an API server that somebody has taken over, or a program in its place: it answers without end, more than anybody
// can hold, or objects that are made to break a reader. It ends in unknown, and never in a process without memory.

// Loaded here, so that no short limit of a test pays for it.
import "@kubernetes/client-node";
import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { CLUSTER_LIMITS, type ClusterLimits } from "../../src/live/cluster/cluster-limits.ts";
import { connectCluster } from "../../src/live/cluster/connect-cluster.ts";

const PODS = { apiVersion: "v1", kind: "Pod", plural: "pods" } as const;
const APPLICATIONS = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", plural: "applications" } as const;

const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

async function connect(answer: (path: string, response: ServerResponse) => void, limits: Partial<ClusterLimits> = {}) {
  let asked = 0;
  const server: Server = createServer((request, response) => {
    asked += 1;
    answer(request.url ?? "", response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const faults: unknown[] = [];
  const kubeconfig = {
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  };
  const cluster = connectCluster({
    name: "the cluster prod-eu",
    access: { kind: "kubeconfig", text: JSON.stringify(kubeconfig) },
    limits: { ...CLUSTER_LIMITS, ...limits },
    onFault: (error) => faults.push(error),
  });
  ends.push(() => {
    cluster.close();
    server.closeAllConnections();
    server.close();
  });
  return { cluster, faults, asked: () => asked };
}

const podNamed = (index: number) => ({ metadata: { name: `pod-${index}` } });

function page(items: readonly unknown[], next = ""): string {
  return JSON.stringify({ kind: "List", metadata: { resourceVersion: "1", continue: next }, items });
}

describe("T1: a list", () => {
  it("whose pages never end is given up after so many bytes", async () => {
    const text = page([podNamed(1), { metadata: { name: "x", labels: { pad: "x".repeat(100_000) } } }], "more");
    const { cluster, asked } = await connect((_, response) => response.end(text), { listBytes: 1_000_000 });
    const list = await cluster.list(PODS);
    assert.deepEqual(list, { kind: "unknown", why: "the cluster prod-eu answered a list of more than 1 MB" });
    assert.ok(asked() <= 11, `${asked()} pages`);
  });

  it("whose pages all come late is given up after a while", async () => {
    const text = page([podNamed(1)], "more");
    const { cluster } = await connect((_, response) => setTimeout(() => response.end(text), 30), { listTime: 300 });
    const list = await cluster.list(PODS);
    assert.deepEqual(list, { kind: "unknown", why: "the cluster prod-eu did not answer a whole list within 0.3 s" });
  });

  it("with more objects on a page than were asked for is not held", async () => {
    const text = page(Array.from({ length: 300_000 }, (_, index) => podNamed(index)));
    const { cluster } = await connect((_, response) => response.end(text));
    const list = await cluster.list(PODS);
    assert.deepEqual(list, { kind: "unknown", why: "the cluster prod-eu has more than 50000 pods" });
  });
});

describe("T17: an object", () => {
  it("nested without end breaks no watch", async () => {
    const item = { metadata: { name: "web", resourceVersion: "1" }, spec: { source: { helm: { valuesObject: 7 } } } };
    const listed = page([item]).replace("7", `${"[".repeat(9_000)}${"]".repeat(9_000)}`);
    let watches = 0;
    const { cluster, faults } = await connect((path, response) => {
      if (!path.includes("watch=true")) response.end(listed);
      else watches += 1;
    });
    const watch = cluster.watch(APPLICATIONS, { onChange: () => undefined });
    const deadline = Date.now() + 5_000;
    while (watches === 0 && faults.length === 0 && Date.now() < deadline) await new Promise(setImmediate);
    watch.stop();
    assert.deepEqual([watches, faults], [1, []]);
  });
});
