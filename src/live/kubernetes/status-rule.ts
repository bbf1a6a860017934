// One rule of kstatus for one kind, and what it says: the words of compute-status.ts, which holds their order and origin.

import type { KubernetesObject } from "../cluster/cluster.ts";
import type { Condition } from "./read-conditions.ts";

export type ObjectStatus = "Current" | "InProgress" | "Failed" | "Terminating" | "NotFound" | "Unknown";

export interface StatusResult {
  readonly status: ObjectStatus;
  /** `LessReady`, or the reason of the condition that decided. */
  readonly reason: string;
  readonly message: string;
}

export interface StatusRule {
  /** Where the numbers stand, and what their absence means. */
  readonly counts: Readonly<Record<string, { readonly at: string; readonly otherwise: number }>>;
  /** Texts that must be texts where they are there. */
  readonly texts?: readonly string[];
  readonly steps: readonly StatusStep[];
  /** What is said when no step says anything. */
  readonly done: string;
}

export type StatusStep = (given: {
  readonly object: KubernetesObject;
  readonly conditions: readonly Condition[];
  readonly now: number;
  readonly count: (name: string) => number;
}) => StatusResult | undefined;
