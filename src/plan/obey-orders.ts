// Obeys what people ordered, one order after the other, on the ledger as the ones before have left it. Whoever may not is
// refused with the reason; what cannot be verified waits. Nothing is carried out twice: the ledger knows each order.

import type { CommandLine } from "../domain/command.ts";
import type { CommandAnswer } from "../domain/conversation-actions.ts";
import { listOf } from "../domain/count-words.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Action, Need, Wait } from "../domain/plan.ts";
import { type Carried, carryRequest } from "./carry-request.ts";
import { type Heard, hearOrders } from "./hear-orders.ts";
import { ANSWERS_IN_AN_HOUR, hasHadEnough } from "./limit-answers.ts";
import { type Hearing, type ObeyedGiven, obeyGiven } from "./obey-given.ts";
import { obeyOrder } from "./obey-order.ts";
import type { DraftAnswer, ObeyContext, Obeyed, Order, Settled } from "./order.ts";
import { forgetOld, losePatience, rememberOrder } from "./remember-order.ts";
import { code } from "./wording.ts";

export interface ObeyedOrders extends ObeyedGiven {
  /** What somebody wants to be tried once more. */
  readonly reconsidered: ReadonlySet<EnvironmentKey>;
  readonly drafts: readonly { readonly heard: Heard; readonly answers: readonly DraftAnswer[] }[];
  /** Numbers of conversations. */
  readonly unanswered: readonly number[];
}

/** So many comments are answered in one pass, the oldest first. */
const MOST_AT_ONCE = 10;

export function obeyOrders({ observed, configuration, ledger }: Hearing): ObeyedOrders {
  const heard = hearOrders({ observed, configuration });
  let now = ledger;
  const news: string[] = [];
  const actions: Action[] = [];
  const needs: Need[] = [];
  const waits: Wait[] = [];
  const drafts: { readonly heard: Heard; readonly answers: readonly DraftAnswer[] }[] = [];
  let taken = 0;
  for (const one of heard) {
    if (taken >= MOST_AT_ONCE) break;
    if (hasHadEnough(one, observed)) {
      waits.push({
        reason: `${code(one.comment.by.login)} has had ${ANSWERS_IN_AN_HOUR} answers on ${one.conversation.number} in an hour`,
      });
      continue;
    }
    const obeyed = obeyComment(one, { observed, configuration, ledger: now });
    now = obeyed.ledger;
    news.push(...obeyed.news);
    needs.push(...obeyed.needs);
    waits.push(...obeyed.waits.map((reason) => ({ reason })));
    // What waits for nothing that could be read now takes nobody's turn.
    if (obeyed.waits.length === 0 || obeyed.needs.length > 0) taken += 1;
    // One answer for the whole comment: it waits until all of it is settled.
    if (obeyed.waits.length > 0) continue;
    actions.push(...obeyed.actions);
    drafts.push({ heard: one, answers: obeyed.answers });
  }
  const given = obeyGiven({ observed, configuration, ledger: now });
  const allNews = [...news, ...given.news];
  const doing = [...actions, ...given.actions];
  return {
    ledger: allNews.length > 0 ? forgetOld(given.ledger, observed.now) : ledger,
    news: allNews,
    actions: [...acknowledge(heard), ...doing],
    reconsidered: new Set(doing.flatMap((action) => (action.kind === "reconsider" ? action.keys : []))),
    drafts,
    needs: [...needs, ...given.needs],
    waits: [...waits, ...given.waits],
    unanswered: [...new Set(heard.map(({ conversation }) => conversation.number))],
    pressed: given.pressed,
    ticksSettled: given.ticksSettled,
  };
}

interface ObeyedComment {
  readonly ledger: Ledger;
  readonly news: readonly string[];
  readonly actions: readonly Action[];
  readonly answers: readonly DraftAnswer[];
  readonly needs: readonly Need[];
  readonly waits: readonly string[];
}

function obeyComment(heard: Heard, hearing: Hearing): ObeyedComment {
  let { ledger } = hearing;
  let carried: Carried = {};
  const news: string[] = [];
  const actions: Action[] = [];
  const needs: Need[] = [];
  const waits: string[] = [];
  const answers: DraftAnswer[] = [];
  for (const [index, line] of heard.lines.entries()) {
    const context: ObeyContext = { ...hearing, ledger, ...carried };
    const { id, obeyed: outcome, order, isOld = false, said = line.line } = obeyLine(line, { heard, index, context });
    const obeyed = losePatience(outcome, { at: heard.comment.at, now: context.observed.now });
    carried = carryRequest(line, { obeyed, order, isOld, context });
    if (obeyed.kind === "waits") {
      needs.push(...obeyed.needs);
      if (obeyed.begun) {
        ledger = obeyed.begun.ledger;
        news.push(obeyed.begun.news);
      }
      waits.push(`${code(line.line)} on ${heard.conversation.number} waits: ${obeyed.why}`);
      // What comes after it was written with it in mind.
      break;
    }
    if (obeyed.kind === "asks")
      answers.push({ kind: "open", order: order ?? orderOf(line, { heard, id }), about: obeyed.about });
    else answers.push({ kind: "complete", answer: answerOf(said, obeyed) });
    if (obeyed.kind === "acts") actions.push(...obeyed.actions);
    if (obeyed.kind === "refused" && obeyed.ledger) {
      ledger = obeyed.ledger;
      news.push(`${line.line} of ${heard.comment.by.login} came to nothing: ${obeyed.what}`);
    }
    if (obeyed.kind !== "done") continue;
    const { by, at } = heard.comment;
    ledger = rememberOrder(obeyed.ledger, { id, line: line.line, by, at, outcome: obeyed.what });
    news.push(`${by.login} ordered ${line.line}: ${obeyed.what}`);
  }
  return { ledger, news, actions, answers, needs, waits };
}

interface ObeyedLine {
  readonly id: string;
  readonly obeyed: Obeyed;
  /** Absent for what was no command. */
  readonly order?: Order;
  /** It was carried out in an earlier pass. */
  readonly isOld?: true;
  /** The line as it was then. */
  readonly said?: string;
}

interface OneLine {
  readonly heard: Heard;
  readonly index: number;
  readonly context: ObeyContext;
}

function obeyLine(line: CommandLine, { heard, index, context }: OneLine): ObeyedLine {
  const id = `comment/${heard.comment.id}.${index}`;
  const before = context.ledger.commands.find((each) => each.id === id);
  // Its answer was lost, not the order; what it said then is what was done.
  if (before) {
    const order = line.kind === "command" ? { order: orderOf(line, { heard, id }) } : {};
    return { id, said: before.line, obeyed: { kind: "noted", what: before.outcome }, isOld: true, ...order };
  }
  if (heard.void !== undefined)
    return { id, obeyed: { kind: "refused", what: heard.void, notes: ["write the command again in a new comment"] } };
  if (line.kind === "mistake")
    return { id, obeyed: { kind: "confused", what: line.why, notes: line.hint === undefined ? [] : [line.hint] } };
  const given = orderOf(line, { heard, id });
  return { id, obeyed: obeyOrder(given, context), order: given };
}

function orderOf(line: CommandLine, { heard, id }: { readonly heard: Heard; readonly id: string }): Order {
  if (line.kind !== "command") throw new Error("a mistake is no order");
  const { comment, conversation } = heard;
  return { id, line: line.line, command: line.command, by: comment.by, at: comment.at, conversation };
}

function answerOf(line: string, obeyed: Settled): CommandAnswer {
  const notes = "notes" in obeyed ? (obeyed.notes ?? []) : [];
  const reaction = obeyed.kind === "acts" ? "done" : obeyed.kind;
  return { line, reaction, what: obeyed.what, notes };
}

function acknowledge(heard: readonly Heard[]): readonly Action[] {
  const fresh = heard.filter(({ comment }) => comment.reaction === undefined);
  if (fresh.length === 0) return [];
  const people = [...new Set(fresh.map(({ comment }) => code(comment.by.login)))];
  return [
    {
      kind: "acknowledge",
      nodes: fresh.map(({ comment }) => comment.node),
      reason: `${listOf(people)} gave a command`,
    },
  ];
}
