// Cuts a YAML file into its documents without parsing it, so that a large file costs only the documents that matter.
// A line that begins with `---` is a boundary everywhere, even inside a block scalar or quotes (YAML 1.2.2, c-forbidden).
// Where directives or `...` make that reading doubtful, the whole file is one chunk and the parser decides.

export interface Chunk {
  /** Offsets in the file, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Index of the first document in it. */
  readonly index: number;
  /** It may hold more than one document. */
  readonly whole: boolean;
}

const BOUNDARY = /\n---(?=[ \t\r\n]|$)/g;
const DOUBTFUL = /(?:^\uFEFF?|\n)(?:%|\.\.\.)/;
// Looks for one character and never repeats a group: a pattern over whole lines takes time without end on `\r\n`, and
// room without end on many lines.
const CONTENT = /(?:^\uFEFF|^(?!\uFEFF)|\n)[ \t]*(?:[^ \t\r\n#]|\r(?!\n|$))/;

export function splitDocuments(text: string): readonly Chunk[] {
  if (DOUBTFUL.test(text)) return [{ start: 0, end: text.length, index: 0, whole: true }];
  const starts = [0];
  for (const match of text.matchAll(BOUNDARY)) starts.push(match.index + 1);
  // What stands before the first marker belongs to the first document unless it has content of its own.
  const second = starts[1];
  if (second !== undefined && !CONTENT.test(text.slice(0, second))) starts.splice(1, 1);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length, index, whole: false }));
}
