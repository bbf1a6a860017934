// Buttons of our check, and what is known when somebody has pressed one. Whether that is obeyed is decided elsewhere.

import type { Actor } from "./conversation.ts";

/** As they come back from GitHub; at most 20 characters. */
export const BUTTONS = ["hold", "resume", "resume-pipeline", "retry", "approve-deletion"] as const;

export type Button = (typeof BUTTONS)[number];

export interface ButtonPress {
  /** Of the hint that told of it: by it a press is told from the next one. */
  readonly id: string;
  /** The commit that carries the check. */
  readonly head: string;
  /** Id of the check run. */
  readonly run: number;
  /** Its identifier; hostile. */
  readonly button: string;
  readonly by: Actor;
  /** When it was told of; epoch milliseconds. */
  readonly at: number;
  /** The open pull request whose branch the check is on, as the event named it. */
  readonly pullRequest?: number;
}

export function isButton(text: string): text is Button {
  return (BUTTONS as readonly string[]).includes(text);
}
