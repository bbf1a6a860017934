// The conditions of an object's status, as far as they are well formed. `malformed` where the list is there but is none:
// then nothing may be concluded from the absence of a condition.

import { type Fields, isFields, messageAt, numberAt, textAt, timeAt, valueAt } from "./read-fields.ts";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message?: string;
  /** Epoch milliseconds of the last change of `status`, with Flux also of reason or message. */
  readonly since?: number;
  readonly updated?: number;
  readonly observedGeneration?: number;
}

export function readConditions(object: unknown): readonly Condition[] | "malformed" {
  const written = valueAt(object, "status.conditions");
  if (written === undefined || written === null) return [];
  if (!Array.isArray(written)) return "malformed";
  const read = written.map((entry) => (isFields(entry) ? readCondition(entry) : undefined));
  return read.includes(undefined) ? "malformed" : read.filter((condition) => condition !== undefined);
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  const conditions = readConditions(object);
  return conditions === "malformed" ? undefined : conditions.find((condition) => condition.type === type);
}

export function isConditionTrue(object: unknown, type: string): boolean {
  return conditionOf(object, type)?.status === "True";
}

function readCondition(entry: Fields): Condition | undefined {
  const type = textAt(entry, "type");
  const status = textAt(entry, "status");
  if (type === undefined || (status !== "True" && status !== "False" && status !== "Unknown")) return undefined;
  const message = messageAt(entry, "message");
  const since = timeAt(entry, "lastTransitionTime");
  const updated = timeAt(entry, "lastUpdateTime");
  const observedGeneration = numberAt(entry, "observedGeneration");
  return {
    type,
    status,
    reason: textAt(entry, "reason") ?? "",
    ...(message !== undefined && { message }),
    ...(since !== undefined && { since }),
    ...(updated !== undefined && { updated }),
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
}
