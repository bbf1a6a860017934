// Everything that the demo runs on, in this process: a stand-in for GitHub with one config repository, a small registry,
// an Argo CD that plays the clusters, and the real program with its embedded database, joined by real HTTP and signed
// webhooks.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapters, App } from "../../src/cli/command.ts";
import { NO_SETTINGS, type Settings } from "../../src/domain/settings.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import type { Clusters } from "./clusters.ts";
import { CONFIG_REPOSITORY, FIRST_VERSIONS, readConfigRepository } from "./config-repository.ts";
import { REVIEWER } from "./people.ts";
import { startClusters } from "./start-clusters.ts";

export interface World {
  readonly github: Github;
  readonly registry: RunningRegistry;
  readonly clusters: Clusters;
  /** The program; the world is quiet before. */
  startProgram(): Promise<App>;
  /** How long each answer of the stand-in takes, milliseconds. */
  answerIn(milliseconds: number): void;
  end(): Promise<void>;
}

const TEN_MINUTES = 10 * 60_000;

export interface WorldOptions {
  readonly startApp: Adapters["startApp"];
  readonly logLevel: string;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-demo-"));
  const endings: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const end = async () => {
    for (const ending of endings.splice(0).reverse()) await ending();
  };
  try {
    const registry = await startRegistry();
    endings.push(() => registry.close());
    const github = await startGithub({ dataFolder: join(folder, "github") });
    endings.push(() => github.close());
    prepareGithub(github, registry.host);
    for (const [name, tag] of Object.entries(FIRST_VERSIONS)) await registry.push({ repository: `acme/${name}`, tag });
    const clusters = await startClusters(github);
    endings.push(() => clusters.stop());
    let faster = () => {};
    return {
      github,
      registry,
      clusters,
      startProgram: async () => {
        const app = await startProgram({ github, registry, clusters, folder }, options);
        endings.push(async () => {
          github.setWebhookUrl(undefined);
          registry.notifyTo(undefined);
          clusters.notifyTo(undefined);
          await app.stop();
        });
        return app;
      },
      answerIn: (milliseconds) => {
        faster();
        faster = github.break({ on: "* *", fault: { kind: "slow", milliseconds } });
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function prepareGithub(github: Github, registryHost: string): void {
  const [owner = "", name = ""] = CONFIG_REPOSITORY.split("/");
  const repository = github.createRepository({ owner, name, files: readConfigRepository(registryHost) });
  // One commit for each promotion makes the history that the demo shows at its end.
  repository.mergeMethods = ["squash"];
  github.setRole({ repository: CONFIG_REPOSITORY, user: REVIEWER, role: "maintain" });
  // GitHub begins to compute it when a pull request opens, and is mostly done when somebody asks.
  github.settings.unknownMergeabilityAnswers = 0;
}

interface Surroundings {
  readonly github: Github;
  readonly registry: RunningRegistry;
  readonly clusters: Clusters;
  readonly folder: string;
}

async function startProgram(
  { github, registry, clusters, folder }: Surroundings,
  { startApp, logLevel }: WorldOptions,
): Promise<App> {
  const secret = randomBytes(20).toString("hex");
  const { appId, privateKey, webhookSecret, url: baseUrl } = github;
  const app = await startApp({
    app: { appId, privateKey, webhookSecrets: [webhookSecret], baseUrl },
    settings: { ...settingsFor(registry.host, secret), live: [clusters.settings] },
    store: { folder: join(folder, "database") },
    http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
    logLevel,
    throttle: false,
  });
  github.setWebhookUrl(`${app.url}/api/github/webhooks`);
  registry.notifyTo({ url: `${app.url}/hooks/registry/demo`, secret, kind: "distribution" });
  clusters.notifyTo(`${app.url}/hooks/live/${clusters.settings.id}`);
  return app;
}

function settingsFor(host: string, secret: string): Settings {
  return {
    ...NO_SETTINGS,
    registries: [{ host, prefix: "acme/", for: ["acme/*"], insecure: true, every: TEN_MINUTES }],
    webhooks: [{ id: "demo", kind: "distribution", registry: host, secrets: [secret] }],
  };
}
