// Whether an Application's status says anything about now. A status is what the controller wrote last; a controller that
// is switched off, asked to look and not done, or that has not looked for long leaves it as it was.

import type { Freshness } from "../../domain/live-state.ts";
import { annotationOf, timeAt } from "../kubernetes/read-fields.ts";
import { changedSince } from "./compare-sources.ts";

/** The controller looks every two to three minutes unless it is fed by webhooks only. */
export const STALE_AFTER = 10 * 60_000;
/** More than clocks differ. */
const MOST_SKEW = 5 * 60_000;

export const REFRESH = "argocd.argoproj.io/refresh";
export const SKIP_RECONCILE = "argocd.argoproj.io/skip-reconcile";

export interface FreshnessContext {
  readonly now: number;
  /** It was asked to look, and this is what it saw then. */
  readonly refreshed: boolean;
}

export function judgeFreshness(application: unknown, { now, refreshed }: FreshnessContext): Freshness {
  const reconciledAt = timeAt(application, "status.reconciledAt");
  const stale = findStale(application, { now, refreshed, reconciledAt });
  const proof = refreshed && stale === undefined ? "handshake" : reconciledAt === undefined ? "none" : "timestamp";
  return {
    readAt: now,
    ...(reconciledAt !== undefined && { reconciledAt }),
    proof,
    ...(stale !== undefined && { stale }),
  };
}

// No clause counts minutes: it would be another text with every look.
function findStale(
  application: unknown,
  { now, refreshed, reconciledAt }: FreshnessContext & { readonly reconciledAt: number | undefined },
): string | undefined {
  if (isSkipped(application)) return `the annotation ${SKIP_RECONCILE} keeps Argo CD from looking at it`;
  if (annotationOf(application, REFRESH) !== undefined)
    return "Argo CD was asked to look again and has not done so yet";
  const change = changedSince(application);
  if (change === "never-compared") return "Argo CD has not compared it with Git yet";
  if (change !== undefined) return "its spec has changed since Argo CD last compared it";
  if (refreshed) return undefined;
  if (reconciledAt === undefined) return "Argo CD does not say when it last looked at Git";
  if (reconciledAt > now + MOST_SKEW) return "Argo CD's clock is ahead of ours by more than five minutes";
  if (now - reconciledAt <= STALE_AFTER) return undefined;
  return `Argo CD last looked at Git at ${new Date(reconciledAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function isSkipped(application: unknown): boolean {
  return annotationOf(application, SKIP_RECONCILE) === "true";
}
