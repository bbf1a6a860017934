// Finds what a promotion to an environment would write: the release under the environment's own names, and the edit of
// all its places, or the reason why it cannot be written.

import type { GateResult } from "../domain/gate.ts";
import { editKey } from "../domain/observed.ts";
import type { Edit } from "../domain/place.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { nameReleaseFor } from "./name-release.ts";
import { code } from "./wording.ts";

export type Writing =
  | { readonly kind: "writable"; readonly release: Release; readonly edit: Edit; readonly moved?: GateResult }
  /** The files would be the same afterwards. */
  | { readonly kind: "nothing-to-write"; readonly release: Release }
  | { readonly kind: "refused"; readonly reason: string };

export function computeEdit(release: Release, context: EnvironmentContext): Answer<Writing> {
  const named = nameReleaseFor(release, context);
  if (named.kind === "unknown") return named;
  const result = context.observed.edits[editKey(context.key, named.value.release)];
  if (result === undefined) {
    return noAnswer("the change has not been computed yet", [
      { kind: "edit", key: context.key, release: named.value.release },
    ]);
  }
  if (result.kind === "unknown") return noAnswer(`the change is not known: ${result.why}`);
  if (result.value.kind === "refused") {
    const { path, line, column, why } = result.value;
    return answer({ kind: "refused", reason: `${code(`${path}:${line}:${column}`)} cannot be edited: ${why}` });
  }
  const { edit } = result.value;
  if (edit.files.length === 0) return answer({ kind: "nothing-to-write", release: named.value.release });
  return answer({
    kind: "writable",
    release: named.value.release,
    edit,
    ...(named.value.moved && { moved: named.value.moved }),
  });
}
