// What a story is told with: the world, the narrator, and patience with an end.

import { setTimeout } from "node:timers/promises";
import type { PullRequest } from "../github/model/repository.ts";
import { CONFIG_REPOSITORY, type Environment } from "./config-repository.ts";
import type { Narrator } from "./narrator.ts";
import type { World } from "./start-world.ts";

export interface Stage {
  readonly world: World;
  readonly narrator: Narrator;
  /** Fires when the demo has to end: the deadline, or a signal. */
  readonly signal: AbortSignal;
}

const LOOK_EVERY = 40;

/** Waits until it is so; `what` is said when it never is. */
export async function until(
  stage: Stage,
  awaited: { readonly what: string; readonly is: () => boolean },
): Promise<void> {
  while (!awaited.is()) {
    if (stage.signal.aborted) throw new Error(`The story waited for this: ${awaited.what}.`);
    await setTimeout(LOOK_EVERY);
  }
}

/** Time for the reader. */
export async function pause({ signal }: Stage, milliseconds: number): Promise<void> {
  if (!signal.aborted) await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

export async function push(
  { world: { registry }, narrator }: Pick<Stage, "world" | "narrator">,
  { name, tag }: { readonly name: string; readonly tag: string },
): Promise<string> {
  narrator.say({ who: "registry", text: `somebody pushes acme/${name}:${tag}` });
  return registry.push({ repository: `acme/${name}`, tag });
}

/** The open promotion to an environment. */
export function openPromotion({ world: { github } }: Stage, environment: Environment): PullRequest | undefined {
  return promotionsTo({ github }, environment).find(({ state }) => state === "open");
}

/** All promotions to an environment, the oldest first. */
export function promotionsTo({ github }: Pick<World, "github">, environment: Environment): readonly PullRequest[] {
  return github
    .pullRequests({ repository: CONFIG_REPOSITORY })
    .filter(({ headRef }) => headRef === `stagecoach/${environment}`);
}
