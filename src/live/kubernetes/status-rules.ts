// The rules of kstatus for the kinds that Kubernetes brings, as a table: the numbers that a kind's rule looks at, and the
// steps in their order; the first that says something decides. Origin and licence: compute-status.ts.

import { podSteps } from "./pod-status.ts";
import { numberAt, textAt } from "./read-fields.ts";
import type { StatusResult, StatusRule, StatusStep } from "./status-rule.ts";

/** The controller's own word for "no deadline". */
const NO_DEADLINE = 2_147_483_647;

const DEPLOYMENT: StatusRule = {
  counts: {
    wanted: { at: "spec.replicas", otherwise: 1 },
    replicas: { at: "status.replicas", otherwise: 0 },
    updated: { at: "status.updatedReplicas", otherwise: 0 },
    available: { at: "status.availableReplicas", otherwise: 0 },
    ready: { at: "status.readyReplicas", otherwise: 0 },
    deadline: { at: "spec.progressDeadlineSeconds", otherwise: NO_DEADLINE },
  },
  steps: [
    ({ conditions }) => {
      const progressing = conditions.find(({ type }) => type === "Progressing");
      if (progressing?.reason !== "ProgressDeadlineExceeded") return undefined;
      return { status: "Failed", reason: progressing.reason, message: "Progress deadline exceeded" };
    },
    fewer("LessReplicas", "Replicas", { have: "replicas", want: "wanted" }),
    fewer("LessUpdated", "Updated", { have: "updated", want: "wanted" }),
    more("replicas", "wanted"),
    fewer("LessAvailable", "Available", { have: "available", want: "updated" }),
    fewer("LessReady", "Ready", { have: "ready", want: "wanted" }),
    ({ conditions, count }) => {
      if (count("deadline") === NO_DEADLINE) return undefined;
      const progressing = conditions.find(({ type, status }) => type === "Progressing" && status === "True");
      return progressing?.reason === "NewReplicaSetAvailable"
        ? undefined
        : inProgress("ReplicaSetNotAvailable", "ReplicaSet not Available");
    },
    ({ conditions }) =>
      conditions.some(({ type, status }) => type === "Available" && status === "True")
        ? undefined
        : inProgress("DeploymentNotAvailable", "Deployment not Available"),
  ],
  done: "Deployment is available",
};

const STATEFUL_SET: StatusRule = {
  counts: {
    wanted: { at: "spec.replicas", otherwise: 1 },
    replicas: { at: "status.replicas", otherwise: 0 },
    ready: { at: "status.readyReplicas", otherwise: 0 },
    current: { at: "status.currentReplicas", otherwise: 0 },
    updated: { at: "status.updatedReplicas", otherwise: 0 },
    partition: { at: "spec.updateStrategy.rollingUpdate.partition", otherwise: -1 },
  },
  texts: ["spec.updateStrategy.type", "status.currentRevision", "status.updateRevision"],
  steps: [
    ({ object }) =>
      textAt(object, "spec.updateStrategy.type") === "OnDelete"
        ? current("StatefulSet is using the ondelete update strategy")
        : undefined,
    fewer("LessReplicas", "Replicas", { have: "replicas", want: "wanted" }),
    fewer("LessReady", "Ready", { have: "ready", want: "wanted" }),
    more("replicas", "wanted"),
    ({ count }) => {
      if (count("partition") === -1) return undefined;
      const want = count("wanted") - count("partition");
      if (count("updated") < want) return inProgress("PartitionRollout", `updated: ${count("updated")}/${want}`);
      return current(`Partition rollout complete. updated: ${count("updated")}`);
    },
    fewer("LessCurrent", "current", { have: "current", want: "wanted" }),
    ({ object }) =>
      textAt(object, "status.currentRevision") === textAt(object, "status.updateRevision")
        ? undefined
        : inProgress("RevisionMismatch", "Waiting for updated revision to match current"),
  ],
  done: "All replicas scheduled as expected",
};

const DAEMON_SET: StatusRule = {
  counts: {
    wanted: { at: "status.desiredNumberScheduled", otherwise: -1 },
    current: { at: "status.currentNumberScheduled", otherwise: 0 },
    updated: { at: "status.updatedNumberScheduled", otherwise: 0 },
    available: { at: "status.numberAvailable", otherwise: 0 },
    ready: { at: "status.numberReady", otherwise: 0 },
  },
  steps: [
    // Its controller always sets both, so here their absence means that it has not looked yet.
    ({ object }) =>
      [numberAt(object, "metadata.generation"), numberAt(object, "status.observedGeneration")].includes(undefined)
        ? inProgress("NoObservedGeneration", "DaemonSet status.observedGeneration not found")
        : undefined,
    ({ count }) =>
      count("wanted") === -1 ? inProgress("NoDesiredNumber", "Missing .status.desiredNumberScheduled") : undefined,
    fewer("LessCurrent", "Current", { have: "current", want: "wanted" }),
    fewer("LessUpdated", "Updated", { have: "updated", want: "wanted" }),
    fewer("LessAvailable", "Available", { have: "available", want: "wanted" }),
    fewer("LessReady", "Ready", { have: "ready", want: "wanted" }),
  ],
  done: "All replicas scheduled as expected",
};

const REPLICA_SET: StatusRule = {
  counts: {
    wanted: { at: "spec.replicas", otherwise: 1 },
    replicas: { at: "status.replicas", otherwise: 0 },
    labelled: { at: "status.fullyLabeledReplicas", otherwise: 0 },
    available: { at: "status.availableReplicas", otherwise: 0 },
    ready: { at: "status.readyReplicas", otherwise: 0 },
  },
  steps: [
    ({ conditions }) =>
      conditions.some(({ type, status }) => type === "ReplicaFailure" && status === "True")
        ? inProgress("ReplicaFailure", "Replica Failure condition. Check Pods")
        : undefined,
    fewer("LessLabelled", "Labelled", { have: "labelled", want: "wanted" }),
    fewer("LessAvailable", "Available", { have: "available", want: "wanted" }),
    fewer("LessReady", "Ready", { have: "ready", want: "wanted" }),
    more("replicas", "wanted"),
  ],
  done: "ReplicaSet is available",
};

const JOB: StatusRule = {
  counts: { failed: { at: "status.failed", otherwise: 0 } },
  texts: ["status.startTime"],
  steps: [
    ({ conditions, count }) => {
      const ended = conditions.find(
        ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
      );
      if (ended === undefined) return undefined;
      if (ended.type === "Complete") return current("Job Completed");
      const message = ended.message ?? `Job Failed. failed: ${count("failed")}`;
      return { status: "Failed", reason: ended.reason || "JobFailed", message };
    },
    // kstatus calls a Job that has started current, and a gate would open before a migration has ended.
    ({ object }) =>
      textAt(object, "status.startTime") === undefined
        ? inProgress("JobNotStarted", "Job not started")
        : inProgress("JobInProgress", "Job in progress"),
  ],
  done: "Job Completed",
};

const CUSTOM_RESOURCE_DEFINITION: StatusRule = {
  counts: {},
  steps: [
    ({ conditions }) => {
      const refused = conditions.find(
        ({ type, status, reason }) =>
          status === "False" && (type === "NamesAccepted" || (type === "Established" && reason !== "Installing")),
      );
      return refused && { status: "Failed", reason: refused.reason, message: refused.message ?? "" };
    },
    ({ conditions }) =>
      conditions.some(({ type, status }) => type === "Established" && status === "True")
        ? current("CRD is established")
        : inProgress("Installing", "Install in progress"),
  ],
  done: "CRD is established",
};

const ALWAYS_CURRENT: StatusRule = { counts: {}, steps: [], done: "Resource is always ready" };

/** Keyed by `group/Kind`, without the group for the core kinds. */
export const STATUS_RULES: Readonly<Record<string, StatusRule>> = {
  "apps/Deployment": DEPLOYMENT,
  "apps/StatefulSet": STATEFUL_SET,
  "apps/DaemonSet": DAEMON_SET,
  "apps/ReplicaSet": REPLICA_SET,
  "batch/Job": JOB,
  "batch/CronJob": ALWAYS_CURRENT,
  "policy/PodDisruptionBudget": ALWAYS_CURRENT,
  "apiextensions.k8s.io/CustomResourceDefinition": CUSTOM_RESOURCE_DEFINITION,
  ConfigMap: ALWAYS_CURRENT,
  Secret: ALWAYS_CURRENT,
  Pod: { counts: {}, texts: ["status.phase"], steps: podSteps, done: "Pod is Ready" },
  Service: {
    counts: {},
    texts: ["spec.type", "spec.clusterIP"],
    steps: [
      ({ object }) =>
        textAt(object, "spec.type") === "LoadBalancer" && textAt(object, "spec.clusterIP") === undefined
          ? inProgress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer")
          : undefined,
    ],
    done: "Service is ready",
  },
  PersistentVolumeClaim: {
    counts: {},
    texts: ["status.phase"],
    steps: [
      ({ object }) => {
        const phase = textAt(object, "status.phase") ?? "unknown";
        return phase === "Bound" ? undefined : inProgress("NotBound", `PVC is not Bound. phase: ${phase}`);
      },
    ],
    done: "PVC is Bound",
  },
};

function fewer(
  reason: string,
  word: string,
  { have, want }: { readonly have: string; readonly want: string },
): StatusStep {
  return ({ count }) =>
    count(have) < count(want) ? inProgress(reason, `${word}: ${count(have)}/${count(want)}`) : undefined;
}

/** Old pods are still there. */
function more(have: string, want: string): StatusStep {
  return ({ count }) =>
    count(have) > count(want)
      ? inProgress("ExtraPods", `Pending termination: ${count(have) - count(want)}`)
      : undefined;
}

function inProgress(reason: string, message: string): StatusResult {
  return { status: "InProgress", reason, message };
}

function current(message: string): StatusResult {
  return { status: "Current", reason: "", message };
}
