// What an environment's files declared at every commit of its branch that changed them: each content is read once by its
// id, and each commit is told from the one before it by the files that it changed.

import type { Environment } from "../domain/pipeline.ts";
import { nameInEnvironment, type Pipeline } from "../domain/pipeline.ts";
import type { Seen } from "../domain/seen.ts";
import type { FileState, HistoryChange } from "../forge/history.ts";
import { findPlaces, joinPlaces, type PlacesInFile } from "../manifests/find-places.ts";
import { baseOf, isGlob } from "../manifests/match-glob.ts";
import { selectFiles } from "../manifests/select-files.ts";
import { indexTree, isLink } from "../manifests/tree-index.ts";
import type { HistoricalVersion, HistoryEntry } from "./history-entry.ts";

export interface Tracing {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  /** The oldest first. */
  readonly changes: readonly HistoryChange[];
  /** Texts by blob id; every id that was asked for is in the answer. */
  readonly readTexts: (oids: readonly string[]) => Promise<ReadonlyMap<string, Seen<string>>>;
}

export interface DeclaredAt {
  readonly change: HistoryChange;
  readonly versions: readonly HistoricalVersion[];
  readonly unreadable: HistoryEntry["unreadable"];
}

/** Files and folders in which all that the environment covers stands. */
export function foldersOf({ paths, fields }: Pick<Environment, "paths" | "fields">): readonly string[] {
  const folders = paths
    .filter((path) => !path.startsWith("!"))
    .map((path) => path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, ""))
    .map((path) => (path === "." ? "" : isGlob(path) ? baseOf(path) : path));
  return [...new Set([...folders, ...fields.map(({ file }) => file)])];
}

/** How many contents are in memory at once. */
const BATCH = 400;

/** One for each change that touched what is declared; those in a row may declare the same. */
export async function traceDeclared(tracing: Tracing): Promise<readonly DeclaredAt[]> {
  const { changes, environment } = tracing;
  const covers = coverage(environment);
  const relevant = changes
    .map((change) => ({ change, files: change.files.filter(covers) }))
    .filter(({ files }) => files.length > 0);
  const found = await lookInto(
    relevant.flatMap(({ files }) => files),
    tracing,
  );
  const standing = new Map<string, Found>();
  return relevant.map(({ change, files }) => {
    for (const { path, now } of files) {
      const there = now === undefined ? undefined : found.get(keyOf(path, now.oid));
      if (there === undefined || saysNothing(there)) standing.delete(path);
      else standing.set(path, there);
    }
    return { change, ...declaredBy(standing, tracing) };
  });
}

/** A file that was removed counts as what it was: only its name is known then. */
function coverage({ paths, fields }: Environment): (file: FileState) => boolean {
  const known = new Map<string, boolean>();
  return ({ path, now }) => {
    if (now !== undefined && isLink({ path, ...now })) return known.get(path) ?? false;
    const kept = known.get(path);
    if (kept !== undefined) return kept;
    const index = indexTree([{ path, mode: "100644", oid: "" }]);
    const covered = selectFiles({ paths, fields, index }).files.length > 0;
    known.set(path, covered);
    return covered;
  };
}

interface Pin {
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

interface Found {
  readonly path: string;
  /** Absent where it could not be read. */
  readonly inFile?: PlacesInFile;
  readonly why?: string;
}

function keyOf(path: string, oid: string): string {
  return `${oid} ${path}`;
}

async function lookInto(
  files: readonly FileState[],
  { pipeline, environment, readTexts }: Tracing,
): Promise<ReadonlyMap<string, Found>> {
  const images = pipeline.images.map(({ image }) => nameInEnvironment(environment, image));
  const wanted = new Map<string, { readonly path: string; readonly oid: string }>();
  for (const { path, now } of files)
    if (now !== undefined && !isLink({ path, ...now })) wanted.set(keyOf(path, now.oid), { path, oid: now.oid });
  const found = new Map<string, Found>();
  const all = [...wanted];
  for (let start = 0; start < all.length; start += BATCH) {
    const batch = all.slice(start, start + BATCH);
    const texts = await readTexts(batch.map(([, { oid }]) => oid));
    for (const [key, { path, oid }] of batch) {
      const text = texts.get(oid);
      const fields = environment.fields.filter((field) => field.file === path);
      if (text?.kind === "known") found.set(key, look({ path, text: text.value, images, fields }));
      else found.set(key, { path, why: text?.why ?? "it was not read" });
    }
  }
  return found;
}

function look(manifest: Parameters<typeof findPlaces>[0]): Found {
  const { parsed: _parsed, ...inFile } = findPlaces(manifest);
  return { path: manifest.path, inFile };
}

function saysNothing({ inFile, why }: Found): boolean {
  if (inFile === undefined) return why === undefined;
  return inFile.places.length + inFile.problems.length === 0 && inFile.charts === undefined;
}

function declaredBy(
  standing: ReadonlyMap<string, Found>,
  { pipeline, environment }: Tracing,
): Pick<DeclaredAt, "versions" | "unreadable"> {
  const images = pipeline.images.map(({ image }) => nameInEnvironment(environment, image));
  const files = [...standing.values()];
  const { places: pins, problems } = joinPlaces(
    files.flatMap(({ inFile }) => inFile ?? []),
    { images },
  );
  const unread = files.flatMap(({ path, why }) => (why === undefined ? [] : [{ path, why }]));
  // The first of each file is enough.
  const first = new Map(problems.toReversed().map((problem) => [problem.path, problem]));
  const unclear = [...first.values()].map(({ path, line, why }) => ({ path, why: `line ${line}: ${why}` }));
  return {
    versions: pipeline.images.flatMap(({ image }) => {
      const name = nameInEnvironment(environment, image);
      return versionsOf(
        image,
        pins.filter((pin) => pin.image === name),
      );
    }),
    unreadable: [...unread, ...unclear],
  };
}

/** A tag at one place and its digest at another are one version; places that contradict each other are several. */
function versionsOf(image: string, pins: readonly Pin[]): readonly HistoricalVersion[] {
  const tags = [...new Set(pins.flatMap(({ tag }) => tag ?? []))];
  const digests = [...new Set(pins.flatMap(({ digest }) => digest ?? []))];
  const [tag] = tags;
  const [digest] = digests;
  if (tags.length < 2 && digests.length < 2) {
    if (tag === undefined && digest === undefined) return [];
    return [{ image, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }];
  }
  const distinct = new Map(pins.map((pin) => [`${pin.tag ?? ""}@${pin.digest ?? ""}`, pin]));
  return [...distinct.keys()].sort().map((key) => ({ ...distinct.get(key), image }));
}
