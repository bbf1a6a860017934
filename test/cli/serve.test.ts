// `stagecoach serve` as a process: what it refuses to start with, and that neither a signal nor kill -9 costs or doubles
// a promotion.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { waitUntil } from "../store/wait-until.ts";
import { beginService, CONFIG, type Service } from "./begin-service.ts";
import { runProcess } from "./run-program.ts";

describe("stagecoach serve at work", () => {
  let service: Service;
  before(async () => {
    service = await beginService();
  });
  after(() => service.end());

  it("promotes what is pushed, and drains on SIGTERM", { timeout: 120_000 }, async () => {
    const program = await service.serve();
    await service.registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await waitUntil("the promotion is open", () => service.openPromotions().length === 1);
    assert.deepEqual(service.openPromotions(), ["Promote checkout 1.8.0 to integration"]);
    const asked = performance.now();
    program.child.kill("SIGTERM");
    assert.equal(await program.exited, 0, program.stderr());
    assert.ok(performance.now() - asked < 25_000);
    assert.match(program.stderr(), /^SIGTERM: Stagecoach takes nothing new and finishes what runs\.$/m);
    assert.deepEqual(
      program
        .stdout()
        .split("\n")
        .filter((line) => line.startsWith("Stagecoach listens at http://127.0.0.1:")).length,
      1,
    );
  });

  it("opens one pull request although it was killed on the way, and starts again", { timeout: 120_000 }, async () => {
    const first = await service.serve();
    const [open] = service.github.pullRequests({ repository: CONFIG, state: "open" });
    service.github.closePullRequest({ repository: CONFIG, number: open?.number ?? 0, by: "ann" });
    service.github.break({ on: "POST /repos/{owner}/{repo}/pulls", times: 1, fault: { kind: "reply-lost" } });
    service.github.forgetRequests();
    await service.registry.push({ repository: "acme/checkout", tag: "1.9.0" });
    const asked = () =>
      service.github.requests().some(({ route, method }) => method === "POST" && route.endsWith("/pulls"));
    await waitUntil("the pull request was asked for", asked);
    first.child.kill("SIGKILL");
    assert.equal(await first.exited, null);
    const second = await service.serve();
    const labelled = () =>
      service.github.pullRequests({ repository: CONFIG, state: "open" }).some(({ labels }) => labels.length > 0);
    await waitUntil("the promotion is finished", labelled);
    assert.deepEqual(service.openPromotions(), ["Promote checkout 1.9.0 to integration"]);
    second.child.kill("SIGINT");
    assert.equal(await second.exited, 0, second.stderr());
    assert.deepEqual(service.github.deviations(), []);
  });

  it("ends at once when it is told a second time", { timeout: 120_000 }, async () => {
    const program = await service.serve();
    service.github.break({ on: "POST /graphql", fault: { kind: "never-answers" } });
    service.github.forgetRequests();
    service.github.commitFiles({
      repository: CONFIG,
      files: { "README.md": "Hello again\n" },
      author: "ann",
      message: "A push",
    });
    await waitUntil("a pass asks", () => service.github.requests().some(({ status }) => status === 0));
    program.child.kill("SIGTERM");
    await waitUntil("it drains", () => program.stderr().includes("SIGTERM: "));
    assert.equal(program.child.exitCode, null);
    program.child.kill("SIGTERM");
    assert.equal(await program.exited, 1);
    service.github.mend();
  });

  it("says who has the data folder", { timeout: 120_000 }, async () => {
    const first = await service.serve();
    const { code, stderr } = await runProcess(["serve"], { variables: service.variables });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`in use by process ${first.child.pid} on .*Stop that one first`));
    first.child.kill("SIGTERM");
    assert.equal(await first.exited, 0, first.stderr());
  });

  it("says which port is taken, and leaves nothing behind", { timeout: 120_000 }, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const variables = { ...service.variables, METRICS_PORT: String(port) };
    const { code, stderr } = await runProcess(["serve"], { variables });
    taken.close();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`cannot listen at 127.0.0.1:${port}; HOST and METRICS_PORT say where`));
  });
});

describe("stagecoach serve does not start", () => {
  let service: Service;
  before(async () => {
    service = await beginService();
  });
  after(() => service.end());

  async function refusal(change: Readonly<Record<string, string>>) {
    const variables = { ...service.variables, ...change };
    const { code, stdout, stderr } = await runProcess(["serve"], { variables });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^Stagecoach does not start\.\n/);
    return stderr;
  }

  const secrets: readonly (readonly [string, string, RegExp])[] = [
    ["no webhook secret", "", /WEBHOOK_SECRET is not set\.\n {2}Make one with `openssl rand -hex 32`/],
    ["the secret that everybody knows", "development", /which everybody knows/],
    ["a short secret", "hunter2", /fewer than 16 characters/],
  ];
  for (const [what, secret, expected] of secrets) {
    it(`with ${what} (T2)`, async () => {
      const stderr = await refusal({ WEBHOOK_SECRET: secret });
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /hunter2/);
    });
  }

  it("without anything, and tells all of it at once", async () => {
    const { code, stderr } = await runProcess(["serve"]);
    assert.equal(code, 2);
    for (const variable of ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"])
      assert.match(stderr, new RegExp(`${variable}\\b.* (?:is|are) `), variable);
  });

  it("with a key file and a settings file that are not there", async () => {
    const stderr = await refusal({ PRIVATE_KEY_PATH: "nowhere.pem", STAGECOACH_SETTINGS: "nowhere.yaml" });
    assert.match(stderr, /The file that PRIVATE_KEY_PATH names cannot be read\./);
    assert.match(stderr, /The settings file `nowhere\.yaml` cannot be read\./);
  });

  it("with a key that is none", async () => {
    const path = join(service.folder, "broken.pem");
    writeFileSync(path, "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n");
    assert.match(await refusal({ PRIVATE_KEY_PATH: path }), /What PRIVATE_KEY_PATH names is not a private key/);
  });

  it("with mistakes in the settings file, each with its place", async () => {
    const path = join(service.folder, "broken.yaml");
    writeFileSync(path, "registries:\n  - { hots: ghcr.io, for: [acme/*] }\nlive: none\n");
    const stderr = await refusal({ STAGECOACH_SETTINGS: path });
    // The line itself is never shown: somebody may have written a secret there.
    assert.match(stderr, /broken\.yaml:2:7: error: Unknown key `hots` in a registry\.\n {2}Did you mean `host`\?\n/);
    assert.match(stderr, /broken\.yaml:3:7: error: Expected a list/);
    assert.doesNotMatch(stderr, /acme/);
  });

  it("with a secret of the settings file that is not set, whose name it tells", async () => {
    assert.match(await refusal({ LAB_SECRET: "" }), /The environment variable `LAB_SECRET` is not set\./);
  });
});
