// The end of the story at a glance: what runs where and who let it there, and what Git itself remembers of it.

import type { PullRequest } from "../github/model/repository.ts";
import { ALL_ENVIRONMENTS, CONFIG_REPOSITORY, declaredVersion, type Environment } from "./config-repository.ts";
import { layOutTable } from "./lay-out-table.ts";
import { nameOf } from "./narrator.ts";
import { promotionsTo } from "./stage.ts";
import type { World } from "./start-world.ts";
import { shortenDigests, type Terminal } from "./terminal.ts";

export function showOutcome(
  { github, clusters }: Pick<World, "github" | "clusters">,
  terminal: Terminal,
): readonly string[] {
  const head = ["Environment", "Declares", "Runs", "Merged", "By", "What else"];
  const rows = ALL_ENVIRONMENTS.map((environment) => {
    const promotions = promotionsTo({ github }, environment);
    const merged = promotions.findLast(({ mergedAt }) => mergedAt !== undefined);
    const { version, health } = clusters.running(environment);
    return [
      environment,
      declaredVersion(github, environment) ?? "?",
      `${version}, ${health.toLowerCase()}`,
      merged === undefined ? "–" : `#${merged.number}`,
      merged?.mergedBy === undefined ? "–" : nameOf(merged.mergedBy.login),
      remarkOn(promotions.at(-1)),
    ];
  });
  return layOutTable(
    [head, ...rows].map((row) => row.map((cell) => cell.split(" "))),
    terminal,
  );
}

function remarkOn(newest: PullRequest | undefined): string {
  if (newest === undefined || newest.mergedAt !== undefined) return "";
  const version = newest.title.split(" ")[2] ?? "";
  const by = newest.closedBy?.login;
  if (newest.state === "closed")
    return `${version} declined by ${by === undefined ? "somebody" : nameOf(by)} in #${newest.number}`;
  return `${version} waits in #${newest.number}`;
}

/** The last commit that changed an environment, as `git log` shows it. */
export function showCommit({ github }: Pick<World, "github">, environment: Environment): readonly string[] {
  const [commit] = github
    .log({ repository: CONFIG_REPOSITORY, ref: "main" })
    .filter(({ message }) => message.includes(`\nEnvironment: ${environment.split("/")[1]}\n`))
    .filter(({ message }) => message.includes(`\nPipeline: ${environment.split("/")[0]}\n`));
  if (commit === undefined) return [];
  const { oid, author, message } = commit;
  return [
    `commit ${oid}`,
    `Author: ${author.name} <${author.email}>`,
    "",
    ...shortenDigests(message)
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`.trimEnd()),
  ];
}
