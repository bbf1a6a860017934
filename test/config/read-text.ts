// Reads pipeline files as the rest of the house does, with the planner's real ranges and patterns.

import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { MAIN_FILE } from "../../src/config/configuration-files.ts";
import { readConfiguration } from "../../src/config/read-configuration.ts";
import type { Finding } from "../../src/domain/finding.ts";
import type { Configuration } from "../../src/domain/pipeline.ts";
import type { SettingsFloor } from "../../src/domain/settings.ts";

export interface Surroundings {
  readonly tree?: readonly string[];
  readonly floor?: readonly SettingsFloor[];
  /** Further files by name, in `.github/stagecoach/`. */
  readonly further?: Readonly<Record<string, string>>;
  /** The text of the file of code owners. */
  readonly codeowners?: string;
}

export function readText(
  text: string,
  { tree = [], floor = [], further = {}, codeowners }: Surroundings = {},
): Configuration {
  const more = Object.entries(further).map(([name, content]) => ({
    path: `.github/stagecoach/${name}`,
    text: content,
  }));
  const files = [{ path: MAIN_FILE, text }, ...more];
  return readConfiguration({ files, tree, floor, rules: READING_RULES, codeowners });
}

/** What a table expects: place, what the caret marks, message and hint on one line. */
export function inShort({ line, column, excerpt = "", length = 1, severity, message, hint }: Finding): string {
  const marked = excerpt.slice(column - 1, column - 1 + length);
  return `${severity === "warning" ? "warning " : ""}${line}:${column} [${marked}] ${message}${hint === undefined ? "" : ` ${hint}`}`;
}

/** A sound file around the lines of one environment, each indented by six spaces in the file. */
export function withEnvironment(...lines: readonly string[]): string {
  const head = [
    "version: 1",
    "pipelines:",
    "  - name: till",
    "    images: [{ image: ghcr.io/corner/till }]",
    "    environments:",
  ];
  const [first = "", ...rest] = lines;
  return [...head, `    - ${first}`, ...rest.map((line) => `      ${line}`), ""].join("\n");
}
