// What it means that a registry or its realm does not let us in. Whoever has no credentials for it need not ask again
// (`closed`); credentials that are refused are a mistake that somebody may mend.

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";

/** `answered`: who answered what. */
export function explainDenial(answered: string, { auth, repository, writes }: Access): Unknown {
  const deed = writes === undefined ? `read ${repository}` : `write to ${repository}`;
  if (auth !== undefined) return unknown(`${answered}: the credentials of the operator's settings may not ${deed}`);
  const why = `${answered}: it does not let anybody ${deed} without credentials, and the operator's settings name none for it`;
  return { ...unknown(why), closed: true };
}
