// Tables as people read them in a terminal: aligned columns, a line under the head, and long cells on several lines.

import { fillLines, pad, type Terminal, widthOf } from "./terminal.ts";

/** A cell is a list of words, painted already. */
export type Cell = readonly string[];

const GAP = 2;
const NARROWEST = 8;

/** The first row is the head. */
export function layOutTable(rows: readonly (readonly Cell[])[], { width, paint }: Terminal): readonly string[] {
  const [head = []] = rows;
  const columns = head.map((_, column) =>
    Math.max(...rows.map((row) => Math.max(...fillLines(row[column] ?? [], width).map(widthOf), 0))),
  );
  // No word is cut: a column is never narrower than its longest one.
  const narrowest = head.map((_, column) =>
    Math.max(NARROWEST, ...rows.flatMap((row) => (row[column] ?? []).map(widthOf))),
  );
  while (total(columns) > width) {
    const room = columns.map((column, index) => (column > (narrowest[index] ?? 0) ? column : 0));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) === 0) break;
    columns[widest] = (columns[widest] ?? 0) - 1;
  }
  const rule = columns.map((column) => "─".repeat(column)).join(" ".repeat(GAP));
  const [first = [], ...others] = rows.map((row) => layOutRow(row, columns));
  return [...first.map((line) => paint("bold", line)), paint("dim", rule), ...others.flat()];
}

function layOutRow(row: readonly Cell[], columns: readonly number[]): readonly string[] {
  const cells = columns.map((column, index) => fillLines(row[index] ?? [], column));
  const height = Math.max(...cells.map(({ length }) => length), 1);
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, index) => pad(cell[line] ?? "", columns[index] ?? 0))
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

function total(columns: readonly number[]): number {
  return columns.reduce((sum, column) => sum + column, 0) + GAP * Math.max(0, columns.length - 1);
}
