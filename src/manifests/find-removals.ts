// Which objects a change takes out of the environments of a branch, from the trees before and after it. `before` is the
// tree of the commit that the change stands on (the merge base), or what others added meanwhile would look removed.
// Reads nothing itself: it says which blobs it lacks, and is asked again with their texts, until it knows. A change that
// touches no manifest costs nothing; a change that removes nothing costs the files that it changes, and the
// kustomizations.

import { type Configuration, type Environment, type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import type { PlaceProblem } from "../domain/place.ts";
import type { Removal } from "../domain/removal.ts";
import type { Seen } from "../domain/seen.ts";
import { type Build, buildObjects } from "./build-objects.ts";
import { type Comparison, compareObjects } from "./compare-objects.ts";
import type { ReadingMemory } from "./find-objects.ts";
import { isManifestPath } from "./manifest-path.ts";
import { selectFiles } from "./select-files.ts";
import type { TreeFile, TreeIndex } from "./tree-index.ts";

export type RemovalReading =
  /** Environments from which something is removed, or in which something could not be looked at. */
  | { readonly kind: "known"; readonly value: readonly Removal[] }
  | { readonly kind: "unknown"; readonly why: string }
  /** Blob ids whose texts are lacking. */
  | { readonly kind: "wanted"; readonly oids: readonly string[] };

export interface Change {
  readonly before: TreeIndex;
  readonly after: TreeIndex;
  /** By blob id, of both sides, as far as they have been read. */
  readonly texts: ReadonlyMap<string, Seen<string>>;
  readonly memory?: ReadingMemory;
}

/** `branch` is where the change would go; `defaultBranch` holds the environments that name no branch. */
export function removalsBetween({
  configuration,
  branch,
  defaultBranch,
  memory = new Map(),
  ...sides
}: Change & {
  readonly configuration: Configuration;
  readonly branch: string;
  readonly defaultBranch: string;
}): RemovalReading {
  const change = { ...sides, memory };
  const changed = changedPaths(change);
  if (![...changed].some(isManifestPath)) return { kind: "known", value: [] };
  const wanted = new Set<string>();
  const removals: Removal[] = [];
  let looks = MOST_LOOKS;
  for (const pipeline of configuration.pipelines) {
    for (const environment of pipeline.environments) {
      if ((environment.branch ?? defaultBranch) !== branch) continue;
      const sides = selectBoth(environment, { change, looks });
      looks -= sides.looked;
      if (looks < 0) return { kind: "unknown", why: "the globs of the pipeline file have too many files to look at" };
      const reading = removalOf(environmentKey(pipeline, environment), { ...change, sides, changed });
      if (reading.kind === "unknown") return reading;
      if (reading.kind === "known") removals.push(...reading.value);
      else for (const oid of reading.oids) wanted.add(oid);
    }
  }
  return wanted.size > 0 ? { kind: "wanted", oids: [...wanted] } : { kind: "known", value: removals };
}

/** Entries of both trees that the paths of all environments may look at. */
const MOST_LOOKS = 4_000_000;
const MOST_TOLD = 1_000;

function changedPaths({ before, after }: Change): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path, oid, mode } of before.files) {
    const now = after.byPath.get(path);
    if (now?.oid !== oid || now.mode !== mode) paths.add(path);
  }
  for (const { path } of after.files) if (!before.byPath.has(path)) paths.add(path);
  return paths;
}

interface Sides {
  readonly before: readonly TreeFile[];
  readonly after: readonly TreeFile[];
  readonly looked: number;
}

function selectBoth(
  { paths }: Pick<Environment, "paths">,
  { change, looks }: { readonly change: Change; readonly looks: number },
): Sides {
  const before = selectFiles({ paths, fields: [], index: change.before, atMost: looks });
  const after = selectFiles({ paths, fields: [], index: change.after, atMost: looks });
  return { before: before.files, after: after.files, looked: before.looked + after.looked };
}

type Compared = Change & { readonly sides: Sides; readonly changed: ReadonlySet<string> };

function removalOf(key: EnvironmentKey, compared: Compared): RemovalReading {
  const { changed } = compared;
  const outline = buildBoth(compared, { only: () => false, notByThemselves: new Set() });
  if (outline.wanted.length > 0) return { kind: "wanted", oids: outline.wanted };
  const notByThemselves = new Set([...outline.before.named, ...outline.after.named]);
  const [old, now] = [pathsOf(outline.before), pathsOf(outline.after)];
  const concerned = [...old, ...now].filter((path) => changed.has(path) || !old.has(path) || !now.has(path));
  if (concerned.length === 0) return { kind: "known", value: [] };
  // Which files count, or under which names, may have changed: then every file is looked at.
  const decides = concerned.some((path) => !isManifestPath(path) || !changed.has(path) || DECIDES.test(path));
  const patched = concerned.some((path) => outline.patches.has(path));
  const first =
    decides || patched ? undefined : buildBoth(compared, { only: (path) => changed.has(path), notByThemselves });
  if (first && first.wanted.length > 0) return { kind: "wanted", oids: first.wanted };
  if (first && compare(first).removed.length === 0) return conclude(key, { both: first, changed, comparison: NONE });
  const both = buildBoth(compared, { notByThemselves });
  if (both.wanted.length > 0) return { kind: "wanted", oids: both.wanted };
  return conclude(key, { both, changed, comparison: compare(both) });
}

const DECIDES = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const NONE: Comparison = { removed: [], emptied: false };

interface Both {
  readonly before: Build;
  readonly after: Build;
  readonly wanted: readonly string[];
  /** Files that a kustomization reads for something else than their objects. */
  readonly patches: ReadonlySet<string>;
  /** Why a text could not be had, if one could not. */
  readonly unread?: string;
}

function buildBoth(
  { sides, before, after, texts, memory }: Compared,
  how: { readonly only?: (path: string) => boolean; readonly notByThemselves: ReadonlySet<string> },
): Both {
  const shared = { texts, ...(memory && { memory }), ...how };
  const old = buildObjects({ files: sides.before, index: before, ...shared });
  const now = buildObjects({ files: sides.after, index: after, ...shared });
  const unread = [...old.files, ...now.files].flatMap(({ path, oid }) => {
    const text = texts.get(oid);
    return text?.kind === "unknown" ? [`${path} could not be read: ${text.why}`] : [];
  });
  return {
    before: old,
    after: now,
    wanted: [...old.wanted, ...now.wanted],
    patches: new Set([...old.patches, ...now.patches]),
    ...(unread[0] !== undefined && { unread: unread[0] }),
  };
}

function pathsOf({ files }: Build): ReadonlySet<string> {
  return new Set(files.map(({ path }) => path));
}

/** What is made of templates cannot be counted, so an environment that has some is not called empty. */
function compare({ before, after }: Both): Comparison {
  const { removed, emptied } = compareObjects({ before: before.objects, after: after.objects });
  return { removed, emptied: emptied && !after.problems.some(({ kind }) => kind === "templated") };
}

function conclude(
  key: EnvironmentKey,
  { both, changed, comparison }: { both: Both; changed: ReadonlySet<string>; comparison: Comparison },
): RemovalReading {
  if (both.unread !== undefined) return { kind: "unknown", why: both.unread };
  const known = new Set(both.before.problems.map(nameProblem));
  const fault = both.after.problems.find((each) => each.kind === "unreadable" && !known.has(nameProblem(each)));
  if (fault) return { kind: "unknown", why: tellProblem(fault) };
  const { removed, emptied } = comparison;
  const notes = notesOf(both, changed);
  const more = removed.length - MOST_TOLD;
  if (more > 0) notes.push(`${more} more objects are removed`);
  if (removed.length === 0 && notes.length === 0) return { kind: "known", value: [] };
  return { kind: "known", value: [{ key, objects: removed.slice(0, MOST_TOLD), emptied, notes }] };
}

function notesOf({ before, after }: Both, changed: ReadonlySet<string>): string[] {
  const templates = [...before.problems, ...after.problems]
    .filter(({ kind, path }) => kind === "templated" && changed.has(path))
    .map(({ path }) => `\`${path}\` holds templates, so nobody can say which objects it makes`);
  const lost = before.problems
    .filter(({ kind, path }) => kind === "unreadable" && changed.has(path))
    .map((problem) => `before this change ${tellProblem(problem)}`);
  return [...new Set([...templates, ...lost])].slice(0, MOST_NOTES);
}

const MOST_NOTES = 20;

function nameProblem({ path, why }: PlaceProblem): string {
  return `${path}\n${why}`;
}

function tellProblem({ path, line, column, why }: PlaceProblem): string {
  const at = path === "" ? "" : `\`${path}:${line}:${column}\`: `;
  return `${at}${why.replace(/\.$/, "")}`;
}
