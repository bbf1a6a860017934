// What `PUT /api/validate` says of a pipeline file: whether it is right by itself and by the operator's floor. There is no
// tree to look at, so what `for-each` would find is not known.

import { MAIN_FILE } from "../config/configuration-files.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import type { Finding } from "../domain/finding.ts";
import type { Settings } from "../domain/settings.ts";
import { READING_RULES } from "./reading-rules.ts";

export function validateText(
  text: string,
  { floor }: Pick<Settings, "floor">,
): { readonly ok: boolean; readonly findings: readonly Finding[] } {
  const { findings } = readConfiguration({ files: [{ path: MAIN_FILE, text }], tree: [], floor, rules: READING_RULES });
  return { ok: findings.every(({ severity }) => severity !== "error"), findings };
}
