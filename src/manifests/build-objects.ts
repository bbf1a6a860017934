// Which objects a set of files really makes, the way reconcilers read it: a folder with a kustomization.yaml is what that
// file lists (also outside of the folder, never outside of the repository), every other folder is its manifests. Reads no
// file itself: texts that it lacks are `wanted`, and it is asked again when they are there.

import type { Seen } from "../domain/seen.ts";
import { deleteByPatch } from "./delete-by-patch.ts";
import { type DeclaredObject, findObjects, type ObjectProblem, type ReadingMemory } from "./find-objects.ts";
import { folderOf, isRemote, isUnder, parentOf, resolvePath } from "./folder-paths.ts";
import { isChartTemplate, isManifestPath, LARGEST_FILE } from "./manifest-path.ts";
import { isKustomizationPath, type Kustomization, readKustomization, standForRemote } from "./read-kustomization.ts";
import { renameObjects } from "./rename-objects.ts";
import { isLink, type TreeFile, type TreeIndex } from "./tree-index.ts";

export interface Sources {
  readonly index: TreeIndex;
  /** By blob id. */
  readonly texts: ReadonlyMap<string, Seen<string>>;
  /** Shared by builds of the same files. */
  readonly memory?: ReadingMemory;
}

export interface Build {
  readonly objects: readonly DeclaredObject[];
  readonly problems: readonly ObjectProblem[];
  /** Every file that was read, or would be. */
  readonly files: readonly TreeFile[];
  /** Kustomizations that another one names. */
  readonly named: ReadonlySet<string>;
  /** Files that are read as patches. */
  readonly patches: ReadonlySet<string>;
  /** Blob ids without a text. As long as there are any, the rest is not complete. */
  readonly wanted: readonly string[];
}

export interface BuildRequest extends Sources {
  readonly files: readonly TreeFile[];
  /** Kustomizations that count only where another one names them. */
  readonly notByThemselves?: ReadonlySet<string>;
  /** Manifests that are read; absent: all. Files that decide which others count are always read. */
  readonly only?: (path: string) => boolean;
}

interface Building extends BuildRequest {
  readonly problems: ObjectProblem[];
  readonly read: Map<string, TreeFile>;
  readonly wanted: Set<string>;
  readonly named: Set<string>;
  readonly patches: Set<string>;
  readonly open: Set<string>;
  /** Each file is looked into once, however often it is named. */
  readonly found: Map<string, readonly DeclaredObject[]>;
  readonly kustomizations: Map<string, Kustomization | undefined>;
  objects: number;
  entries: number;
}

const MOST_OBJECTS = 20_000;
const MOST_ENTRIES = 20_000;
const MOST_PROBLEMS = 2_000;
const MOST_FOLDERS_DEEP = 30;

export function buildObjects(request: BuildRequest): Build {
  const building: Building = {
    ...request,
    problems: [],
    read: new Map(),
    wanted: new Set(),
    named: new Set(),
    patches: new Set(),
    open: new Set(),
    found: new Map(),
    kustomizations: new Map(),
    objects: 0,
    entries: 0,
  };
  const kustomizations = request.files.filter(({ path }) => isKustomizationPath(path));
  const folders = new Set(kustomizations.map(({ path }) => folderOf(path)));
  const tops = kustomizations.filter(({ path }) => !isUnder(parentOf(folderOf(path)), folders));
  const plain = request.files.filter(({ path }) => isManifestPath(path) && !isUnder(folderOf(path), folders));
  const built = new Map(tops.map((file) => [file.path, buildFolder(file, building)]));
  const roots = tops.filter(({ path }) => !building.named.has(path) && !request.notByThemselves?.has(path));
  const objects = [
    ...roots.flatMap(({ path }) => built.get(path)?.objects ?? []),
    ...plain.flatMap((file) => readFile(file, building)),
  ];
  const { problems, read, wanted, named, patches } = building;
  return { objects, problems, files: [...read.values()], named, patches, wanted: [...wanted] };
}

interface Folder {
  readonly objects: readonly DeclaredObject[];
  /** Of a Component: to be done to the objects of whoever names it. */
  readonly after: readonly Kustomization[];
}

const NOTHING: Folder = { objects: [], after: [] };

function buildFolder(file: TreeFile, building: Building): Folder {
  if (building.open.has(file.path)) return NOTHING;
  if (building.open.size > MOST_FOLDERS_DEEP)
    return complain(building, file.path, "It is named through more than 30 others");
  const kustomization = kustomizationOf(file, building);
  if (kustomization === undefined) return NOTHING;
  building.open.add(file.path);
  const parts = kustomization.entries.map((entry) => buildEntry(entry, { file, kustomization, building }));
  building.open.delete(file.path);
  const own = [...parts.flatMap(({ objects }) => objects), ...kustomization.generated];
  const todo = [...parts.flatMap(({ after }) => after), kustomization];
  return kustomization.component ? { objects: own, after: todo } : { objects: apply(own, todo, building), after: [] };
}

function kustomizationOf(file: TreeFile, building: Building): Kustomization | undefined {
  if (building.kustomizations.has(file.path)) return building.kustomizations.get(file.path);
  const text = textOf(file, building);
  const reading =
    text === undefined ? undefined : readKustomization({ path: file.path, text, memory: building.memory });
  building.problems.push(...(reading?.problems ?? []));
  const resolved = reading?.kustomization && resolvePatches(reading.kustomization, { file, building });
  building.kustomizations.set(file.path, resolved);
  return resolved;
}

function apply(
  objects: readonly DeclaredObject[],
  kustomizations: readonly Kustomization[],
  { problems, memory }: Building,
): readonly DeclaredObject[] {
  let result = objects;
  for (const kustomization of kustomizations) {
    const deleted = deleteByPatch(result, { patches: kustomization.patches, memory });
    problems.push(...deleted.problems);
    result = renameObjects(deleted.objects, kustomization);
  }
  return result;
}

/** The same kustomization with the texts of its patches in place. */
function resolvePatches(
  kustomization: Kustomization,
  { file, building }: { readonly file: TreeFile; readonly building: Building },
): Kustomization {
  const patches = kustomization.patches.map((patch) => {
    const target = patch.path === undefined ? undefined : resolvePath(patch.path, file.path);
    const found = target === undefined ? undefined : building.index.byPath.get(target);
    const text = found && !isLink(found) ? textOf(found, building) : patch.text;
    if (found) building.patches.add(found.path);
    return { ...patch, path: target ?? file.path, ...(text !== undefined && { text }) };
  });
  return { ...kustomization, patches };
}

function buildEntry(
  entry: string,
  { file, kustomization, building }: { file: TreeFile; kustomization: Kustomization; building: Building },
): Folder {
  building.entries += 1;
  if (building.entries > MOST_ENTRIES)
    return complain(building, "", "Kustomizations name too many files to follow them all");
  if (isRemote(entry))
    return { objects: [standForRemote(entry, { path: file.path, line: kustomization.line })], after: [] };
  const path = resolvePath(entry, file.path);
  if (path === undefined)
    return complain(building, file.path, `\`${entry}\` leads out of the repository and is not followed`);
  const named = building.index.byPath.get(path);
  if (named && isLink(named)) return complain(building, file.path, `\`${entry}\` is a link and is not followed`);
  if (named) return { objects: readFile(named, building), after: [] };
  const below = KUSTOMIZATIONS.map((name) => building.index.byPath.get(path === "" ? name : `${path}/${name}`));
  const folder = below.find((each) => each && !isLink(each));
  if (!folder) return complain(building, file.path, `It names \`${entry}\`, which the repository does not have`);
  building.named.add(folder.path);
  return buildFolder(folder, building);
}

const KUSTOMIZATIONS = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

function readFile(file: TreeFile, building: Building): readonly DeclaredObject[] {
  if (building.only && !building.only(file.path)) {
    building.read.set(file.path, file);
    return [];
  }
  const objects = building.found.get(file.path) ?? lookInto(file, building);
  building.found.set(file.path, objects);
  building.objects += objects.length;
  if (building.objects <= MOST_OBJECTS) return objects;
  complain(building, "", `There are more than ${MOST_OBJECTS} objects, which is too many to compare`);
  return [];
}

function lookInto(file: TreeFile, building: Building): readonly DeclaredObject[] {
  const text = textOf(file, building);
  if (text === undefined) return [];
  const { objects, problems } = findObjects({ path: file.path, text, memory: building.memory });
  // Helm's own files are no manifests, whatever they look like before they are rendered.
  building.problems.push(...(isChartTemplate(file.path) ? problems.map(asTemplated) : problems));
  return objects;
}

function asTemplated(problem: ObjectProblem): ObjectProblem {
  return { ...problem, kind: "templated" };
}

function textOf(file: TreeFile, building: Building): string | undefined {
  building.read.set(file.path, file);
  if ((file.size ?? 0) > LARGEST_FILE) {
    complain(building, file.path, 'The file is larger than 5 MiB and is not read. Split it, or exclude it with "!".');
    return undefined;
  }
  const text = building.texts.get(file.oid);
  if (text?.kind === "known") return text.value;
  if (text) complain(building, file.path, `It could not be read: ${text.why}`);
  else building.wanted.add(file.oid);
  return undefined;
}

function complain(building: Building, path: string, why: string): Folder {
  const same = building.problems.some((problem) => problem.path === path && problem.why === why);
  if (!same && building.problems.length < MOST_PROBLEMS) {
    building.problems.push({ kind: "unreadable", path, line: 1, column: 1, why });
  }
  return NOTHING;
}
