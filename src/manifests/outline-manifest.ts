// One text -> the outlines of the documents in it that matter. Decides what is never touched: too large, not YAML, a
// template. What stands in the documents is not looked at here.

import type { PlaceProblem } from "../domain/place.ts";
import { type Finder, problemAt } from "./found-place.ts";
import { indexLines } from "./line-index.ts";
import { isChartTemplate, LARGEST_DOCUMENT, LARGEST_FILE, LARGEST_READING } from "./manifest-path.ts";
import { type Outline, outlineDocument } from "./outline.ts";
import { parseDocuments } from "./parse-documents.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";

export interface Outlines {
  readonly outlines: readonly Outline[];
  readonly problems: readonly PlaceProblem[];
  /** How many documents were parsed. */
  readonly parsed: number;
}

const TEMPLATE_HINT = 'Name the values file instead, or exclude this one with "!".';

export function refuseFile({ path, text }: { readonly path: string; readonly text: string }): string | undefined {
  if (Buffer.byteLength(text) > LARGEST_FILE) {
    return 'The file is larger than 5 MiB and is not read. Split it, or exclude it with "!".';
  }
  if (isChartTemplate(path) && text.includes("{{")) {
    return `The file is a Helm template, and templates are never edited. ${TEMPLATE_HINT}`;
  }
  return undefined;
}

/** Every document of one file, whatever it is about. */
export function readOutlines({ path, text }: { readonly path: string; readonly text: string }): Outlines {
  const finder: Finder = { path, lines: indexLines(text), wanted: new Set() };
  const why = refuseFile({ path, text });
  if (why !== undefined) return { outlines: [], problems: [problemAt(finder, { offset: 0, why })], parsed: 0 };
  return outlineManifest(text, { finder, matters: () => true });
}

export function outlineManifest(
  text: string,
  asked: { readonly finder: Finder; readonly matters: (text: string) => boolean },
): Outlines {
  const outlines: Outline[] = [];
  const problems: PlaceProblem[] = [];
  let [parsed, length] = [0, 0];
  for (const chunk of splitDocuments(text)) {
    const source = text.slice(chunk.start, chunk.end);
    if (!asked.matters(source)) continue;
    length += source.length;
    if (length > LARGEST_READING) {
      const why = `More than 2 MiB of the file's documents name the image, and it is not read on. Split it, or exclude it with "!".`;
      problems.push(problemAt(asked.finder, { offset: chunk.start, why }));
      break;
    }
    const outlined = outlineChunk(chunk, source);
    parsed += outlined.parsed;
    outlines.push(...outlined.outlines);
    problems.push(...outlined.problems.map((problem) => problemAt(asked.finder, problem)));
  }
  return { outlines, problems, parsed };
}

function outlineChunk(
  { start, index }: Chunk,
  text: string,
): Pick<Outlines, "outlines" | "parsed"> & { readonly problems: readonly { offset: number; why: string }[] } {
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) {
    const why = 'The document is larger than 1 MiB and is not read. Split it, or exclude the file with "!".';
    return { outlines: [], parsed: 0, problems: [{ offset: start, why }] };
  }
  const parsed = parseDocuments(text, "1.2");
  if (parsed.kind === "broken") {
    const why = text.includes("{{")
      ? `The file holds template expressions ({{ }}) and is no YAML before they are rendered, so it is never edited. ${TEMPLATE_HINT}`
      : `The file is not valid YAML: ${parsed.why}. Correct it; until then nothing in it is changed.`;
    return { outlines: [], parsed: 1, problems: [{ offset: start + parsed.offset, why }] };
  }
  const outlines: Outline[] = [];
  const problems: { offset: number; why: string }[] = [];
  parsed.documents.forEach((document, position) => {
    const outlined = outlineDocument(document, { index: index + position, text, start });
    switch (outlined.kind) {
      case "outline":
        outlines.push(outlined.outline);
        break;
      case "templated":
        problems.push({
          ...outlined,
          why: `The file holds template expressions ({{ }}) and is never edited. ${TEMPLATE_HINT}`,
        });
        break;
      case "too-deep":
        problems.push({
          ...outlined,
          why: 'The document is nested more than 100 deep and is not read. Exclude the file with "!".',
        });
        break;
    }
  });
  return { outlines, parsed: Math.max(1, parsed.documents.length), problems };
}
