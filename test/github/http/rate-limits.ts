// Counts requests the way GitHub does: 5,000 an hour for each installation or person, and, when switched on, 80 a
// minute and 500 an hour of those that create content.

import type { Actor } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import { fail, type Reply } from "./reply.ts";

export type Resource = "core" | "graphql";

export interface Bucket {
  limit: number;
  used: number;
  /** when the hour ends, in milliseconds */
  resetAt: number;
}

export interface RateLimits {
  /** `<actor>/<resource>` -> this hour's bucket */
  readonly buckets: Map<string, Bucket>;
  /** actor -> times of content-creating requests in milliseconds */
  readonly contents: Map<string, number[]>;
}

export function createRateLimits(): RateLimits {
  return { buckets: new Map(), contents: new Map() };
}

export interface Spending {
  readonly actor: Actor;
  readonly resource: Resource;
  readonly points: number;
}

/** Takes points from the bucket; says whether there were any left. The bucket does not go below nothing. */
export function spend(
  limits: RateLimits,
  { model, actor, resource, points }: Spending & { readonly model: Model },
): boolean {
  const bucket = bucketOf(limits, { model, actor, resource });
  if (bucket.used + points > bucket.limit) return false;
  bucket.used += points;
  return true;
}

export function bucketOf(
  limits: RateLimits,
  { model, actor, resource }: Omit<Spending, "points"> & { readonly model: Model },
): Bucket {
  const key = `${nameOf(actor)}/${resource}`;
  const now = model.now().getTime();
  const known = limits.buckets.get(key);
  if (known !== undefined && known.resetAt > now) return known;
  const bucket = {
    limit: actor.kind === "anonymous" ? 60 : model.settings.hourlyRequests,
    used: 0,
    resetAt: now + 3_600_000,
  };
  limits.buckets.set(key, bucket);
  return bucket;
}

export function rateHeaders(bucket: Bucket, resource: Resource): Readonly<Record<string, string>> {
  return {
    "x-ratelimit-limit": String(bucket.limit),
    "x-ratelimit-remaining": String(bucket.limit - bucket.used),
    "x-ratelimit-used": String(bucket.used),
    "x-ratelimit-reset": String(Math.ceil(bucket.resetAt / 1000)),
    "x-ratelimit-resource": resource,
  };
}

/** Counts one content-creating request; undefined when it may pass. */
export function countContent(
  limits: RateLimits,
  { model, actor }: { readonly model: Model; readonly actor: Actor },
): Reply | undefined {
  if (!model.settings.contentLimits) return undefined;
  const now = model.now().getTime();
  const recent = (limits.contents.get(nameOf(actor)) ?? []).filter((time) => time > now - 3_600_000);
  const minute = recent.filter((time) => time > now - 60_000);
  if (minute.length >= 80 || recent.length >= 500) return secondaryLimit(60);
  limits.contents.set(nameOf(actor), [...recent, now]);
  return undefined;
}

export function primaryLimit(actor: Actor): Reply {
  const who = actor.kind === "installation" ? `installation ID ${actor.installation.id}` : "user";
  return fail(
    403,
    `API rate limit exceeded for ${who}. If you reach out to GitHub Support for help, please include the request ID.`,
  );
}

/** @param seconds what `retry-after` says */
export function secondaryLimit(seconds: number): Reply {
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. " +
    "If you reach out to GitHub Support for help, please include the request ID.";
  return {
    status: 403,
    body: {
      message,
      documentation_url:
        "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    },
    headers: { "retry-after": String(seconds) },
  };
}

function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return `user ${actor.user.id}`;
    case "app":
      return `app ${actor.app.id}`;
    case "installation":
      return `installation ${actor.installation.id}`;
  }
}
