// The rule that no two environments write one place: the same image in the same file of the same branch, or the same
// field. Seen without reading the files: by paths that contain each other, and by the repository's tree for globs.

import { type Draft, type DraftEnvironment, describePlace } from "./draft.ts";
import { checkPathPattern, isGlob, type PathSelector, selectPaths, withoutExclusion } from "./path-patterns.ts";
import type { At } from "./source.ts";

/** Patterns tried; beyond it only paths without patterns are compared, which takes no trying. */
const MOST_COMPARISONS = 500_000;
/** Names longer than this are more work, with the square of their length: a pattern may have two stars. */
const USUAL_NAME = 40;

/** Of those that name the very same path, the first few are enough to find one to tell. */
const MOST_RIVALS = 4;

interface Claim {
  readonly draft: Draft;
  readonly environment: DraftEnvironment;
  readonly at: At;
  readonly image: string;
  /** Place among the claims to the same image. */
  readonly order: number;
  readonly onDefaultBranch: boolean;
  readonly literals: readonly string[];
  readonly globs: readonly string[];
  readonly excludes: boolean;
  /** How many patterns are tried to see whether it selects a path; alternatives count each. */
  readonly weight: number;
  readonly selects: PathSelector;
}

export function checkPlaces(drafts: readonly Draft[], tree: readonly string[]): void {
  checkFields(drafts);
  const budget = { left: MOST_COMPARISONS };
  for (const claims of claimsByImage(drafts).values()) {
    if (claims.length > 1) compareClaims(claims, { tree, budget });
  }
}

function claimsByImage(drafts: readonly Draft[]): ReadonlyMap<string, readonly Claim[]> {
  const groups = new Map<string, Claim[]>();
  for (const draft of drafts) {
    for (const environment of draft.environments) {
      const { paths, branch, images } = environment.written;
      if (paths === undefined) continue;
      // What its own check refused may be a pattern that takes for ever to match.
      const sound = paths.value.filter(({ value }) => checkPathPattern(value) === undefined);
      const patterns = sound.map(({ value }) => value.replace(/\/$/, ""));
      const included = patterns.filter((pattern) => !pattern.startsWith("!"));
      const shared = {
        ...{ draft, environment, at: paths.at, onDefaultBranch: branch === undefined },
        literals: included.filter((pattern) => !isGlob(pattern)),
        globs: included.filter(isGlob),
        excludes: included.length < patterns.length,
        weight: patterns.reduce((weight, pattern) => weight + pattern.split(",").length, 0),
        selects: selectPaths(patterns),
      };
      for (const image of draft.images ?? []) {
        const alias = images?.value.find(({ value }) => (value.as?.value ?? draft.images?.[0]) === image);
        const name = alias?.value.image?.value ?? image;
        const group = `${branch?.value ?? ""} ${name}`;
        const claims = groups.get(group);
        if (claims === undefined) groups.set(group, [{ ...shared, image: name, order: 0 }]);
        else claims.push({ ...shared, image: name, order: claims.length });
      }
    }
  }
  return groups;
}

function isPatterned({ globs, excludes }: Claim): boolean {
  return globs.length > 0 || excludes;
}

interface Comparing {
  readonly tree: readonly string[];
  readonly budget: { left: number };
}

function compareClaims(claims: readonly Claim[], { tree, budget }: Comparing): void {
  const told = new Set<Claim>();
  const byLiteral = Map.groupBy(
    claims.flatMap((claim) => claim.literals.map((literal) => ({ claim, literal }))),
    ({ literal }) => literal,
  );
  const patterned = claims.filter(isPatterned);
  for (const claim of claims) {
    for (const probe of probesOf(claim, tree)) {
      if (told.has(claim)) break;
      const effort = effortOf(probe);
      const select = (each: Claim): boolean => {
        if (!isPatterned(each)) return each.selects(probe);
        budget.left -= each.weight * effort;
        return budget.left > 0 && each.selects(probe);
      };
      if (isPatterned(claim) && budget.left <= 0) break;
      if (!select(claim)) continue;
      const isRival = (each: Claim): boolean => each.environment !== claim.environment && select(each);
      const containing = ancestors(probe).flatMap((path) => byLiteral.get(path)?.slice(0, MOST_RIVALS) ?? []);
      const rival =
        containing.map((each) => each.claim).find(isRival) ?? (budget.left > 0 ? patterned.find(isRival) : undefined);
      if (rival !== undefined) tellOverlap(claim, { rival, probe, told });
    }
  }
}

function effortOf(path: string): number {
  let longest = 0;
  for (const name of path.split("/")) longest = Math.max(longest, name.length);
  return 1 + Math.floor((longest / USUAL_NAME) ** 2);
}

/** Paths at which a claim may meet another; the tree only where a path is not the pattern itself. */
function* probesOf(claim: Claim, tree: readonly string[]): Generator<string> {
  yield* claim.literals;
  for (const glob of claim.globs) yield exampleOf(glob);
  if (isPatterned(claim) && claim.onDefaultBranch) yield* tree;
}

interface Overlap {
  readonly rival: Claim;
  readonly probe: string;
  readonly told: Set<Claim>;
}

/** The one that stands later in the files is told, and so stops; the earlier one was there first. */
function tellOverlap(claim: Claim, { rival, probe, told }: Overlap): void {
  const [first, second] = claim.order < rival.order ? [claim, rival] : [rival, claim];
  if (told.has(second)) return;
  told.add(second);
  const message = `\`${keyOf(first)}\` writes \`${second.image}\` in \`${probe}\` too.`;
  const hint = `Two environments never write one place; the other is in ${describePlace(first.at, second.at)}.`;
  second.draft.reading.report({ at: second.at, message, hint });
}

function keyOf({ draft, environment }: { readonly draft: Draft; readonly environment: DraftEnvironment }): string {
  return `${draft.name}/${environment.name}`;
}

function ancestors(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** A path that the glob selects, so that two alike globs meet also where no file exists yet. */
function exampleOf(glob: string): string {
  return withoutExclusion(glob)
    .replace(/\*\*|\*|\?/g, "x")
    .replace(/\{([^,}]*)[^}]*\}/g, "$1");
}

function checkFields(drafts: readonly Draft[]): void {
  const taken = new Map<string, { readonly draft: Draft; readonly environment: DraftEnvironment; readonly at: At }>();
  for (const draft of drafts) {
    for (const environment of draft.environments) {
      for (const { value, at } of fieldsOf(environment)) {
        if (value.file === undefined || value.path === undefined) continue;
        const place = JSON.stringify([environment.written.branch?.value, value.file.value, value.path.value]);
        const first = taken.get(place);
        if (first === undefined) {
          taken.set(place, { draft, environment, at });
          continue;
        }
        const message = `\`${keyOf(first)}\` writes this field of \`${value.file.value}\` too.`;
        const hint = `Two environments never write one place; the other is in ${describePlace(first.at, at)}.`;
        draft.reading.report({ at: value.path.at, message, hint });
      }
    }
  }
}

function fieldsOf({ written: { fields, sandbox } }: DraftEnvironment) {
  return [...(fields?.value ?? []), ...(sandbox === undefined ? [] : [sandbox])];
}
