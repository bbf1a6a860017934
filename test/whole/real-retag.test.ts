// The whole program as an operator runs it, beside two of the distribution project's own registries: what was proven in the
// one gets its name in the other, which asks for a password, by a comment. GitHub is the stand-in.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { App } from "../../src/cli/command.ts";
import { NO_SETTINGS, type RegistrySettings } from "../../src/domain/settings.ts";
import { startApp } from "../../src/index.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { findMissingParts, tellNotSeen } from "../registry/find-missing-parts.ts";
import { DOCKER_USER, type DockerRegistry, startDockerRegistry } from "../registry/start-docker-registry.ts";

const CONFIG = "acme/platform-config";
const IMAGE = { seed: "1.7.0", platforms: ["linux/amd64", "linux/arm64"], labels: {}, attested: true };
const AUTH = { kind: "password", ...DOCKER_USER } as const;

const pipelineFile = (first: string, second: string) => `version: 1
mode: full
pipelines:
  - name: checkout
    images: [{ image: "${first}/acme/checkout", policy: { semver: "*" } }]
    environments:
      - { name: integration, paths: [integration], merge: auto }
      - name: live
        after: [integration]
        paths: [live]
        images: [{ image: "${second}/live/checkout", as: "${first}/acme/checkout", policy: { tags: "^v(?P<version>.*)-stable$" } }]
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
  let open: DockerRegistry;
  let guarded: DockerRegistry;
  let app: App;
  let folder: string;
  let digest: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stagecoach-retag-"));
    [open, guarded] = await Promise.all([startDockerRegistry(), startDockerRegistry({ users: true })]);
    await open.push({ repository: "acme/checkout", tag: "1.7.0", image: IMAGE });
    digest = await open.push({ repository: "acme/checkout", tag: "1.8.0", image: { ...IMAGE, seed: "1.8.0" } });
    github = await startGithub();
    github.settings.unknownMergeabilityAnswers = 0;
    const files = {
      ".github/stagecoach.yaml": pipelineFile(open.host, guarded.host),
      "integration/app.yaml": `image: ${open.host}/acme/checkout:1.7.0\n`,
      "live/app.yaml": `image: ${guarded.host}/live/checkout:v1.6.0-stable@sha256:${"16".repeat(32)}\n`,
    };
    github.createRepository({ owner: "acme", name: "platform-config", files });
    const line = { prefix: "", for: ["acme/*"], insecure: true, every: 600_000 };
    const push = { tags: ["v.*-stable"], auth: AUTH, most: 2 ** 30 };
    const registries: readonly RegistrySettings[] = [
      { ...line, host: open.host },
      { ...line, host: guarded.host, auth: AUTH, push },
    ];
    app = await startApp({
      app: {
        appId: github.appId,
        privateKey: github.privateKey,
        webhookSecrets: [github.webhookSecret],
        baseUrl: github.url,
      },
      settings: { ...NO_SETTINGS, registries },
      store: { folder: join(folder, "store") },
      http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
      logLevel: "silent",
      throttle: false,
    });
    github.setWebhookUrl(`${app.url}/api/github/webhooks`);
  });

  after(async () => {
    await app?.stop();
    await Promise.all([open?.close(), guarded?.close(), github?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  test("a comment gives the proven digest its name in the next registry, and the promotion carries both", async () => {
    const fileOf = (name: string) => github.fileAt({ repository: CONFIG, ref: "main", path: `${name}/app.yaml` }) ?? "";
    const promotions = (state: "open" | "all") => github.pullRequests({ repository: CONFIG, state });
    await until("integration has it", () => fileOf("integration").includes(":1.8.0"));
    const [{ number } = { number: 0 }] = promotions("all");
    await until("the first look is over", async () => (await app.shell.store.work.pending()) === 0);
    assert.deepEqual(promotions("open"), [], "live has no name for it");
    github.comment({ repository: CONFIG, number, by: "ann", body: "/retag v1.8.0-stable in live" });
    await until("live is proposed", () => promotions("open").length === 1);
    const [promotion] = promotions("open");
    assert.equal(promotion?.title, "Promote checkout v1.8.0-stable to live");
    const merged = github.mergePullRequest({
      repository: CONFIG,
      number: promotion?.number ?? 0,
      by: "ann",
      method: "squash",
    });
    assert.equal(merged.kind, "merged");
    assert.ok(fileOf("live").includes(`${guarded.host}/live/checkout:v1.8.0-stable@${digest}`), fileOf("live"));
    assert.deepEqual(github.deviations(), []);
  });
}

const missing = await findMissingParts(["docker-registry", "skopeo"]);
if (missing.length > 0) tellNotSeen("a name from one real registry to another", missing);
else describe("a name from one real registry to another", describeWithRealParts);
