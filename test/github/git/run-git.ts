// Runs one git command without any of the machine's own configuration and answers with what it printed.
// Synchronous on purpose: a change of the stand-in's state is then never interleaved with another one.

import { spawnSync } from "node:child_process";

const environment = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "GitHub",
  GIT_AUTHOR_EMAIL: "noreply@github.com",
  GIT_COMMITTER_NAME: "GitHub",
  GIT_COMMITTER_EMAIL: "noreply@github.com",
};

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
  readonly complaint: string;
}

/** @param accept exit codes that are an answer; every other one throws with what git said */
export function runGit(
  folder: string,
  {
    args,
    input,
    accept = [0],
  }: { readonly args: readonly string[]; readonly input?: string; readonly accept?: readonly number[] },
): GitAnswer {
  const result = spawnSync("git", [`--git-dir=${folder}`, ...args], {
    env: environment,
    maxBuffer: 256 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  if (result.error !== undefined)
    throw new Error(`git ${args[0]} could not be run in ${folder}`, { cause: result.error });
  const code = result.status ?? -1;
  const complaint = result.stderr.toString("utf8");
  if (!accept.includes(code)) throw new Error(`git ${args.join(" ")} in ${folder} ended with ${code}: ${complaint}`);
  return { code, output: result.stdout, complaint };
}
