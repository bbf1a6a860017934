// Finds what people ordered by the buttons of our check: each press becomes the command that it stands for, given on the
// pull request whose head carries the check. A press on a head that has gone was made for what there was before.

import { leadOf } from "../commands/command-table.ts";
import { type Button, type ButtonPress, isButton } from "../domain/button.ts";
import type { Command } from "../domain/command.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { Observed } from "../domain/observed.ts";
import { type Configuration, type EnvironmentKey, proposedUnder } from "../domain/pipeline.ts";
import type { GivenOrder, SoundOrder, VoidOrder } from "./given-order.ts";
import { OBEYED_FOR } from "./hear-orders.ts";
import { code, shortCommit } from "./wording.ts";

export interface HeardPresses {
  readonly given: readonly (GivenOrder & { readonly press: string })[];
  /** A sentence for each press of which nobody can be told. */
  readonly lost: readonly string[];
}

interface Hearing {
  readonly observed: Observed;
  readonly configuration: Configuration;
}

export function hearPresses({ observed, configuration }: Hearing): HeardPresses {
  const lost: string[] = [];
  const given = distinct(observed.presses ?? []).flatMap((press) => {
    const place = placeOf(press, observed);
    if (place) return [{ ...giveOrder(press, { place, observed, configuration }), press: press.id }];
    lost.push(
      `${code(press.by.login)} pressed ${code(press.button)} on ${shortCommit(press.head)}, which is the head of no open pull request here`,
    );
    return [];
  });
  return { given, lost };
}

/** Who presses twice, or is told of twice, means one thing. */
function distinct(presses: readonly ButtonPress[]): readonly ButtonPress[] {
  return [...new Map(presses.map((press) => [situationOf(press), press])).values()];
}

function situationOf({ run, button, by }: ButtonPress): string {
  return `refused-button-${run}-${button.toLowerCase().replace(/[^a-z0-9-]/g, "-")}-${by.id}`;
}

interface Place {
  readonly conversation: Conversation;
  /** It still has the head that carries the check. */
  readonly present: boolean;
}

function placeOf({ head, button, pullRequest }: ButtonPress, observed: Observed): Place | undefined {
  const promoted = observed.promotions.find((each) => each.head.oid === head)?.number;
  const guarded = observed.guarded.find((each) => each.head === head && each.number !== undefined)?.number;
  const [first, second] = button === "approve-deletion" ? [guarded, promoted] : [promoted, guarded];
  const number = first ?? second;
  const conversation = observed.conversations.find(
    (each) => each.number === (number ?? pullRequest) && each.kind !== "dashboard" && each.state === "open",
  );
  return conversation && { conversation, present: number !== undefined };
}

interface Giving extends Hearing {
  readonly place: Place;
}

function giveOrder(press: ButtonPress, giving: Giving): GivenOrder {
  const { by, at, run, id } = press;
  const { conversation } = giving.place;
  const { line, order } = readPress(press, giving);
  const name = press.button.replace(/[^A-Za-z0-9-]/g, "-");
  return {
    // The numbers of hints begin anew with the database.
    id: `button/${run}.${name}.${id}-${at}`,
    line,
    by: [by],
    at,
    conversation,
    order: order.kind === "void" ? order : (whyVoid(press, giving) ?? order),
    situation: situationOf(press),
  };
}

function whyVoid({ head, run, button, at }: ButtonPress, { place, observed }: Giving): VoidOrder | undefined {
  if (!place.present)
    return makeVoid(`the check was on ${shortCommit(head)}, which is not the head of this pull request any more`, [
      "look at the check of the present head, and press its button",
    ]);
  if (observed.now - at > OBEYED_FOR) return makeVoid("this was pressed more than a day ago, for what there was then");
  const shown = observed.guarded.find((each) => each.head === head && each.number === place.conversation.number)?.check;
  if (button === "approve-deletion" && shown?.id !== run)
    return makeVoid("the check says something else by now than it did when this was pressed", [
      "look at it, and press the button again",
    ]);
  return undefined;
}

function readPress(
  { button, head }: ButtonPress,
  { place, configuration }: Giving,
): { readonly line: string; readonly order: SoundOrder | VoidOrder } {
  const { key } = place.conversation;
  const command = isButton(button) ? commandOf(button, { key, configuration }) : undefined;
  if (!command) return { line: button, order: makeVoid("this version of Stagecoach has no such button here") };
  const line = `${leadOf(configuration.commandPrefix)}${command.words}`;
  return { line, order: { kind: "sound", command: command.command, head } };
}

interface Said {
  readonly words: string;
  readonly command: Command;
}

const BY_BUTTON = "by the button of the check";

function commandOf(
  button: Button,
  { key, configuration }: { readonly key: EnvironmentKey | undefined; readonly configuration: Configuration },
): Said | undefined {
  if (button === "approve-deletion")
    return {
      words: `override removals ${BY_BUTTON}`,
      command: { verb: "override", gate: "removals", reason: BY_BUTTON },
    };
  if (key === undefined) return undefined;
  if (isGroup(key, configuration)) return groupCommandOf(button);
  const [pipeline = "", name = ""] = key.split("/");
  switch (button) {
    case "hold":
      return {
        words: `hold ${key} ${BY_BUTTON}`,
        command: { verb: "hold", target: { pipeline, name }, reason: BY_BUTTON },
      };
    case "resume":
      return { words: `resume ${key}`, command: { verb: "resume", target: { pipeline, name } } };
    case "resume-pipeline":
      return { words: `resume ${pipeline}`, command: { verb: "resume", target: { pipeline } } };
    case "retry":
      return { words: `retry ${key}`, command: { verb: "retry", target: { pipeline, name } } };
  }
}

function isGroup(key: EnvironmentKey, configuration: Configuration): boolean {
  return proposedUnder(key, configuration).some(({ environment }) => environment.group !== undefined);
}

/** What the conversation is about: all members of its group. */
function groupCommandOf(button: "hold" | "resume" | "resume-pipeline" | "retry"): Said | undefined {
  switch (button) {
    case "hold":
      return { words: `hold ${BY_BUTTON}`, command: { verb: "hold", target: {}, reason: BY_BUTTON } };
    case "resume":
    case "retry":
      return { words: button, command: { verb: button, target: {} } };
    case "resume-pipeline":
      return undefined;
  }
}

function makeVoid(why: string, notes: readonly string[] = []): VoidOrder {
  return { kind: "void", why, notes };
}
