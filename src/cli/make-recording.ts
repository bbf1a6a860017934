// An observation as text that can be kept: without what looks like a credential, and with the plan that is made of
// exactly that text, so that the two always belong together.

import { type Observed, UNASKED } from "../domain/observed.ts";
import { planRepository } from "../plan/plan-repository.ts";
import { redactSecrets } from "../report/redact-secrets.ts";

export interface Recording {
  /** JSON. */
  readonly observed: string;
  /** JSON. */
  readonly plan: string;
  /** How many texts had something taken out of them. */
  readonly redacted: number;
}

export function makeRecording(observed: Observed): Recording {
  let redacted = 0;
  const text = writeJson(observed, (_, value) => {
    if (typeof value !== "string") return value;
    const kept = redactSecrets(value);
    if (kept !== value) redacted += 1;
    return kept;
  });
  return { observed: text, plan: planAgain(text), redacted };
}

/** The plan of an observation that was kept; the same text for the same plan. */
export function planAgain(observed: string): string {
  // An older recording does not know what is observed since.
  return writeJson(
    planRepository({ ...UNASKED, conversations: [], ...(JSON.parse(observed) as Omit<Observed, "conversations">) }),
  );
}

function writeJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return `${JSON.stringify(value, replacer, 2)}\n`;
}
