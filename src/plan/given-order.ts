// An order that nobody wrote: a button that was pressed, a box that was ticked. Types only.

import type { Command } from "../domain/command.ts";
import type { Actor, Conversation } from "../domain/conversation.ts";

export interface GivenOrder {
  /** `button/<run>.<button>.<press>-<time>`, `tick/<issue>.<time>.<number>`: by it the ledger knows that it was carried out. */
  readonly id: string;
  /** As it would have been written. */
  readonly line: string;
  readonly by: readonly [Actor, ...Actor[]];
  readonly at: number;
  readonly conversation: Conversation;
  readonly order: VoidOrder | SoundOrder;
  /** The end of the mark of the one comment that tells why it was not obeyed. */
  readonly situation: string;
}

export interface SoundOrder {
  readonly kind: "sound";
  readonly command: Command;
  /** The commit on which it was given, where it was given on one. */
  readonly head?: string;
}

export interface VoidOrder {
  readonly kind: "void";
  /** Why it does not count, one sentence without a full stop. */
  readonly why: string;
  readonly notes: readonly string[];
}
