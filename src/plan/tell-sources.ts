// Adds to every action that writes about a promotion where its versions come from. Only then is it asked: what is kept as
// it is says what it said. An action whose answers are still missing stays as it is, so that it waits for nothing.

import type { Observed } from "../domain/observed.ts";
import type { Configuration } from "../domain/pipeline.ts";
import type { Action, Need, OpenPromotion, PromotionView } from "../domain/plan.ts";
import { type Depth, type Tracing, traceSource } from "./trace-source.ts";

interface Written {
  readonly decided: readonly Action[];
  readonly openings: readonly OpenPromotion[];
}

interface Sourced extends Written {
  readonly needs: readonly Need[];
}

interface Context {
  readonly observed: Observed;
  readonly configuration: Configuration;
}

type Telling = Extract<Action, { kind: "open" | "update" | "describe" | "merge" }>;

/** Different ranges of commits in the pull request of a group; each costs two requests. */
const MOST_RANGES = 5;

export function tellSources({ decided, openings }: Written, context: Context): Sourced {
  // Nothing of it would be written.
  if (context.configuration.mode === "observe") return { decided, openings, needs: [] };
  const needs: Need[] = [];
  const told = <T extends Telling>(action: T): T => {
    const view = addSource(action.view, { depth: depthOf(action), needs, context });
    return view === action.view ? action : { ...action, view };
  };
  return {
    decided: decided.map((action) => (isTelling(action) ? told(action) : action)),
    openings: openings.map(told),
    needs,
  };
}

function isTelling(action: Action): action is Telling {
  return action.kind === "open" || action.kind === "update" || action.kind === "describe" || action.kind === "merge";
}

/** Messages of commits name the commits that were built alone. */
function depthOf(action: Telling): Depth {
  return action.kind === "merge" || (action.kind === "update" && !action.describe) ? "revisions" : "changes";
}

interface Adding {
  readonly depth: Depth;
  readonly needs: Need[];
  readonly context: Context;
}

function addSource(view: PromotionView, { depth, needs, context }: Adding): PromotionView {
  const { observed, configuration } = context;
  const ranges = new Set<string>();
  const add = (part: PromotionView): PromotionView => {
    const source = configuration.pipelines.find(({ name }) => name === part.pipeline)?.source;
    if (source === undefined) return part;
    const tracing: Tracing = { observed, source, depth, ranges, mostRanges: MOST_RANGES };
    const traced = traceSource(part.moves, tracing);
    if (traced.kind === "known") return { ...part, source: traced.value };
    needs.push(...traced.needs);
    return part;
  };
  if (view.parts === undefined) return add(view);
  const parts = view.parts.map(add);
  return parts.some((part, index) => part !== view.parts?.[index]) ? { ...view, parts } : view;
}
