// Plans the names that were ordered and are not there yet: each is written in the pass that remembers it, or, where that
// pass died, in the next. What nobody waits for any more leaves the ledger.

import { digestOfTag } from "../domain/image-state.ts";
import type { Ledger, Retag } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import { environmentKey } from "../domain/pipeline.ts";
import { nameKey, type RetagImage, type RetagTry } from "../domain/retag-image.ts";
import { TRIED_FOR } from "./remember-order.ts";
import { code, shortDigest } from "./wording.ts";

export interface RetagPlan {
  readonly retags: Ledger["retags"];
  readonly news: readonly string[];
  readonly actions: readonly RetagImage[];
  readonly lookAgainAt?: number;
}

const A_MINUTE = 60_000;

/** `ledger`: after the orders of this pass, which took out what they settled. */
export function planRetags({ observed, ledger }: { readonly observed: Observed; readonly ledger: Ledger }): RetagPlan {
  const over = ledger.retags.filter((retag) => isOver(retag, observed));
  const retags = over.length === 0 ? ledger.retags : ledger.retags.filter((retag) => !over.includes(retag));
  const actions = retags.map((retag) => actionOf(retag));
  return {
    retags,
    news: over.map((retag) => `${nameKey(retag)}, which ${retag.by} ordered, is no longer waited for`),
    actions,
    ...(actions.length > 0 && { lookAgainAt: observed.now + A_MINUTE }),
  };
}

/** It is there or was refused, and the comment that ordered it is gone; or it takes too long, which its answer says. */
function isOver(retag: Retag, { now, images, retagged }: Observed): boolean {
  const { image, tag, digest, at } = retag;
  if (now - at > TRIED_FOR || triedFor(retag, retagged)?.kind === "refused") return true;
  const state = images[image];
  const seen = state?.kind === "known" ? digestOfTag(state.value, tag) : undefined;
  return seen?.kind === "known" && seen.value === digest;
}

/** How the last try for this very order went. */
export function triedFor(retag: Retag, retagged: Observed["retagged"]): RetagTry | undefined {
  const tried = retagged?.[nameKey(retag)];
  return tried?.id === retag.id ? tried : undefined;
}

function actionOf({ id, pipeline, environment, from, digest, image, tag, by }: Retag): RetagImage {
  return {
    kind: "retag",
    key: environmentKey({ name: pipeline }, { name: environment }),
    id,
    ...{ from, digest, image, tag },
    reason: `${code(by)} ordered that ${code(shortDigest(digest))} of ${code(from)} gets the name ${code(`${image}:${tag}`)}`,
  };
}
