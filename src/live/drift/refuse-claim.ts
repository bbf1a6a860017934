// When nothing can be said about drift at all (the reconciler is at work, or could not be read), and when a report's claim
// is about something else than what runs now: another object, another revision.

import type { DriftClaim, DriftVerdict } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import { nameObject } from "../../domain/object-reference.ts";
import type { Seen } from "../../domain/seen.ts";

/** A clause, or `undefined` when the state is one in which a difference means something. */
export function whyNotNow(target: Seen<LiveState>): string | undefined {
  if (target.kind === "unknown") return target.why;
  const { freshness, sync } = target.value;
  if (freshness.stale !== undefined) return freshness.stale;
  const again = "it will be looked at again";
  if (sync.state === "progressing") {
    return `the reconciler is at work, and a difference during a rollout is no drift; ${again}`;
  }
  if (sync.state === "failed") {
    return `the last sync failed, and what differs may be what it left undone; ${again} when one has succeeded`;
  }
  if (sync.cause === "switching-source" || sync.cause === "spec-changed") {
    return `the reconciler's own settings have just changed, so what it compared is not what it shall apply; ${again}`;
  }
  return undefined;
}

export interface Refusal {
  readonly verdict: DriftVerdict;
  readonly why: string;
}

export function refuseClaim({
  claim,
  onBranch,
  state,
}: {
  readonly claim: DriftClaim;
  readonly onBranch: boolean | undefined;
  readonly state: LiveState;
}): Refusal | undefined {
  return refuseTarget(claim, state) ?? refuseRevision(claim, { onBranch, state });
}

function refuseTarget({ target }: DriftClaim, { object, reconciler }: LiveState): Refusal | undefined {
  // A plain cluster has no reconciler's object; there a report names whatever object it is about.
  if (objectKey(target) !== objectKey(object)) {
    if (reconciler === "kubernetes") return undefined;
    const why = `the report is about ${nameObject(target)}, and this environment runs through ${nameObject(object)}`;
    return { verdict: "unverifiable", why };
  }
  if (target.uid === undefined || object.uid === undefined || target.uid === object.uid) return undefined;
  return { verdict: "stale", why: `${nameObject(object)} was deleted and made anew since the report` };
}

function refuseRevision(
  { commit }: DriftClaim,
  { onBranch, state }: { readonly onBranch: boolean | undefined; readonly state: LiveState },
): Refusal | undefined {
  if (commit === undefined) return undefined;
  const short = commit.slice(0, 12);
  if (onBranch === false) {
    return {
      verdict: "wrong-revision",
      why: `the report speaks of \`${short}\`, which is not on the environment's branch`,
    };
  }
  const observed = state.observed ?? [];
  if (observed.length === 0 || observed.some(({ id }) => id === commit)) return undefined;
  const runs = observed.map(({ id }) => `\`${id.slice(0, 12)}\``).join(", ");
  return { verdict: "stale", why: `the report speaks of \`${short}\`, and the cluster runs ${runs}` };
}
