// How what really runs is named to people: the steps from merge to health, sync, health and who says so, revisions and
// differences. Words and signs only; where they stand is the texts' matter.

import type { DriftFinding, DriftValue } from "../domain/drift.ts";
import { isIdentity, shortIdentity } from "../domain/identity.ts";
import type { LiveRevision, LiveState, LiveSync } from "../domain/live-state.ts";
import type { LivePlace, Stage } from "../domain/live-view.ts";
import { nameObject } from "../domain/object-reference.ts";
import { code, type SafeMarkdown, trusted } from "./escape-markdown.ts";
import { formatTime } from "./format-time.ts";

export const RECONCILERS: Readonly<Record<LiveState["reconciler"], string>> = {
  argocd: "Argo CD",
  "flux-kustomization": "Flux",
  "flux-helmrelease": "Flux",
  "config-sync": "Config Sync",
  kubernetes: "Kubernetes",
};

const SYNC: Readonly<Record<LiveSync["state"], string>> = {
  synced: "✅ synced",
  "out-of-sync": "⚠️ out of sync",
  progressing: "⏳ progressing",
  failed: "❌ failed",
  unknown: "❔ unknown",
};

const HEALTH: Readonly<Record<NonNullable<LivePlace["health"]>, string>> = {
  healthy: "✅ healthy",
  progressing: "⏳ progressing",
  degraded: "❌ degraded",
  suspended: "⏸️ suspended",
  missing: "❌ missing",
  unknown: "❔ unknown",
};

const SIGNS: Readonly<Record<Stage, string>> = {
  merged: "⏳",
  reconciling: "⏳",
  synced: "⏳",
  healthy: "✅",
  degraded: "❌",
  drifted: "⚠️",
  suspended: "⏸️",
  "no-news": "❔",
  replaced: "⏭️",
};

/** What has been before each of the steps, as far as that can be said; of what is sick it depends. */
const BEFORE: Readonly<Record<Stage, readonly string[]>> = {
  merged: [],
  reconciling: ["merged"],
  synced: ["merged", "reconciling"],
  healthy: ["merged", "reconciling", "synced"],
  degraded: ["merged", "reconciling", "synced"],
  drifted: ["merged", "reconciling", "synced"],
  suspended: ["merged"],
  "no-news": ["merged"],
  replaced: ["merged"],
};

const USUAL: readonly Stage[] = ["merged", "reconciling", "synced", "healthy"];

export interface StateLine {
  readonly stage: Stage;
  readonly places: readonly Pick<LivePlace, "stage" | "sync" | "since">[];
}

/** `⏳ merged → **reconciling** → synced → healthy` */
export function stateLine({ stage, places }: StateLine): SafeMarkdown {
  const there = places.filter((place) => place.stage === stage);
  const silentSince = earliest(there.flatMap(({ since }) => since ?? []));
  const wasApplied = stage !== "degraded" || there.every(({ sync }) => sync === undefined || sync === "synced");
  const before = BEFORE[stage].filter((step) => step !== "synced" || wasApplied);
  const after = USUAL.includes(stage) ? USUAL.slice(USUAL.indexOf(stage) + 1) : [];
  const since = stage === "no-news" && silentSince !== undefined ? ` since ${formatTime(silentSince)}` : "";
  const present = `**${stage === "no-news" ? "no news" : stage}**${since}`;
  return trusted(`${SIGNS[stage]} ${[...before, present, ...after].join(" → ")}`);
}

/** The longest silence counts: news of one place is no news of the others. */
function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}

export function syncCell({ sync }: Pick<LivePlace, "sync">): SafeMarkdown {
  return trusted(sync === undefined ? "–" : SYNC[sync]);
}

/** `✅ healthy (Argo CD)`; in brackets who says so. */
export function healthCell({ health, basis, reconciler }: LivePlace): SafeMarkdown {
  if (health === undefined) return trusted("–");
  if (basis === "none" || basis === undefined) return trusted(HEALTH[health]);
  const who = basis === "kstatus" ? "kstatus" : RECONCILERS[reconciler ?? "kubernetes"];
  return trusted(`${HEALTH[health]} (${who})`);
}

/** A commit by its first seven digits, a digest by its first twelve, a chart version as it is. */
export function shortRevision({ kind, id }: LiveRevision): SafeMarkdown {
  if (kind === "git" && /^[0-9a-f]{40,64}$/.test(id)) return code(id.slice(0, 7));
  return code(shortDigest(id), 60);
}

export function shortDigest(digest: string): string {
  return isIdentity(digest) ? shortIdentity(digest) : digest;
}

export function sameRevision(a: LiveRevision, b: LiveRevision): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** What stands at a field; values that must not be seen are only said to be there. */
export function driftValue(value: DriftValue | undefined): SafeMarkdown {
  if (value === undefined) return trusted("nothing");
  return value.kind === "hidden" ? trusted("hidden") : code(value.text, 200);
}

/** Git's side and the cluster's side of one difference. */
export function sidesOf({ change, field }: DriftFinding): {
  readonly desired: SafeMarkdown;
  readonly live: SafeMarkdown;
} {
  const meansField = field !== undefined && field.path !== "";
  if (meansField && (field.desired ?? field.live) === undefined) return { desired: trusted("–"), live: trusted("–") };
  if (meansField) return { desired: driftValue(field.desired), live: driftValue(field.live) };
  switch (change) {
    case "missing":
      return { desired: trusted("declared"), live: trusted("missing") };
    case "extra":
      return { desired: trusted("not declared"), live: trusted("exists") };
    case "modified":
      return { desired: trusted("declared"), live: trusted("different") };
    case "undeclared-fields":
      return { desired: trusted("not declared"), live: trusted("has further fields") };
  }
}

/** `` `/spec/replicas` ``; of an object as a whole, `the whole object`. */
export function fieldName({ field }: DriftFinding): SafeMarkdown {
  return field === undefined || field.path === "" ? trusted("the whole object") : code(field.path, 300);
}

export function objectName({ object }: DriftFinding): SafeMarkdown {
  return code(nameObject(object), 300);
}
