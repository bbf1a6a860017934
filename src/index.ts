// Puts the program together: the only file that names adapters. Everything else works with ports; what a command or a
// route does stands in its own file.

import { AsyncLocalStorage } from "node:async_hooks";
import pino, { type Logger } from "pino";
import { Counter, Histogram } from "prom-client";
import type { App, AppOptions, GithubApp } from "./cli/command.ts";
import { MAIN_FILE } from "./config/configuration-files.ts";
import { readConfiguration } from "./config/read-configuration.ts";
import type { Rules } from "./config/shape.ts";
import type { Settings } from "./domain/settings.ts";
import { connectGithub } from "./forge/connect-github.ts";
import type { Forge } from "./forge/forge.ts";
import { createGithubForge } from "./forge/github-forge.ts";
import { readGithubEvent } from "./forge/read-github-event.ts";
import { createMetrics, type Metrics } from "./http/create-metrics.ts";
import { createHttpServer } from "./http/create-server.ts";
import { createRateLimit } from "./http/limit-rate.ts";
import { createOperationsRoutes } from "./http/operations.ts";
import { createGithubRoute } from "./http/receive-github.ts";
import { createRegistryRoutes } from "./http/receive-registry.ts";
import type { Route } from "./http/route.ts";
import { createValidateRoute } from "./http/validate.ts";
import { readTagPattern } from "./plan/tag-pattern.ts";
import { readVersionRange } from "./plan/version-range.ts";
import { createPassMemory } from "./reconcile/pass-memory.ts";
import type { PassMetrics, Shell } from "./reconcile/shell.ts";
import { findRepositories, startWork } from "./reconcile/work.ts";
import { createOciRegistry } from "./registry/oci-registry.ts";
import { RECEIVERS } from "./registry/webhooks/receivers.ts";
import { createRenderer } from "./report/create-renderer.ts";
import { loadTemplates } from "./report/load-templates.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

const LOOK_EVERY = 10 * 60_000;
/** Together less than the thirty seconds after which Kubernetes kills. */
const DRAIN = { requests: 5_000, passes: 18_000 };
const USER_AGENT = "stagecoach";

export async function startApp(options: AppOptions): Promise<App> {
  const now = options.now ?? Date.now;
  const lookEvery = options.lookEvery ?? LOOK_EVERY;
  const log = pino({ level: options.logLevel });
  const store = "hints" in options.store ? options.store : await openStore({ ...options.store, now, log });
  const metrics = createMetrics({ pending: () => store.work.pending() });
  const { app, settings, throttle } = options;
  const shell = await assembleShell({ app, settings, throttle, store, metrics: countPasses(metrics), log, now });
  const state = { started: false, draining: false };
  const intake = createHttpServer({ routes: await intakeRoutes(shell, options), log, onAnswered: metrics.onAnswered });
  const operations = createHttpServer({
    routes: createOperationsRoutes({
      ping: () => store.ping(),
      isStarted: () => state.started,
      isDraining: () => state.draining,
      metrics,
    }),
    log,
  });
  const { host, port, metricsPort } = options.http;
  const url = `http://${host}:${await intake.listen({ port, host })}`;
  const operationsUrl = `http://${host}:${await operations.listen({ port: metricsPort, host })}`;
  await startWork({ shell, lookEvery });
  state.started = true;
  const searching = keepSearching(shell, { every: lookEvery, log });
  return {
    url,
    operationsUrl,
    shell,
    lookEverywhere: () => findRepositories(shell, { wake: "all" }),
    stop: async () => {
      state.draining = true;
      clearInterval(searching);
      intake.drain();
      await intake.close({ milliseconds: DRAIN.requests });
      await store.work.stop({ milliseconds: DRAIN.passes });
      await operations.close({ milliseconds: DRAIN.requests });
      await store.close();
    },
  };
}

interface Parts {
  readonly app: GithubApp;
  readonly settings: Settings;
  readonly throttle: boolean;
  readonly store: Store;
  readonly metrics: PassMetrics;
  readonly log: Logger;
  readonly now: () => number;
}

async function assembleShell(parts: Parts): Promise<Shell> {
  const { settings, store, metrics, log, now } = parts;
  return {
    forge: await connect(parts),
    registry: createOciRegistry({ registries: settings.registries, now, userAgent: USER_AGENT }),
    store,
    renderer: createRenderer(loadTemplates()),
    floor: settings.floor,
    rules: RULES,
    tagsFresh: (image) =>
      settings.registries.find(({ host, prefix }) => image.startsWith(`${host}/${prefix}`))?.every ?? LOOK_EVERY,
    now,
    log,
    metrics,
    counting: (work) => {
      const tally = { requests: 0 };
      return tallies.run(tally, () => work(() => tally.requests));
    },
    memory: createPassMemory(),
  };
}

/** Which pass a request to GitHub belongs to, also while other passes run. */
const tallies = new AsyncLocalStorage<{ requests: number }>();

function countRequest(): void {
  const tally = tallies.getStore();
  if (tally) tally.requests += 1;
}

async function connect({ app, throttle, log, now }: Parts): Promise<Forge> {
  const { appId, privateKey, baseUrl, webhookSecrets } = app;
  const [webhookSecret = ""] = webhookSecrets;
  const settings = { appId, privateKey, webhookSecret, baseUrl, log, throttle, now, onRequest: countRequest };
  return createGithubForge(await connectGithub(settings));
}

/** What the reader of the pipeline file asks the planner about. */
const RULES: Rules = {
  range: (text) => reasonOf(readVersionRange(text)),
  pattern: (text) => reasonOf(readTagPattern(text)),
};

function reasonOf(
  reading: { readonly kind: "invalid"; readonly why: string } | { readonly kind: "range" | "pattern" },
): string | undefined {
  return reading.kind === "invalid" ? reading.why : undefined;
}

async function intakeRoutes(shell: Shell, { app, settings }: AppOptions): Promise<readonly Route[]> {
  const { store, now } = shell;
  const { slug } = await shell.forge.identity();
  const rate = createRateLimit({ each: { burst: 20, perMinute: 20 }, total: { burst: 200, perMinute: 600 }, now });
  return [
    createGithubRoute({
      store,
      secrets: app.webhookSecrets,
      readEvent: (message) => readGithubEvent({ ...message, slug }),
    }),
    ...createRegistryRoutes({ store, webhooks: settings.webhooks, receivers: RECEIVERS, now }),
    createValidateRoute({ rate, validate: (text) => validateText(text, settings) }),
  ];
}

function validateText(text: string, { floor }: Settings) {
  const { findings } = readConfiguration({ files: [{ path: MAIN_FILE, text }], tree: [], floor, rules: RULES });
  return { ok: findings.every(({ severity }) => severity !== "error"), findings };
}

/** Repositories that no event told of, and at the start all of them. GitHub out of reach is no reason not to start. */
function keepSearching(shell: Shell, { every, log }: { readonly every: number; readonly log: Logger }): NodeJS.Timeout {
  const search = async (wake: "all" | "new") => {
    try {
      await findRepositories(shell, { wake });
    } catch (error) {
      log.warn({ err: error }, "could not look for repositories; it is tried again");
    }
  };
  void search("all");
  return setInterval(() => void search("new"), every).unref();
}

function countPasses({ registry }: Pick<Metrics, "registry">): PassMetrics {
  const registers = [registry];
  const passes = new Histogram({
    name: "stagecoach_pass_duration_seconds",
    help: "Time of a pass over one repository.",
    labelNames: ["outcome"],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const actions = new Counter({
    name: "stagecoach_actions_total",
    help: "What was done on GitHub.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  return {
    passFinished: ({ milliseconds, outcome }) => passes.observe({ outcome }, milliseconds / 1_000),
    acted: (action) => actions.inc(action),
  };
}
