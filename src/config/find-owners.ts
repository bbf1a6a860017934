// Who owns all files of an environment in which versions may stand. Somebody who owns only some of them owns nothing
// here: a promotion may write any of them. Knows the owners of each file once, however many environments ask.

import { isGlob, selectPaths, withoutExclusion } from "./path-patterns.ts";
import { type CodeownersRule, matchesRule, readCodeowners } from "./read-codeowners.ts";

export interface OwnerSearch {
  ownersOf(environment: OwnedPaths): FoundOwners;
}

export interface OwnedPaths {
  /** As the environment's `paths` says it. */
  readonly paths: readonly string[];
  /** Single files. */
  readonly files: readonly string[];
}

export interface FoundOwners {
  /** Teams and logins. */
  readonly owners: readonly string[];
  /** Why there are none: a clause that begins a sentence. */
  readonly why: string;
}

/** Rules compared with files in one reading. */
const MOST_COMPARISONS = 20_000_000;

export function findOwners({
  codeowners,
  tree,
}: {
  readonly codeowners: string | undefined;
  readonly tree: readonly string[];
}): OwnerSearch {
  let prepared: Prepared | undefined;
  return {
    ownersOf(environment) {
      if (codeowners === undefined) return { owners: [], why: "There is no file of code owners" };
      prepared ??= prepare(codeowners, tree);
      return commonOwners(environment, prepared);
    },
  };
}

interface Prepared {
  /** The last one first, because the last that matches counts. */
  readonly rules: readonly CodeownersRule[];
  /** Files in which versions may stand, sorted. */
  readonly files: readonly string[];
  readonly known: Map<string, readonly string[]>;
  compared: number;
}

function prepare(codeowners: string, tree: readonly string[]): Prepared {
  const files = tree.filter((path) => /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(path)).sort();
  return { rules: [...readCodeowners(codeowners)].reverse(), files, known: new Map(), compared: 0 };
}

function commonOwners({ paths, files }: OwnedPaths, prepared: Prepared): FoundOwners {
  const selects = selectPaths(paths);
  const bases = new Set(paths.filter((path) => !path.startsWith("!")).map(baseOf));
  const below = [...bases].flatMap((base) => filesBelow(prepared.files, base)).filter(selects);
  let common: readonly string[] | undefined;
  for (const file of new Set([...below, ...files])) {
    const owners = ownersOfFile(file, prepared);
    if (prepared.compared > MOST_COMPARISONS) return { owners: [], why: "There are too many rules and files to find" };
    const present = new Set(owners.map((owner) => owner.toLowerCase()));
    common = (common ?? owners).filter((owner) => present.has(owner.toLowerCase()));
    if (common.length === 0) return { owners: [], why: "Nobody owns all of its files" };
  }
  return { owners: common ?? [], why: "It has no files on the default branch" };
}

/** The folders that stand before the first pattern of a glob. */
function baseOf(path: string): string {
  const names = withoutExclusion(path).replace(/\/$/, "").split("/");
  const glob = names.findIndex(isGlob);
  return names.slice(0, glob === -1 ? names.length : glob).join("/");
}

/** The file of this name, and everything below the folder of this name. */
function filesBelow(files: readonly string[], base: string): readonly string[] {
  if (base === "") return files;
  const start = firstAtLeast(files, base);
  let end = start;
  while (files[end]?.startsWith(base)) end += 1;
  return files.slice(start, end);
}

function firstAtLeast(files: readonly string[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle] ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function ownersOfFile(file: string, prepared: Prepared): readonly string[] {
  const kept = prepared.known.get(file);
  if (kept !== undefined) return kept;
  const names = file.split("/");
  const found = prepared.rules.find((rule) => {
    prepared.compared += rule.effort;
    return prepared.compared > MOST_COMPARISONS || matchesRule(rule, names);
  });
  const owners = found?.owners ?? [];
  prepared.known.set(file, owners);
  return owners;
}
