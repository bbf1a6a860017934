// One file -> the places in it with the scalars that hold them. Decides which documents are worth parsing, and what is
// never touched: too large, not YAML, a template. The forms themselves have a file each.

import type { PlaceProblem } from "../domain/place.ts";
import { findFields } from "./find-fields.ts";
import { findKustomizeImages } from "./find-kustomize-images.ts";
import { findMaps } from "./find-maps.ts";
import { findPolicyMarkers, MARKER_KEY } from "./find-policy-markers.ts";
import { findReferences } from "./find-references.ts";
import { type Finder, type FoundPlace, type Manifest, problemAt } from "./found-place.ts";
import { indexLines } from "./line-index.ts";
import { isChartTemplate, isManifestPath, LARGEST_DOCUMENT, LARGEST_FILE, LARGEST_READING } from "./manifest-path.ts";
import { type Outline, outlineDocument } from "./outline.ts";
import { parseDocuments } from "./parse-documents.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";

export interface ManifestReading {
  readonly found: readonly FoundPlace[];
  readonly problems: readonly PlaceProblem[];
  /** How many documents were parsed. */
  readonly parsed: number;
}

const NOTHING: ManifestReading = { found: [], problems: [], parsed: 0 };
const TEMPLATE_HINT = 'Name the values file instead, or exclude this one with "!".';

export function readManifest(manifest: Manifest): ManifestReading {
  const fields = manifest.fields.filter(({ file }) => file === manifest.path);
  if (fields.length === 0 && !isManifestPath(manifest.path)) return NOTHING;
  const mayMatter = fields.length > 0 ? () => true : mayName(manifest.images);
  if (!mayMatter(manifest.text)) return NOTHING;
  const finder: Finder = {
    path: manifest.path,
    lines: indexLines(manifest.text),
    wanted: new Set(manifest.images),
  };
  const why = refuseFile(manifest);
  if (why !== undefined) return { ...NOTHING, problems: [problemAt(finder, { offset: 0, why })] };
  const { outlines, problems, parsed } = outlineManifest(manifest.text, {
    finder,
    // A marker's image may be named in another document of the file.
    matters: (text) => mayMatter(text) || text.includes(MARKER_KEY),
  });
  const found = outlines.flatMap((outline) => [
    ...findReferences(outline, finder),
    ...findMaps(outline, finder),
    ...findKustomizeImages(outline, finder),
  ]);
  const owned = ownedBy(found);
  found.push(...findPolicyMarkers(outlines, { finder, owned }));
  const named = findFields(outlines, { finder, owned: ownedBy(found), fields });
  return { found: [...found, ...named.found], problems: [...problems, ...named.problems], parsed };
}

/**
 * Whether a text may speak of one of the images: the last part of a name always stands in one piece, whatever holds the
 * registry (and `api` does not stand in `apiVersion`). Escapes in double quotes could hide it, so a text that has them
 * is read.
 */
function mayName(images: readonly string[]): (text: string) => boolean {
  if (images.length === 0) return () => false;
  const names = images.map((image) => image.slice(image.lastIndexOf("/") + 1).replaceAll(".", "\\."));
  const named = new RegExp(`(?<![\\w.-])(?:${names.join("|")})(?![\\w./-])|\\\\(?:[xuU]|\\r?\\n)`);
  return (text) => named.test(text);
}

function ownedBy(found: readonly FoundPlace[]): ReadonlySet<number> {
  return new Set(found.flatMap(({ slots }) => slots.map(({ scalar }) => scalar.start)));
}

function refuseFile({ path, text }: Pick<Manifest, "path" | "text">): string | undefined {
  if (Buffer.byteLength(text) > LARGEST_FILE) {
    return 'The file is larger than 5 MiB and is not read. Split it, or exclude it with "!".';
  }
  if (isChartTemplate(path) && text.includes("{{")) {
    return `The file is a Helm template, and templates are never edited. ${TEMPLATE_HINT}`;
  }
  return undefined;
}

/** Every document of one file, whatever it is about. */
export function readOutlines({ path, text }: Pick<Manifest, "path" | "text">): Outlines {
  const finder: Finder = { path, lines: indexLines(text), wanted: new Set() };
  const why = refuseFile({ path, text });
  if (why !== undefined) return { outlines: [], problems: [problemAt(finder, { offset: 0, why })], parsed: 0 };
  return outlineManifest(text, { finder, matters: () => true });
}

export interface Outlines {
  readonly outlines: readonly Outline[];
  readonly problems: readonly PlaceProblem[];
  readonly parsed: number;
}

function outlineManifest(
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
