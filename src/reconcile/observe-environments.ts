// Reads what the files of every environment say. Only files whose Git id is new are read and looked into; an
// environment whose files could not all be read is unknown as a whole.

import type { BranchState, DeclaredState } from "../domain/observed.ts";
import {
  type Configuration,
  type Environment,
  type EnvironmentKey,
  environmentKey,
  nameInEnvironment,
  type Pipeline,
} from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { findPlaces, joinPlaces, type PlacesInFile } from "../manifests/find-places.ts";
import { type Selection, selectFiles } from "../manifests/select-files.ts";
import type { TreeFile, TreeIndex } from "../manifests/tree-index.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

export interface EnvironmentFiles {
  readonly key: EnvironmentKey;
  readonly environment: Environment;
  /** Names that matter in these files. */
  readonly images: readonly string[];
  readonly selection: Selection;
}

/** Entries of trees that the paths of all environments may look at: some seconds of work, where usual is a hundredth. */
const MOST_LOOKS = 2_000_000;

/** How many files are in memory at once. */
const BATCH = 400;

export async function observeEnvironments(
  configuration: Configuration,
  {
    branches,
    defaultBranch,
    indexOf,
    at,
    shell,
  }: {
    readonly branches: Readonly<Record<string, Seen<BranchState>>>;
    readonly defaultBranch: string;
    readonly indexOf: (tree: string) => Promise<TreeIndex>;
    readonly at: RepositoryReference;
    readonly shell: Shell;
  },
): Promise<Readonly<Record<EnvironmentKey, Seen<DeclaredState>>>> {
  const states: Record<EnvironmentKey, Seen<DeclaredState>> = {};
  const covered: EnvironmentFiles[] = [];
  let looks = MOST_LOOKS;
  for (const pipeline of configuration.pipelines) {
    for (const environment of pipeline.environments) {
      const branch = branches[environment.branch ?? defaultBranch];
      const key = environmentKey(pipeline, environment);
      if (branch?.kind !== "known") states[key] = unknown(branch?.why ?? "its branch does not exist");
      else {
        const files = coverFiles({ pipeline, environment }, { index: await indexOf(branch.value.tree), atMost: looks });
        looks -= files.selection.looked;
        covered.push(files);
      }
    }
  }
  const unread = await lookIntoNewFiles(covered, { at, shell });
  for (const files of covered) states[files.key] = declaredState(files, { unread, shell });
  return states;
}

/** What one environment's files say in a tree, which need not be the present one. */
export async function observeEnvironmentIn(
  index: TreeIndex,
  {
    pipeline,
    environment,
    ...desk
  }: {
    readonly pipeline: Pipeline;
    readonly environment: Environment;
    readonly at: RepositoryReference;
    readonly shell: Shell;
  },
): Promise<Seen<DeclaredState>> {
  const files = coverFiles({ pipeline, environment }, { index });
  const unread = await lookIntoNewFiles([files], desk);
  return declaredState(files, { unread, shell: desk.shell });
}

export function coverFiles(
  { pipeline, environment }: { readonly pipeline: Pipeline; readonly environment: Environment },
  { index, atMost = MOST_LOOKS }: { readonly index: TreeIndex; readonly atMost?: number },
): EnvironmentFiles {
  return {
    key: environmentKey(pipeline, environment),
    environment,
    images: pipeline.images.map(({ image }) => nameInEnvironment(environment, image)),
    selection: selectFiles({ paths: environment.paths, fields: environment.fields, index, atMost }),
  };
}

interface Wanted {
  readonly file: TreeFile;
  readonly files: EnvironmentFiles;
}

/** Fills the process's memory of places; gives the reasons for files that could not be read, by blob id. */
async function lookIntoNewFiles(
  covered: readonly EnvironmentFiles[],
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<ReadonlyMap<string, string>> {
  const wanted = covered
    .flatMap((files) => files.selection.files.map((file): Wanted => ({ file, files })))
    .filter(({ file, files }) => shell.memory.places.get(placesKey(file, files)) === undefined);
  const unread = new Map<string, string>();
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const texts = await readTexts(
      batch.map(({ file }) => file.oid),
      { at, shell },
    );
    for (const { file, files } of batch) {
      const text = texts.get(file.oid);
      if (text?.kind === "known")
        shell.memory.places.set(placesKey(file, files), look(file, { files, text: text.value }));
      else unread.set(file.oid, text?.why ?? "not read");
    }
  }
  return unread;
}

function look(file: TreeFile, { files, text }: { files: EnvironmentFiles; text: string }): PlacesInFile {
  const { images, environment } = files;
  const fields = environment.fields.filter((field) => field.file === file.path);
  const { parsed: _parsed, ...found } = findPlaces({ path: file.path, text, images, fields });
  return found;
}

/** The same bytes under another name, or looked into for another image, are another question. */
function placesKey(file: TreeFile, { images, environment }: EnvironmentFiles): string {
  const fields = environment.fields.filter((field) => field.file === file.path);
  return JSON.stringify([file.oid, file.path, images, fields]);
}

function declaredState(
  files: EnvironmentFiles,
  { unread, shell }: { unread: ReadonlyMap<string, string>; shell: Shell },
): Seen<DeclaredState> {
  const found: PlacesInFile[] = [];
  for (const file of files.selection.files) {
    const places = shell.memory.places.get(placesKey(file, files));
    if (!places) return unknown(`${file.path}: ${unread.get(file.oid) ?? "not read"}`);
    found.push(places);
  }
  const { places, problems, repositories } = joinPlaces(found, files);
  return known({
    places,
    problems: [...files.selection.problems, ...problems],
    ...(repositories.length > 0 && { repositories }),
  });
}
