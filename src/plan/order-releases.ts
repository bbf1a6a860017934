// Which of two releases is newer. The order is decided once, by the policies of the pipeline's images; the names that
// later environments use rank nothing. Where the policies give no order there is none: nothing is guessed.

import { digestOfTag } from "../domain/image-state.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import {
  type Environment,
  environmentKey,
  followedName,
  type Pipeline,
  type TrackedImage,
} from "../domain/pipeline.ts";
import type { Release } from "../domain/release.ts";
import { versionOf } from "../domain/release.ts";
import { compareTags } from "./rank-versions.ts";
import type { Declared, Pin } from "./read-declared.ts";
import { matchTag } from "./tag-pattern.ts";

/** How the first stands to the second. `mixed`: newer in one image, older in another. */
export type Order = "newer" | "same" | "older" | "mixed" | "unordered";

/** Times by which versions are ordered that have no order in their names. */
export interface OrderFacts {
  /** When the image was built, else when it was first seen or reached its first environment; epoch milliseconds. */
  readonly timeOf: (digest: string) => number | undefined;
}

export function orderFacts(context: {
  readonly observed: Observed;
  readonly pipeline: Pipeline;
  readonly ledger: Ledger;
}): OrderFacts {
  const { observed, pipeline, ledger } = context;
  const times = new Map<string, number>();
  const keepEarliest = (digest: string, at: number) => times.set(digest, Math.min(at, times.get(digest) ?? at));
  for (const environment of pipeline.environments) {
    for (const { release, at } of ledger.environments[environmentKey(pipeline, environment)]?.reached ?? []) {
      for (const { digest } of release.versions) keepEarliest(digest, at);
    }
  }
  const built = new Map<string, number>();
  for (const { image, policy } of pipeline.images) {
    const state = observed.images[image];
    if (state?.kind !== "known") continue;
    for (const [digest, at] of Object.entries(state.value.firstSeen)) if (at > 0) keepEarliest(digest, at);
    const name = followedName(policy);
    const followed = name === undefined ? undefined : digestOfTag(state.value, name);
    const current = followed?.kind === "known" ? followed.value : undefined;
    // What a followed tag names now is the newest there is, even where nobody can say how old it is.
    if (current !== undefined && !times.has(current)) times.set(current, Number.MAX_SAFE_INTEGER);
    if (policy.kind !== "newest") continue;
    for (const [digest, created] of Object.entries(state.value.created)) {
      if (created.kind === "known" && created.value !== undefined) built.set(digest, created.value);
    }
  }
  return { timeOf: (digest) => built.get(digest) ?? times.get(digest) };
}

export function compareReleases(
  a: Release,
  b: Release,
  context: { readonly pipeline: Pipeline; readonly facts: OrderFacts },
): Order {
  // A release from before the pipeline got an image is compared in the others.
  const orders = context.pipeline.images.flatMap((tracked) => {
    const [left, right] = [versionOf(tracked.image, a), versionOf(tracked.image, b)];
    return left && right ? [comparePins(left, right, { tracked, facts: context.facts })] : [];
  });
  return orders.length === 0 ? "unordered" : combine(orders);
}

/** How the release stands to everything that the environment's places say now. */
export function compareToDeclared(
  release: Release,
  declared: Declared,
  context: { readonly pipeline: Pipeline; readonly environment: Environment; readonly facts: OrderFacts },
): Order {
  const orders: Order[] = [];
  for (const tracked of context.pipeline.images) {
    const version = versionOf(tracked.image, release);
    if (!version) return "unordered";
    for (const pin of rankablePins(tracked.image, { declared, environment: context.environment })) {
      orders.push(comparePins(version, pin, { tracked, facts: context.facts }));
    }
  }
  return combine(orders);
}

/** How one version of an image stands to another in the same environment. What nobody knows the age of has no order. */
export function comparePin(
  a: Pin,
  b: Pin,
  context: { readonly tracked: TrackedImage; readonly environment: Environment; readonly facts: OrderFacts },
): Order {
  const { tracked, environment, facts } = context;
  const byTime = tracked.policy.kind === "newest" || followedName(tracked.policy) !== undefined;
  const dated = [a, b].every((pin) => timeOf(pin, facts) !== undefined);
  if (byTime && !dated && a.digest !== b.digest) return "unordered";
  const pattern = environment.images.find(({ as }) => as === tracked.image)?.policy?.tags;
  return comparePins(rankable(a, pattern), rankable(b, pattern), context);
}

/** Tags of an environment with names of its own are ranked by what their `version` group says. */
function rankablePins(
  image: string,
  { declared, environment }: { declared: Declared; environment: Environment },
): readonly Pin[] {
  const complete = declared.release && versionOf(image, declared.release);
  if (complete) return [complete];
  const pins = declared.images.find((each) => each.image === image)?.pins ?? [];
  const pattern = environment.images.find(({ as }) => as === image)?.policy?.tags;
  return pins.map((pin) => rankable(pin, pattern));
}

function rankable(pin: Pin, pattern: string | undefined): Pin {
  const said = pattern === undefined || pin.tag === undefined ? undefined : matchTag(pattern, pin.tag)?.version;
  return said === undefined ? pin : { ...pin, tag: said };
}

function comparePins(a: Pin, b: Pin, { tracked, facts }: { tracked: TrackedImage; facts: OrderFacts }): Order {
  if (a.digest !== undefined && a.digest === b.digest) return "same";
  const { policy } = tracked;
  switch (policy.kind) {
    case "semver":
    case "numerical":
    case "alphabetical": {
      if (a.tag === undefined || b.tag === undefined) return "unordered";
      const order = compareTags(policy, a.tag, b.tag);
      return order === undefined ? "unordered" : order > 0 ? "newer" : order < 0 ? "older" : "same";
    }
    case "newest":
    case "branch":
    case "digest":
      return compareTimes(timeOf(a, facts), timeOf(b, facts));
  }
}

function timeOf({ digest }: Pin, facts: OrderFacts): number | undefined {
  return digest === undefined ? undefined : facts.timeOf(digest);
}

/** What was never seen in the registry nor in an environment was there before we looked: it is older than what was. */
function compareTimes(a: number | undefined, b: number | undefined): Order {
  if (a === undefined && b === undefined) return "unordered";
  const [left, right] = [a ?? Number.NEGATIVE_INFINITY, b ?? Number.NEGATIVE_INFINITY];
  return left > right ? "newer" : left < right ? "older" : "same";
}

function combine(orders: readonly Order[]): Order {
  if (orders.includes("unordered")) return "unordered";
  if (orders.includes("mixed")) return "mixed";
  const newer = orders.includes("newer");
  const older = orders.includes("older");
  if (newer && older) return "mixed";
  return newer ? "newer" : older ? "older" : "same";
}
