// The program as people start it, with the environment that a test gives it and no other: in a process of its own where
// that is what a test is about, else within the test's, which spares it the start of one.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { main } from "../../src/index.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/stagecoach.js", import.meta.url));

export interface ProgramOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The exit code; `null` when it was killed. */
  readonly exited: Promise<number | null>;
}

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, ...options.variables },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.folder !== undefined && { cwd: options.folder }),
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, exited };
}

export async function runProcess(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const program = startProgram(args, options);
  const code = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

export async function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const texts = { stdout: "", stderr: "" };
  const code = await main(args, {
    variables: { PATH: process.env.PATH, ...options.variables },
    folder: options.folder ?? process.cwd(),
    print: (text) => {
      texts.stdout += `${text}\n`;
    },
    complain: (text) => {
      texts.stderr += `${text}\n`;
    },
  });
  return { code, ...texts };
}
