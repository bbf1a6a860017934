// The vocabulary of stories: the whole program on the stand-in for GitHub and a small registry, told in the domain's
// words. A story may lose every event, or its database before every step, and has to end the same way.

import type { App } from "../../src/cli/command.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { NO_SETTINGS } from "../../src/domain/settings.ts";
import { startApp } from "../../src/index.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { createHandDrivenStore, type HandDrivenStore } from "./hand-driven-store.ts";

export type Conditions = "with every event" | "with every event lost" | "with the database deleted before every step";
export const ALL_CONDITIONS: readonly Conditions[] = [
  "with every event",
  "with every event lost",
  "with the database deleted before every step",
];

export const CONFIG = "acme/platform-config";
const HOOK_SECRET = "story-registry-secret-0123456789";
const HALF_AN_HOUR = 30 * 60_000;

export interface StoryOptions {
  readonly conditions?: Conditions;
  /** The pipeline file; `REGISTRY` in it and in the files stands for the registry's host. */
  readonly pipeline?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: (host: string) => Partial<Settings>;
}

export interface Story {
  readonly github: Github;
  readonly registry: RunningRegistry;
  /** `127.0.0.1:port/acme/checkout` */
  readonly image: (name?: string) => string;
  app(): App;
  now(): number;
  /** Pushes `acme/<name>:<tag>` to the registry; gives the digest. */
  push(tag: string, options?: { readonly name?: string; readonly seed?: string }): Promise<string>;
  /** Lets everything happen that follows, until the world is quiet. */
  settle(): Promise<void>;
  /** Time goes by, then everything settles. */
  wait(milliseconds: number): Promise<void>;
  /** `staging: 1.8.0`, sorted; of open promotions. */
  open(): readonly string[];
  /** What the environment's file declares now: `1.8.0@<digest's first digits>` or the tag. */
  declares(environment: string): string | undefined;
  promotion(environment: string): ReturnType<Github["pullRequest"]>;
  merge(environment: string, options?: { readonly by?: string }): Promise<void>;
  close(environment: string, options?: { readonly by?: string }): Promise<void>;
  /** The check on the head of the environment's promotion: `success: title`. */
  check(environment: string): string | undefined;
  restart(options?: { readonly forget?: boolean }): Promise<void>;
  end(): Promise<void>;
}

export const CHECKOUT = `version: 1
mode: full
pipelines:
  - name: checkout
    images:
      - image: REGISTRY/acme/checkout
        policy: { semver: "*" }
    environments:
      - { name: integration, paths: [apps/checkout/integration], merge: auto }
      - { name: staging, after: [integration], paths: [apps/checkout/staging], merge: auto }
      - { name: live, after: [staging], paths: [apps/checkout/live] }
`;

export function deployment(tag: string, name = "checkout"): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    spec:
      containers:
        - name: ${name} # the service itself
          image: REGISTRY/acme/${name}:${tag}
`;
}

const FILES = {
  "apps/checkout/integration/deployment.yaml": deployment("1.7.0"),
  "apps/checkout/staging/deployment.yaml": deployment("1.7.0"),
  "apps/checkout/live/deployment.yaml": deployment("1.7.0"),
};

export async function beginStory(options: StoryOptions = {}): Promise<Story> {
  const { conditions = "with every event" } = options;
  let clock = Date.UTC(2026, 10, 20, 9);
  const now = () => clock;
  const registry = await startRegistry();
  const github = await startGithub({ now: () => new Date(clock) });
  const write = (text: string) => text.replaceAll("REGISTRY", registry.host);
  const files = { ".github/stagecoach.yaml": options.pipeline ?? CHECKOUT, ...(options.files ?? FILES) };
  github.createRepository({
    owner: "acme",
    name: "platform-config",
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, write(text)])),
  });
  await registry.push({ repository: "acme/checkout", tag: "1.7.0" });

  const settings: Settings = {
    ...NO_SETTINGS,
    registries: [{ host: registry.host, prefix: "", for: ["*"], insecure: true, every: 10 * 60_000 }],
    webhooks: [{ id: "lab", kind: "distribution", registry: registry.host, secrets: [HOOK_SECRET] }],
    ...options.settings?.(registry.host),
  };
  let store: HandDrivenStore = createHandDrivenStore({ now });
  const start = () =>
    startApp({
      app: {
        appId: github.appId,
        privateKey: github.privateKey,
        webhookSecrets: [github.webhookSecret],
        baseUrl: github.url,
      },
      settings,
      store,
      http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
      logLevel: process.env.STORY_LOG ?? "silent",
      throttle: false,
      now,
    });
  let app = await start();
  const connect = async () => {
    const lost = conditions === "with every event lost";
    github.setWebhookUrl(lost ? undefined : `${app.url}/api/github/webhooks`);
    registry.notifyTo(
      lost ? undefined : { url: `${app.url}/hooks/registry/lab`, secret: HOOK_SECRET, kind: "distribution" },
    );
    await app.lookEverywhere();
  };
  await connect();

  const restart = async ({ forget = false } = {}) => {
    await app.stop();
    if (forget) store = createHandDrivenStore({ now });
    app = await start();
    await connect();
  };

  /** Time passes only as far as somebody waits for it; without events up to the next look of each repository. */
  const settle = async () => {
    if (conditions === "with the database deleted before every step") await restart({ forget: true });
    const patience = conditions === "with every event lost" ? HALF_AN_HOUR : 2 * 60_000;
    const until = clock + patience;
    for (let step = 0; step < 200; step += 1) {
      await github.webhooks.settled();
      if ((await store.runDue()) > 0) continue;
      const next = store.nextWake();
      if (next === undefined || next > until) return;
      clock = Math.max(clock, next);
    }
    throw new Error("The story never goes quiet.");
  };

  const promotion = (environment: string) => {
    const found = github
      .pullRequests({ repository: CONFIG, state: "open" })
      .find(({ headRef }) => headRef === `stagecoach/checkout/${environment}`);
    if (!found) throw new Error(`No promotion to ${environment} is open.`);
    return found;
  };

  return {
    github,
    registry,
    image: (name = "checkout") => `${registry.host}/acme/${name}`,
    app: () => app,
    now,
    push: (tag, { name = "checkout", seed } = {}) =>
      registry.push({ repository: `acme/${name}`, tag, ...(seed !== undefined && { digestSeed: seed }) }),
    settle,
    wait: async (milliseconds) => {
      clock += milliseconds;
      await settle();
    },
    open: () =>
      github
        .pullRequests({ repository: CONFIG, state: "open" })
        .filter(({ headRef }) => headRef.startsWith("stagecoach/"))
        .map(({ title }) => /^Promote \S+ (.*) to (.*)$/.exec(title)?.slice(1).reverse().join(": ") ?? title)
        .sort(),
    declares: (environment) => {
      const text = github.fileAt({
        repository: CONFIG,
        ref: "main",
        path: `apps/checkout/${environment}/deployment.yaml`,
      });
      return /checkout:(\S+)/.exec(text ?? "")?.[1];
    },
    promotion,
    merge: async (environment, { by = "maria" } = {}) => {
      const outcome = github.mergePullRequest({
        repository: CONFIG,
        number: promotion(environment).number,
        by,
        method: "squash",
      });
      if (outcome.kind !== "merged") throw new Error(`GitHub does not merge: ${JSON.stringify(outcome)}`);
      await settle();
    },
    close: async (environment, { by = "maria" } = {}) => {
      github.closePullRequest({ repository: CONFIG, number: promotion(environment).number, by });
      await settle();
    },
    check: () => undefined,
    restart,
    end: async () => {
      await app.stop();
      await registry.close();
      const deviations = github.deviations();
      await github.close();
      if (deviations.length > 0) throw new Error(`GitHub would not have it so:\n${deviations.join("\n")}`);
    },
  };
}
