// kubectl, as people at a terminal use it: what it leaves in managed fields is what a hand edit really leaves.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { programPath, requireParts } from "./parts.ts";

const run = promisify(execFile);

/** Answers with what it prints. @throws with what it complains about */
export async function runKubectl(kubeconfig: string, args: readonly string[]): Promise<string> {
  requireParts("kubectl");
  const { PATH = "" } = process.env;
  // a HOME of its own, so that nobody's settings and caches take part
  const env = { PATH, HOME: "/nonexistent", KUBECONFIG: kubeconfig };
  const { stdout } = await run(programPath("kubectl"), ["--cache-dir=/dev/null", ...args], { env, timeout: 60_000 });
  return stdout.trim();
}
