// Which files of a repository are pipeline files, and which only look like it; and whether they name code owners, who
// stand in a file of their own.

import type { SettingsFloor } from "../domain/settings.ts";

export const MAIN_FILE = ".github/stagecoach.yaml";
export const FURTHER_FOLDER = ".github/stagecoach/";

export type FileRole = "main" | "further" | "misnamed" | "none";

export function roleOfFile(path: string): FileRole {
  if (path === MAIN_FILE) return "main";
  if (path === ".github/stagecoach.yml") return "misnamed";
  const below = path.startsWith(FURTHER_FOLDER) ? path.slice(FURTHER_FOLDER.length) : "/";
  if (below.includes("/")) return "none";
  if (below.endsWith(".yaml")) return "further";
  return below.endsWith(".yml") ? "misnamed" : "none";
}

/** Whether `readConfiguration` wants to see this file: also misnamed ones, to name the right name. */
export function isConfigurationFile(path: string): boolean {
  return roleOfFile(path) !== "none";
}

/** In a list of people: those who own every file of the environment. */
export const CODE_OWNERS = "CODEOWNERS";

/** Whether `readConfiguration` wants to see the file of code owners. */
export function asksForOwners(texts: readonly string[], floor: readonly SettingsFloor[]): boolean {
  const isDemanded = floor.some(({ allow = {} }) => Object.values(allow).flat().includes(CODE_OWNERS));
  return isDemanded || texts.some((text) => text.includes(CODE_OWNERS));
}
