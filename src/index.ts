// Puts the program together: the only file that names adapters. Everything else works with ports; what a command or a
// route does stands in its own file.

import pino, { type Logger } from "pino";
import packageFile from "../package.json" with { type: "json" };
import type { App, AppOptions, CommandContext, ExitCode, GithubApp, Preview, PreviewOptions } from "./cli/command.ts";
import { COMMANDS } from "./cli/commands.ts";
import { matchesWholeTag, READING_RULES } from "./cli/reading-rules.ts";
import { runCommand } from "./cli/run-command.ts";
import { validateText } from "./cli/validate-text.ts";
import type { Settings } from "./domain/settings.ts";
import { createEndpoints } from "./endpoint/create-endpoints.ts";
import { apiUrl, connectGithub, gitHostOf } from "./forge/connect-github.ts";
import type { Forge } from "./forge/forge.ts";
import { createGithubForge } from "./forge/github-forge.ts";
import { createLocalForge } from "./forge/local-forge.ts";
import { createLocalHistory } from "./forge/local-history.ts";
import { readGithubEvent } from "./forge/read-github-event.ts";
import { REFUSED_WRITES } from "./forge/refuse-writes.ts";
import { countPasses } from "./http/count-passes.ts";
import { countRefusals } from "./http/count-refusals.ts";
import { createMetrics, type Metrics } from "./http/create-metrics.ts";
import { createHttpServer } from "./http/create-server.ts";
import { createRateLimit } from "./http/limit-rate.ts";
import { listen } from "./http/listen.ts";
import { createOperationsRoutes } from "./http/operations.ts";
import { createGithubRoute } from "./http/receive-github.ts";
import { createLiveRoute } from "./http/receive-live.ts";
import { createRegistryRoutes } from "./http/receive-registry.ts";
import type { Route } from "./http/route.ts";
import { createValidateRoute } from "./http/validate.ts";
import { createLive } from "./live/create-live.ts";
import { openReporter } from "./live/reporter/open-reporter.ts";
import type { Reporter, ReporterOptions } from "./live/reporter/reporter.ts";
import { createReportKeeper } from "./live/reports/keep-reports.ts";
import { recallReports } from "./live/reports/recall-reports.ts";
import { LIVE_RECEIVERS } from "./live/reports/receivers.ts";
import { createPassMemory } from "./reconcile/pass-memory.ts";
import type { PassMetrics, Shell } from "./reconcile/shell.ts";
import { createTallies } from "./reconcile/tally-requests.ts";
import { watchSources } from "./reconcile/watch-sources.ts";
import { findRepositories, keepSearching, startWork } from "./reconcile/work.ts";
import { createOciRegistry } from "./registry/oci-registry.ts";
import { createProofs } from "./registry/proofs/create-proofs.ts";
import { REFUSED_COPIES } from "./registry/refuse-copies.ts";
import type { Registry } from "./registry/registry.ts";
import { RECEIVERS } from "./registry/webhooks/receivers.ts";
import { SAMPLES } from "./registry/webhooks/send-sample.ts";
import { createRenderer } from "./report/create-renderer.ts";
import { describeError, redactLogLine } from "./report/describe-error.ts";
import { loadTemplates } from "./report/load-templates.ts";
import { createSignatures } from "./signing/create-signatures.ts";
import { openPreviewStore } from "./store/open-preview-store.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

const LOOK_EVERY = 10 * 60_000;
/** Together less than the thirty seconds after which Kubernetes kills. */
const DRAIN = { requests: 5_000, passes: 18_000 };
const USER_AGENT = "stagecoach";
const tallies = createTallies();

/** Where a command runs and whom it talks to: this process, unless somebody else is meant. */
export type Surroundings = Pick<CommandContext, "variables" | "folder" | "print" | "complain">;

/** `given` is what stands behind the program's name. Answers the exit code. */
export function main(given: readonly string[], surroundings = ownSurroundings()): Promise<ExitCode> {
  const context = {
    ...surroundings,
    arguments: given,
    adapters: {
      ...{ startApp, openPreview, openRegistry, samples: SAMPLES },
      openHistory: createLocalHistory,
      openReporter: reporterOf,
      apiUrl,
    },
  };
  return runCommand(context, { commands: COMMANDS, version: packageFile.version });
}

function ownSurroundings(): Surroundings {
  return {
    variables: process.env,
    folder: process.cwd(),
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
  };
}

function openRegistry({ registries }: Settings, now = Date.now): Registry {
  return createOciRegistry({ registries, now, userAgent: USER_AGENT, matchesTag: matchesWholeTag });
}

function reporterOf(options: ReporterOptions): Reporter {
  return openReporter({ ...options, version: packageFile.version });
}

export async function startApp(options: AppOptions): Promise<App> {
  const now = options.now ?? Date.now;
  const log = createLog(options.logLevel);
  const store = "hints" in options.store ? options.store : await openStore({ ...options.store, now, log });
  try {
    return await startOn(store, { ...options, now, log });
  } catch (error) {
    await store.close();
    throw error;
  }
}

function createLog(level: string): Logger {
  return pino({ level, serializers: { err: describeError }, hooks: { streamWrite: redactLogLine } });
}

type Starting = AppOptions & Pick<Parts, "now" | "log">;

async function startOn(store: Store, options: Starting): Promise<App> {
  const { now, log, app, settings, throttle, lookEvery = LOOK_EVERY } = options;
  const { host, port, metricsPort } = options.http;
  const metrics = createMetrics({ pending: () => store.work.pending() });
  const folder = "folder" in options.store ? options.store.folder : undefined;
  const parts = { settings, throttle, store, metrics: countPasses(metrics), log, now, folder };
  const shell = assembleShell({ ...parts, gitHost: gitHostOf(app), forge: await connect({ ...parts, app }) });
  const state = { started: false, draining: false };
  const routes = await intakeRoutes(shell, { ...options, metrics });
  const intake = createHttpServer({ routes, log, onAnswered: metrics.onAnswered });
  const operations = createHttpServer({
    routes: createOperationsRoutes({
      ping: () => store.ping(),
      isStarted: () => state.started,
      isDraining: () => state.draining,
      metrics,
    }),
    log,
  });
  const url = await listen(intake, { host, port, variable: "PORT" });
  const operationsUrl = await listen(operations, { host, port: metricsPort, variable: "METRICS_PORT" }).catch(
    async (error: unknown) => {
      await intake.close({ milliseconds: 0 });
      throw error;
    },
  );
  await startWork({ shell, lookEvery });
  state.started = true;
  const stopSearching = keepSearching(shell, { every: lookEvery });
  const stopWatching = watchSources(shell);
  return {
    url,
    operationsUrl,
    shell,
    lookEverywhere: () => findRepositories(shell, { wake: "all" }),
    stop: async () => {
      state.draining = true;
      stopSearching();
      stopWatching();
      intake.drain();
      await intake.close({ milliseconds: DRAIN.requests });
      await store.work.stop({ milliseconds: DRAIN.passes });
      await operations.close({ milliseconds: DRAIN.requests });
      await store.close();
    },
  };
}

/** A shell that can look and plan, and cannot write. */
async function openPreview({ forge: wanted, settings }: PreviewOptions): Promise<Preview> {
  const log = pino({ level: "silent" });
  const store = openPreviewStore();
  const metrics = countPasses(createMetrics({ pending: async () => 0 }));
  const parts = { settings, throttle: false, store, metrics, log, now: Date.now };
  const reading =
    wanted.kind === "github" ? await connect({ ...parts, app: wanted.app }) : await createLocalForge(wanted);
  const forge = { ...reading, ...REFUSED_WRITES };
  const gitHost = wanted.kind === "github" ? gitHostOf(wanted.app) : undefined;
  const assembled = assembleShell({ ...parts, gitHost, forge });
  const registry = { ...assembled.registry, ...REFUSED_COPIES };
  const shell = { ...assembled, registry };
  return { shell, forge, registry, close: () => store.close() };
}

interface Parts {
  readonly settings: Settings;
  readonly throttle: boolean;
  readonly store: Store;
  readonly metrics: PassMetrics;
  readonly log: Logger;
  readonly now: () => number;
  readonly folder?: string | undefined;
}

type Assembling = Parts & { readonly forge: Forge; readonly gitHost: string | undefined };

function assembleShell({ forge, gitHost, settings, store, metrics, log, now, folder }: Assembling): Shell {
  return {
    forge,
    registry: openRegistry(settings, now),
    live: createLive({ sources: settings.live, reports: recallReports({ cache: store.cache, now }), now, log }),
    endpoints: createEndpoints({ endpoints: settings.endpoints, userAgent: USER_AGENT }),
    signatures: createSignatures({ settings: settings.signing, folder: folder && `${folder}.sigstore`, now }),
    store,
    renderer: createRenderer(loadTemplates()),
    floor: settings.floor,
    rules: { ...READING_RULES, ...(gitHost !== undefined && { gitHost }) },
    tagsFresh: (image) =>
      settings.registries.find(({ host, prefix }) => image.startsWith(`${host}/${prefix}`))?.every ?? LOOK_EVERY,
    now,
    log,
    metrics,
    counting: tallies.counting,
    memory: createPassMemory(),
  };
}

async function connect({ app, throttle, log, now }: Parts & { readonly app: GithubApp }): Promise<Forge> {
  const { appId, privateKey, baseUrl, webhookSecrets } = app;
  const [webhookSecret = ""] = webhookSecrets;
  const settings = { appId, privateKey, webhookSecret, baseUrl, log, throttle, now, onRequest: tallies.count };
  return createGithubForge(await connectGithub(settings));
}

async function intakeRoutes(
  shell: Shell,
  { app, settings, metrics }: AppOptions & { readonly metrics: Metrics },
): Promise<readonly Route[]> {
  const { store, now } = shell;
  const { slug } = await shell.forge.identity();
  const known = { slug, hosts: settings.registries.map(({ host }) => host), gitHost: gitHostOf(app) };
  const rate = createRateLimit({ each: { burst: 20, perMinute: 20 }, total: { burst: 100, perMinute: 200 }, now });
  return [
    createGithubRoute({
      store,
      secrets: app.webhookSecrets,
      readEvent: (message) => readGithubEvent({ ...message, ...known }),
    }),
    ...createRegistryRoutes({
      ...{ store, webhooks: settings.webhooks, receivers: RECEIVERS, now },
      proofs: createProofs({ now, userAgent: USER_AGENT }),
      onHandshake: ({ webhook, said }) => shell.log.info({ webhook }, said),
    }),
    createLiveRoute({
      store,
      sources: settings.live,
      receivers: LIVE_RECEIVERS,
      keep: createReportKeeper({ cache: store.cache, now }),
      now,
      onRefused: countRefusals(metrics),
    }),
    createValidateRoute({ rate, validate: (text) => validateText(text, settings) }),
  ];
}
