// Whether a pod that stands alone has come to what it is for: ready, or ended well. Origin and licence of the rules:
// compute-status.ts. Ours: a pod that failed has failed, where kstatus calls everything that has ended current.

import { isTrueAt, listAt, textAt, timeAt } from "./read-fields.ts";
import type { StatusStep } from "./status-rule.ts";

/** How long a pod may wait for a place before it counts as failed. */
const SCHEDULE_WINDOW = 15_000;

export const podSteps: readonly StatusStep[] = [
  ({ object, conditions, now }) => {
    const phase = textAt(object, "status.phase");
    switch (phase) {
      case "Succeeded":
        return { status: "Current", reason: "", message: "Pod has completed successfully" };
      case "Failed": {
        const reason = textAt(object, "status.reason") ?? "PodFailed";
        return { status: "Failed", reason, message: "Pod has completed, but not successfully" };
      }
      case "Running": {
        if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) {
          return { status: "Current", reason: "", message: "Pod is Ready" };
        }
        const looping = crashLoopingContainers(object);
        if (looping.length === 0) {
          return { status: "InProgress", reason: "PodRunningNotReady", message: "Pod is running but is not Ready" };
        }
        const message = `Containers in CrashLoop state: ${looping.join(",")}`;
        return { status: "Failed", reason: "ContainerCrashLooping", message };
      }
      case "Pending": {
        const unschedulable = conditions.some(
          ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
        );
        const created = timeAt(object, "metadata.creationTimestamp") ?? now;
        if (unschedulable && now - created >= SCHEDULE_WINDOW) {
          return { status: "Failed", reason: "PodUnschedulable", message: "Pod could not be scheduled" };
        }
        return { status: "InProgress", reason: "PodPending", message: "Pod is in the Pending phase" };
      }
      case undefined:
        return { status: "InProgress", reason: "PodNotObserved", message: "Pod phase not available" };
      default:
        return { status: "Unknown", reason: "Malformed", message: "Pod has a phase that Kubernetes does not know" };
    }
  },
];

function crashLoopingContainers(pod: unknown): readonly string[] {
  return listAt(pod, "status.containerStatuses")
    .filter((status) => textAt(status, "state.waiting.reason") === "CrashLoopBackOff" && !isTrueAt(status, "ready"))
    .flatMap((status) => textAt(status, "name") ?? []);
}
