// What a scalar says about the version of a Git repository: a tag, a commit, or something that moves by itself and is
// refused, because nobody could say what runs there. Shared by all forms that hold a revision.

import { isTagName } from "../domain/git-source.ts";
import { identityOf } from "../domain/identity.ts";
import type { Slot, VersionReading } from "./found-place.ts";
import type { ScalarReading } from "./read-scalar.ts";

const CURE = "Write the tag or the commit that runs now once";
const FULL_TAG = "refs/tags/";

/** A tag, `refs/tags/` with a tag, or the 40 digits of a commit. */
export function readRevision(reading: ScalarReading): VersionReading {
  const { text, offset, scalar, refusal } = reading;
  const parts = partsOf(text);
  if (parts === undefined) return { slots: [], offset, refusal: refusal ?? whyNone(text) };
  const { holds, ...version } = parts;
  if (refusal !== undefined || !scalar)
    return { ...version, slots: [], offset, ...(refusal !== undefined && { refusal }) };
  return { ...version, slots: [{ holds, scalar }], offset };
}

/** Fields of their own for a tag and a commit; an empty one counts as absent, and the commit is what runs. */
export function readRevisionPair({
  tag,
  commit,
  offset,
}: {
  readonly tag: ScalarReading | undefined;
  readonly commit: ScalarReading | undefined;
  readonly offset: number;
}): VersionReading | undefined {
  const [first, second] = [tag, commit].flatMap((reading) => (reading?.text ? [readRevision(reading)] : []));
  if (first === undefined || second === undefined) return first;
  const refusal = first.refusal ?? second.refusal;
  const slots: readonly Slot[] = [...first.slots, ...second.slots];
  return { ...first, ...second, slots, offset, ...(refusal !== undefined && { refusal }) };
}

/** Nothing says which revision it is, or something that moves. */
export function followsByItself(what: string, offset: number): VersionReading {
  return { slots: [], offset, refusal: `${what}, which moves by itself. ${CURE}.` };
}

interface Parts {
  readonly holds: Slot["holds"];
  readonly tag?: string;
  readonly digest?: string;
}

function partsOf(text: string): Parts | undefined {
  if (/^[0-9a-f]{40}$/.test(text)) return { holds: "commit", digest: identityOf(text) };
  if (text.startsWith(FULL_TAG)) {
    const tag = text.slice(FULL_TAG.length);
    return isTagName(tag) ? { holds: "full-tag", tag } : undefined;
  }
  return isTagName(text) && text !== "HEAD" ? { holds: "tag", tag: text } : undefined;
}

function whyNone(text: string): string {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  if (text === "") return `There is no revision here yet. ${CURE}.`;
  if (/\{\{|\$[({]/.test(text))
    return `${shown} is a template, and templates are never edited. ${CURE}, or name the value as a field.`;
  if (text === "HEAD" || text.startsWith("refs/heads/") || text.startsWith("heads/"))
    return `${shown} is a branch, which moves by itself. ${CURE}.`;
  return `${shown} is neither a tag nor the 40 digits of a commit. ${CURE}.`;
}
