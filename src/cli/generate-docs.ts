// Writes the documents that are made from the program's own tables. `npm run generate` runs it; a test proves that what
// is committed is what it would write. A new document is a new line in `generatedDocuments`.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { writeCommandsReference } from "../commands/write-commands-reference.ts";
import { makeSchema } from "../config/make-schema.ts";
import { mainTable } from "../config/pipeline-table.ts";
import { PIPELINE_INTRODUCTION, REPORTER_INTRODUCTION, SETTINGS_INTRODUCTION } from "../config/reference-texts.ts";
import { reporterTable } from "../config/reporter-table.ts";
import { settingsTable } from "../config/settings-table.ts";
import { writeReference } from "../config/write-reference.ts";
import { REPORT_SCHEMAS } from "../live/reports/report-schemas.ts";
import { COMMANDS } from "./commands.ts";
import { writeCommandLine } from "./write-command-line.ts";

export interface GeneratedDocument {
  /** Below the project's folder. */
  readonly path: string;
  readonly text: string;
}

export function generatedDocuments(): readonly GeneratedDocument[] {
  const schema = makeSchema({ root: mainTable, title: "Stagecoach pipeline file" });
  return [
    { path: "docs/stagecoach.schema.json", text: `${JSON.stringify(schema, null, 2)}\n` },
    {
      path: "docs/config.md",
      text: writeReference({ title: "The pipeline file", introduction: PIPELINE_INTRODUCTION, root: mainTable }),
    },
    {
      path: "docs/settings.md",
      text: writeReference({ title: "The settings file", introduction: SETTINGS_INTRODUCTION, root: settingsTable }),
    },
    {
      path: "docs/reporter.md",
      text: writeReference({ title: "The reporter's file", introduction: REPORTER_INTRODUCTION, root: reporterTable }),
    },
    ...Object.entries(REPORT_SCHEMAS).map(([name, value]) => ({
      path: `docs/${name}.schema.json`,
      text: `${JSON.stringify(value, null, 2)}\n`,
    })),
    { path: "docs/commands.md", text: writeCommandsReference() },
    { path: "docs/command-line.md", text: writeCommandLine(COMMANDS) },
  ];
}

if (import.meta.main) {
  for (const { path, text } of generatedDocuments()) {
    await writeFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), text);
  }
}
