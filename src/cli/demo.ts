// `stagecoach demo`: the real program against stand-ins for GitHub, a registry and Argo CD. They stand in `test/`, which is
// part of a checkout of the repository and of nothing that is installed, so they are loaded only here.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { awaitSignal } from "./await-signal.ts";
import type { Command, CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import type { Given } from "./read-arguments.ts";

const ABOUT = `
Shows a release travelling through its environments by pull requests, and what runs there told on them. It is the real
program, with stand-ins for GitHub, a registry and Argo CD in the same process; it needs no account, no token and no
cluster. When the story is over it stays up and says what to try; with --once it ends by itself, with exit code 0 when
the story came out right, else 1.`;

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"];

const command = defineCommand({
  name: "demo",
  summary: "shows it at work on this machine alone",
  usage: ["[--once] [--log <level>]"],
  mostPositionals: 0,
  about: ABOUT,
  options: [
    { name: "once", description: "ends by itself after the story" },
    { name: "log", value: "<level>", description: `the program's own log, too: ${LOG_LEVELS.join(", ")}` },
  ],
  run,
});

export const demo: Command = { ...command, ownsTerminal: true };

async function run({ adapters, print, complain, variables }: CommandContext, given: Given): Promise<ExitCode> {
  const logLevel = given.text("log") ?? "error";
  if (!LOG_LEVELS.includes(logLevel)) {
    return complainAboutUsage({ complain }, { command: "demo", why: `There is no log level \`${logLevel}\`.` });
  }
  if (!existsSync(fileURLToPath(new URL("../../test/demo/run-demo.ts", import.meta.url)))) {
    complain(
      "The demo needs a checkout of the repository: its stand-ins for GitHub, a registry and Argo CD are in `test/`.",
    );
    return 1;
  }
  const { runDemo } = await import("../../test/demo/run-demo.ts").catch((cause: unknown) => {
    throw new Error("The demo could not be loaded. It needs the development dependencies, too: run `npm ci`.", {
      cause,
    });
  });
  const colours = process.stdout.isTTY === true && !variables.NO_COLOR;
  return runDemo({
    startApp: adapters.startApp,
    print,
    once: given.has("once"),
    colours,
    logLevel,
    stopped: awaitSignal(),
  });
}
