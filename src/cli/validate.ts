// `stagecoach validate [file or folder] [--json]`: checks pipeline files without asking anybody. A folder is taken for a
// clone: its tree is what `for-each` finds.

import { parseArgs } from "node:util";
import { MAIN_FILE } from "../config/configuration-files.ts";
import { countFindings, formatFinding } from "../config/format-finding.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import type { Configuration } from "../domain/pipeline.ts";
import type { Clone } from "./read-clone.ts";
import { readTarget } from "./read-target.ts";
import { READING_RULES } from "./reading-rules.ts";
import { writeJson } from "./write-json.ts";

export interface ValidateOptions {
  readonly arguments: readonly string[];
  /** Paths are relative to it. */
  readonly folder: string;
  /** Whole texts without a final line break. */
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** 0: nothing to stop anything; 1: errors; 2: it was called wrongly. Warnings alone give 0. */
export type ValidateCode = 0 | 1 | 2;

export const VALIDATE_HELP = `Usage: stagecoach validate [file or folder] [--json]

Checks the pipeline files of a config repository: ${MAIN_FILE} and .github/stagecoach/*.yaml.

  file or folder   a clone, or one pipeline file; without it the current folder
  --json           findings as JSON: { "pipelines": [...], "broken": [...], "findings": [...] }
  --help           this text

Exit code: 0 without errors (warnings do not count), 1 with errors, 2 when it was called wrongly.`;

export async function validate(options: ValidateOptions): Promise<ValidateCode> {
  const asked = readArguments(options.arguments);
  if (asked.kind === "help") {
    options.print(VALIDATE_HELP);
    return 0;
  }
  if (asked.kind === "wrong") {
    options.complain(`${asked.why}\n\n${VALIDATE_HELP}`);
    return 2;
  }
  const read = await readTarget(asked.target, options.folder);
  if (read.kind === "nothing") {
    options.complain(read.why);
    return 2;
  }
  const { clone, alone } = read;
  const tree = alone === undefined ? clone.tree : undefined;
  const { files, codeowners } = clone;
  const configuration = readConfiguration({ files, tree, floor: [], rules: READING_RULES, codeowners });
  const { findings } = configuration;
  const shown = {
    ...configuration,
    findings: alone === undefined ? findings : findings.map((each) => ({ ...each, file: alone })),
  };
  options.print(asked.json ? asJson(shown) : asText(shown, clone));
  return configuration.findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

type Asked =
  | { readonly kind: "run"; readonly target: string; readonly json: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly why: string };

function readArguments(written: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args: [...written],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
    });
    if (values.help) return { kind: "help" };
    if (positionals.length > 1) return { kind: "wrong", why: "Expected one file or folder at most." };
    return { kind: "run", target: positionals[0] ?? ".", json: values.json };
  } catch (error) {
    // Unknown options are told by exception.
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    return { kind: "wrong", why: `${why.replace(/\.$/, "")}.` };
  }
}

function asText(configuration: Configuration, { files }: Clone): string {
  const { findings, pipelines, broken } = configuration;
  const told = findings.map((finding) => `${formatFinding(finding)}\n\n`).join("");
  const stopped = broken.length === 0 ? "" : `, ${broken.length} stopped by errors`;
  const read = files.length === 1 ? "one file" : `${files.length} files`;
  const sound = `${pipelines.length} pipeline${pipelines.length === 1 ? "" : "s"}`;
  return `${told}${sound} in order${stopped}; ${countFindings(findings)} in ${read}.`;
}

function asJson({ pipelines, broken, findings }: Configuration): string {
  const names = { pipelines: pipelines.map(({ name }) => name), broken: broken.map(({ name }) => name) };
  return writeJson({ ...names, findings });
}
