// Completes the answers to what people ordered or asked with what the plan says, and makes of them one answer for each
// comment.

import { COMMANDS, type CommandRow, leadOf, usageOf } from "../commands/command-table.ts";
import type { AnswerComment, AnswerReport, CommandAnswer, EnvironmentStatus } from "../domain/conversation-actions.ts";
import { listOf } from "../domain/count-words.ts";
import type { GateResult } from "../domain/gate.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import { type Configuration, type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import type { PromotionView } from "../domain/plan.ts";
import { describeRelease } from "../domain/release.ts";
import { declaredIn } from "./declared-in.ts";
import type { EnvironmentDecision } from "./environment-context.ts";
import { describeLoan, findLoan } from "./find-loan.ts";
import type { ObeyedOrders } from "./obey-orders.ts";
import type { DraftAnswer, Order } from "./order.ts";
import { code } from "./wording.ts";

export interface AnswerContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly ledger: Ledger;
  readonly decisions: readonly EnvironmentDecision[];
  /** What is opened, for each environment. */
  readonly openings: readonly PromotionView[];
  readonly waits: readonly { readonly key?: EnvironmentKey; readonly reason: string }[];
}

export function answerOrders(
  { drafts }: Pick<ObeyedOrders, "drafts">,
  context: AnswerContext,
): readonly AnswerComment[] {
  return drafts.map(({ heard, answers }): AnswerComment => {
    const complete = answers.map((draft) => completeAnswer(draft, context));
    const { conversation, node, comment } = heard;
    return {
      kind: "answer-comment",
      number: conversation.number,
      conversation: node,
      comment: { id: comment.id, node: comment.node },
      reaction: worstOf(complete),
      view: { comment: comment.id, answers: complete },
      reason: `${code(comment.by.login)} gets an answer to ${listOf(complete.map(({ line }) => code(line)))}`,
    };
  });
}

const WORST_FIRST: readonly CommandAnswer["reaction"][] = ["refused", "confused", "done", "noted"];

function worstOf(answers: readonly CommandAnswer[]): CommandAnswer["reaction"] {
  return WORST_FIRST.find((reaction) => answers.some((answer) => answer.reaction === reaction)) ?? "noted";
}

function completeAnswer(draft: DraftAnswer, context: AnswerContext): CommandAnswer {
  if (draft.kind === "complete") return draft.answer;
  const { order, about } = draft;
  return { line: order.line, reaction: "noted", notes: [], ...reportOf(order, { about, context }) };
}

function reportOf(
  { command }: Order,
  { about, context }: { readonly about: readonly EnvironmentKey[]; readonly context: AnswerContext },
): { readonly what: string; readonly report: AnswerReport } {
  switch (command.verb) {
    case "help":
      return {
        what: "these commands are understood here",
        report: { kind: "help", commands: helpFor(command.about, context) },
      };
    case "why":
      return { what: whyWords(about, context), report: { kind: "gates", environments: gatesFor(about, context) } };
    case "diff":
      return { what: "these places would change", report: { kind: "changes", changes: changesFor(about, context) } };
    default:
      return {
        what: "this is how it stands",
        report: { kind: "status", ...statusFor(about, context) },
      };
  }
}

function helpFor(about: string | undefined, { configuration }: AnswerContext) {
  const lead = leadOf(configuration.commandPrefix);
  const rows = COMMANDS.filter(({ read, verb }) => read !== undefined && (about === undefined || verb === about));
  return rows.flatMap((row) => usageOf(row, lead).map((usage) => ({ usage, says: row.says, who: whoMay(row) })));
}

function whoMay({ role }: CommandRow): string {
  return role === "admin" ? "admins, or whom `allow` names" : `${role} and more, or whom \`allow\` names`;
}

const ENVIRONMENTS_SHOWN = 60;

function statusFor(about: readonly EnvironmentKey[], context: AnswerContext) {
  return {
    environments: about.slice(0, ENVIRONMENTS_SHOWN).map((key) => statusOf(key, context)),
    more: Math.max(0, about.length - ENVIRONMENTS_SHOWN),
  };
}

function statusOf(key: EnvironmentKey, context: AnswerContext): EnvironmentStatus {
  const declared = declaredAt(key, context);
  const open = context.observed.promotions.find((each) => each.key === key);
  return {
    key,
    ...(declared !== undefined && { declared }),
    ...(open?.head.release && { proposed: { release: describeRelease(open.head.release), number: open.number } }),
    what: [...lentTo(key, context), whatHappens(key, context)].join("; "),
  };
}

/** What waits for its end says so already. */
function lentTo(key: EnvironmentKey, context: AnswerContext): readonly string[] {
  const loan = findLoan(key, context.ledger);
  const words = loan && describeLoan(loan);
  return words === undefined || whatHappens(key, context).includes(words) ? [] : [words];
}

function declaredAt(key: EnvironmentKey, { configuration, observed, ledger }: AnswerContext): string | undefined {
  for (const pipeline of configuration.pipelines) {
    const environment = pipeline.environments.find((each) => environmentKey(pipeline, each) === key);
    if (!environment) continue;
    const declared = declaredIn(environment, { observed, configuration, ledger, pipeline, mayCatchUp: new Map() });
    return declared.kind === "known" && declared.value.release ? describeRelease(declared.value.release) : undefined;
  }
  return undefined;
}

function whatHappens(key: EnvironmentKey, { decisions, waits }: AnswerContext): string {
  const wait = waits.find((each) => each.key === key);
  if (wait) return wait.reason;
  const decision = decisions.find((each) => each.key === key);
  const action = decision?.actions.find(({ kind }) => kind !== "set-check" && kind !== "label");
  return action?.reason ?? decision?.opening?.reason ?? "there is nothing to do";
}

function whyWords(about: readonly EnvironmentKey[], context: AnswerContext): string {
  const [only, ...more] = about;
  return only !== undefined && more.length === 0 ? whatHappens(only, context) : "this is what each of them waits for";
}

function gatesFor(about: readonly EnvironmentKey[], { decisions, openings, observed }: AnswerContext) {
  return about.slice(0, ENVIRONMENTS_SHOWN).flatMap((key) => {
    const decision = decisions.find((each) => each.key === key);
    const opening = openings.find((each) => each.key === key);
    const gates: readonly GateResult[] = opening?.gates ?? decision?.gates ?? [];
    const release = opening?.release ?? observed.promotions.find((each) => each.key === key)?.head.release;
    return gates.length === 0 ? [] : [{ key, release: release ? describeRelease(release) : "", gates }];
  });
}

const CHANGES_SHOWN = 50;

function changesFor(about: readonly EnvironmentKey[], { decisions, openings }: AnswerContext) {
  const views = [...openings, ...decisions.flatMap(({ view }) => view ?? [])].filter(({ key }) => about.includes(key));
  return views.flatMap(({ places }) => places).slice(0, CHANGES_SHOWN);
}
