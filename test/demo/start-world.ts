// Everything that the demo runs on, in this process: a stand-in for GitHub with one config repository, a small registry,
// and the real program with its embedded database, joined by real HTTP and signed webhooks.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapters, App } from "../../src/cli/command.ts";
import { NO_SETTINGS, type Settings } from "../../src/domain/settings.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { CONFIG_REPOSITORY, FIRST_VERSIONS, readConfigRepository } from "./config-repository.ts";

export interface World {
  readonly github: Github;
  readonly registry: RunningRegistry;
  /** The program; the world is quiet before. */
  startProgram(): Promise<App>;
  end(): Promise<void>;
}

/** Milliseconds that each answer of the stand-in takes, about a third of GitHub's: slow enough to read along. */
const LATENCY = 60;
const TEN_MINUTES = 10 * 60_000;

export interface WorldOptions {
  readonly startApp: Adapters["startApp"];
  readonly logLevel: string;
}

export async function startWorld({ startApp, logLevel }: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-demo-"));
  const registry = await startRegistry();
  const github = await startGithub({ dataFolder: join(folder, "github") });
  prepareGithub(github, registry.host);
  for (const [name, tag] of Object.entries(FIRST_VERSIONS)) await registry.push({ repository: `acme/${name}`, tag });
  const secret = randomBytes(20).toString("hex");
  let app: App | undefined;
  return {
    github,
    registry,
    startProgram: async () => {
      app = await startApp({
        app: {
          appId: github.appId,
          privateKey: github.privateKey,
          webhookSecrets: [github.webhookSecret],
          baseUrl: github.url,
        },
        settings: settingsFor(registry.host, secret),
        store: { folder: join(folder, "database") },
        http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
        logLevel,
        throttle: false,
      });
      github.setWebhookUrl(`${app.url}/api/github/webhooks`);
      registry.notifyTo({ url: `${app.url}/hooks/registry/demo`, secret, kind: "distribution" });
      return app;
    },
    end: async () => {
      github.setWebhookUrl(undefined);
      registry.notifyTo(undefined);
      await app?.stop();
      await github.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function prepareGithub(github: Github, registryHost: string): void {
  const [owner = "", name = ""] = CONFIG_REPOSITORY.split("/");
  const repository = github.createRepository({ owner, name, files: readConfigRepository(registryHost) });
  // One commit for each promotion makes the history that the demo shows at its end.
  repository.mergeMethods = ["squash"];
  github.setRole({ repository: CONFIG_REPOSITORY, user: "maria", role: "maintain" });
  // GitHub computes it as soon as a pull request opens, and is done when its webhook has arrived.
  github.settings.unknownMergeabilityAnswers = 0;
  github.break({ on: "* *", fault: { kind: "slow", milliseconds: LATENCY } });
}

function settingsFor(host: string, secret: string): Settings {
  return {
    ...NO_SETTINGS,
    registries: [{ host, prefix: "acme/", for: ["acme/*"], insecure: true, every: TEN_MINUTES }],
    webhooks: [{ id: "demo", kind: "distribution", registry: host, secrets: [secret] }],
  };
}
