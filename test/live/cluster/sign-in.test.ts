// How a kubeconfig is used: contexts, certificates, programs that give tokens, and what is said when it cannot be used.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { type RunningCluster, startCluster } from "../../cluster/start-cluster.ts";
import { CONFIG_MAP, configMap, connectTo, QUICK } from "./connect-stand-in.ts";

describe("signing in", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startCluster();
    cluster.apply(configMap("one"));
  });
  after(() => cluster.stop());

  const whyOf = async (kubeconfig: string, context?: string) => {
    const options = context === undefined ? { kubeconfig } : { kubeconfig, context };
    const list = await connectTo(cluster, { ...options, limits: { ...QUICK, request: 5_000 } }).list(CONFIG_MAP);
    return list.kind === "unknown" ? list.why : `${list.value.length} objects`;
  };

  /** A file with one user that a program signs in. */
  const withProgram = (script: string, user = "bot") =>
    kubeconfigOf(cluster.url, [
      {
        name: user,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: process.execPath,
            args: ["-e", script],
            interactiveMode: "Never",
          },
        },
      },
    ]);
  const giveToken = (token: string) =>
    `process.stdout.write(JSON.stringify({ kind: "ExecCredential", status: { token: ${JSON.stringify(token)} } }))`;

  test("the settings choose among the contexts of one file", async () => {
    const users = (["reader", "nobody"] as const).map((name) => ({ name, user: { token: cluster.tokenOf(name) } }));
    const text = kubeconfigOf(cluster.url, users);
    assert.equal(await whyOf(text, "reader"), "1 objects");
    assert.match(await whyOf(text, "nobody"), /does not allow this account to list configmaps \(403\)/);
    assert.match(await whyOf(text, "other"), /its kubeconfig has no such context as the one that the settings name$/);
    assert.match(await whyOf(text), /its kubeconfig has no current context; name one with `context`$/);
  });

  test("two files that call their users the same keep their tokens apart", async () => {
    const one = connectTo(cluster, {
      kubeconfig: withProgram(giveToken(cluster.tokenOf("reader"))),
      context: "bot",
      limits: { ...QUICK, request: 5_000 },
    });
    const other = connectTo(cluster, {
      kubeconfig: withProgram(giveToken(cluster.tokenOf("nobody"))),
      context: "bot",
      limits: { ...QUICK, request: 5_000 },
    });
    for (const _ of [1, 2]) {
      const [seen, unseen] = await Promise.all([one.list(CONFIG_MAP), other.list(CONFIG_MAP)]);
      assert.deepEqual([seen.kind, unseen.kind], ["known", "unknown"]);
    }
    const users = new Set(
      cluster
        .requests()
        .slice(-4)
        .map(({ user }) => user),
    );
    assert.deepEqual(users, new Set(["reader", "nobody"]));
  });

  test("many requests at once ask the program once", async () => {
    const script = `process.stdout.write(JSON.stringify({ kind: "ExecCredential", status: { token: ${JSON.stringify(cluster.tokenOf("reader"))}, expirationTimestamp: "2001-01-01T00:00:00Z" } }))`;
    const limits = { ...QUICK, request: 5_000 };
    const connection = connectTo(cluster, { kubeconfig: withProgram(script), context: "bot", limits });
    const started = performance.now();
    const lists = await Promise.all(Array.from({ length: 30 }, () => connection.list(CONFIG_MAP)));
    connection.close();
    assert.ok(lists.every(({ kind }) => kind === "known"));
    assert.ok(performance.now() - started < 5_000);
  });

  test("a token that expired on the way is asked for again, once", async () => {
    const own = await startCluster();
    own.expireToken("comparer");
    // The first answer is the expired token, every further one a good one.
    const script = [
      'const { existsSync, writeFileSync } = require("node:fs");',
      `const path = require("node:path").join(require("node:os").tmpdir(), "stagecoach-sign-in-${process.pid}");`,
      `const token = existsSync(path) ? "${own.tokenOf("reader")}" : "${own.tokenOf("comparer")}";`,
      'writeFileSync(path, "");',
      "process.stdout.write(JSON.stringify({ status: { token } }));",
    ].join("\n");
    const kubeconfig = withProgram(script).replaceAll(cluster.url, own.url);
    const connection = connectTo(own, { kubeconfig, context: "bot", limits: { ...QUICK, request: 5_000 } });
    assert.equal((await connection.list(CONFIG_MAP)).kind, "known");
    assert.deepEqual(
      own.requests().map(({ user }) => user),
      ["nobody", "reader"],
    );
    connection.close();
    await own.stop();
    const { rmSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    rmSync(`${tmpdir()}/stagecoach-sign-in-${process.pid}`, { force: true });
  });

  test("a fixed token that expired is not tried twice", async () => {
    const own = await startCluster();
    own.expireToken("reader");
    const connection = connectTo(own, { user: "reader" });
    const list = await connection.list(CONFIG_MAP);
    connection.close();
    assert.deepEqual(list, {
      kind: "unknown",
      why: "the cluster prod-eu does not accept these credentials; a token may have expired",
    });
    assert.equal(own.requests().length, 1);
    await own.stop();
  });

  test("a program that hangs is not waited for", async () => {
    const kubeconfig = withProgram("setTimeout(() => {}, 3_000)");
    const list = await connectTo(cluster, { kubeconfig, context: "bot" }).list(CONFIG_MAP);
    assert.deepEqual(list, { kind: "unknown", why: "the cluster prod-eu did not answer within 0.4 s" });
  });

  test("T22: what such a program says is not repeated", async () => {
    const kubeconfig = withProgram('process.stderr.write("the password is hunter2"); process.exit(1)');
    const why = await whyOf(kubeconfig, "bot");
    assert.equal(why, "the cluster prod-eu cannot be asked: signing in as its kubeconfig says has failed");
  });

  test("a file that cannot be read is a reason, and its text stays out", async () => {
    const why = await whyOf("users: [ { name: x, user: { token: hunter2");
    assert.equal(why, "the cluster prod-eu cannot be asked: its kubeconfig cannot be read");
    assert.match(await whyOf(""), /its kubeconfig (?:cannot be read|has no current context)/);
    assert.match(await whyOf("[]"), /its kubeconfig (?:cannot be read|has no current context)/);
  });

  test("T22: a server without TLS gets no token, unless the operator says that nothing is verified", async () => {
    const careless = cluster.kubeconfig.replace("insecure-skip-tls-verify: true", "insecure-skip-tls-verify: false");
    const before = cluster.requests().length;
    assert.equal(
      await whyOf(careless),
      "the cluster prod-eu cannot be asked: its kubeconfig names a server without TLS",
    );
    assert.equal(cluster.requests().length, before);
  });

  test("a certificate counts if somebody named in the file vouches for it", async () => {
    const secure = await startCluster({ https: true });
    const trusted = connectTo(secure);
    assert.equal((await trusted.list(CONFIG_MAP)).kind, "known");
    trusted.close();
    const kubeconfig = secure.kubeconfig.replace(/certificate-authority-data: .*/, "disable-compression: true");
    const list = await connectTo(secure, { kubeconfig }).list(CONFIG_MAP);
    assert.ok(list.kind === "unknown");
    assert.match(list.why, /^the cluster prod-eu shows a certificate that is not trusted \([A-Z_]+\)$/);
    assert.equal(secure.requests().length, 1);
    await secure.stop();
  });

  test("outside a cluster there is no account of a pod", async () => {
    const { connectCluster } = await import("../../../src/live/cluster/connect-cluster.ts");
    const list = await connectCluster({ name: "this cluster", access: { kind: "in-cluster" } }).list(CONFIG_MAP);
    assert.deepEqual(list, { kind: "unknown", why: "this cluster cannot be asked: this does not run in a cluster" });
  });
});

interface WrittenUser {
  readonly name: string;
  readonly user: object;
}

/** A context for each user, by the user's name. */
function kubeconfigOf(url: string, users: readonly WrittenUser[]): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server: url, "insecure-skip-tls-verify": true } }],
    users,
    contexts: users.map(({ name }) => ({ name, context: { cluster: "cluster", user: name } })),
  });
}
