// What a written file becomes before anybody knows its meaning: maps, lists and scalars that still know where they
// stand. Keys are kept in the order in which they were written and are never property names of an object.

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Offsets of the first code unit of each line. */
  readonly lineStarts: readonly number[];
}

export type SourceNode = SourceMap | SourceList | SourceScalar;

interface SourceRange {
  readonly file: SourceFile;
  /** Offsets into the text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface SourceMap extends SourceRange {
  readonly kind: "map";
  readonly entries: readonly SourceEntry[];
  /** Keys whose values were refused, and told: they are not missing. */
  readonly refused: ReadonlySet<string>;
}

export interface SourceEntry {
  readonly key: string;
  readonly keyNode: SourceScalar;
  readonly value: SourceNode;
}

export interface SourceList extends SourceRange {
  readonly kind: "list";
  readonly items: readonly SourceNode[];
}

export interface SourceScalar extends SourceRange {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
}

/** A node and the way to it: `pipelines[0].environments[1].merge-when[0]`. */
export interface At {
  readonly node: SourceNode;
  readonly path: string;
}

export function sourceFile(file: { readonly path: string; readonly text: string }): SourceFile {
  const lineStarts = [0];
  for (let index = file.text.indexOf("\n"); index !== -1; index = file.text.indexOf("\n", index + 1)) {
    lineStarts.push(index + 1);
  }
  return { ...file, lineStarts };
}

/** 1-based line and column; binary search, because a file may have as many findings as lines. */
export function locate(file: SourceFile, offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 };
}

export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line - 1] ?? 0;
  const end = file.lineStarts[line] ?? file.text.length;
  return file.text.slice(start, end).replace(/\r?\n$/, "");
}

export function keyAt(parent: string, key: string): string {
  if (!/^[\w.-]{1,60}$/.test(key)) return parent === "" ? "?" : `${parent}.?`;
  return parent === "" ? key : `${parent}.${key}`;
}
