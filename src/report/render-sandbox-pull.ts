// Our pull request that lends an environment, or takes it back: title, body, commit and merge message. It changes one
// value, so it is short. The number is a reference to the pull request that borrows, and closes nothing.

import type { SandboxPullView } from "../domain/sandbox.ts";
import { writeTrailers } from "./commit-trailers.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { code, name, reference, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { plainWord } from "./name-release.ts";
import type { PullRequestDescription } from "./render-pull-request.ts";
import { descriptionMark } from "./write-marks.ts";

export function renderSandboxPull(view: SandboxPullView, templates: CompiledTemplates): PullRequestDescription {
  const { direction, environment, pipeline, number, path, from, to, why, merge, fingerprint } = view;
  const where = `${name(environment)} of ${name(pipeline)}`;
  const lends = direction === "lend";
  const body = templates["sandbox-pull"]({
    opening: trusted(
      lends
        ? `Merging this lends ${where} to the branch of ${reference(number)}.`
        : `Merging this puts back what ${where} had before it was lent to ${reference(number)}.`,
    ),
    why: wholeSentence(why),
    at: code(path, 400),
    from: code(from),
    to: code(to),
    merge: wholeSentence(merge),
    closing: trusted(
      lends
        ? "Nothing is promoted there until it is given back. To decline, close this pull request."
        : "Until then nothing is promoted there.",
    ),
    marker: descriptionMark(fingerprint),
  });
  assertSafeMarkdown(body, { references: [number] });
  return { title: renderSandboxTitle(view), body };
}

/** `Lend dev of checkout to #12` */
function renderSandboxTitle({ direction, environment, pipeline, number }: SandboxPullView): string {
  const where = `${plainWord(environment)} of ${plainWord(pipeline)}`;
  return direction === "lend" ? `Lend ${where} to #${number}` : `Take ${where} back from #${number}`;
}

export function renderSandboxCommit(view: SandboxPullView): string {
  return `${renderSandboxTitle(view)}\n\n${renderSandboxMessage(view)}`;
}

export function renderSandboxMerge(view: SandboxPullView, number: number) {
  return { title: `${renderSandboxTitle(view)} (#${number})`, message: renderSandboxMessage(view) };
}

function renderSandboxMessage({ pipeline, environment, by }: SandboxPullView): string {
  return writeTrailers([
    { name: "Pipeline", value: pipeline },
    { name: "Environment", value: environment },
    { name: "Requested-By", value: by },
  ]);
}
