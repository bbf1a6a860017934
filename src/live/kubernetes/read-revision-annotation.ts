// Which commit a deployer without a reconciler says it has applied: the annotation `stagecoach.dev/revision` on the
// workloads, a full commit id, as `kubectl annotate` or a deploy script writes it. It counts only where all say the same.

import type { LiveRevision } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { annotationOf } from "./read-fields.ts";

export const REVISION_ANNOTATION = "stagecoach.dev/revision";

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function readRevisions(workloads: readonly KubernetesObject[]): readonly LiveRevision[] | undefined {
  const commits = new Set(workloads.map((workload) => annotationOf(workload, REVISION_ANNOTATION)));
  const [commit] = commits;
  if (commits.size !== 1 || commit === undefined || !COMMIT.test(commit)) return undefined;
  return [{ kind: "git", id: commit }];
}
