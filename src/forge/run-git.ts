// Runs git's plumbing in a clone on this machine: no shell, no prompts, no network, nothing written, and none of the
// programs that the clone's own settings could name. Arguments that came from people stand behind a full ref's prefix.

import { execFile } from "node:child_process";

export interface GitCall {
  readonly clone: string;
  readonly arguments: readonly string[];
  readonly input?: string;
  /** Bytes of the answer; 256 MiB unless given. */
  readonly atMost?: number;
}

export type GitAnswer =
  | { readonly kind: "answered"; readonly output: Buffer }
  /** `code` is git's; `why` its first line of complaint. */
  | { readonly kind: "refused"; readonly code: number; readonly why: string };

const LARGEST_ANSWER = 256 * 1024 * 1024;

/** Throws when there is no git, and when the answer is larger than allowed. */
export function tryGit({ clone, arguments: given, input, atMost = LARGEST_ANSWER }: GitCall): Promise<GitAnswer> {
  const args = ["-C", clone, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-pager", ...given];
  return new Promise((resolve, reject) => {
    const options = { env: environment(), encoding: "buffer", maxBuffer: atMost } as const;
    const child = execFile("git", args, options, (error, output, complaint) => {
      if (error === null) resolve({ kind: "answered", output });
      else if (typeof error.code === "number")
        resolve({ kind: "refused", code: error.code, why: firstLine(complaint) });
      else reject(new Error(`\`git ${given[0] ?? ""}\` could not be run in ${clone}.`, { cause: error }));
    });
    // Git may end before it has read everything; its exit code says what is to be said.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

/** For questions that git answers whenever all is well. */
export async function askGit(call: GitCall): Promise<Buffer> {
  const answer = await tryGit(call);
  if (answer.kind === "answered") return answer.output;
  throw new Error(`Git refuses \`git ${call.arguments[0] ?? ""}\` in ${call.clone}: ${answer.why}`);
}

/** A hook or another git may have named a repository for its own children; this is about the clone that was named. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GIT_") || name.startsWith("GIT_CONFIG_"),
  );
  return {
    ...Object.fromEntries(kept.filter(([name]) => !/^GIT_CONFIG_(?:COUNT|PARAMETERS|KEY_|VALUE_)/.test(name))),
    LC_ALL: "C",
    // A clone may name where to fetch what it lacks, and with it a program; older gits know only this way to forbid it.
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

function firstLine(complaint: Buffer): string {
  const [line = ""] = complaint.toString("utf8").trim().split("\n");
  return line.replace(/^(?:fatal|error): /, "") || "it does not say why";
}
