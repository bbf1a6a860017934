// What keeps a workload from coming up, in words that do not change while the world stands still: pods that cannot be
// made, images that cannot be pulled, containers that end, no node that has room, a deadline that has passed.

import type { Blocked } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import type { OwnedPod } from "./find-pods.ts";
import { conditionOf } from "./read-conditions.ts";
import { cutText, LONGEST_MESSAGE, listAt, messageAt, numberAt, textAt } from "./read-fields.ts";

export interface BlockedRequest {
  readonly workload: KubernetesObject;
  /** Absent where pods could not be read. */
  readonly pods?: readonly OwnedPod[] | undefined;
  readonly replicaSets?: readonly KubernetesObject[] | undefined;
}

export function findBlocked({ workload, pods = [], replicaSets = [] }: BlockedRequest): Blocked | undefined {
  const newest = pods.filter((owned) => owned.newest).map(({ pod }) => pod);
  return (
    findRefused([workload, ...replicaSets]) ??
    first(newest, findStuckContainer) ??
    first(newest, findUnschedulable) ??
    findPassedDeadline(workload)
  );
}

function first<T>(pods: readonly KubernetesObject[], find: (pod: KubernetesObject) => T | undefined): T | undefined {
  for (const pod of pods) {
    const found = find(pod);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Pods that the server refuses to make. The pod's name is another one at each attempt, so it is left out. */
function findRefused(objects: readonly KubernetesObject[]): Blocked | undefined {
  for (const object of objects) {
    const failure = conditionOf(object, "ReplicaFailure");
    if (failure?.status !== "True") continue;
    const message = (failure.message ?? "").replace(/pods "[^"]*"/g, "pods");
    const isQuota = /exceeded quota|must specify limits|must specify requests/.test(message);
    const code = isQuota ? "QuotaExceeded" : /is forbidden/.test(message) ? "Forbidden" : failure.reason;
    return { code: code || "ReplicaFailure", message, retrying: true };
  }
  return undefined;
}

/** What a container may wait for without an end, under the name that stays: the kubelet changes between try and back-off. */
const STUCK: Readonly<Record<string, { readonly code: string; readonly retrying: boolean }>> = {
  CrashLoopBackOff: { code: "CrashLoopBackOff", retrying: true },
  ErrImagePull: { code: "ImagePullBackOff", retrying: true },
  ImagePullBackOff: { code: "ImagePullBackOff", retrying: true },
  RegistryUnavailable: { code: "ImagePullBackOff", retrying: true },
  ImageInspectError: { code: "ImageInspectError", retrying: true },
  InvalidImageName: { code: "InvalidImageName", retrying: false },
  ErrImageNeverPull: { code: "ErrImageNeverPull", retrying: false },
  CreateContainerConfigError: { code: "CreateContainerConfigError", retrying: true },
  CreateContainerError: { code: "CreateContainerError", retrying: true },
  RunContainerError: { code: "RunContainerError", retrying: true },
};

export function findStuckContainer(pod: KubernetesObject): Blocked | undefined {
  const statuses = [...listAt(pod, "status.initContainerStatuses"), ...listAt(pod, "status.containerStatuses")];
  for (const status of statuses) {
    const reason = textAt(status, "state.waiting.reason") ?? "";
    const stuck = Object.hasOwn(STUCK, reason) ? STUCK[reason] : undefined;
    if (stuck === undefined) continue;
    const why = stuck.code === "CrashLoopBackOff" ? howItEnded(status) : whyNotStarted(status);
    const container = textAt(status, "name") ?? "";
    return { ...stuck, message: cutText(`Container ${container}: ${why}`, LONGEST_MESSAGE) };
  }
  return undefined;
}

/** The kubelet's own message counts the seconds until the next try. */
function howItEnded(status: unknown): string {
  const code = numberAt(status, "lastState.terminated.exitCode");
  const reason = textAt(status, "lastState.terminated.reason");
  const message = messageAt(status, "lastState.terminated.message");
  const ended = code === undefined ? "ends again and again" : `ends with exit code ${code}`;
  return `${ended}${reason === undefined ? "" : ` (${reason})`}${message === undefined ? "" : `: ${message}`}`;
}

function whyNotStarted(status: unknown): string {
  const message = messageAt(status, "state.waiting.message") ?? "no reason is given";
  // The back-off repeats the cause of the last try behind words of its own.
  const cause = message.replace(/^Back-off pulling image "[^"]*": (?:ErrImagePull: )?/, "");
  const image = textAt(status, "image");
  return image === undefined || cause.includes(image) ? cause : `${image}: ${cause}`;
}

function findUnschedulable(pod: KubernetesObject): Blocked | undefined {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return undefined;
  return { code: "Unschedulable", message: scheduled.message ?? "No node has room for its pods", retrying: true };
}

function findPassedDeadline(workload: KubernetesObject): Blocked | undefined {
  const progressing = conditionOf(workload, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return { code: progressing.reason, message: progressing.message ?? "Progress deadline exceeded", retrying: true };
  }
  const failed = workload.kind === "Job" ? conditionOf(workload, "Failed") : undefined;
  if (failed?.status !== "True") return undefined;
  return { code: failed.reason || "JobFailed", message: failed.message ?? "The Job has failed", retrying: false };
}
