// What the ledger knows of an environment, and why it keeps a release away from the environments after.

import type { EnvironmentMemory, Ledger, Override, Reached, Requested } from "../domain/ledger.ts";
import { type Environment, environmentKey, type Pipeline } from "../domain/pipeline.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import { findBlock } from "./find-block.ts";
import { code, nameRelease } from "./wording.ts";

interface Recalling {
  readonly pipeline: Pipeline;
  readonly ledger: Ledger;
}

export function reachedIn(name: string, { pipeline, ledger }: Recalling): readonly Reached[] {
  return memoryOf(name, { pipeline, ledger })?.reached ?? [];
}

export function memoryOf(name: string, { pipeline, ledger }: Recalling): EnvironmentMemory | undefined {
  return ledger.environments[environmentKey(pipeline, { name })];
}

/** What a person wants there next, or back there. */
export function requestedIn(name: string, context: Recalling): Requested | undefined {
  return memoryOf(name, context)?.requested;
}

/** A person wants exactly this release there: no order, no refusal and no gate before the proposal keeps it from being proposed. */
export function isRequested(
  release: Release,
  { environment, ...context }: Recalling & { readonly environment: Environment },
): boolean {
  const requested = requestedIn(environment.name, context);
  return requested !== undefined && sameRelease(requested.release, release);
}

/** It stood in this environment, and was healthy there where that can be seen. */
export function wasGoodHere(
  release: Release,
  { environment, ...context }: Recalling & { readonly environment: Environment },
): boolean {
  return reachedIn(environment.name, context).some(
    (each) => sameRelease(each.release, release) && (environment.live.length === 0 || each.healthyAt !== undefined),
  );
}

/** What people let this release past, in this environment, since it was here last: what has come has used them up. */
export function overridesFor(
  release: Release,
  { environment, pipeline, ledger }: Recalling & { readonly environment: Environment },
): readonly Override[] {
  const before = reachedIn(environment.name, { pipeline, ledger }).find((each) => sameRelease(each.release, release));
  const since = before ? (before.again ?? before.at) : 0;
  return ledger.overrides.filter(
    (each) =>
      each.at > since &&
      each.pipeline === pipeline.name &&
      each.environment === environment.name &&
      each.release !== undefined &&
      sameRelease(each.release, release),
  );
}

export interface KeptAway {
  readonly kind: "blocked" | "rolled-back" | "held";
  readonly reason: string;
}

/** Blocked anywhere, or rolled back or stopped in an environment that comes before this one. */
export function whyKeptAway(
  release: Release,
  { environment, pipeline, ledger }: Recalling & { readonly environment: Environment },
): KeptAway | undefined {
  const block = findBlock(release, ledger);
  if (block)
    return {
      kind: "blocked",
      reason: `${nameRelease(release)} is blocked by ${code(block.by)}: ${code(block.reason)}`,
    };
  for (const name of environmentsBefore(environment, pipeline)) {
    if (isLeaving(release, memoryOf(name, { pipeline, ledger })))
      return { kind: "held", reason: `${nameRelease(release)} is being rolled back in ${name}, so it goes no further` };
    const entry = memoryOf(name, { pipeline, ledger })?.rolledBack.find((each) => sameRelease(each.release, release));
    if (entry)
      return {
        kind: "rolled-back",
        reason: `${nameRelease(release)} was rolled back in ${name}, so it goes no further`,
      };
    const stop = memoryOf(name, { pipeline, ledger })?.stopped.find((each) => sameRelease(each.release, release));
    if (stop)
      return { kind: "held", reason: `${nameRelease(release)} goes no further, a newer version does: ${stop.why}` };
  }
  return undefined;
}

/** A person has asked for the way back from it, and it is still there. */
function isLeaving(release: Release, memory: EnvironmentMemory | undefined): boolean {
  const present = memory?.reached[0];
  return memory?.requested?.back === true && present !== undefined && sameRelease(present.release, release);
}

/** All environments from which a way leads here. */
export function environmentsBefore(environment: Environment, pipeline: Pipeline): readonly string[] {
  const found = new Set<string>();
  const queue = [...environment.after];
  for (const name of queue) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...(pipeline.environments.find((each) => each.name === name)?.after ?? []));
  }
  return [...found];
}
