// Why a registry or its realm does not let us in, in words: whether the operator named credentials, and what they were
// to be good for.

import type { Access } from "./choose-access.ts";

/** A clause. */
export function explainDenial({ auth, repository, writes }: Access): string {
  const deed = writes === undefined ? `read ${repository}` : `write to ${repository}`;
  return auth === undefined
    ? `it does not let anybody ${deed} without credentials, and the operator's settings name none for it`
    : `the credentials of the operator's settings may not ${deed}`;
}
