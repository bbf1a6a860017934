// Brings `Chart.lock` up to date with an edit of the `Chart.yaml` beside it: the version of each dependency that moved, and
// the digest that Helm computes over both lists. Helm refuses a lock that does not fit, so one that did not fit before,
// or whose digest cannot be computed here as Helm does, stops the edit.

import { createHash } from "node:crypto";
import type { EditedFile } from "../domain/place.ts";
import { applySplices } from "./apply-splices.ts";
import { indexLines, positionAt } from "./line-index.ts";
import { readOutlines } from "./outline-manifest.ts";
import { parseDocuments } from "./parse-documents.ts";
import { isRecord, listAt, type PlainRecord, readPlainValue, textAt } from "./plain-value.ts";
import { findFlaw, type Splice } from "./prove-edit.ts";
import { readFields } from "./read-fields.ts";
import { writeScalar } from "./write-scalar.ts";

export type LockEdit =
  | { readonly kind: "edited"; readonly text: string; readonly changes: EditedFile["changes"] }
  | {
      readonly kind: "refused";
      readonly path: string;
      readonly line: number;
      readonly column: number;
      readonly why: string;
    };

export interface StaleLock {
  /** Of `Chart.lock`. */
  readonly path: string;
  readonly lock: string;
  /** `Chart.yaml` before and after its edit. */
  readonly before: string;
  readonly after: string;
}

export function lockBeside(chart: string): string {
  return chart.replace(/Chart\.yaml$/, "Chart.lock");
}

/** Only versions of dependencies differ between `before` and `after`. */
export function refreshChartLock(stale: StaleLock): LockEdit {
  const [before, after, lock] = [readChart(stale.before), readChart(stale.after), readChart(stale.lock)];
  if (!before || !after || !lock) return refuse(stale, "it cannot be read");
  if (digestOf(before, lock) !== textAt(lock, "digest"))
    return refuse(stale, "its digest is not the one that Helm computes for this `Chart.yaml`");
  const locked = listAt(lock, "dependencies").filter(isRecord);
  const moved = movedDependencies(before, after);
  const strayed = moved.find(({ index, name, from }) => locked[index]?.name !== name || locked[index].version !== from);
  if (strayed) return refuse(stale, `it does not have ${strayed.name} in the version that \`Chart.yaml\` names`);
  const versions = new Map(moved.map(({ index, to }) => [index, to]));
  const renewed = {
    dependencies: locked.map((each, index) => ({ ...each, version: versions.get(index) ?? each.version })),
  };
  return writeLock(stale, { versions, digest: digestOf(after, renewed) });
}

function readChart(text: string): PlainRecord | undefined {
  const parsed = parseDocuments(text, "1.1");
  const [document, second] = parsed.kind === "documents" ? parsed.documents : [];
  if (!document || second) return undefined;
  const { value } = { value: undefined, ...readPlainValue(document) };
  return isRecord(value) && listAt(value, "dependencies").every(isRecord) ? value : undefined;
}

interface MovedDependency {
  readonly index: number;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function movedDependencies(before: PlainRecord, after: PlainRecord): readonly MovedDependency[] {
  const now = listAt(after, "dependencies").filter(isRecord);
  return listAt(before, "dependencies")
    .filter(isRecord)
    .map((old, index) => ({
      index,
      name: String(old.name),
      from: String(old.version),
      to: String(now[index]?.version),
    }))
    .filter(({ from, to }) => from !== to);
}

/** The fields of a dependency in the order and under the conditions in which Helm writes them as JSON. */
const FIELDS = ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"] as const;
const ALWAYS: readonly string[] = ["name", "repository"];

/** As Helm 3 and 4 compute it: over what `Chart.yaml` asks for and what is locked. */
function digestOf(chart: PlainRecord, lock: PlainRecord): string {
  const lists = [chart, lock].map((each) => listAt(each, "dependencies").filter(isRecord).map(dependencyFields));
  return `sha256:${createHash("sha256").update(writeJson(lists)).digest("hex")}`;
}

function dependencyFields(dependency: PlainRecord): object {
  const entries = FIELDS.flatMap((field) => {
    const value = dependency[field] ?? (ALWAYS.includes(field) ? "" : undefined);
    const isEmpty = value === undefined || value === "" || value === false || (Array.isArray(value) && !value.length);
    if (isEmpty && !ALWAYS.includes(field)) return [];
    return [[field, typeof value === "number" ? String(value) : sorted(value)] as const];
  });
  return Object.fromEntries(entries);
}

/** Helm's language writes the keys of free maps in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

const ESCAPED = /[<>&\u2028\u2029]/g;

/** It also escapes what could end a script in a page. */
function writeJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function writeLock(
  stale: StaleLock,
  { versions, digest }: { readonly versions: ReadonlyMap<number, string>; readonly digest: string },
): LockEdit {
  const { path, lock } = stale;
  const lines = indexLines(lock);
  const [outline] = readOutlines({ path, text: lock }).outlines;
  if (!outline) return refuse(stale, "it cannot be read");
  const fields = readFields(outline, { path, lines, wanted: new Set() });
  const items = fields.itemsAt(outline.root, "dependencies");
  const wanted = [
    ...[...versions].map(([index, value]) => ({ reading: fields.scalarAt(items[index], "version"), value })),
    { reading: fields.scalarAt(outline.root, "digest"), value: digest },
  ];
  const splices: (Splice & { readonly from: string })[] = [];
  for (const { reading, value } of wanted) {
    if (!reading?.scalar) return refuse(stale, reading?.refusal ?? "a value that has to change is not there");
    const { start, end, style, text } = reading.scalar;
    splices.push({ start, end, value, bytes: writeScalar(value, { style, json: false }), from: text });
  }
  splices.sort((a, b) => a.start - b.start);
  const after = applySplices(lock, splices);
  const flaw = findFlaw({ before: lock, after, splices, json: false });
  if (flaw) return refuse(stale, flaw.why);
  const changes = splices.map(({ start, from, value }) => ({ line: positionAt(lines, start).line, from, to: value }));
  return { kind: "edited", text: after, changes };
}

function refuse({ path }: StaleLock, why: string): LockEdit {
  const folder = path.replace(/\/?Chart\.lock$/, "") || ".";
  const sentence = `Chart.lock could not be brought up to date with Chart.yaml: ${why.replace(/\.$/, "")}. Run \`helm dependency update ${folder}\` and commit what it writes, or remove Chart.lock.`;
  return { kind: "refused", path, line: 1, column: 1, why: sentence };
}
