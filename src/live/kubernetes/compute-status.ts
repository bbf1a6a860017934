// Whether an object of a cluster has come to what its spec asks for, by the rules of kstatus. Carried over from
// sigs.k8s.io/cli-utils, pkg/kstatus/status (Copyright The Kubernetes Authors, Apache License 2.0), whose order is kept.
// Ours: Jobs and Pods that stand alone count only when they have ended well, and an object that is malformed is unknown.

import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Condition, readConditions } from "./read-conditions.ts";
import { numberAt, textAt, valueAt } from "./read-fields.ts";
import type { StatusResult, StatusRule } from "./status-rule.ts";
import { STATUS_RULES } from "./status-rules.ts";

/** `now` in epoch milliseconds: a pod has some seconds to be scheduled. */
export function computeStatus(object: KubernetesObject, now: number): StatusResult {
  const conditions = readConditions(object);
  const malformed = findMalformed(object);
  if (conditions === "malformed" || malformed !== undefined) {
    const where = malformed ?? "status.conditions";
    return { status: "Unknown", reason: "Malformed", message: `${where} has another form than Kubernetes gives it` };
  }
  return checkGenericProperties(object, conditions) ?? judgeKind(object, { conditions, now });
}

function judgeKind(
  object: KubernetesObject,
  { conditions, now }: { readonly conditions: readonly Condition[]; readonly now: number },
): StatusResult {
  const rule = ruleOf(object);
  if (rule === undefined) {
    return checkReady(conditions) ?? { status: "Current", reason: "", message: "Resource is current" };
  }
  const counts: Record<string, number> = {};
  for (const [name, { at, otherwise }] of Object.entries(rule.counts)) counts[name] = numberAt(object, at) ?? otherwise;
  for (const step of rule.steps) {
    const result = step({ object, conditions, now, count: (name) => counts[name] ?? 0 });
    if (result !== undefined) return result;
  }
  return { status: "Current", reason: "", message: rule.done };
}

function ruleOf({ apiVersion, kind }: KubernetesObject): StatusRule | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
  const key = group === "" ? kind : `${group}/${kind}`;
  return Object.hasOwn(STATUS_RULES, key) ? STATUS_RULES[key] : undefined;
}

/** A number or phase that is there, but not as a number or a text, would otherwise be read as its default. */
function findMalformed(object: KubernetesObject): string | undefined {
  if (object.status !== undefined && object.status !== null && typeof object.status !== "object") return "status";
  const rule = ruleOf(object);
  const counted = [...Object.values(rule?.counts ?? {}).map(({ at }) => at), ...GENERATIONS];
  const numbers = counted.find((at) => isOther(valueAt(object, at), () => numberAt(object, at)));
  return numbers ?? (rule?.texts ?? []).find((at) => isOther(valueAt(object, at), () => textAt(object, at)));
}

const GENERATIONS = ["metadata.generation", "status.observedGeneration"];

function isOther(value: unknown, read: () => unknown): boolean {
  return value !== undefined && value !== null && value !== "" && read() === undefined;
}

function checkGenericProperties(object: KubernetesObject, conditions: readonly Condition[]): StatusResult | undefined {
  if (valueAt(object, "metadata.deletionTimestamp")) {
    return { status: "Terminating", reason: "Terminating", message: "Resource scheduled for deletion" };
  }
  const generation = numberAt(object, "metadata.generation");
  const observed = numberAt(object, "status.observedGeneration");
  if (generation !== undefined && observed !== undefined && generation !== observed) {
    const message = `generation is ${generation}, but latest observed generation is ${observed}`;
    return { status: "InProgress", reason: "LatestGenerationNotObserved", message };
  }
  const decisive = conditions.find(
    ({ type, status }) => status === "True" && (type === "Reconciling" || type === "Stalled"),
  );
  if (decisive === undefined) return undefined;
  const { type, reason, message = "" } = decisive;
  return { status: type === "Stalled" ? "Failed" : "InProgress", reason, message };
}

function checkReady(conditions: readonly Condition[]): StatusResult | undefined {
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return undefined;
  if (ready.status === "True") return { status: "Current", reason: ready.reason, message: "Resource is Ready" };
  return { status: "InProgress", reason: ready.reason, message: ready.message ?? "" };
}
