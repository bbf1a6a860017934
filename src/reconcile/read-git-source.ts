// What is known of a Git repository whose versions are promoted, in the form of an image: its tags with their commits come
// in one list, a branch is asked for alone. Who may read it is the forge's matter.

import { branchOfHead, parseGitSource } from "../domain/git-source.ts";
import { identityOf } from "../domain/identity.ts";
import type { ImageState } from "../domain/image-state.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { Revision, SourceRepository } from "../domain/source-repository.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { firstSeenAt } from "./judge-first-look.ts";
import type { Shell } from "./shell.ts";

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: Pick<Shell, "forge" | "now">;
}

type GitNeed = Extract<Need, { kind: "tags" | "digest" | "created" | "platforms" }>;

/** Of more tags, those with the newest commits count. */
const MOST_PAGES = 20;
/** A longer list is read whole this seldom; between, its newest page has to do. */
const WHOLE_EVERY = 60 * 60_000;

/** Of `before` what is not asked for again stays. */
export async function readGitSource(
  before: ImageState,
  { asked, at, shell }: Reader & { readonly asked: readonly GitNeed[] },
): Promise<Seen<ImageState>> {
  const image = asked[0]?.image ?? "";
  const parsed = parseGitSource(image);
  if (parsed === undefined) return { kind: "unknown", why: `\`${image}\` is no Git repository` };
  const source = { owner: parsed.owner, name: parsed.repository };
  let state: ImageState = { ...before, since: before.since ?? shell.now() };
  const wantsTags = asked.some(({ kind }) => kind === "tags");
  if (wantsTags) {
    const listed = await listTags(state, { source, at, shell });
    if (listed.kind === "unknown") return listed;
    state = listed.value;
  }
  const named = asked.flatMap((need) => (need.kind === "digest" ? [need.tag] : []));
  const names = named.filter((name) => !(wantsTags && state.tags.includes(name)));
  if (names.length > 0) state = await readSingly(state, { names, source, at, shell });
  const created = asked.flatMap((need) => (need.kind === "created" ? [need.digest] : []));
  return known(dontKnowAges(state, created));
}

interface Reading extends Reader {
  readonly source: SourceRepository;
}

/** A new tag is among the newest: with one page, and the count that fits, what is known of the others still holds. */
async function listTags(state: ImageState, { source, at, shell }: Reading): Promise<Seen<ImageState>> {
  const readAt = shell.now();
  const isFresh = state.wholeAt !== undefined && readAt - state.wholeAt < WHOLE_EVERY;
  if (isFresh) {
    const newest = await shell.forge.listRevisions(at, { source, pages: 1 });
    if (newest.kind === "unknown") return newest;
    const names = new Set([...newest.value.tags.map(({ name }) => name), ...state.tags]);
    if (newest.value.isWhole) return known({ ...withTags(state, newest.value.tags), readAt });
    if (names.size === newest.value.total) {
      const merged = withRevisions(state, newest.value.tags);
      return known({ ...merged, tags: [...names], readAt });
    }
  }
  const all = await shell.forge.listRevisions(at, { source, pages: MOST_PAGES });
  if (all.kind === "unknown") return all;
  return known({ ...withTags(state, all.value.tags), readAt, wholeAt: readAt });
}

/** These and no others; branches stay. */
function withTags(state: ImageState, tags: readonly Revision[]): ImageState {
  const branches = Object.entries(state.digests).filter(([name]) => branchOfHead(name) !== undefined);
  const bare = { ...state, digests: Object.fromEntries(branches) };
  return { ...withRevisions(bare, tags), tags: tags.map(({ name }) => name) };
}

function withRevisions(state: ImageState, revisions: readonly Revision[]): ImageState {
  const digests = revisions.map(({ name, commit }) => [name, known(identityOf(commit))] as const);
  const created = revisions.map(({ commit, committedAt }) => [identityOf(commit), known(committedAt)] as const);
  return {
    ...state,
    digests: { ...state.digests, ...Object.fromEntries(digests) },
    created: { ...state.created, ...Object.fromEntries(created) },
  };
}

/** Branches, and tags that are older than what is listed. */
async function readSingly(
  state: ImageState,
  { names, source, at, shell }: Reading & { readonly names: readonly string[] },
): Promise<ImageState> {
  const read = await shell.forge.readRevisions(at, { source, names: [...new Set(names)] });
  if (read.kind === "unknown") {
    return { ...state, digests: { ...state.digests, ...Object.fromEntries(names.map((name) => [name, read])) } };
  }
  const found = names.flatMap((name) => read.value.get(name) ?? []);
  const gone = names.filter((name) => read.value.get(name) === undefined);
  const absent = Object.fromEntries(gone.map((name) => [name, known(undefined)]));
  const next = withRevisions(state, found);
  const digests = { ...next.digests, ...absent };
  return { ...next, digests, askedAt: shell.now(), firstSeen: seeFirst(state, { found, now: shell.now() }) };
}

function seeFirst(
  state: ImageState,
  { found, now }: { readonly found: readonly Revision[]; readonly now: number },
): ImageState["firstSeen"] {
  const at = firstSeenAt(state, now);
  return { ...Object.fromEntries(found.map(({ commit }) => [identityOf(commit), at])), ...state.firstSeen };
}

/** A commit that no tag leads to any more: nobody asks GitHub for its date alone. */
function dontKnowAges(state: ImageState, digests: readonly string[]): ImageState {
  const unsaid = digests.filter((digest) => state.created[digest] === undefined);
  if (unsaid.length === 0) return state;
  return {
    ...state,
    created: { ...state.created, ...Object.fromEntries(unsaid.map((each) => [each, known(undefined)])) },
  };
}

/**
 * What may have moved is read again, tags too. Where they led before shows that nothing has changed, and is no reason to
 * propose anything; of a long list the next look still knows the names.
 */
export function forgetMoving(state: ImageState): ImageState {
  const before = Object.entries(state.digests).flatMap(([name, seen]) =>
    branchOfHead(name) === undefined && seen.kind === "known" && seen.value !== undefined ? [[name, seen.value]] : [],
  );
  const earlier = { ...state.earlier, ...Object.fromEntries(before) };
  return { ...state, readAt: 0, askedAt: 0, digests: {}, earlier };
}
