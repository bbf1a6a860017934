// Rows of text as a table, figures to the right.

export type Row = readonly (string | number)[];

export function printTable(title: string, rows: readonly Row[]): void {
  const texts = rows.map((row) => row.map(writeCell));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const lines = texts.map((row, index) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column > 0 && (index === 0 || typeof rows[index]?.[column] === "number")
          ? cell.padStart(width)
          : cell.padEnd(width);
      })
      .join("   ")
      .trimEnd(),
  );
  const [head = "", ...body] = lines;
  console.log(
    `\n${title}\n\n${head}\n${"-".repeat(Math.max(...lines.map(({ length }) => length)))}\n${body.join("\n")}`,
  );
}

function writeCell(cell: string | number): string {
  if (typeof cell === "string") return cell;
  const digits = Math.abs(cell) < 10 && !Number.isInteger(cell) ? 2 : 0;
  return cell.toLocaleString("en", { maximumFractionDigits: digits });
}
