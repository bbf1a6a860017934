// Obeys `/retry` and `/refresh`: what GitHub refused is tried again, and what was read before now is read again.

import type { CommandTarget } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import type { Need } from "../domain/plan.ts";
import { findTargets, keysOf } from "./find-targets.ts";
import { namesOf, notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { code } from "./wording.ts";

export function obeyRetry(target: CommandTarget, { order, context }: Obeying): Obeyed {
  const found = findTargets(target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const keys = keysOf(found.targets);
  const reason = `${code(order.by.login)} wants ${listOf(keys.slice(0, 10).map(code))} to be tried again`;
  return {
    kind: "acts",
    actions: [{ kind: "reconsider", keys, reason }],
    what: `${namesOf(found.targets)}: what was refused or given up is tried again`,
  };
}

/** Only what was read before the command: the second look answers it. */
export function obeyRefresh(target: CommandTarget, { order, context }: Obeying): Obeyed {
  const named = target.name !== undefined || target.pipeline !== undefined;
  const found = findTargets(target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found" && named) return notFound(found);
  const targets =
    found.kind === "found" ? found.targets : context.configuration.pipelines.map((pipeline) => ({ pipeline }));
  const images = new Set(targets.flatMap(({ pipeline }) => pipeline.images.map(({ image }) => image)));
  const { observed } = context;
  const needs = [...images].slice(0, MOST_IMAGES).flatMap((image): Need[] => {
    const state = observed.images[image];
    const isFresh = state?.kind === "unknown" || (state !== undefined && state.value.readAt >= order.at);
    return isFresh ? [] : [{ kind: "tags", image }];
  });
  if (needs.length > 0) return { kind: "waits", why: "the registry is read again", needs };
  const unread = [...images].filter((image) => observed.images[image]?.kind === "unknown");
  return {
    kind: "noted",
    what: "everything was looked at again",
    notes: unread.length > 0 ? [`${listOf(unread.slice(0, 5).map(code))} could not be read`] : [],
  };
}

const MOST_IMAGES = 50;
