// Keeps a text under a limit of GitHub's by leaving out whole sections, the least important first, so that no fence and
// no folded part is ever cut open. Which sections there are, and how a text says what is missing, is the caller's matter.

import { listOf } from "../domain/count-words.ts";
import { NOTHING, type SafeMarkdown, trusted } from "./escape-markdown.ts";

/** GitHub cuts or refuses bodies of 65,536 characters; what carries them there adds some. */
export const LONGEST_BODY = 58_000;
export const LONGEST_SUMMARY = 60_000;

export interface Sections<Section extends string> {
  readonly limit: number;
  /** The least important first. */
  readonly droppable: readonly Section[];
  readonly render: (leftOut: ReadonlySet<Section>) => string;
}

export function renderWithin<Section extends string>({ limit, droppable, render }: Sections<Section>): string {
  for (let count = 0; count <= droppable.length; count += 1) {
    const text = render(new Set(droppable.slice(0, count)));
    if (text.length < limit) return text;
  }
  throw new Error(`A text stays above ${limit} characters with every section left out that may be.`);
}

/** `names`: our words for every section, in the order in which they are told. */
export function tellLeftOut<Section extends string>(
  leftOut: ReadonlySet<Section>,
  names: Readonly<Record<Section, string>>,
): SafeMarkdown {
  const missing = (Object.keys(names) as Section[]).filter((section) => leftOut.has(section));
  if (missing.length === 0) return NOTHING;
  const words = listOf(missing.map((section) => names[section]));
  return trusted(`Left out, because GitHub limits how long this may be: ${words}.`);
}
