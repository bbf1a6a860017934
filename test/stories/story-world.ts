// The whole program on the stand-in for GitHub and a small registry, and the time that passes between them. A story may
// lose every event, or its database before every step, and has to end the same way.

import type { App } from "../../src/cli/command.ts";
import { NO_SETTINGS, type Settings } from "../../src/domain/settings.ts";
import { startApp } from "../../src/index.ts";
import { findRepositories } from "../../src/reconcile/work.ts";
import { type Github, startGithub } from "../github/start-github.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { createHandDrivenStore, type HandDrivenStore } from "./hand-driven-store.ts";

export type Conditions = "with every event" | "with every event lost" | "with the database deleted before every step";
export const ALL_CONDITIONS: readonly Conditions[] = [
  "with every event",
  "with every event lost",
  "with the database deleted before every step",
];

export const HOOK_SECRET = "story-registry-secret-0123456789";
const MINUTE = 60_000;

export interface WorldOptions {
  readonly conditions?: Conditions;
  readonly settings?: (host: string) => Partial<Settings>;
  /** The story begins before the program does; what it begins with may ask for settings of its own. */
  readonly before: (world: Pick<World, "github" | "registry" | "now">) => Promise<Partial<Settings>>;
}

export interface World {
  readonly github: Github;
  readonly registry: RunningRegistry;
  app(): App;
  store(): HandDrivenStore;
  now(): number;
  /** Lets everything happen that follows, until the world is quiet. */
  settle(): Promise<void>;
  /** Time goes by, then everything settles. */
  wait(milliseconds: number): Promise<void>;
  restart(options?: { readonly forget?: boolean }): Promise<void>;
  /** The next pass that fails takes the process with it, and the database. */
  crashWithNextFailure(): void;
  /** What passes threw since this was asked last. A story that leaves any of them unasked for has failed. */
  failures(): readonly Error[];
  end(): Promise<void>;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const { conditions = "with every event" } = options;
  const lost = conditions === "with every event lost";
  let clock = Date.UTC(2026, 10, 20, 9);
  const now = () => clock;
  const registry = await startRegistry();
  const github = await startGithub({ now: () => new Date(clock) });
  const more = await options.before({ github, registry, now });
  const settings: Settings = {
    ...NO_SETTINGS,
    registries: [{ host: registry.host, prefix: "", for: ["*"], insecure: true, every: 10 * MINUTE }],
    webhooks: [{ id: "lab", kind: "distribution", registry: registry.host, secrets: [HOOK_SECRET] }],
    ...options.settings?.(registry.host),
    ...more,
  };
  const failures: Error[] = [];
  const emptyStore = () => createHandDrivenStore({ now, onFailure: (error) => failures.push(error) });
  let store = emptyStore();
  const start = async () => {
    const started = await startApp({ app: appOn(github), settings, store, now, ...QUIETLY });
    github.setWebhookUrl(lost ? undefined : `${started.url}/api/github/webhooks`);
    const url = `${started.url}/hooks/registry/lab`;
    registry.notifyTo(lost ? undefined : { url, secret: HOOK_SECRET, kind: "distribution" });
    await started.lookEverywhere();
    return started;
  };
  let app = await start();
  let crashing = false;

  const restart = async ({ forget = false } = {}) => {
    await app.stop();
    if (forget) store = emptyStore();
    app = await start();
  };

  const runDue = async () => {
    const failed = failures.length;
    const passes = await store.runDue();
    if (crashing && failures.length > failed) {
      crashing = false;
      github.mend();
      await restart({ forget: true });
      return 1;
    }
    return passes;
  };

  /** Time passes only as far as somebody waits for it; without events up to the next look of each repository. */
  const settle = async () => {
    if (conditions === "with the database deleted before every step") await restart({ forget: true });
    // What the program does every ten minutes by itself.
    if (lost) await findRepositories(app.shell, { wake: "new" });
    const until = clock + (lost ? 30 : 2) * MINUTE;
    for (let step = 0; step < 400; step += 1) {
      await github.webhooks.settled();
      if ((await runDue()) > 0) continue;
      const next = store.nextWake();
      if (next === undefined || next > until) return;
      clock = Math.max(clock, next);
    }
    throw new Error("The story never goes quiet.");
  };

  return {
    github,
    registry,
    app: () => app,
    store: () => store,
    now,
    settle,
    wait: async (milliseconds) => {
      clock += milliseconds;
      await settle();
    },
    restart,
    crashWithNextFailure: () => {
      crashing = true;
    },
    failures: () => failures.splice(0),
    end: async () => {
      await app.stop();
      await registry.close();
      await github.close();
    },
  };
}

const QUIETLY = {
  http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
  logLevel: process.env.STORY_LOG ?? "silent",
  throttle: false,
} as const;

function appOn(github: Github) {
  return {
    appId: github.appId,
    privateKey: github.privateKey,
    webhookSecrets: [github.webhookSecret],
    baseUrl: github.url,
  };
}
