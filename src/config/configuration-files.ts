// Which files of a repository are pipeline files, and which only look like it.

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
