// Decides what the lines of a comment after this one are for: an override behind a promotion is for that promotion, and
// for nothing else where that promotion came to nothing.

import type { CommandLine } from "../domain/command.ts";
import { environmentKey } from "../domain/pipeline.ts";
import { findOneEnvironment } from "./find-targets.ts";
import type { ObeyContext, Obeyed, Order } from "./order.ts";

export type Carried = Pick<ObeyContext, "requested" | "unmet">;

export interface Carrying {
  readonly obeyed: Obeyed;
  /** Absent for what was no command. */
  readonly order: Order | undefined;
  /** It was carried out in an earlier pass. */
  readonly isOld: boolean;
  readonly context: ObeyContext;
}

export function carryRequest({ line }: CommandLine, { obeyed, order, isOld, context }: Carrying): Carried {
  const { requested, unmet } = context;
  // What was misspelt may have been the promotion.
  if (!order) return { unmet: line };
  if (order.command.verb !== "promote" && order.command.verb !== "rollback")
    return { ...(requested && { requested }), ...(unmet !== undefined && { unmet }) };
  const fresh = isOld ? rememberedFor(order, context) : obeyed.kind === "done" ? obeyed.requested : undefined;
  return fresh ? { requested: fresh } : { unmet: line };
}

/** What this very order asked for, unless it is settled or somebody has asked for something else since. */
function rememberedFor({ command, by, at, conversation }: Order, context: ObeyContext): ObeyContext["requested"] {
  if (!("target" in command)) return undefined;
  const found = findOneEnvironment(command.target, { ...context, conversation });
  if (found.kind === "not-found") return undefined;
  const key = environmentKey(found.pipeline, found.environment);
  const requested = context.ledger.environments[key]?.requested;
  return requested && requested.at === at && requested.byId === by.id ? { key, release: requested.release } : undefined;
}
