// Keeps what was confirmed about drift, so that it is looked at until it is gone, also when it cannot be seen at first
// sight and nobody reports it any more. It may be gone at any moment.

import type { DriftFinding, DriftSuspect } from "../domain/drift.ts";
import { objectKey } from "../domain/object-key.ts";
import type { Shell } from "./shell.ts";

const KIND = "drift-confirmed";

export async function recallConfirmed(place: string, { store }: Shell): Promise<readonly DriftSuspect[]> {
  const text = (await store.cache.read(KIND, [place])).get(place);
  return text === undefined || text === "" ? [] : (JSON.parse(text) as readonly DriftSuspect[]);
}

export async function keepConfirmed(
  place: string,
  { findings, shell }: { readonly findings: readonly DriftFinding[]; readonly shell: Shell },
): Promise<void> {
  const confirmed = findings.filter(({ verdict }) => verdict === "confirmed");
  const suspects = confirmed.map(
    ({ object, change, field }): DriftSuspect => ({
      object,
      change,
      fields: field ? [field] : [],
      evidence: "it was confirmed before",
    }),
  );
  await shell.store.cache.write(KIND, new Map([[place, suspects.length === 0 ? "" : JSON.stringify(suspects)]]));
}

/** What is seen now says more than what was seen before. */
export function withConfirmed(
  suspects: readonly DriftSuspect[],
  confirmed: readonly DriftSuspect[],
): readonly DriftSuspect[] {
  const seen = new Set(suspects.map(({ object }) => objectKey(object)));
  return [...suspects, ...confirmed.filter(({ object }) => !seen.has(objectKey(object)))];
}
