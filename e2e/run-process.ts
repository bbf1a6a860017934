// Runs one program beside this one, with what it prints in a file, and ends it for certain. Whether it is ready is asked
// by those who start it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { PATIENCE } from "./wait-until.ts";

export interface RunningProcess {
  readonly name: string;
  readonly logFile: string;
  /** @throws with the end of the log when it has ended by itself */
  readonly requireAlive: () => void;
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

export interface ProcessToRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The process sees only PATH, HOME and what is named, so that nobody's own settings change what it does. */
export function runProcess({ program, args, logFile, environment = {} }: ProcessToRun): RunningProcess {
  const name = basename(program);
  const log = openSync(logFile, "a");
  const { PATH = "", HOME = "" } = process.env;
  const [command = program, ...rest] = [...leash(), program, ...args];
  const child = spawn(command, rest, { env: { PATH, HOME, ...environment }, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = Promise.race([once(child, "exit"), once(child, "error")]).catch(() => {});
  // whatever becomes of this process, nothing is left behind
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  return {
    name,
    logFile,
    requireAlive() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) return;
      const how = child.signalCode ?? child.exitCode ?? "not started";
      throw new Error(`${name} has ended (${how}). Its last words, from ${logFile}:\n${lastLines(logFile)}`);
    },
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const impatience = setTimeout(kill, PATIENCE);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** Linux can end a process with the one that started it, even when that was killed and could not do it any more. */
function leash(): readonly string[] {
  const setpriv = "/usr/bin/setpriv";
  return process.platform === "linux" && existsSync(setpriv) ? [setpriv, "--pdeathsig", "KILL", "--"] : [];
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}
