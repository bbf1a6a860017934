// What a guard found in somebody's pull request, with the sentences for people.

import type { GuardName } from "./guard.ts";
import type { EnvironmentKey } from "./pipeline.ts";

/** How people name what was found: a guard, or the limit of `limits.environments`. */
export type GuardWord = GuardName | "environments";

export interface GuardVerdict {
  readonly guard: GuardWord;
  readonly keys: readonly EnvironmentKey[];
  readonly state: "failed" | "waiting" | "remark" | "overridden";
  readonly at?: { readonly path: string; readonly line: number };
  /** A sentence without a full stop. */
  readonly why: string;
  /** How to get past it, or what to do; a sentence without a full stop. */
  readonly cure: string;
}
