// The one comment that tells why a button or a box was not obeyed: by whom, what, why not and what would help. Short,
// since it is also an e-mail.

import type { Refusal, RefusalView } from "../domain/conversation-actions.ts";
import { listOf } from "../domain/count-words.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { code, sentence, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown, findUnsafeMarkdown } from "./find-unsafe-markdown.ts";
import { attentionMark } from "./write-marks.ts";

const REFUSALS_SHOWN = 20;
const NOTES_SHOWN = 5;
const PEOPLE_SHOWN = 10;

export function renderRefusal(view: RefusalView, templates: CompiledTemplates): string {
  const body = renderBody(view, templates);
  if (findUnsafeMarkdown(body).length === 0) return body;
  // As in an answer: whoever finds words that cannot be shown must not keep everybody else waiting.
  const bare = view.refusals.map(({ by }) => ({ by, line: "", what: UNSHOWN, notes: [] }));
  const verdict = renderBody({ ...view, refusals: bare }, templates);
  assertSafeMarkdown(verdict);
  return verdict;
}

const UNSHOWN = "the reason cannot be shown here safely; nothing was done";

function renderBody({ situation, refusals }: RefusalView, templates: CompiledTemplates): string {
  return templates.refused({
    refusals: refusals.slice(0, REFUSALS_SHOWN).map(viewRefusal),
    marker: attentionMark(situation),
  });
}

function viewRefusal({ by, line, what, notes }: Refusal) {
  return {
    by: trusted(listOf(by.slice(0, PEOPLE_SHOWN).map((login) => code(login, 60)))),
    line: code(line, 200),
    what: trusted(`${sentence(what)}.`),
    notes: notes.slice(0, NOTES_SHOWN).map((note) => wholeSentence(note)),
  };
}
