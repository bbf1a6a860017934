// `stagecoach report` as it runs in a cluster: against an API server that is read only, and a Stagecoach that believes
// only who can prove who it is.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readReports } from "../../src/live/reports/read-reports.ts";
import { type RunningCluster, startCluster } from "../cluster/start-cluster.ts";
import { waitFor } from "../cluster/suite/wait-for.ts";
import { type App, liveSecrets, startApp } from "../http/start-app.ts";
import { deployment } from "../live/cluster/connect-stand-in.ts";
import { runProgram, startProgram } from "./run-program.ts";

let app: App;
let cluster: RunningCluster;
let folder: string;

before(async () => {
  [app, cluster, folder] = await Promise.all([
    startApp(),
    startCluster(),
    mkdtemp(join(tmpdir(), "stagecoach-report-")),
  ]);
  await app.store.repositories.save({ repository: 7, installation: 1, owner: "acme", name: "config" });
  await app.store.repositories.saveSources(7, ["us"]);
  cluster.apply(deployment("web"));
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfigOf("reader"));
  await writeFile(join(folder, "reporter.yaml"), configOf({ url: app.url }));
});
after(async () => {
  await Promise.all([app.stop(), cluster.stop()]);
  await rm(folder, { recursive: true });
});

function configOf({ url, every = "10s" }: { readonly url: string; readonly every?: string }): string {
  return [
    ...["cluster: us", `url: ${url}/hooks/live/us`, "secret-env: REPORTS", `every: ${every}`, "targets:"],
    "- { name: shop/live, kubernetes: shop, images: [ghcr.io/acme/web] }",
  ].join("\n");
}

const variables = { REPORTS: liveSecrets[0], KUBECONFIG: "kubeconfig" };
const report = (args: readonly string[], given: Readonly<Record<string, string>> = variables) =>
  runProgram(["report", ...args], { folder, variables: given });

async function readShop() {
  const query = { cache: app.store.cache, source: "us", maxAge: 600_000, now: Date.now() };
  const [seen] = await readReports({ ...query, targets: [{ kind: "reports", name: "shop/live" }] });
  return seen;
}

describe("stagecoach report", () => {
  it("--dry-run prints what it would report, and sends nothing", async () => {
    const { code, stdout, stderr } = await report(["--config", "reporter.yaml", "--dry-run"]);
    assert.equal(code, 0, stderr);
    const printed = JSON.parse(stdout);
    assert.deepEqual([printed.schema, printed.cluster, printed.states[0].name], ["live-report/v1", "us", "shop/live"]);
    assert.equal(printed.states[0].state.containers[0].image, "ghcr.io/acme/web:1");
    assert.equal((await readShop())?.kind, "unknown");
  });

  it("--once reports, and wakes who follows the source; it only ever reads the cluster", async () => {
    const { code, stdout, stderr } = await report(["--config", "reporter.yaml", "--once"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Reported 1 target\.\n$/);
    const shop = await readShop();
    assert.ok(shop?.kind === "known");
    assert.equal(shop.value.reconciler, "kubernetes");
    assert.equal(shop.value.freshness.proof, "report");
    const hints = await app.store.hints.of(7);
    assert.deepEqual(
      hints.map(({ subject }) => subject),
      [{ kind: "live", source: "us" }],
    );
    const verbs = new Set(cluster.requests().map(({ verb }) => verb));
    assert.deepEqual([...verbs], ["list"]);
  });

  it("says so when it is not recognised", async () => {
    const { code, stderr } = await report(["--config", "reporter.yaml", "--once"], {
      ...variables,
      REPORTS: "a-secret-that-is-not-it",
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /The report of 1 target was refused: Stagecoach answered 401: The sender was not recognised\. Needed: the headers/,
    );
    assert.doesNotMatch(stderr, /a-secret/);
  });

  it("says so when the cluster does not let it read, and reports that", async () => {
    await writeFile(join(folder, "nobody"), cluster.kubeconfigOf("nobody"));
    const { code, stderr } = await report(["--config", "reporter.yaml", "--once"], {
      ...variables,
      KUBECONFIG: "nobody",
    });
    assert.equal(code, 0);
    assert.match(stderr, /shop\/live could not be read: .*(?:may not|forbidden|403)/i);
    const shop = await readShop();
    assert.match(shop?.kind === "unknown" ? shop.why : "", /^the reporter of us could not read it: /);
  });

  it("tells every failure, tries again, and ends when it is told to", async () => {
    const statuses = [503, 202];
    const busy = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(statuses.shift() ?? 202).end("<h1>busy</h1>"));
    });
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const { port } = busy.address() as AddressInfo;
    await writeFile(join(folder, "busy.yaml"), configOf({ url: `http://127.0.0.1:${port}` }));
    const program = startProgram(["report", "--config", "busy.yaml"], { folder, variables });
    await waitFor("it failed", () =>
      program.stderr().includes("was not taken: Stagecoach answered 503. It is tried again."),
    );
    await waitFor("it went well", () => program.stdout().includes("Reported 1 target."));
    program.child.kill("SIGTERM");
    assert.equal(await program.exited, 0);
    assert.match(program.stderr(), /SIGTERM: the reporter ends\.\n$/);
    await new Promise((resolve) => busy.close(resolve));
  });

  it("says so when nobody is there", async () => {
    const gone = await startApp();
    await gone.stop();
    await writeFile(join(folder, "gone.yaml"), configOf({ url: gone.url }));
    const { code, stderr } = await report(["--config", "gone.yaml", "--once"]);
    assert.equal(code, 1);
    assert.match(stderr, /was not taken: Stagecoach was not reached: ECONNREFUSED/);
  });

  const usage: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
    ["no file", [], variables, /Name a file with `--config`/],
    ["a file that is not there", ["--config", "none.yaml"], variables, /`none\.yaml` cannot be read/],
    ["a file that is none", ["--config", "kubeconfig"], variables, /Unknown key `apiVersion`/],
    ["no secret", ["--config", "reporter.yaml"], { KUBECONFIG: "kubeconfig" }, /`REPORTS` is not set/],
    [
      "no cluster",
      ["--config", "reporter.yaml"],
      { REPORTS: liveSecrets[0] },
      /does not run in a cluster, and KUBECONFIG names no file/,
    ],
    [
      "no kubeconfig",
      ["--config", "reporter.yaml"],
      { ...variables, KUBECONFIG: "none" },
      /KUBECONFIG names cannot be read/,
    ],
  ];
  for (const [name, args, given, complaint] of usage) {
    it(`does not start with ${name}`, async () => {
      const { code, stderr } = await report(args, given);
      assert.equal(code, 2);
      assert.match(stderr, complaint);
    });
  }
});
