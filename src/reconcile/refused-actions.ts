// What GitHub understood and refused lately. Trying the same again gives the same, and each try costs; so it rests for a
// while, and is tried again in case somebody has changed a rule. Only this process remembers it.

import { createHash } from "node:crypto";
import type { Action } from "../domain/plan.ts";
import type { Outcome, RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Keeper {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type Refused = Extract<Outcome, { readonly kind: "refused" }>;

/** Shorter than the time between two periodic looks, so that each of them tries again; milliseconds. */
const RESTS = 9 * 60_000;

/** What became of this very action lately. */
export function recallRefused(action: Action, { at, shell }: Keeper): Refused | undefined {
  const kept = shell.memory.refused.get(nameOf(action, { at, shell }));
  return kept !== undefined && kept.until > shell.now() ? { kind: "refused", why: kept.why } : undefined;
}

export function rememberRefused(action: Action, { at, shell, why }: Keeper & { readonly why: string }): void {
  // The ledger and ordered names have a memory of their own, and a merge waits for things that change by the minute.
  if (["remember", "retag", "merge", "dequeue", "merge-sandbox"].includes(action.kind)) return;
  shell.memory.refused.set(nameOf(action, { at, shell }), { until: shell.now() + RESTS, why });
}

/** A person knows that the reason is gone: everything of this repository is tried again. */
export function reconsider({ at, shell }: Keeper): void {
  const round = shell.memory.retried.get(String(at.repository)) ?? 0;
  shell.memory.retried.set(String(at.repository), round + 1);
}

/** The same action on the same state; the words that explain it count, because they are what some of them write. */
function nameOf(action: Action, { at: { repository }, shell }: Keeper): string {
  const round = shell.memory.retried.get(String(repository)) ?? 0;
  return createHash("sha256")
    .update(`${repository} ${round} ${JSON.stringify(action)}`)
    .digest("hex");
}
