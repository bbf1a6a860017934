// The one verdict that GitHub forms from everything reported about a commit: the newest run of each check, the newest
// status of each context. A failure outweighs what is still running.

import type { CheckRun, CommitStatus } from "../model/check.ts";
import { latestStatusesOf, runsOf } from "../model/report-check.ts";
import { byNodeId, connect, type PageArguments } from "./connection.ts";
import { type Context, demand } from "./context.ts";
import type { CommitNode } from "./git-node.ts";

const goodConclusions = ["success", "neutral", "skipped"];

/** null when nothing was reported; otherwise the fields of a StatusCheckRollup. */
export function rollUpChecks(context: Context, commit: CommitNode): unknown {
  const { repository, oid } = commit;
  demand(context, { repository, permission: "checks" });
  demand(context, { repository, permission: "statuses" });
  const runs = runsOf(context.model, { repository, oid, latest: true });
  const statuses = latestStatusesOf(context.model, { repository, oid });
  if (runs.length + statuses.length === 0) return null;
  return {
    id: Buffer.from(`rollup:${repository.id}:${oid}`).toString("base64url"),
    commit,
    state: judge(runs, statuses),
    contexts: (args: PageArguments) => ({
      ...connect<CheckRun | CommitStatus>([...runs, ...statuses], args, byNodeId),
      checkRunCount: runs.length,
      statusContextCount: statuses.length,
    }),
  };
}

function judge(runs: readonly CheckRun[], statuses: readonly CommitStatus[]): string {
  if (statuses.some(({ state }) => state === "error")) return "ERROR";
  const failed = runs.some(({ conclusion }) => conclusion !== null && !goodConclusions.includes(conclusion));
  if (failed || statuses.some(({ state }) => state === "failure")) return "FAILURE";
  const waiting = runs.some(({ status }) => status !== "completed");
  return waiting || statuses.some(({ state }) => state === "pending") ? "PENDING" : "SUCCESS";
}
