// Guards: what is looked for in people's pull requests to a governed branch, and what a finding of one means there.

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
