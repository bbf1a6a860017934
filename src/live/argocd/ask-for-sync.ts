// Asks Argo CD to sync an Application, without pruning: deleting is for people. Where automation is on, Argo CD refuses
// any revision but the one that the spec follows; where it is off, the revision is named that was compared, so that
// nothing is applied that nobody has seen.

import { listAt, textAt } from "../kubernetes/read-fields.ts";
import type { SyncOutcome } from "../live.ts";
import { permissionFor } from "./application-address.ts";
import type { FoundApplication, SourceContext } from "./ask-argocd.ts";
import { isAutomated } from "./describe-healing.ts";
import { isSkipped, SKIP_RECONCILE } from "./judge-freshness.ts";
import { isOperating } from "./judge-sync.ts";

export async function askForSync(
  { application, address }: FoundApplication,
  { client, limits }: SourceContext,
): Promise<SyncOutcome> {
  if (isSkipped(application)) return refused(`the annotation ${SKIP_RECONCILE} keeps Argo CD from syncing it`);
  if (isOperating(application)) return refused("a sync is going on already");
  const revision = isAutomated(application) ? {} : comparedRevision(application);
  if (revision === undefined) return refused("Argo CD has compared it with no revision yet");
  const answer = await client.ask({
    path: ["applications", address.name, "sync"],
    body: {
      name: address.name,
      ...(address.namespace !== undefined && { appNamespace: address.namespace }),
      project: address.project,
      ...revision,
      prune: false,
      dryRun: false,
    },
    largest: limits.single,
    timeout: limits.timeout,
    permission: permissionFor("sync", address),
  });
  return answer.kind === "known" ? { kind: "asked" } : refused(answer.why);
}

/** Positions are counted from one. */
function comparedRevision(application: unknown): Readonly<Record<string, unknown>> | undefined {
  const revisions = listAt(application, "status.sync.revisions");
  if (revisions.length > 0) {
    const whole = revisions.every((revision) => typeof revision === "string" && revision !== "");
    return whole ? { revisions, sourcePositions: revisions.map((_, index) => index + 1) } : undefined;
  }
  const revision = textAt(application, "status.sync.revision");
  return revision === undefined ? undefined : { revision };
}

function refused(why: string): SyncOutcome {
  return { kind: "refused", why };
}
