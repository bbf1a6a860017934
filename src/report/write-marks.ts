// The marks that end our texts on GitHub. A mark says what the text is about and from which facts it was made, nothing
// else; the forge reads it back, and checks that the author is our app. What may stand in one is checked here, so that
// no mark can end early.

import type { Box } from "../domain/dashboard.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { topicFor } from "../domain/told.ts";
import { type SafeMarkdown, trusted } from "./escape-markdown.ts";

const FINGERPRINT = /^[A-Za-z0-9._-]{1,64}$/;
const SITUATION = /^[A-Za-z0-9][A-Za-z0-9._:@/~-]{0,199}$/;
const BOX = /^[a-z]+ [A-Za-z0-9][A-Za-z0-9._/:-]{0,180}$/;
const COMMENT = /^[1-9][0-9]{0,15}$/;
const KEY = /^[a-z0-9][a-z0-9._-]{0,59}\/[a-z0-9][a-z0-9._-]{0,59}$/;

/** At the end of a promotion's description. */
export function descriptionMark(fingerprint: string): SafeMarkdown {
  return mark(`description ${checked(fingerprint, FINGERPRINT)}`);
}

/** At the end of the comment that follows a promotion after its merge. */
export function liveMark({
  fingerprint,
  ...subject
}: {
  readonly key: EnvironmentKey;
  readonly shared?: true;
  readonly fingerprint: string;
}): SafeMarkdown {
  return mark(`${checked(topicFor("live", subject), SITUATION)} ${checked(fingerprint, FINGERPRINT)}`);
}

/** At the end of the comment on a pull request that borrows an environment. */
export function sandboxMark(key: EnvironmentKey, fingerprint: string): SafeMarkdown {
  return mark(`sandbox/${checked(key, KEY)} ${checked(fingerprint, FINGERPRINT)}`);
}

/** The number is the version of the text's form; the situation alone says whether it was told already. */
export function attentionMark(situation: string): SafeMarkdown {
  return mark(`attention/${checked(situation, SITUATION)} 1`);
}

/** At the end of the issue about drift in one environment. */
export function driftMark(key: EnvironmentKey, fingerprint: string): SafeMarkdown {
  return mark(`drift ${checked(key, KEY)} ${checked(fingerprint, FINGERPRINT)}`);
}

/** At the end of a comment that answers another one, by the other one's id. */
export function answerMark(comment: number): SafeMarkdown {
  return mark(`answer ${checked(String(comment), COMMENT)}`);
}

/** At the end of the dashboard issue. */
export function dashboardMark(fingerprint: string): SafeMarkdown {
  return mark(`dashboard ${checked(fingerprint, FINGERPRINT)}`);
}

/** Before a box of the dashboard: the command that a tick gives. */
export function boxMark(box: Box): SafeMarkdown {
  return mark(`do ${checked(box, BOX)}`);
}

function mark(text: string): SafeMarkdown {
  return trusted(`<!-- stagecoach:${text} -->`);
}

function checked(text: string, grammar: RegExp): string {
  if (grammar.test(text) && !text.includes("--")) return text;
  throw new Error(`A mark cannot hold ${JSON.stringify(text.slice(0, 100))}.`);
}
