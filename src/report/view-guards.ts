// What the guards found in somebody's pull request, for the check's summary: a line for each, the worst first, with where it
// stands and how to get past it.

import { countOf, listOf } from "../domain/count-words.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { code, NOTHING, type SafeMarkdown, trusted, wholeSentence } from "./escape-markdown.ts";

const VERDICTS_SHOWN = 50;
const ENVIRONMENTS_NAMED = 5;
const MARKS: Readonly<Record<GuardVerdict["state"], string>> = {
  failed: "❌",
  waiting: "⏳",
  remark: "⚠️",
  overridden: "☑️",
};
const WORST_FIRST = Object.keys(MARKS);

export function viewGuards(verdicts: readonly GuardVerdict[], short: boolean) {
  const sorted = [...verdicts].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const shown = short ? [] : sorted.slice(0, VERDICTS_SHOWN);
  const hidden = verdicts.length - shown.length;
  return {
    verdicts: shown.map(viewVerdict),
    moreVerdicts:
      hidden > 0
        ? trusted(`${countOf(hidden, shown.length > 0 ? "more finding" : "finding")} of the guards not shown here.`)
        : NOTHING,
  };
}

function viewVerdict({ guard, keys, state, at, why, cure }: GuardVerdict): { readonly [name: string]: SafeMarkdown } {
  const more = keys.length - ENVIRONMENTS_NAMED;
  const places = [...keys.slice(0, ENVIRONMENTS_NAMED).map((key) => code(key)), ...(more > 0 ? [`${more} more`] : [])];
  const where = at === undefined ? "" : `, ${code(`${at.path}:${at.line}`)}`;
  return {
    mark: trusted(MARKS[state]),
    name: trusted(`**${guard}** in ${listOf(places)}${where}`),
    why: wholeSentence(why),
    cure: state === "overridden" ? trusted("Somebody who may has let this head past it.") : wholeSentence(cure),
  };
}
