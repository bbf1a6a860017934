// `stagecoach serve`: the program itself. Starts only when everything that it was given is sound, runs until it is told
// to stop, and drains before it goes.

import { awaitSignal } from "./await-signal.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { defineCommand } from "./define-command.ts";
import { gatherOperation } from "./gather-settings.ts";
import { describeFailure } from "./run-command.ts";

const ABOUT = `
Receives webhooks, and carries releases from stage to stage. It is set up by environment variables:

  APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET    of the GitHub App; needed
  GHE_HOST, GHE_PROTOCOL                                     of a GitHub Enterprise Server
  HOST, PORT, METRICS_PORT                                   where it listens
  DATABASE_URL, or STAGECOACH_DATA                           PostgreSQL, or the embedded database's folder
  STAGECOACH_SETTINGS                                        the settings file
  LOG_LEVEL                                                  trace, debug, info, warn, error or fatal

SIGTERM or SIGINT: it takes nothing new, finishes what runs, and ends. A second one ends it at once.`;

export const serve = defineCommand({
  name: "serve",
  summary: "runs Stagecoach: receives webhooks and promotes",
  usage: ["[--settings <file>]"],
  mostPositionals: 0,
  about: ABOUT,
  options: [{ name: "settings", value: "<file>", description: "the settings file, instead of STAGECOACH_SETTINGS" }],
  run: (context, given) => run(context, given.text("settings")),
});

async function run(context: CommandContext, settingsFile: string | undefined): Promise<ExitCode> {
  const { adapters, print, complain } = context;
  const gathered = await gatherOperation(context, {
    apiUrl: adapters.apiUrl,
    ...(settingsFile !== undefined && { settingsFile }),
  });
  if (gathered.kind === "wrong") {
    complain(["Stagecoach does not start.", ...gathered.paragraphs].join("\n\n"));
    return 2;
  }
  const { app, settings, environment } = gathered;
  const { host, port, metricsPort, logLevel, store } = environment;
  dieQuietly(complain);
  const signal = awaitSignal();
  const running = await adapters.startApp({
    app,
    settings,
    store: store.kind === "postgresql" ? { databaseUrl: store.url } : { folder: store.folder },
    http: { host, port, metricsPort },
    logLevel,
    throttle: true,
  });
  print(`Stagecoach listens at ${running.url}; its health and metrics are at ${running.operationsUrl}.`);
  complain(`${await signal}: Stagecoach takes nothing new and finishes what runs.`);
  await running.stop();
  return 0;
}

/** Node would print a fault that nobody caught with all that hangs on it: requests, files, values of queries (T22). */
function dieQuietly(complain: CommandContext["complain"]): void {
  process.once("uncaughtException", (error: unknown) => {
    const places =
      error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ {4}at /.test(line)) : [];
    complain(["Stagecoach stops, because of a fault of its own.", ...describeFailure(error), ...places].join("\n"));
    process.exit(1);
  });
}
