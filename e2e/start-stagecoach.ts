// The program as an operator runs it: a process of its own with its settings file, its embedded database and real time.
// GitHub is the stand-in of the tests, which sends its webhooks there from then on.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Github } from "../test/github/start-github.ts";
import { runProcess } from "./run-process.ts";
import { waitUntil } from "./wait-until.ts";

const PROGRAM = fileURLToPath(new URL("../bin/stagecoach.js", import.meta.url));

export interface RunningStagecoach {
  /** where webhooks are received */
  readonly url: string;
  /** where health and metrics are */
  readonly operationsUrl: string;
  /** what commands need besides their arguments */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  stop(): Promise<void>;
}

export async function startStagecoach({
  github,
  folder,
  port,
  settings,
  secrets,
}: {
  readonly github: Github;
  /** for what it keeps and logs */
  readonly folder: string;
  /** where it receives webhooks */
  readonly port: number;
  /** the settings file */
  readonly settings: string;
  /** the variables that the settings file names */
  readonly secrets: Readonly<Record<string, string>>;
}): Promise<RunningStagecoach> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "key.pem"), github.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, "settings.yaml"), settings);
  const environment = {
    APP_ID: String(github.appId),
    PRIVATE_KEY_PATH: join(folder, "key.pem"),
    WEBHOOK_SECRET: github.webhookSecret,
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: "http",
    HOST: "127.0.0.1",
    PORT: String(port),
    METRICS_PORT: "0",
    LOG_LEVEL: "info",
    STAGECOACH_DATA: join(folder, "data"),
    STAGECOACH_SETTINGS: join(folder, "settings.yaml"),
    ...secrets,
  };
  const logFile = join(folder, "stagecoach.log");
  const running = runProcess({ program: process.execPath, args: [PROGRAM, "serve"], logFile, environment });
  const [, url = "", operationsUrl = ""] = await waitUntil("Stagecoach listens", {
    async ask() {
      if (!existsSync(logFile)) return undefined;
      return (
        /listens at (\S+); its health and metrics are at (\S+)\.\n/.exec(readFileSync(logFile, "utf8")) ?? undefined
      );
    },
    meanwhile: running.requireAlive,
  });
  github.setWebhookUrl(`${url}/api/github/webhooks`);
  return {
    url,
    operationsUrl,
    environment,
    logFile,
    async stop() {
      github.setWebhookUrl(undefined);
      await running.stop();
    },
  };
}
