// Asks the registry what the planner has to know of images, and keeps the answers. When something was first seen is never
// forgotten; what was read the time before shows cheaply that nothing has changed.

import { isGitSource } from "../domain/git-source.ts";
import { type ImageState, UNREAD_IMAGE } from "../domain/image-state.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { TagList } from "../registry/registry.ts";
import { cacheKey } from "./image-cache.ts";
import { firstSeenAt } from "./judge-first-look.ts";
import type { Images } from "./observe-images.ts";
import { forgetMoving, readGitSource } from "./read-git-source.ts";
import type { Shell } from "./shell.ts";
import { addTold, isClosed, orToldDigest, orToldTags, orToldTime, recallTold, whyTold } from "./told-versions.ts";

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

/** A failed read is asked again by the next pass. */
function worthKeeping(state: ImageState): ImageState {
  const whatIsKnown = <T>(entries: Readonly<Record<string, Seen<T>>>) =>
    Object.fromEntries(Object.entries(entries).filter(([, seen]) => seen.kind === "known"));
  return {
    ...state,
    digests: whatIsKnown(state.digests),
    created: whatIsKnown(state.created),
    platforms: whatIsKnown(state.platforms ?? {}),
  };
}

type RegistryNeed = Extract<Need, { kind: "tags" | "digest" | "created" | "platforms" }>;

export function isRegistryNeed(need: Need): need is RegistryNeed {
  return ["tags", "digest", "created", "platforms"].includes(need.kind);
}

/** Asks the registry what the planner has to know, image by image side by side, and keeps the answers. */
export async function readImages(
  images: Images,
  { needs, at, shell }: Reader & { readonly needs: readonly RegistryNeed[] },
): Promise<Images> {
  const byImage = Map.groupBy(needs, ({ image }) => image);
  const read = await inParallel(
    [...byImage],
    async ([image, asked]) => [image, await readImage(images[image], { asked, at, shell })] as const,
  );
  const fresh = read.flatMap(([image, state]) =>
    state.kind === "known" ? [[cacheKey(image, at), JSON.stringify(worthKeeping(state.value))] as const] : [],
  );
  if (fresh.length > 0) await shell.store.cache.write("image", new Map(fresh));
  return { ...images, ...Object.fromEntries(read) };
}

async function readImage(
  before: Seen<ImageState> | undefined,
  { asked, at, shell }: Reader & { readonly asked: readonly RegistryNeed[] },
): Promise<Seen<ImageState>> {
  const image = asked[0]?.image ?? "";
  const request = { image, asker: `${at.owner}/${at.name}` };
  const kept = before?.kind === "known" ? { state: before.value } : await recallEarlier(image, { at, shell });
  if (isGitSource(image)) return readGitSource(kept.state, { asked, at, shell });
  let state: ImageState = { ...kept.state, since: kept.state.since ?? shell.now() };
  for (const need of asked) {
    switch (need.kind) {
      case "tags": {
        const listed = await shell.registry.listTags({ ...request, ...(kept.list && { earlier: kept.list }) });
        if (isClosed(listed)) state = { ...state, told: addTold(state.told, await recallTold(image, { at, shell })) };
        const list = orToldTags(listed, state);
        if (list.kind === "unknown") return list;
        state = { ...state, ...list.value, ...whyTold({ asked: listed, taken: list }), readAt: shell.now() };
        break;
      }
      case "digest": {
        const resolved = await shell.registry.resolveTag({ ...request, tag: need.tag });
        const digest = orToldDigest(resolved, { tag: need.tag, state });
        state = {
          ...state,
          ...whyTold({ asked: resolved, taken: digest }),
          digests: { ...state.digests, [need.tag]: digest },
          askedAt: shell.now(),
          firstSeen: seeFirst(state, { digest, now: shell.now() }),
        };
        break;
      }
      case "created": {
        const read = await shell.registry.readCreated({ ...request, digest: need.digest });
        const created = orToldTime(read, { digest: need.digest, state });
        state = { ...state, created: { ...state.created, [need.digest]: created } };
        break;
      }
      case "platforms": {
        const platforms = await shell.registry.readPlatforms({ ...request, digest: need.digest });
        state = { ...state, platforms: { ...state.platforms, [need.digest]: platforms } };
        break;
      }
    }
  }
  return known(state);
}

/**
 * Tags and digests have to be read again; what was first seen when, and what an image says of itself, stays. Unless an
 * event spoke of the image, what was read before shows whether anything has changed since.
 */
async function recallEarlier(
  image: string,
  { at, shell }: Reader,
): Promise<{ readonly state: ImageState; readonly list?: TagList }> {
  const text = (await shell.store.cache.read("image", [cacheKey(image, at)])).get(cacheKey(image, at));
  const before = text === undefined ? undefined : (JSON.parse(text) as ImageState);
  if (before && isGitSource(image)) return { state: forgetMoving(before) };
  const state: ImageState = {
    ...UNREAD_IMAGE,
    created: before?.created ?? {},
    platforms: before?.platforms ?? {},
    firstSeen: before?.firstSeen ?? {},
    ...(before?.since !== undefined && { since: before.since }),
    ...(before?.told !== undefined && { told: before.told }),
  };
  // An event spoke of the image, or nobody has read its tags so far.
  if (before === undefined || before.readAt === 0) return { state };
  const { tags, etag } = before;
  return { state: { ...state, earlier: digestsBefore(before) }, list: { tags, ...(etag !== undefined && { etag }) } };
}

function digestsBefore({ tags, digests, earlier = {} }: ImageState): NonNullable<ImageState["earlier"]> {
  const listed = new Set(tags);
  const read = Object.entries(digests).flatMap(([tag, seen]) =>
    seen.kind === "known" && seen.value !== undefined ? [[tag, seen.value] as const] : [],
  );
  return Object.fromEntries([...Object.entries(earlier), ...read].filter(([tag]) => listed.has(tag)));
}

function seeFirst(
  state: ImageState,
  { digest, now }: { digest: Seen<string | undefined>; now: number },
): ImageState["firstSeen"] {
  if (digest.kind === "unknown" || digest.value === undefined || state.firstSeen[digest.value] !== undefined)
    return state.firstSeen;
  return { ...state.firstSeen, [digest.value]: firstSeenAt(state, now) };
}

const SIDE_BY_SIDE = 8;

async function inParallel<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<readonly B[]> {
  const results: B[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, run));
  return results;
}
