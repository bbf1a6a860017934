// Which hold stands over an environment: one of its own or one of its whole pipeline, as long as it lasts. What the hold
// stops is decided where it is asked for.

import type { Hold, Ledger } from "../domain/ledger.ts";
import type { Environment, Pipeline } from "../domain/pipeline.ts";

export interface HeldPlace {
  readonly pipeline: Pick<Pipeline, "name">;
  readonly environment: Pick<Environment, "name">;
}

export function findHold(
  { pipeline, environment }: HeldPlace,
  { ledger, now }: { readonly ledger: Pick<Ledger, "holds">; readonly now: number },
): Hold | undefined {
  return ledger.holds.find(
    (hold) =>
      hold.pipeline === pipeline.name &&
      (hold.environment === undefined || hold.environment === environment.name) &&
      (hold.until === undefined || hold.until > now),
  );
}
