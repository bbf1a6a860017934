// Whatever a cluster does wrong, the answer is unknown with a calm reason, soon, and without a secret in it.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Fault, FaultKind } from "../../cluster/faults.ts";
import { type RunningCluster, startCluster } from "../../cluster/start-cluster.ts";
import { CONFIG_MAP, configMap, connectTo, DEPLOYMENT, deployment, QUICK } from "./connect-stand-in.ts";

describe("a cluster that fails", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startCluster();
    cluster.apply(configMap("one"));
  });
  after(() => cluster.stop());
  afterEach(() => cluster.faults.clear());

  const ROWS: readonly (readonly [FaultKind, RegExp])[] = [
    ["drop", /^the cluster prod-eu closed the connection early$/],
    ["cut", /^the cluster prod-eu closed the connection early$/],
    ["hang", /^the cluster prod-eu did not answer within 0\.4 s$/],
    ["trickle", /^the cluster prod-eu did not answer within 0\.4 s$/],
    ["unauthorized", /^the cluster prod-eu does not accept these credentials; a token may have expired$/],
    [
      "forbidden",
      /^the cluster prod-eu does not allow this account to (?:list|get|patch) configmaps in the namespace shop \(403\)$/,
    ],
    ["unavailable", /^the cluster prod-eu answered 503$/],
    ["internal", /^the cluster prod-eu answered 500$/],
    ["throttled", /^the cluster prod-eu asks to be left alone for a while \(429\)$/],
    ["redirect", /^the cluster prod-eu answered 302, a redirect, which is not followed$/],
    ["html", /^the cluster prod-eu answered something that is no (?:list of configmaps|ConfigMap)$|answered 200$/],
    ["half-json", /^the cluster prod-eu answered something that is no (?:list of configmaps|ConfigMap)$|answered 200$/],
  ];

  for (const [kind, why] of ROWS) {
    test(`${kind}: every request says so`, async () => {
      cluster.faults.add({ kind });
      const connection = connectTo(cluster);
      const address = { ...CONFIG_MAP, namespace: "shop", name: "one" };
      const object = { ...configMap("one"), metadata: { name: "one", namespace: "shop" } };
      const answers = [
        await connection.list(CONFIG_MAP, { namespace: "shop" }),
        await connection.get(address),
        ...(kind === "html" || kind === "half-json" ? [] : [await connection.annotate(address, { a: "b" })]),
        ...(kind === "forbidden" ? [] : [await connection.dryRun({ object, plural: "configmaps", manager: "x" })]),
      ];
      connection.close();
      for (const answer of answers) {
        assert.ok(answer.kind === "unknown");
        assert.match(answer.why, why);
      }
    });
  }

  test("a body that is too large is not read to its end", async () => {
    cluster.faults.add({ kind: "huge" });
    const connection = connectTo(cluster, { limits: { ...QUICK, request: 10_000, body: 1024 * 1024 } });
    const list = await connection.list(CONFIG_MAP);
    connection.close();
    assert.deepEqual(list, { kind: "unknown", why: "the cluster prod-eu answered more than 1 MiB" });
  });

  test("what is no object is dropped, and the rest counts", async () => {
    cluster.faults.add({ kind: "odd-json" });
    const connection = connectTo(cluster);
    assert.deepEqual(await connection.list(CONFIG_MAP), { kind: "known", value: [] });
    const one = await connection.get({ ...CONFIG_MAP, namespace: "shop", name: "one" });
    assert.deepEqual(one, { kind: "unknown", why: "the cluster prod-eu answered something that is no ConfigMap" });
    connection.close();
  });

  test("a server that is not there, and a name that nobody knows", async () => {
    const gone = await startCluster();
    await gone.stop();
    const refused = await connectTo(gone).list(CONFIG_MAP);
    assert.deepEqual(refused, { kind: "unknown", why: "the cluster prod-eu refused the connection" });
    const kubeconfig = gone.kubeconfig.replace("127.0.0.1", "no-such-host.invalid");
    const limits = { ...QUICK, request: 10_000 };
    const lost = await connectTo(gone, { kubeconfig, limits }).list(CONFIG_MAP);
    assert.deepEqual(lost, { kind: "unknown", why: "the cluster prod-eu could not be found by its name" });
  });

  test("a 404 that no API server would answer is not taken for a kind that is not there", async () => {
    const kubeconfig = cluster.kubeconfig.replace(cluster.url, `${cluster.url}/elsewhere`);
    const { createServer } = await import("node:http");
    const proxy = createServer((_, response) =>
      response.writeHead(404, { "content-type": "text/html" }).end("<p>?</p>"),
    );
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as { readonly port: number };
    const text = kubeconfig.replace(cluster.url, `http://127.0.0.1:${port}`);
    const list = await connectTo(cluster, { kubeconfig: text }).list(CONFIG_MAP);
    proxy.close();
    assert.deepEqual(list, {
      kind: "unknown",
      why: "the cluster prod-eu answered 404, and not as a Kubernetes API server does; the address may be wrong",
    });
  });

  test("names that are no names never become part of an address", async () => {
    const connection = connectTo(cluster);
    const before = cluster.requests().length;
    for (const name of ["../secrets/x", "..", "a/b", "", "a?b", "x".repeat(300)]) {
      const answer = await connection.get({ ...CONFIG_MAP, namespace: "shop", name });
      assert.deepEqual(answer, { kind: "unknown", why: "no object in Kubernetes can have such a name" });
    }
    const odd = await connection.list({ apiVersion: "apps/../v1", kind: "Deployment", plural: "deployments" });
    assert.deepEqual(odd, { kind: "unknown", why: "no Kubernetes API has such a resource" });
    assert.equal(cluster.requests().length, before);
    connection.close();
  });

  test("a dry run without the verb `patch` is forbidden, which is an answer of its own", async () => {
    cluster.apply(deployment("web"));
    const connection = connectTo(cluster, { user: "reader" });
    const object = deployment("web");
    assert.deepEqual(await connection.dryRun({ object, plural: "deployments", manager: "gitops" }), {
      kind: "forbidden",
    });
    connection.close();
    const comparer = connectTo(cluster, { user: "comparer" });
    const tried = await comparer.dryRun({ object, plural: "deployments", manager: "kubectl" });
    assert.equal(tried.kind, "applied");
    assert.equal((await comparer.list(DEPLOYMENT)).kind, "known");
    comparer.close();
  });

  test("T22: no reason ever holds a token, an address, or what the server said", async () => {
    const kinds: readonly Fault["kind"][] = ROWS.map(([kind]) => kind);
    for (const kind of kinds) {
      const stop = cluster.faults.add({ kind });
      const connection = connectTo(cluster);
      const list = await connection.list(CONFIG_MAP);
      connection.close();
      stop();
      assert.ok(list.kind === "unknown");
      assert.doesNotMatch(list.why, /token-of|127\.0\.0\.1|https?:|Bearer|Please sign in|etcdserver/);
    }
  });
});
