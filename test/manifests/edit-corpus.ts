// Runs the whole edit (find, splice, prove) over a corpus and counts what went wrong, for the test and the bench.

import { parseAllDocuments } from "yaml";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces, joinPlaces } from "../../src/manifests/find-places.ts";
import { type CorpusFile, IMAGE, NEW_DIGEST } from "./write-corpus.ts";

export interface CorpusFigures {
  readonly files: number;
  readonly edited: number;
  readonly refused: number;
  /** Files by the number of bytes outside the values that changed. */
  readonly strayBytes: Readonly<Record<number, number>>;
  /** Values that are not what was asked for, and files that were edited or refused against expectation. */
  readonly wrong: readonly string[];
  /** Refusals without a reason or a place. */
  readonly unexplained: readonly string[];
  readonly values: number;
  readonly milliseconds: number;
}

export function editCorpus(corpus: readonly CorpusFile[]): CorpusFigures {
  const strayBytes: Record<number, number> = {};
  const [wrong, unexplained]: [string[], string[]] = [[], []];
  let [edited, refused, values, milliseconds] = [0, 0, 0, 0];
  for (const file of corpus) {
    const { path, before: text, tag } = file;
    const asked = { path, text, images: [IMAGE], fields: [] };
    const started = performance.now();
    const { places, problems } = joinPlaces([findPlaces(asked)], asked);
    const changes = places.map((place) => ({ place, tag, digest: NEW_DIGEST }));
    const result = editFile({ ...asked, changes });
    milliseconds += performance.now() - started;
    if (result.kind === "refused" || problems.length > 0) {
      refused += 1;
      if (result.kind !== "refused" || !(result.line > 0) || !/^[A-Z{`"].*\.$/s.test(result.why))
        unexplained.push(path);
      if (!file.refused) wrong.push(`${path}: refused: ${JSON.stringify(result)}`);
      continue;
    }
    if (file.refused) wrong.push(`${path}: not refused`);
    const after = result.kind === "edited" ? result.text : text;
    edited += 1;
    const stray = differingBytes(file.after, after);
    strayBytes[stray] = (strayBytes[stray] ?? 0) + 1;
    const written = result.kind === "edited" ? result.changes.length : 0;
    if (written !== file.values) wrong.push(`${path}: number of values`);
    values += file.values;
    wrong.push(...wrongValues({ path, text: after, tag }));
  }
  return { files: corpus.length, edited, refused, strayBytes, wrong, unexplained, values, milliseconds };
}

/** Bytes by which the result differs from the file that was written with the new values. */
function differingBytes(expected: string, actual: string): number {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  let count = Math.abs(a.length - b.length);
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) count += 1;
  return count;
}

/** Reads the values with the plain library, under both versions, where they were found. */
function wrongValues({ path, text, tag }: { path: string; text: string; tag: string }): readonly string[] {
  const asked = { path, text, images: [IMAGE], fields: [] };
  const { places } = joinPlaces([findPlaces(asked)], asked);
  const references = [`${IMAGE}:${tag}`, `${IMAGE}@${NEW_DIGEST}`, `${IMAGE}:${tag}@${NEW_DIGEST}`];
  const versions = [...references, ...references.map((one) => `app=${one}`), tag, tag.replaceAll("_", "+"), NEW_DIGEST];
  return (["1.1", "1.2"] as const).flatMap((version) => {
    const documents = parseAllDocuments(text, { version, merge: true, logLevel: "silent" }).map((one) => one.toJS());
    return places.flatMap(({ document, pointer, line }) => {
      const value = pointer.reduce((inside, key) => inside?.[key], documents[document]);
      const read = typeof value === "object" ? [value.tag, value.newTag, value.digest] : [value];
      const odd = read.filter((one) => one !== undefined && !versions.includes(one));
      return odd.length > 0 || !read.some(Boolean)
        ? [`${path}:${line}: ${JSON.stringify(read)} as YAML ${version}`]
        : [];
    });
  });
}
