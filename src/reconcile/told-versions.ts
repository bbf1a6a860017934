// What events said of images in a registry that answers nobody without credentials, as GitHub's does for private packages:
// kept beside what was read, and taken for an answer only where the registry gave none for that reason. An outage is no
// such reason.

import { isDigest, repositoryOf } from "../domain/image-name.ts";
import type { ImageState, ToldVersion } from "../domain/image-state.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { TagList } from "../registry/registry.ts";
import type { Shell } from "./shell.ts";

/**
 * What an account's own events say of its packages is nobody else's business, whatever images a repository names: a
 * registry that answers nobody keeps even their tags to itself (T25).
 */
export function mayBeTold(image: string, { owner }: Pick<RepositoryReference, "owner">): boolean {
  return repositoryOf(image).split("/")[0] === owner.toLowerCase();
}

type Told = NonNullable<ImageState["told"]>;

/** The newest are kept: what was promoted is remembered by the ledger. */
const MOST_TOLD = 100;

/** What was told before and what is told now; of one tag the last word counts. */
export function addTold(before: Told = {}, news: Iterable<readonly [string, ToldVersion]>): Told {
  const last = new Map(Object.entries(before));
  for (const [tag, told] of news) {
    if (isDigest(told.digest) && told.at >= (last.get(tag)?.at ?? 0)) last.set(tag, told);
  }
  return Object.fromEntries([...last].sort(([, a], [, b]) => b.at - a.at).slice(0, MOST_TOLD));
}

/** What the forge still knows of having told: events that were lost, or that this program has forgotten. */
export async function recallTold(
  image: string,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<readonly (readonly [string, ToldVersion])[]> {
  if (!mayBeTold(image, at)) return [];
  const key = String(at.installation);
  const kept = shell.memory.packages.get(key);
  const isFresh = kept !== undefined && shell.now() - kept.at < shell.tagsFresh(image);
  const told = isFresh ? kept.told : await shell.forge.recallPackages(at);
  if (!isFresh) shell.memory.packages.set(key, { at: shell.now(), told });
  return told.filter((each) => each.image === image).map(({ image: _, tag, ...version }) => [tag, version] as const);
}

/** The tags that were told, where nobody may list them. */
export function orToldTags(list: Seen<TagList>, { told = {} }: ImageState): Seen<TagList> {
  const tags = Object.keys(told);
  return isClosed(list) && tags.length > 0 ? known({ tags }) : list;
}

export function orToldDigest(
  digest: Seen<string | undefined>,
  { tag, state }: { readonly tag: string; readonly state: ImageState },
): Seen<string | undefined> {
  const { told = {} } = state;
  const said = Object.hasOwn(told, tag) ? told[tag] : undefined;
  return isClosed(digest) && said ? known(said.digest) : digest;
}

/** Nobody may read when it was built. When it was told is the next best, and the same for whoever asks again. */
export function orToldTime(
  created: Seen<number | undefined>,
  { digest, state }: { readonly digest: string; readonly state: ImageState },
): Seen<number | undefined> {
  const said = Object.values(state.told ?? {}).flatMap((each) => (each.digest === digest ? [each.at] : []));
  return isClosed(created) && said.length > 0 ? known(Math.min(...said)) : created;
}

/** What is to be remembered where something told stands for what was asked. */
export function whyTold<T>({ asked, taken }: { readonly asked: Seen<T>; readonly taken: Seen<T> }): {
  readonly toldAlone?: string;
} {
  return asked.kind === "unknown" && taken.kind === "known" ? { toldAlone: asked.why } : {};
}

export function isClosed<T>(seen: Seen<T>): seen is Extract<Seen<T>, { kind: "unknown" }> {
  return seen.kind === "unknown" && seen.closed === true;
}
