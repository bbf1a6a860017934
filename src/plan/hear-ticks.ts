// Finds what somebody ordered by ticking boxes on the dashboard. A tick is an edit of our issue, and GitHub says who edited
// it, not which tick is whose: only where exactly one person did since we wrote it last, the ticks are theirs. Only boxes
// that we offer count, not what somebody wrote into the text.

import { leadOf } from "../commands/command-table.ts";
import { readCommands } from "../commands/read-commands.ts";
import type { Actor, Conversation } from "../domain/conversation.ts";
import { listOf } from "../domain/count-words.ts";
import type { DashboardIssue } from "../domain/dashboard.ts";
import { offeredBoxes, type RowsContext } from "./dashboard-rows.ts";
import type { GivenOrder, SoundOrder, VoidOrder } from "./given-order.ts";
import { OBEYED_FOR } from "./hear-orders.ts";
import { code } from "./wording.ts";

/** One edit is one order or a few. */
const MOST_TICKS = 20;
const TICKED = /^- \[[xX]\] <!-- stagecoach:do ([^<>\r\n]{1,200}) -->/gm;

export function hearTicks(context: RowsContext): readonly GivenOrder[] {
  const { dashboard, conversations } = context.observed;
  if (dashboard?.kind !== "open") return [];
  const { issue } = dashboard;
  const conversation = conversations.find(({ kind, number }) => kind === "dashboard" && number === issue.number);
  const [editor, ...others] = issue.editors;
  const ticked = tickedBoxes(issue);
  if (!conversation || !editor || issue.editedAt === undefined || ticked.length === 0) return [];
  if (!issue.editors.some(({ kind }) => kind === "person")) return [];
  const ticking: Ticking = { issue, by: [editor, ...others], at: issue.editedAt, conversation, context };
  const why = whyNobodys(ticking, ticked.length);
  return why ? [giveVoid(ticked, { why, ticking })] : ticked.map((box, index) => giveTick({ box, index }, ticking));
}

interface Ticking {
  readonly issue: DashboardIssue;
  readonly by: readonly [Actor, ...Actor[]];
  readonly at: number;
  readonly conversation: Conversation;
  readonly context: RowsContext;
}

export function tickedBoxes({ body }: Pick<DashboardIssue, "body">): readonly string[] {
  return [...body.matchAll(TICKED)].map(([, box = ""]) => box);
}

/** What makes all ticks of an edit void. */
function whyNobodys({ issue, by, at, context }: Ticking, count: number): string | undefined {
  if (by.length > 1)
    return `${listOf(by.map(({ login }) => code(login)))} changed this issue since it was written last, so nobody can tell whose ticks they are`;
  if (issue.fingerprint === undefined)
    return "the mark at the end of this issue was taken away, so nobody can tell which boxes are of Stagecoach";
  if (count > MOST_TICKS) return `${count} boxes were ticked at once, and ${MOST_TICKS} is the limit`;
  if (context.observed.now - at > OBEYED_FOR) return "this was ticked more than a day ago, for what there was then";
  return undefined;
}

function giveVoid(
  ticked: readonly string[],
  { why, ticking }: { readonly why: string; readonly ticking: Ticking },
): GivenOrder {
  const line = ticked.slice(0, MOST_TICKS).join(", ");
  const notes = ["the boxes are empty again: tick what you mean, one person at a time, or write the command here"];
  return { ...baseOf(ticking, 0), line, order: { kind: "void", why, notes } };
}

function giveTick({ box, index }: { readonly box: string; readonly index: number }, ticking: Ticking): GivenOrder {
  const line = `${leadOf(ticking.context.configuration.commandPrefix)}${box}`;
  return { ...baseOf(ticking, index), line, order: readBox(box, { line, ticking }) };
}

function baseOf({ issue, by, at, conversation }: Ticking, index: number) {
  const edit = `${issue.number}.${Math.floor(at / 1000)}`;
  const situation = `refused-tick-${edit.replace(".", "-")}`;
  return { id: `tick/${edit}.${index}`, by, at, conversation, situation };
}

/** A mark that stands there twice was written once by somebody else. */
function readBox(
  box: string,
  { line, ticking }: { readonly line: string; readonly ticking: Ticking },
): SoundOrder | VoidOrder {
  const { issue, at, context } = ticking;
  const isOnce = issue.body.split(`<!-- stagecoach:do ${box} -->`).length === 2;
  if (!isOnce || !offeredBoxes(context).has(box))
    return {
      kind: "void",
      why: "this is none of the boxes that Stagecoach offers here now",
      notes: ["tick one that stands there, or write the command in a comment"],
    };
  const prefix = context.configuration.commandPrefix;
  const [read] = readCommands({ text: line, at, ...(prefix !== undefined && { prefix }) });
  if (read?.kind === "command") return { kind: "sound", command: read.command };
  return { kind: "void", why: read?.why ?? "this is no command", notes: [] };
}
