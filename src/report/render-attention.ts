// A new comment, because a person must act: what happened and what can be done. Short, since it is also an e-mail.

import type { AttentionView } from "../domain/live-view.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { name, sentence, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { attentionMark } from "./write-marks.ts";

const WAYS_SHOWN = 20;

export function renderAttention(view: AttentionView, templates: CompiledTemplates): string {
  const body = templates.attention({
    what: trusted(`❗ ${name(view.environment)} needs a person: ${sentence(view.what)}.`),
    ways: view.ways.slice(0, WAYS_SHOWN).map((way) => wholeSentence(way)),
    marker: attentionMark(view.situation),
  });
  assertSafeMarkdown(body);
  return body;
}
