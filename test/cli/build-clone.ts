// A clone to tell histories from: commits with the times, people and messages that a test gives them.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface CommitFacts {
  /** `2026-11-01T12:00:00Z` */
  readonly at: string;
  readonly message: string;
  readonly author?: string;
  /** `undefined` removes a file. */
  readonly files?: Readonly<Record<string, string | Uint8Array | undefined>>;
}

export interface CloneBuilder {
  readonly folder: string;
  git(...args: readonly string[]): string;
  /** Answers the commit's id. */
  commit(facts: CommitFacts): string;
  /** With two parents, as GitHub's button makes it. */
  merge(branch: string, facts: Pick<CommitFacts, "at" | "message" | "author">): string;
}

export function buildClone(folder: string): CloneBuilder {
  mkdirSync(folder, { recursive: true });
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_EMAIL: "somebody@acme.example",
        GIT_COMMITTER_NAME: "GitHub",
        GIT_COMMITTER_EMAIL: "noreply@github.example",
        ...variables,
      },
    });
  const dated = ({ at, author = "Ann" }: Pick<CommitFacts, "at" | "author">) => ({
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
  });
  const head = () => run(["rev-parse", "HEAD"]).trim();
  run(["init", "--quiet", "--initial-branch", "main"]);
  return {
    folder,
    git: (...args) => run(args, dated({ at: "2026-01-01T00:00:00Z" })),
    commit: (facts) => {
      for (const [path, content] of Object.entries(facts.files ?? {})) {
        const target = join(folder, path);
        if (content === undefined) rmSync(target);
        else {
          mkdirSync(dirname(target), { recursive: true });
          writeFileSync(target, content);
        }
      }
      run(["add", "--all"]);
      run(["commit", "--quiet", "--allow-empty", "--message", facts.message], dated(facts));
      return head();
    },
    merge: (branch, facts) => {
      run(["merge", "--quiet", "--no-ff", "--message", facts.message, branch], dated(facts));
      return head();
    },
  };
}
