// Everything around the program for the tests of its command line: the stand-in for GitHub with a config repository, a
// small registry, and a folder with the private key, the settings file and the embedded database.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Github, startGithub } from "../github/start-github.ts";
import type { RegistryOptions } from "../registry/registry-state.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { waitUntil } from "../store/wait-until.ts";
import { type RunningProgram, startProgram } from "./run-program.ts";

export const CONFIG = "acme/platform-config";
export const HOOK_SECRET = "a-secret-of-the-laboratory";

export interface Service {
  readonly github: Github;
  readonly registry: RunningRegistry;
  readonly folder: string;
  /** As an operator sets them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Starts `stagecoach serve` and waits until it listens; webhooks of both are sent there from then on. */
  serve(): Promise<RunningProgram>;
  openPromotions(): readonly string[];
  end(): Promise<void>;
}

export interface ServiceOptions {
  readonly mode?: string;
  readonly registry?: RegistryOptions;
  /** The settings file. */
  readonly settings?: (host: string) => string;
}

export async function beginService(options: ServiceOptions = {}): Promise<Service> {
  const { mode = "full", settings = settingsFor } = options;
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-cli-"));
  const registry = await startRegistry(options.registry);
  const github = await startGithub();
  github.createRepository({ owner: "acme", name: "platform-config", files: configFiles(registry.host, mode) });
  await registry.push({ repository: "acme/checkout", tag: "1.7.0" });
  writeFileSync(join(folder, "key.pem"), github.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, "settings.yaml"), settings(registry.host));
  const variables = {
    APP_ID: String(github.appId),
    PRIVATE_KEY_PATH: join(folder, "key.pem"),
    WEBHOOK_SECRET: github.webhookSecret,
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: "http",
    HOST: "127.0.0.1",
    PORT: "0",
    METRICS_PORT: "0",
    LOG_LEVEL: "warn",
    STAGECOACH_DATA: join(folder, "data"),
    STAGECOACH_SETTINGS: join(folder, "settings.yaml"),
    LAB_SECRET: HOOK_SECRET,
  };
  const running: RunningProgram[] = [];
  return {
    github,
    registry,
    folder,
    variables,
    serve: async () => {
      const program = startProgram(["serve"], { variables });
      running.push(program);
      const url = await whereItListens(program);
      github.setWebhookUrl(`${url}/api/github/webhooks`);
      registry.notifyTo({ url: `${url}/hooks/registry/lab`, secret: HOOK_SECRET, kind: "distribution" });
      return program;
    },
    openPromotions: () => github.pullRequests({ repository: CONFIG, state: "open" }).map(({ title }) => title),
    end: async () => {
      for (const { child } of running) child.kill("SIGKILL");
      await Promise.all(running.map(({ exited }) => exited));
      await registry.close();
      await github.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function whereItListens(program: RunningProgram): Promise<string> {
  await waitUntil("the program listens", () => {
    if (program.child.exitCode !== null) throw new Error(`It ended:\n${program.stdout()}${program.stderr()}`);
    return program.stdout().includes("Stagecoach listens at ");
  });
  return /Stagecoach listens at (\S+);/.exec(program.stdout())?.[1] ?? "";
}

function configFiles(host: string, mode: string): Readonly<Record<string, string>> {
  return {
    ".github/stagecoach.yaml": `version: 1
mode: ${mode}
pipelines:
  - name: checkout
    images: [{ image: "${host}/acme/checkout", policy: { semver: "*" } }]
    environments:
      - { name: integration, paths: [integration] }
      - { name: live, after: [integration], paths: [live] }
`,
    "integration/app.yaml": `image: ${host}/acme/checkout:1.7.0\n`,
    "live/app.yaml": `image: ${host}/acme/checkout:1.7.0\n`,
  };
}

function settingsFor(host: string): string {
  return `registries:
  - { host: "${host}", insecure: true, for: ["acme/*"] }
webhooks:
  - { id: lab, kind: distribution, registry: "${host}", secret-env: LAB_SECRET }
`;
}
