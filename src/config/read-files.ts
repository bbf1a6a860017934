// The written files as far as they can be read by themselves: their syntax and what stands at their top. Pipelines come
// later, one by one.

import type { Finding } from "../domain/finding.ts";
import { FURTHER_FOLDER, MAIN_FILE, roleOfFile } from "./configuration-files.ts";
import type { WrittenDefaults } from "./environment-table.ts";
import type { Gathering } from "./gather-findings.ts";
import { type Effort, makeReading, type OwnReading } from "./make-reading.ts";
import { LARGEST_TOGETHER } from "./parse-limits.ts";
import { parseSource } from "./parse-source.ts";
import { defaultsShape, furtherTable, mainTable, type WrittenMain } from "./pipeline-table.ts";
import { mapOf, type Reading } from "./shape.ts";
import { type At, type SourceNode, sourceFile } from "./source.ts";

export interface WrittenFile {
  readonly reading: OwnReading;
  /** The items of `pipelines`, each with its way. */
  readonly pipelines: readonly At[];
  readonly root: SourceNode;
  /** What stops everything in this file. */
  readonly firstError: () => Finding | undefined;
}

export interface MainFile extends WrittenFile {
  readonly written: WrittenMain;
  /** The defaults as one pipeline sees them, with its own placeholders. */
  readonly defaults: (reading: Reading) => WrittenDefaults | undefined;
}

export interface WrittenFiles {
  readonly main: MainFile | undefined;
  readonly further: readonly WrittenFile[];
}

interface Text {
  readonly path: string;
  readonly text: string;
}

export function readFiles(files: readonly Text[], effort: Effort): WrittenFiles {
  const sorted = keepAffordable(
    [...files].sort((a, b) => orderOf(a) - orderOf(b) || (a.path < b.path ? -1 : 1)),
    effort,
  );
  for (const file of sorted) reportMisnamed(file, { files, effort });
  const mainText = sorted.find(({ path }) => roleOfFile(path) === "main");
  const furtherTexts = sorted.filter(({ path }) => roleOfFile(path) === "further");
  const main = mainText && readMain(mainText, effort);
  const further = furtherTexts.map((file) => readFurther(file, effort)).filter((file) => file !== undefined);
  const orphan = mainText === undefined ? furtherTexts[0] : undefined;
  if (orphan !== undefined) {
    const hint = `Add it with \`version: 1\`; the files in ${FURTHER_FOLDER} only add pipelines to it.`;
    reportFile(orphan, { effort, message: `The file \`${MAIN_FILE}\` is missing.`, hint });
  }
  return { main, further };
}

/** The main file first, so that what is too much is never it. */
function orderOf({ path }: Text): number {
  return path === MAIN_FILE ? 0 : 1;
}

function keepAffordable(files: readonly Text[], effort: Effort): readonly Text[] {
  let size = 0;
  return files.filter((file) => {
    size += Buffer.byteLength(file.text, "utf8");
    if (size <= LARGEST_TOGETHER || file.path === MAIN_FILE) return true;
    const message = `The pipeline files have more than ${LARGEST_TOGETHER} bytes together; this one is not read.`;
    reportFile(file, { effort, message, hint: "Use `for-each` instead of writing alike pipelines out." });
    return false;
  });
}

function readMain(text: Text, effort: Effort): MainFile | undefined {
  const file = openFile(text, effort);
  if (file === undefined) return undefined;
  const written = mapOf(mainTable).read({ node: file.root, path: "" }, file.reading);
  if (written === undefined) return undefined;
  const { defaults } = written;
  return {
    ...file,
    written,
    defaults: (reading) => (defaults === undefined ? undefined : defaultsShape.read(defaults.at, reading)),
  };
}

function readFurther(text: Text, effort: Effort): WrittenFile | undefined {
  const file = openFile(text, effort);
  if (file === undefined) return undefined;
  mapOf(furtherTable).read({ node: file.root, path: "" }, file.reading);
  return file;
}

function openFile(file: Text, effort: Effort): WrittenFile | undefined {
  let first: Finding | undefined;
  const gathering: Gathering = {
    ...effort.gathering,
    add(problem) {
      const finding = effort.gathering.add(problem);
      first ??= finding;
      return finding;
    },
  };
  const root = parseSource({ file, gathering });
  if (root === undefined) return undefined;
  const reading = makeReading({ effort });
  return { root, reading, pipelines: pipelinesOf(root), firstError: () => first ?? reading.firstError() };
}

function pipelinesOf(root: SourceNode): readonly At[] {
  const list = root.kind === "map" ? root.entries.find(({ key }) => key === "pipelines")?.value : undefined;
  if (list?.kind !== "list") return [];
  return list.items.map((node, index) => ({ node, path: `pipelines[${index}]` }));
}

function reportMisnamed(
  file: Text,
  { files, effort }: { readonly files: readonly Text[]; readonly effort: Effort },
): void {
  if (roleOfFile(file.path) !== "misnamed") return;
  const right = file.path.replace(/\.yml$/, ".yaml");
  const isOnlyMain = right === MAIN_FILE && !files.some(({ path }) => path === MAIN_FILE);
  const severity = isOnlyMain ? "error" : "warning";
  reportFile(file, { effort, severity, message: "This file is not read.", hint: `Name it \`${right}\`.` });
}

interface FileFault {
  readonly effort: Effort;
  readonly message: string;
  readonly hint: string;
  readonly severity?: "error" | "warning";
}

function reportFile(file: Text, { effort, ...fault }: FileFault): void {
  effort.gathering.add({ file: sourceFile(file), start: 0, end: 1, path: "", ...fault });
}
