// The guard `downgrades`: a version is set to one that is older than what Git has there now. Which of two is older is
// decided by the pipeline's policy, as everywhere; where that gives no order, nobody is blamed.

import { listOf } from "../domain/count-words.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { nameInEnvironment } from "../domain/pipeline.ts";
import type { Release } from "../domain/release.ts";
import { versionOf } from "../domain/release.ts";
import type { ChangedPlace } from "./changed-places.ts";
import { blame, doubt, type GuardContext, levelOf } from "./guard-context.ts";
import { comparePin } from "./order-releases.ts";
import type { Pin } from "./read-declared.ts";
import { code, nameVersion } from "./wording.ts";

export interface DowngradeFacts {
  /** What the environment would declare, as far as it is fully known. */
  readonly release: Release | undefined;
  /** What the branch says of each image of the pipeline now. */
  readonly pinsOf: (image: string) => readonly Pin[];
}

export function guardDowngrades(
  changed: readonly ChangedPlace[],
  { context, facts }: { readonly context: GuardContext; readonly facts: DowngradeFacts },
): readonly GuardVerdict[] {
  const guard = "downgrades";
  const level = levelOf(guard, context);
  if (level === "off") return [];
  const { pipeline, environment } = context;
  return changed.flatMap(({ place }): readonly GuardVerdict[] => {
    const tracked = pipeline.images.find(({ image }) => nameInEnvironment(environment, image) === place.image);
    if (tracked === undefined) return [];
    const pins = facts.pinsOf(tracked.image);
    const version = (facts.release && versionOf(tracked.image, facts.release)) ?? place;
    const orders = pins.map((pin) => ({ pin, order: comparePin(version, pin, { ...context, tracked }) }));
    const at = { path: place.path, line: place.line };
    const older = orders.filter(({ order }) => order === "older").map(({ pin }) => nameVersion(pin));
    if (older.length > 0 && !orders.some(({ order }) => order === "same")) {
      const why = `${code(place.image)} goes back to ${nameVersion(place)} from ${listOf(older)}`;
      return [blame({ guard, at, why, cure: "Go forward, or say why not" }, context)];
    }
    // A remark that says nothing would be noise.
    if (level === "warn" || !orders.some(({ order }) => order === "unordered")) return [];
    const why = `the policy gives no order between ${nameVersion(place)} and ${listOf(pins.map(nameVersion))}, so nobody can say which is older`;
    return [doubt({ guard, at, why, cure: "Name a version that the policy can order" }, context)];
  });
}
