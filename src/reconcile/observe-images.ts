// What is known about images before anybody is asked: from the cache as long as it is fresh. A hint about an image, or its
// age, makes its tags and the digests of its tags unknown again; the registry is asked when the planner needs them
// (`read-images.ts`).

import { isGitSource, nameWatched } from "../domain/git-source.ts";
import type { StoredHint } from "../domain/hint.ts";
import { type ImageState, type ToldVersion, UNREAD_IMAGE } from "../domain/image-state.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { cacheKey } from "./image-cache.ts";
import { forgetMoving } from "./read-git-source.ts";
import type { Shell } from "./shell.ts";
import { addTold, mayBeTold } from "./told-versions.ts";

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export type Images = Readonly<Record<string, Seen<ImageState>>>;

/** The images that hints name, with what signed events said of their tags. */
export type HintedImages = ReadonlyMap<string, ReadonlyMap<string, ToldVersion>>;

export function imagesIn(hints: readonly StoredHint[], at: RepositoryReference): HintedImages {
  const images = new Map<string, Map<string, ToldVersion>>();
  for (const { subject, storedAt } of hints) {
    if (subject.kind !== "image") continue;
    const told = images.get(subject.image) ?? new Map<string, ToldVersion>();
    images.set(subject.image, told);
    if (subject.told === undefined || subject.tag === undefined || !mayBeTold(subject.image, at)) continue;
    told.set(subject.tag, { ...subject.told, at: storedAt });
  }
  return images;
}

/** How many images a pass asks for again only because of their age: the rest has its turn in the next one. */
const REFRESHED_AT_ONCE = 100;

export interface CachedImages {
  readonly images: Images;
  /** Tags that were read longer ago than they count as fresh, and wait for the next pass. */
  readonly leftForLater: number;
}

/** What the cache knows of the images that the pipelines track, less what has to be read again. */
export async function recallImages(
  configuration: Configuration,
  { hinted, at, shell }: Reader & { readonly hinted: HintedImages },
): Promise<CachedImages> {
  const names = trackedImages(configuration);
  const cached = await shell.store.cache.read(
    "image",
    names.map((image) => cacheKey(image, at)),
  );
  const kept = names.flatMap((image) => {
    const text = cached.get(cacheKey(image, at));
    return text === undefined ? [] : [{ image, state: JSON.parse(text) as ImageState }];
  });
  await outdate(
    names.flatMap((image) => {
      const told = hinted.get(image);
      const state = kept.find((each) => each.image === image)?.state;
      return told && (state || told.size > 0) ? [{ image, state: state ?? UNREAD_IMAGE, told }] : [];
    }),
    { at, shell },
  );
  const states = kept.filter(({ image }) => !hinted.has(image));
  const { lookedAt } = shell.memory;
  // An image that nobody asks about stays as old as it is; it has its turn, but not every time.
  const age = ({ image, state }: (typeof states)[number]) =>
    Math.max(state.readAt || (state.askedAt ?? 0), lookedAt.get(cacheKey(image, at)) ?? 0);
  const stale = states
    .filter((each) => shell.now() - age(each) > shell.tagsFresh(each.image))
    .sort((a, b) => age(a) - age(b));
  const again = new Set(stale.slice(0, REFRESHED_AT_ONCE).map(({ image }) => image));
  for (const image of again) lookedAt.set(cacheKey(image, at), shell.now());
  const images = Object.fromEntries(
    states.filter(({ image }) => !again.has(image)).map(({ image, state }) => [image, known(state)]),
  );
  return { images, leftForLater: Math.max(0, stale.length - REFRESHED_AT_ONCE) };
}

/** The hint goes with this pass, which may have no need to ask: the next one that has must not believe the cache. */
async function outdate(
  images: readonly {
    readonly image: string;
    readonly state: ImageState;
    readonly told: ReadonlyMap<string, ToldVersion>;
  }[],
  { at, shell }: Reader,
): Promise<void> {
  if (images.length === 0) return;
  const entries = images.map(({ image, state, told }) => {
    const unread = isGitSource(image) ? forgetMoving(state) : { ...state, readAt: 0, askedAt: 0, digests: {} };
    const outdated = { ...unread, told: addTold(state.told, told) };
    return [cacheKey(image, at), JSON.stringify(outdated)] as const;
  });
  await shell.store.cache.write("image", new Map(entries));
}

/** What was read of it is not true any more, because we wrote. */
export async function forgetImage(image: string, { at, shell }: Reader): Promise<void> {
  const text = (await shell.store.cache.read("image", [cacheKey(image, at)])).get(cacheKey(image, at));
  if (text !== undefined)
    await outdate([{ image, state: JSON.parse(text) as ImageState, told: new Map() }], { at, shell });
}

export function trackedImages(configuration: Configuration): readonly string[] {
  const names = configuration.pipelines.flatMap(({ images, environments }) => [
    ...images.map(({ image }) => image),
    ...environments.flatMap((environment) => environment.images.map(({ image }) => image)),
  ]);
  return [...new Set(names)];
}

/** What news are listened to: of a Git repository those of its tags, or of the branch that is followed. */
export function watchedNames(configuration: Configuration): readonly string[] {
  const watched = configuration.pipelines.flatMap(({ images }) =>
    images.flatMap(({ image, policy }) => {
      const ref = policy.kind === "branch" ? `refs/heads/${policy.branch}` : "refs/tags/";
      return (isGitSource(image) && nameWatched(image, ref)) || [];
    }),
  );
  return [...new Set([...trackedImages(configuration), ...watched])];
}
