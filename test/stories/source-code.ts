// The source repository `acme/checkout` beside a config repository, for stories: commits, pull requests, and images that
// say from which commit they were built.

import type { Github } from "../github/start-github.ts";
import type { RunningRegistry } from "../registry/serve-registry.ts";
import { checkoutFile, environment } from "./sample-files.ts";

export const SOURCE = "acme/checkout";

/** One environment, a person merges, and the pipeline names its source. */
export const WITH_SOURCE = withSource(checkoutFile([environment("live")]));

export function withSource(file: string, source = SOURCE): string {
  return file.replace("    images:", `    source: ${source}\n    images:`);
}

export function labelsOf(commit: string, address = `https://github.com/${SOURCE}`) {
  return { "org.opencontainers.image.revision": commit, "org.opencontainers.image.source": address };
}

/** The repository with its first commit, and 1.7.0 built from that; nobody but those who were named may read any of it. */
export async function beginSource({
  github,
  registry,
}: {
  readonly github: Github;
  readonly registry: RunningRegistry;
}): Promise<Record<string, never>> {
  for (const repository of github.model.repositories.values()) repository.private = true;
  github.createRepository({ owner: "acme", name: "checkout", private: true });
  github.setRole({ repository: SOURCE, user: "leo", role: "write" });
  await registry.push({ repository: SOURCE, tag: "1.7.0", labels: labelsOf(headOf(github)) });
  return {};
}

export function headOf(github: Github): string {
  return github.branchTip({ repository: SOURCE, branch: "main" }) ?? "";
}

export function commitToSource(github: Github, message: string): string {
  return github.commitFiles({
    repository: SOURCE,
    author: "maria",
    message,
    files: { [`file of ${message}`]: message },
  });
}

/** Gives the number of leo's pull request, which is merged by a squash. */
export function pullIntoSource(github: Github, title: string): number {
  const head = title.toLowerCase().replaceAll(" ", "-");
  github.commitFiles({ repository: SOURCE, branch: head, author: "leo", message: title, files: { [head]: title } });
  const { number } = github.openPullRequest({ repository: SOURCE, by: "leo", head, title });
  github.mergePullRequest({ repository: SOURCE, number, by: "leo", method: "squash" });
  return number;
}
