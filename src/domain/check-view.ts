// What the check on a head says, decided in full; `report/` finds the form.

import type { Button } from "./button.ts";
import type { Finding } from "./finding.ts";
import type { GateResult } from "./gate.ts";
import type { GuardVerdict } from "./guard-verdict.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Removal } from "./removal.ts";

/** What the check on a head says. */
export interface CheckView {
  readonly state: "in-progress" | "success" | "failure";
  /** A short sentence that stands beside the check's name. */
  readonly title: string;
  readonly subject: CheckSubject;
  /** What people may do there by a button; absent: nothing. GitHub shows three of them. */
  readonly actions?: readonly Button[];
  readonly fingerprint: string;
}

export type CheckSubject =
  | {
      readonly kind: "promotion";
      readonly key: EnvironmentKey;
      readonly gates: readonly GateResult[];
      readonly notes: readonly string[];
    }
  | { readonly kind: "merge-group"; readonly promotions: readonly number[]; readonly notes: readonly string[] }
  | { readonly kind: "findings"; readonly findings: readonly Finding[]; readonly notes: readonly string[] }
  /** Somebody's pull request that takes objects out of environments; without any, it is not known whether it does. */
  | {
      readonly kind: "removals";
      readonly removals: readonly Removal[];
      /** Who approved it, for each environment. */
      readonly approvals: readonly { readonly key: EnvironmentKey; readonly by: readonly string[] }[];
      readonly notes: readonly string[];
    }
  /** Somebody's pull request: what the guards found, its pipeline file, and what it takes out of environments. */
  | {
      readonly kind: "change";
      readonly verdicts: readonly GuardVerdict[];
      readonly findings: readonly Finding[];
      /** What the pipeline file would lead to, as things stood when the head was looked at; it makes no check new. */
      readonly preview: readonly string[];
      readonly removals: readonly Removal[];
      readonly approvals: readonly { readonly key: EnvironmentKey; readonly by: readonly string[] }[];
      readonly notes: readonly string[];
    }
  | { readonly kind: "sandbox"; readonly key: EnvironmentKey; readonly notes: readonly string[] }
  | { readonly kind: "nothing-of-ours"; readonly notes: readonly string[] };
