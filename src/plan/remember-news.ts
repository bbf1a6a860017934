// Puts everything that a pass has to remember into one commit on the ledger: what people ordered, and what happened in the
// environments.

import type { Ledger, LedgerState } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Remember } from "../domain/plan.ts";
import type { ObeyedOrders } from "./obey-orders.ts";
import type { News } from "./pipeline-context.ts";
import type { PipelinePlan } from "./plan-pipeline.ts";

const REMEMBERED_AT_ONCE = 500;

/** One ledger commit per pass. What does not fit is found again by the next pass. */
export function rememberNews(
  plans: readonly PipelinePlan[],
  {
    observed,
    before,
    obeyed,
    opens,
  }: { readonly observed: Observed; readonly before: Ledger; readonly obeyed: ObeyedOrders; readonly opens: boolean },
): readonly Remember[] {
  if (observed.ledger.kind === "unknown" || observed.ledger.value.kind === "untrusted") return [];
  const state: LedgerState = observed.ledger.value;
  const news: readonly News[] = plans.flatMap((plan) => plan.news);
  const keys = [...new Set(news.map(({ key }) => key))].slice(0, REMEMBERED_AT_ONCE);
  // Promotions without a ledger are not believed: it begins before the first of them, even with nothing to remember.
  if (keys.length + obeyed.news.length === 0 && !(opens && state.kind === "absent")) return [];
  const memories = Object.assign({}, ...plans.map((plan) => plan.memories)) as PipelinePlan["memories"];
  const changed = Object.fromEntries(keys.flatMap((key) => (memories[key] ? [[key, memories[key]]] : [])));
  const reasons = [...obeyed.news, ...news.filter(({ key }) => keys.includes(key)).map(({ reason }) => reason)];
  const { ledger } = obeyed;
  return [
    {
      kind: "remember",
      before,
      ledger: { ...ledger, environments: { ...ledger.environments, ...changed } },
      news: reasons,
      reason: reasons.length > 0 ? `the ledger does not know yet: ${reasons.join("; ")}` : "the ledger begins",
      ...(state.kind === "trusted" && { on: { head: state.head, tree: state.tree } }),
    },
  ];
}
