// The whole program as an operator runs it (its own store and queue, real time) beside the distribution project's own
// registry, which tells it of what `skopeo` pushes. GitHub is the stand-in.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { App } from "../../src/cli/command.ts";
import { NO_SETTINGS } from "../../src/domain/settings.ts";
import { startApp } from "../../src/index.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { findMissingParts, tellNotSeen } from "../registry/find-missing-parts.ts";
import { type DockerRegistry, freePort, startDockerRegistry } from "../registry/start-docker-registry.ts";

const CONFIG = "acme/platform-config";
const SECRET = "secret-of-the-real-registry-01";
const SINGLE = { seed: "1.7.0", platforms: ["linux/amd64"], labels: {}, created: "2026-11-19T08:30:00Z" };
const MULTI = { ...SINGLE, seed: "1.8.0", platforms: ["linux/amd64", "linux/arm64"] };

const pipelineFile = (host: string) => `version: 1
mode: full
pipelines:
  - name: checkout
    images: [{ image: "${host}/acme/checkout", policy: { semver: "*" } }]
    environments:
      - { name: integration, paths: [integration], merge: auto }
      - { name: live, after: [integration], paths: [live] }
      - name: abroad
        after: [live]
        paths: [abroad]
        images: [{ image: "${host}/abroad/checkout", as: "${host}/acme/checkout" }]
`;

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function describeWithRealParts(): void {
  let github: Github;
  let registry: DockerRegistry;
  let app: App;
  let folder: string;
  let port: number;
  const declares = (environment: string) =>
    /checkout:(\S+)/.exec(
      github.fileAt({ repository: CONFIG, ref: "main", path: `${environment}/app.yaml` }) ?? "",
    )?.[1];
  const open = () => github.pullRequests({ repository: CONFIG, state: "open" }).map(({ title }) => title);
  const quiet = async () => {
    await github.webhooks.settled();
    return (await app.shell.store.work.pending()) === 0;
  };

  /** `every`: how often it looks without being told, milliseconds. */
  const start = async (every: number): Promise<void> => {
    app = await startApp({
      app: {
        appId: github.appId,
        privateKey: github.privateKey,
        webhookSecrets: [github.webhookSecret],
        baseUrl: github.url,
      },
      settings: {
        ...NO_SETTINGS,
        registries: [{ host: registry.host, prefix: "", for: ["acme/*"], insecure: true, every }],
        webhooks: [{ id: "lab", kind: "distribution", registry: registry.host, secrets: [SECRET] }],
      },
      store: { folder: join(folder, "store") },
      http: { host: "127.0.0.1", port, metricsPort: 0 },
      logLevel: "silent",
      throttle: false,
      lookEvery: every,
    });
    github.setWebhookUrl(`${app.url}/api/github/webhooks`);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stagecoach-whole-"));
    port = await freePort();
    registry = await startDockerRegistry({
      notify: { url: `http://127.0.0.1:${port}/hooks/registry/lab`, secret: SECRET },
    });
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.7.0", image: SINGLE });
    github = await startGithub();
    github.settings.unknownMergeabilityAnswers = 0;
    const image = `image: ${registry.host}/acme/checkout:1.7.0`;
    const files = {
      ".github/stagecoach.yaml": pipelineFile(registry.host),
      "integration/app.yaml": `${image}\n`,
      "live/app.yaml": `${image}@${digest}\n`,
      "abroad/app.yaml": `image: ${registry.host}/abroad/checkout:1.7.0@${digest}\n`,
    };
    github.createRepository({ owner: "acme", name: "platform-config", files });
    await start(600_000);
    await until(
      "the first look is over",
      async () => (await app.shell.store.repositories.list()).length === 1 && quiet(),
    );
  });

  after(async () => {
    await app.stop();
    await registry.close();
    await github.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a multi-architecture push travels on, tag and digest of the index as a pair where both are pinned", async () => {
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0", image: MULTI });
    await until("live is proposed", () => open().includes("Promote checkout 1.8.0 to live"));
    assert.equal(declares("integration"), "1.8.0");
    const { number } = github.pullRequests({ repository: CONFIG, state: "open" })[0] ?? { number: 0 };
    assert.equal(github.mergePullRequest({ repository: CONFIG, number, by: "ann", method: "squash" }).kind, "merged");
    await until("the ledger knows it", quiet);
    assert.equal(declares("live"), `1.8.0@${digest}`);
  });

  test("an environment with a repository of its own takes the copy of the digest that was proven", async () => {
    await until("the copy is waited for", quiet);
    assert.deepEqual(open(), []);
    await registry.copy({ from: "acme/checkout:1.8.0", to: "abroad/checkout:1.8.0" });
    await until("it is proposed", () => open().includes("Promote checkout 1.8.0 to abroad"));
    const [{ number } = { number: 0 }] = github.pullRequests({ repository: CONFIG, state: "open" });
    assert.equal(github.mergePullRequest({ repository: CONFIG, number, by: "ann", method: "squash" }).kind, "merged");
    await until("the ledger knows it", quiet);
    assert.equal(declares("abroad"), declares("live"));
  });

  test("a second tag of the same digest and a signature beside it change nothing", async () => {
    await registry.copy({ from: "acme/checkout:1.8.0", to: "acme/checkout:stable" });
    await registry.push({ repository: "acme/checkout", tag: `sha256-${"ab".repeat(32)}.sig`, image: SINGLE });
    await registry.push({ repository: "acme/checkout", tag: "1.9.0", image: { ...MULTI, seed: "1.9.0" } });
    await until("what came after them is there", () => declares("integration") === "1.9.0");
    await until("live is proposed", () => open().length === 1);
    assert.deepEqual(open(), ["Promote checkout 1.9.0 to live"]);
    assert.deepEqual(github.deviations(), []);
  });

  test("what was pushed while nobody listened, to a registry that died with its events, is found by looking", async () => {
    await app.stop();
    const digest = await registry.push({
      repository: "acme/checkout",
      tag: "2.0.0",
      image: { ...MULTI, seed: "2.0.0" },
    });
    await registry.stop();
    await registry.start();
    await start(1_000);
    await until("integration has it", () => declares("integration") === "2.0.0");
    await until("the open promotion brings it", () => open().includes("Promote checkout 2.0.0 to live"));
    assert.deepEqual(open(), ["Promote checkout 2.0.0 to live"], "one promotion, not two");
    const [{ number } = { number: 0 }] = github.pullRequests({ repository: CONFIG, state: "open" });
    assert.equal(github.mergePullRequest({ repository: CONFIG, number, by: "ann", method: "squash" }).kind, "merged");
    await until("it is merged", () => declares("live") === `2.0.0@${digest}`);
    assert.deepEqual(github.deviations(), []);
  });
}

const missing = await findMissingParts(["docker-registry", "skopeo"]);
if (missing.length > 0) tellNotSeen("the whole program beside a real registry", missing);
else describe("the whole program beside a real registry", describeWithRealParts);
