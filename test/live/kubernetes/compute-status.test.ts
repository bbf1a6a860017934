import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { computeStatus } from "../../../src/live/kubernetes/compute-status.ts";
import { at, type Changes, condition, deployment, failedDeployment, healthyStatus, make, NOW, pod } from "./build.ts";

interface Row {
  readonly of: string;
  readonly object: KubernetesObject;
  readonly is: string;
  readonly because?: string;
}

const sts = (status: Changes, spec: Changes = {}): KubernetesObject =>
  make("apps/v1", "StatefulSet", { spec: { replicas: 2, ...spec }, status: { observedGeneration: 2, ...status } });
const FULL = { replicas: 2, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2 };
const ds = (status: Changes): KubernetesObject => make("apps/v1", "DaemonSet", { status });
const SCHEDULED = {
  observedGeneration: 2,
  desiredNumberScheduled: 3,
  currentNumberScheduled: 3,
  updatedNumberScheduled: 3,
  numberAvailable: 3,
  numberReady: 3,
};
const job = (status: Changes): KubernetesObject => make("batch/v1", "Job", { status });
const of = (status: Changes): KubernetesObject => deployment({ status: { ...healthyStatus(), ...status } });
const crd = (...conditions: readonly Changes[]): KubernetesObject =>
  make("apiextensions.k8s.io/v1", "CustomResourceDefinition", { status: { conditions } });

const ROWS: readonly Row[] = [
  { of: "a deployment that is out", object: deployment(), is: "Current" },
  { of: "one whose controller has not seen its spec", object: deployment({ generation: 3 }), is: "InProgress" },
  { of: "one that is being deleted", object: terminating(deployment()), is: "Terminating" },
  { of: "one that missed its deadline", object: failedDeployment(), is: "Failed", because: "ProgressDeadlineExceeded" },
  { of: "too few pods made", object: of({ replicas: 1 }), is: "InProgress", because: "LessReplicas" },
  { of: "too few pods updated", object: of({ updatedReplicas: 1 }), is: "InProgress", because: "LessUpdated" },
  { of: "old pods left over", object: of({ replicas: 3 }), is: "InProgress", because: "ExtraPods" },
  { of: "too few pods available", object: of({ availableReplicas: 1 }), is: "InProgress", because: "LessAvailable" },
  { of: "too few pods ready", object: of({ readyReplicas: 1 }), is: "InProgress", because: "LessReady" },
  {
    of: "a replica set that has not come up",
    object: of({ conditions: [condition("Available", "True")] }),
    is: "InProgress",
    because: "ReplicaSetNotAvailable",
  },
  {
    of: "the same without a deadline",
    object: deployment({
      spec: { progressDeadlineSeconds: 2_147_483_647 },
      status: { ...healthyStatus(), conditions: [condition("Available", "True")] },
    }),
    is: "Current",
  },
  {
    of: "a deployment that is not available",
    object: of({ conditions: [condition("Progressing", "True", { reason: "NewReplicaSetAvailable" })] }),
    is: "InProgress",
    because: "DeploymentNotAvailable",
  },
  {
    of: "a stateful set that is out",
    object: sts({ ...FULL, currentRevision: "a", updateRevision: "a" }),
    is: "Current",
  },
  {
    of: "one on its way to a new revision",
    object: sts({ ...FULL, currentRevision: "a", updateRevision: "b" }),
    is: "InProgress",
    because: "RevisionMismatch",
  },
  {
    of: "one with a pod that is not ready",
    object: sts({ ...FULL, readyReplicas: 1 }),
    is: "InProgress",
    because: "LessReady",
  },
  {
    of: "a partition that is through",
    object: sts({ ...FULL, updatedReplicas: 1 }, { updateStrategy: { rollingUpdate: { partition: 1 } } }),
    is: "Current",
  },
  {
    of: "a partition that is not",
    object: sts({ ...FULL, updatedReplicas: 0 }, { updateStrategy: { rollingUpdate: { partition: 1 } } }),
    is: "InProgress",
    because: "PartitionRollout",
  },
  { of: "one that waits for deletions", object: sts({}, { updateStrategy: { type: "OnDelete" } }), is: "Current" },
  { of: "a daemon set that is out", object: ds(SCHEDULED), is: "Current" },
  { of: "one that was never looked at", object: ds({}), is: "InProgress", because: "NoObservedGeneration" },
  {
    of: "one with nothing wanted yet",
    object: ds({ observedGeneration: 2 }),
    is: "InProgress",
    because: "NoDesiredNumber",
  },
  {
    of: "one on two of three nodes",
    object: ds({ ...SCHEDULED, numberReady: 2 }),
    is: "InProgress",
    because: "LessReady",
  },
  { of: "a job that has ended well", object: job({ conditions: [condition("Complete", "True")] }), is: "Current" },
  {
    of: "a job that has failed",
    object: job({ conditions: [condition("Failed", "True", { reason: "BackoffLimitExceeded" })] }),
    is: "Failed",
    because: "BackoffLimitExceeded",
  },
  // kstatus calls this one current.
  {
    of: "a job that runs",
    object: job({ active: 1, startTime: at("11:00") }),
    is: "InProgress",
    because: "JobInProgress",
  },
  { of: "a job that has not begun", object: job({}), is: "InProgress", because: "JobNotStarted" },
  { of: "a pod that is ready", object: pod(undefined), is: "Current" },
  { of: "a pod that ended well", object: pod(undefined, { phase: "Succeeded" }), is: "Current" },
  // And this one, too.
  { of: "a pod that failed", object: pod(undefined, { phase: "Failed" }), is: "Failed" },
  {
    of: "a pod in a crash loop",
    object: pod(undefined, { waiting: { reason: "CrashLoopBackOff" } }),
    is: "Failed",
    because: "ContainerCrashLooping",
  },
  { of: "a pod that no node takes", object: unschedulable(at("11:59")), is: "Failed", because: "PodUnschedulable" },
  { of: "a pod that no node has taken yet", object: unschedulable(at("12:00")), is: "InProgress" },
  { of: "a claim without a volume", object: claim("Pending"), is: "InProgress", because: "NotBound" },
  { of: "a claim with one", object: claim("Bound"), is: "Current" },
  { of: "a definition that is served", object: crd(condition("Established", "True")), is: "Current" },
  { of: "one whose names are taken", object: crd(condition("NamesAccepted", "False")), is: "Failed" },
  {
    of: "a service without an address",
    object: make("v1", "Service", { spec: { type: "LoadBalancer" } }),
    is: "InProgress",
  },
  { of: "a thing of an unknown kind", object: make("acme.io/v1", "Thing", {}), is: "Current" },
  { of: "one that says that it is not ready", object: thing(condition("Ready", "False")), is: "InProgress" },
  { of: "one that is stalled", object: thing(condition("Stalled", "True")), is: "Failed" },
  {
    of: "one that reconciles",
    object: thing(condition("Reconciling", "True"), condition("Ready", "True")),
    is: "InProgress",
  },
  { of: "replicas as a text", object: of({ readyReplicas: "2" }), is: "Unknown", because: "Malformed" },
  {
    of: "conditions that are no list",
    object: of({ conditions: { Available: true } }),
    is: "Unknown",
    because: "Malformed",
  },
  { of: "a condition without a status", object: of({ conditions: [{ type: "Available" }] }), is: "Unknown" },
  { of: "a status that is a text", object: { ...deployment(), status: "fine" }, is: "Unknown", because: "Malformed" },
  { of: "a phase that nobody knows", object: pod(undefined, { phase: "Dancing" }), is: "Unknown" },
];

describe("the status of an object", () => {
  for (const { of: what, object, is, because } of ROWS) {
    test(`${what}: ${is}`, () => {
      const { status, reason } = computeStatus(object, NOW);
      assert.equal(status, is);
      if (because !== undefined) assert.equal(reason, because);
    });
  }
});

function terminating(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: at("11:00") } };
}

function unschedulable(created: string): KubernetesObject {
  const conditions = [condition("PodScheduled", "False", { reason: "Unschedulable" })];
  return pod(undefined, { created, status: { phase: "Pending", conditions } });
}

function claim(phase: string): KubernetesObject {
  return make("v1", "PersistentVolumeClaim", { status: { phase } });
}

function thing(...conditions: readonly Changes[]): KubernetesObject {
  return make("acme.io/v1", "Thing", { status: { conditions } });
}
