// Guards: what is looked for in people's pull requests to a governed branch, and what a finding of one means there.

import type { EnvironmentKey } from "./pipeline.ts";

export const GUARDS = [
  "secrets",
  "mutable-tags",
  "downgrades",
  "unproven",
  "several-environments",
  "direct-pushes",
] as const;

export type GuardName = (typeof GUARDS)[number];

/** `warn` is a remark in a check that passes, `fail` a check that does not. */
export type GuardLevel = "off" | "warn" | "fail";

export type Guards = Readonly<Record<GuardName, GuardLevel>>;

/** Nobody is held up by a guard that nobody asked for. */
export const USUAL_GUARDS: Guards = {
  secrets: "warn",
  "mutable-tags": "warn",
  downgrades: "warn",
  unproven: "warn",
  "several-environments": "warn",
  "direct-pushes": "warn",
};

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
