// Decides which branches of ours are taken away because nothing is proposed from them any more.

import type { Observed } from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
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
