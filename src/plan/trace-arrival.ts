// Decides what is remembered of a release that came without a promotion of ours: who brought it, and, where the environment
// refuses direct pushes, whether it came with any pull request. What is not known yet is not remembered yet.

import type { EnvironmentMemory } from "../domain/ledger.ts";
import { type Observed, originKey } from "../domain/observed.ts";
import { type Environment, type EnvironmentKey, nameInEnvironment } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { type Release, sameRelease, versionOf } from "../domain/release.ts";
import type { Memorised } from "./remember.ts";
import { code, nameRelease, shortCommit } from "./wording.ts";

export type Traced =
  | ({ readonly kind: "remembered" } & Memorised)
  /** Nothing of this look is remembered. */
  | { readonly kind: "not-yet"; readonly needs: readonly Need[] };

interface TraceContext {
  readonly key: EnvironmentKey;
  readonly environment: Environment;
  readonly observed: Observed;
  readonly before: EnvironmentMemory | undefined;
  readonly head: string;
  /** Of the branch's newest commit, for want of better. */
  readonly author: string;
}

export function traceArrival(memorised: Memorised, context: TraceContext): Traced {
  const { environment, before } = context;
  const level = environment.guards["direct-pushes"];
  const [arrived, ...older] = memorised.memory.reached;
  const [present] = before?.reached ?? [];
  const remembered = { kind: "remembered" as const, ...memorised };
  // What was there when Stagecoach began to look came by nobody.
  if (level === "off" || arrived === undefined || present === undefined) return remembered;
  if (sameRelease(arrived.release, present.release) || arrived.pullRequest !== undefined) return remembered;
  const named = `${nameRelease(arrived.release)} came to ${context.key} without a promotion`;
  if (level === "warn") return told(remembered, `${named}; the newest commit there is by ${code(context.author)}`);
  const origin = originOf(arrived.release, { ...context, present: present.release });
  if (origin.kind === "not-yet") return origin;
  const { by, commit, pullRequest } = origin.origin;
  if (pullRequest !== undefined) return told(remembered, `${named}, with pull request ${pullRequest}`);
  const memory = { ...memorised.memory, reached: [{ ...arrived, pushedBy: by }, ...older] };
  return told({ ...remembered, memory }, `${named}: ${code(by)} pushed ${shortCommit(commit)} without a pull request`);
}

function told(remembered: Extract<Traced, { kind: "remembered" }>, reason: string): Traced {
  return { ...remembered, reasons: [...remembered.reasons, reason] };
}

function originOf(
  arrived: Release,
  { key, environment, observed, head, present }: TraceContext & { readonly present: Release },
) {
  const nothing = { kind: "not-yet" as const, needs: [] };
  const changed = arrived.versions.find(({ image, digest }) => versionOf(image, present)?.digest !== digest);
  const state = observed.environments[key];
  if (changed === undefined || state?.kind !== "known") return nothing;
  const name = nameInEnvironment(environment, changed.image);
  const path = state.value.places.find(({ image }) => image === name)?.path;
  if (path === undefined) return nothing;
  const seen = observed.origins?.[originKey({ head, path })];
  if (seen === undefined) return { kind: "not-yet" as const, needs: [{ kind: "origin" as const, head, path }] };
  return seen.kind === "known" ? { kind: "known" as const, origin: seen.value } : nothing;
}
