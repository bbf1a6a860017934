// The words on the buttons of our check. GitHub takes 20 characters for a button and 40 to explain it, and refuses the
// whole check where one of them is longer.

import type { Button } from "../domain/button.ts";

export interface CheckButton {
  readonly label: string;
  readonly description: string;
  readonly identifier: Button;
}

const WORDS: Readonly<Record<Button, Omit<CheckButton, "identifier">>> = {
  hold: { label: "Hold", description: "Nothing comes here until it is resumed" },
  resume: { label: "Resume", description: "Ends the hold of this environment" },
  "resume-pipeline": { label: "Resume the pipeline", description: "Ends the hold of the whole pipeline" },
  retry: { label: "Try again", description: "Tries again what GitHub refused" },
  "approve-deletion": { label: "Approve the deletion", description: "Takes these objects out, on this head" },
};

const MOST = 3;

export function viewButtons(buttons: readonly Button[]): readonly CheckButton[] {
  return buttons.slice(0, MOST).map((identifier) => ({ ...WORDS[identifier], identifier }));
}
