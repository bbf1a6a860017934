// The guard `mutable-tags`: a version is set to a name that means something else tomorrow, or loses the digest that said
// which one it is.

import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { followedName } from "../domain/pipeline.ts";
import type { Place } from "../domain/place.ts";
import type { ChangedPlace } from "./changed-places.ts";
import { blame, type GuardContext, levelOf } from "./guard-context.ts";
import { code } from "./wording.ts";

export function guardMutableTags(changed: readonly ChangedPlace[], context: GuardContext): readonly GuardVerdict[] {
  const guard = "mutable-tags";
  if (levelOf(guard, context) === "off") return [];
  return changed.flatMap(({ place, from }) => {
    const why = place.digest === undefined ? whyMutable(place, { from, context }) : undefined;
    if (why === undefined) return [];
    const { path, line } = place;
    return [blame({ guard, at: { path, line }, why, cure: "Name a version with its digest" }, context)];
  });
}

function whyMutable(
  { image, tag }: Place,
  { from, context }: { readonly from: Place | undefined; readonly context: GuardContext },
): string | undefined {
  if (tag === undefined)
    return `${code(image)} has neither a tag nor a digest, so it is whatever is newest at the time`;
  if (isMoving(tag, context)) return `${code(`${image}:${tag}`)} is a tag that moves`;
  const pinned = from === undefined ? context.change.before : [from];
  const wasPinned = pinned.some((place) => place.image === image && place.digest !== undefined);
  return wasPinned ? `${code(`${image}:${tag}`)} has no digest, where one was pinned before` : undefined;
}

const MOVING =
  /^(?:latest|stable|edge|nightly|main|master|head|trunk|develop(?:ment)?|dev|staging|prod(?:uction)?|live)$/i;

/** Names of branches and channels have no number; a version has one. */
function isMoving(tag: string, { pipeline }: GuardContext): boolean {
  const followed = pipeline.images.some(({ policy }) => followedName(policy) === tag);
  return followed || MOVING.test(tag) || /(?:^|[-_.])latest(?:$|[-_.])/i.test(tag) || !/\d/.test(tag);
}
