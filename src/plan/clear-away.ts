// Decides what of ours serves nobody any more: branches whose pull request is over, and issues about environments that are
// no longer looked at.

import type { SettleDrift } from "../domain/live-actions.ts";
import type { Observed } from "../domain/observed.ts";
import { type Configuration, type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import type { DeleteBranch } from "../domain/plan.ts";

/** A branch of ours whose pull request is over serves nobody, unless a person closed it and may reopen it. */
export function sweepBranches(observed: Observed, opening: ReadonlySet<EnvironmentKey>): readonly DeleteBranch[] {
  return observed.strays
    .filter(({ key, head }) => head.ownership.kind === "ours" && !opening.has(key))
    .filter(({ head }) => {
      const past = observed.past.find((each) => each.head === head.oid);
      return past !== undefined && (past.outcome === "merged" || past.byUs);
    })
    .map(({ branch, head }) => ({
      kind: "delete-branch",
      branch,
      head: head.oid,
      reason: `the promotion on ${branch} is over`,
    }));
}

/** Our issues about environments that no longer say where they run, or no longer exist. */
export function settleForgotten({ pipelines, broken }: Configuration, { issues }: Observed): readonly SettleDrift[] {
  if (issues?.kind !== "known" || broken.length > 0) return [];
  const followed = new Set<string>(
    pipelines.flatMap((pipeline) =>
      pipeline.environments.filter(({ live }) => live.length > 0).map((each) => environmentKey(pipeline, each)),
    ),
  );
  return issues.value
    .filter(({ key }) => !followed.has(key))
    .map(({ key, number }) => ({ kind: "settle-drift", key, issue: number, reason: `${key} is no longer looked at` }));
}
