// How it is known that what Flux's object says is no old news: the answer to a request to look (a handshake), or the time
// of its last run against its interval. A controller that is gone leaves everything green behind.

import type { Freshness } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { annotationOf, isTrueAt, textAt } from "../kubernetes/read-fields.ts";
import { parseDuration } from "./parse-duration.ts";

/** An answered request proves something for so long. */
const HANDSHAKE_HOLDS = 10 * 60_000;
const SLACK = 2 * 60_000;

export function readFreshness(
  object: KubernetesObject,
  { now, lastRun }: { readonly now: number; readonly lastRun: number | undefined },
): Freshness {
  const asked = answeredAt(object);
  const isHandshake = asked !== undefined && asked <= now + SLACK && now - asked <= HANDSHAKE_HOLDS;
  const times = [lastRun, isHandshake ? asked : undefined].filter((time) => time !== undefined);
  const reconciledAt = times.length === 0 ? undefined : Math.max(...times);
  const stale = reconciledAt === undefined ? undefined : whyStale(object, { now, reconciledAt });
  return {
    readAt: now,
    ...(reconciledAt !== undefined && { reconciledAt }),
    proof: isHandshake ? "handshake" : reconciledAt === undefined ? "none" : "timestamp",
    ...(stale !== undefined && { stale }),
  };
}

/** The token of a request that was answered, where it is a time, as Flux's own tools write it. */
function answeredAt(object: KubernetesObject): number | undefined {
  const token = textAt(object, "status.lastHandledReconcileAt");
  if (token === undefined || token !== annotationOf(object, "reconcile.fluxcd.io/requestedAt")) return undefined;
  const time = Date.parse(token);
  return Number.isFinite(time) ? time : undefined;
}

/** Retries that fail before anything is applied leave no trace in the history; then the condition's time counts. */
function whyStale(
  object: KubernetesObject,
  { now, reconciledAt }: { readonly now: number; readonly reconciledAt: number },
): string | undefined {
  // What is suspended is not late; that it is suspended is said by itself.
  if (isTrueAt(object, "spec.suspend")) return undefined;
  const written = textAt(object, "spec.interval");
  const interval = parseDuration(written);
  if (interval === undefined) return undefined;
  const timeout = parseDuration(textAt(object, "spec.timeout")) ?? interval;
  if (reconciledAt > now + SLACK) return "its last reconciliation lies in the future, so its clock or ours is wrong";
  if (now - reconciledAt <= 2 * interval + timeout + SLACK) return undefined;
  return `it has not reconciled for more than twice its interval of ${written}`;
}
