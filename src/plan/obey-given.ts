// Obeys what people ordered by buttons and boxes, as what they write: the same questions, the same memory. What was done
// shows by itself; what was not is told in one comment, found again by its mark.

import type { Refusal, TellRefused } from "../domain/conversation-actions.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Action, Need, Wait } from "../domain/plan.ts";
import type { GivenOrder } from "./given-order.ts";
import { hearPresses } from "./hear-presses.ts";
import { hearTicks } from "./hear-ticks.ts";
import { obeyOrder } from "./obey-order.ts";
import type { ObeyContext, Obeyed } from "./order.ts";
import { losePatience, rememberOrder } from "./remember-order.ts";
import { code } from "./wording.ts";

export interface ObeyedGiven {
  readonly ledger: Ledger;
  /** A sentence for each order that was carried out. */
  readonly news: readonly string[];
  readonly actions: readonly Action[];
  readonly needs: readonly Need[];
  readonly waits: readonly Wait[];
  /** Ids of presses that are not settled. */
  readonly pressed: readonly string[];
  /** What was ticked is settled, so the boxes may be emptied. */
  readonly ticksSettled: boolean;
}

export type Hearing = Pick<ObeyContext, "observed" | "configuration" | "ledger">;

/** So many presses are obeyed in one pass, the oldest first. */
const MOST_AT_ONCE = 10;

export function obeyGiven(hearing: Hearing): ObeyedGiven {
  const presses = hearPresses(hearing);
  const now = presses.given.slice(0, MOST_AT_ONCE);
  const pressed = obeyAll(now, hearing);
  const ticked = obeyAll(hearTicks(hearing), { ...hearing, ledger: pressed.ledger });
  const told = tellRefused([...pressed.refused, ...ticked.refused], hearing.observed);
  const open = new Set([...pressed.open, ...told.open]);
  return {
    ledger: ticked.ledger,
    news: [...pressed.news, ...ticked.news],
    actions: [...pressed.actions, ...ticked.actions, ...told.actions],
    needs: [...pressed.needs, ...ticked.needs, ...told.needs],
    waits: [...presses.lost, ...pressed.waits, ...ticked.waits, ...told.waits].map((reason) => ({ reason })),
    pressed: [
      ...now.flatMap(({ id, press }) => (open.has(id) ? [press] : [])),
      ...presses.given.slice(MOST_AT_ONCE).map(({ press }) => press),
    ],
    ticksSettled: ![...ticked.open, ...told.open].some((id) => id.startsWith("tick/")),
  };
}

interface Refused {
  readonly given: GivenOrder;
  readonly refusal: Refusal;
}

interface ObeyedAll {
  readonly ledger: Ledger;
  readonly news: readonly string[];
  readonly actions: readonly Action[];
  readonly needs: readonly Need[];
  readonly waits: readonly string[];
  /** Ids of orders that wait for something. */
  readonly open: readonly string[];
  readonly refused: readonly Refused[];
}

function obeyAll(orders: readonly GivenOrder[], hearing: Hearing): ObeyedAll {
  let { ledger } = hearing;
  const news: string[] = [];
  const actions: Action[] = [];
  const needs: Need[] = [];
  const waits: string[] = [];
  const open: string[] = [];
  const refused: Refused[] = [];
  for (const given of orders) {
    const { id, line, at } = given;
    const obeyed = losePatience(obeyOne(given, { ...hearing, ledger }), { at, now: hearing.observed.now });
    switch (obeyed.kind) {
      case "done":
        ledger = rememberOrder(obeyed.ledger, { id, line, by: given.by[0], at, outcome: obeyed.what });
        news.push(`${given.by[0].login} ordered ${given.line}: ${obeyed.what}`);
        break;
      case "acts":
        actions.push(...obeyed.actions);
        break;
      case "refused":
      case "confused":
        refused.push({ given, refusal: refusalOf(given, obeyed) });
        break;
      case "waits":
        open.push(given.id);
        needs.push(...obeyed.needs);
        if (obeyed.begun) ledger = obeyed.begun.ledger;
        waits.push(`${code(given.line)} on ${given.conversation.number} waits: ${obeyed.why}`);
        break;
      case "noted":
      case "asks":
        break;
    }
  }
  return { ledger, news, actions, needs, waits, open, refused };
}

function obeyOne({ id, line, by, at, conversation, order }: GivenOrder, hearing: Hearing): Obeyed {
  const before = hearing.ledger.commands.find((each) => each.id === id);
  // The world may have changed by it; what it says now is no reason to do it again, or to refuse it.
  if (before) return { kind: "noted", what: before.outcome };
  if (order.kind === "void") return { kind: "refused", what: order.why, notes: order.notes };
  const { command, head } = order;
  return obeyOrder({ id, line, command, by: by[0], at, conversation, ...(head !== undefined && { head }) }, hearing);
}

function refusalOf(
  { by, line }: GivenOrder,
  { what, notes = [] }: Extract<Obeyed, { readonly kind: "refused" | "confused" }>,
): Refusal {
  return { by: by.map(({ login }) => login), line, what, notes };
}

interface Told {
  readonly actions: readonly TellRefused[];
  readonly needs: readonly Need[];
  readonly waits: readonly string[];
  readonly open: readonly string[];
}

/** Whoever presses again what was refused is not told again, and nobody can fill a page with refusals (T27). */
function tellRefused(refused: readonly Refused[], { told }: Observed): Told {
  const actions: TellRefused[] = [];
  const needs: Need[] = [];
  const waits: string[] = [];
  const open: string[] = [];
  for (const [situation, group] of Map.groupBy(refused, ({ given }) => given.situation)) {
    const number = group[0]?.given.conversation.number ?? 0;
    const said = told[number];
    if (said?.kind !== "known") {
      open.push(...group.map(({ given }) => given.id));
      if (said) waits.push(`a refusal on ${number} waits: what was said there is not known: ${said.why}`);
      else needs.push({ kind: "told", number });
    } else if (!said.value.comments.some(({ topic }) => topic === `attention/${situation}`)) {
      const refusals = group.map(({ refusal }) => refusal);
      const lines = refusals.map(({ by, line }) => `${code(line)} of ${by.map(code).join(", ")}`);
      const reason = `refused and not told yet: ${lines.join("; ")}`;
      actions.push({ kind: "tell-refused", number, view: { situation, refusals }, reason });
    }
  }
  return { actions, needs, waits, open };
}
