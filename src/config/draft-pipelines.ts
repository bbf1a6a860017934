// The items of `pipelines` to drafts: one for a pipeline that is written out, one for every folder of a `for-each`.
// A pipeline that is written out takes its folder out of the `for-each` that would make another of its name.

import { type Draft, describePlace, draftPipeline } from "./draft.ts";
import type { WrittenDefaults } from "./environment-table.ts";
import { type FolderSearch, type ForEachPattern, findFolders, foldersByDepth, readForEach } from "./expand-for-each.ts";
import { type Effort, makeReading, type OwnReading } from "./make-reading.ts";
import { MOST_FOR_EACH, MOST_PIPELINES } from "./parse-limits.ts";
import { pipelineTable } from "./pipeline-table.ts";
import type { WrittenFile } from "./read-files.ts";
import { mapOf, type Reading, startOf } from "./shape.ts";
import type { At, SourceNode } from "./source.ts";

export interface Drafting {
  readonly effort: Effort;
  readonly tree: readonly string[] | undefined;
  readonly defaults: ((reading: Reading) => WrittenDefaults | undefined) | undefined;
}

interface Making extends Drafting {
  readonly file: WrittenFile;
  readonly folders: FolderSearch;
  readonly writtenOut: ReadonlySet<string>;
}

export function draftPipelines(files: readonly WrittenFile[], drafting: Drafting): readonly Draft[] {
  const folders = foldersByDepth(drafting.tree ?? []);
  const writtenOut = new Set<string>();
  for (const { node } of files.flatMap(({ pipelines }) => pipelines)) {
    const name = textAt(node, "name");
    if (name !== undefined && textAt(node, "for-each") === undefined) writtenOut.add(name);
  }
  const drafts: Draft[] = [];
  let searches = 0;
  for (const file of files) {
    for (const at of file.pipelines) {
      const isSearch = textAt(at.node, "for-each") !== undefined;
      if (isSearch) searches += 1;
      if (drafts.length >= MOST_PIPELINES || searches > MOST_FOR_EACH) {
        const message = `A repository has at most ${MOST_PIPELINES} pipelines and ${MOST_FOR_EACH} \`for-each\`.`;
        file.reading.report({ at: startOf(at), message });
        return drafts;
      }
      const making: Making = { ...drafting, file, folders, writtenOut };
      drafts.push(...(isSearch ? draftForEach(at, making) : draftOne(at, { making })));
    }
  }
  return drafts;
}

interface OneOptions {
  readonly making: Making;
  readonly placeholders?: ReadonlyMap<string, string>;
  /** Read for its findings only. */
  readonly isSample?: boolean;
}

function draftOne(at: At, { making, placeholders, isSample = false }: OneOptions): readonly Draft[] {
  const raw = textAt(at.node, "name");
  const name = raw === undefined ? undefined : fillInName(raw, placeholders);
  const pipeline = isSample ? raw : name;
  const reading = makeReading({
    effort: making.effort,
    pipeline: pipeline ?? at.path,
    ...(placeholders !== undefined && { placeholders }),
  });
  const written = mapOf(pipelineTable).read(at, reading);
  return [
    draftPipeline({
      ...{ name: pipeline ?? at.path, at, isSample, reading, file: making.file },
      written: written ?? NOTHING_WRITTEN,
      defaults: written && making.defaults?.(reading),
    }),
  ];
}

const NOTHING_WRITTEN = {
  name: undefined,
  "for-each": undefined,
  source: undefined,
  images: undefined,
  environments: undefined,
};

function draftForEach(at: At, making: Making): readonly Draft[] {
  const raw = textAt(at.node, "name") ?? "";
  const forEach = entryAt(at.node, "for-each");
  const pattern = readForEach(textAt(at.node, "for-each") ?? "");
  if (forEach === undefined || pattern.kind === "invalid") {
    return failed(at, { making, message: pattern.kind === "invalid" ? pattern.why : "", at: forEach ?? at.node });
  }
  const missing = pattern.names.find((name) => !raw.includes(`{${name}}`));
  if (missing !== undefined) {
    const message = `The name has to contain \`{${missing}}\`, or several folders would make pipelines of one name.`;
    return failed(at, { making, message, at: entryAt(at.node, "name") ?? at.node });
  }
  const { matches, misnamed } = findFolders(pattern, making.folders(pattern.segments.length));
  const where = { node: forEach, path: `${at.path}.for-each` };
  if (making.tree !== undefined) {
    reportFolders(where, { found: matches.length, misnamed, reading: making.file.reading });
  }
  const wanted = matches.filter(({ placeholders }) => !making.writtenOut.has(fillInName(raw, placeholders)));
  if (wanted.length === 0) return draftOne(at, { making, placeholders: standIns(pattern), isSample: true });
  if (wanted.length > MOST_PIPELINES) {
    const message = `This would make ${wanted.length} pipelines; a repository has at most ${MOST_PIPELINES}.`;
    making.file.reading.report({ at: where, message });
    return [];
  }
  return wanted.flatMap(({ placeholders }) => draftOne(at, { making, placeholders }));
}

/** A pipeline whose folders cannot be known; it is read for its other findings all the same. */
function failed(
  at: At,
  { making, message, at: node }: { readonly making: Making; readonly message: string; readonly at: SourceNode },
): readonly Draft[] {
  const names = [...(textAt(at.node, "name") ?? "").matchAll(/\{([a-z][a-z0-9-]*)\}/g)].map(([, name = ""]) => name);
  const drafts = draftOne(at, { making, placeholders: new Map(names.map((name) => [name, STAND_IN])), isSample: true });
  for (const { reading } of drafts) reading.report({ at: { node, path: at.path }, message });
  return drafts;
}

const STAND_IN = "x";

function standIns(pattern: ForEachPattern): ReadonlyMap<string, string> {
  return new Map(pattern.names.map((name) => [name, STAND_IN]));
}

interface Folders {
  readonly found: number;
  readonly misnamed: readonly string[];
  readonly reading: OwnReading;
}

function reportFolders(at: At, { found, misnamed, reading }: Folders): void {
  if (misnamed.length > 0) {
    const shown = misnamed.slice(0, 5).map((folder) => `\`${folder.slice(0, 120)}\``);
    const more = misnamed.length > shown.length ? ` and ${misnamed.length - shown.length} more` : "";
    const message = `These folders are left out, because a pipeline cannot have their name: ${shown.join(", ")}${more}.`;
    const hint = "Names are lower-case letters and digits, inside also `.`, `_` and `-`.";
    reading.report({ at, severity: "warning", message, hint });
  }
  if (found === 0 && misnamed.length === 0) {
    reading.report({ at, severity: "warning", message: "No folder of the default branch matches this." });
  }
}

/** Names are what people, branches and the ledger know a pipeline by, so no two may share one. */
export function checkPipelineNames(drafts: readonly Draft[]): void {
  const taken = new Map<string, Draft>();
  for (const draft of drafts) {
    const { name } = draft.written;
    if (name === undefined || draft.isSample) continue;
    const first = taken.get(name.value);
    if (first === undefined) {
      taken.set(name.value, draft);
      continue;
    }
    const hint = `It is taken in ${describePlace(first.at, name.at)}.`;
    draft.reading.report({ at: name.at, message: `Two pipelines are called \`${name.value}\`.`, hint });
  }
}

function fillInName(raw: string, placeholders: ReadonlyMap<string, string> | undefined): string {
  return raw.replace(/\{([a-z][a-z0-9-]*)\}/g, (whole, key: string) => placeholders?.get(key) ?? whole);
}

function entryAt(node: SourceNode, key: string): SourceNode | undefined {
  return node.kind === "map" ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

function textAt(node: SourceNode, key: string): string | undefined {
  const value = entryAt(node, key);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
