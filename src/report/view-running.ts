// What runs where, as tables: a line for each pipeline, a column for each environment. Pipelines with the same environments
// share one.

import { countOf } from "../domain/count-words.ts";
import type { RunningCell, RunningTable } from "../domain/dashboard.ts";
import { cell, code, NOTHING, type SafeMarkdown, trusted } from "./escape-markdown.ts";

const ROWS_SHOWN = 300;

export function viewRunning(tables: readonly RunningTable[]) {
  let left = ROWS_SHOWN;
  return tables.flatMap(({ environments, rows }) => {
    const shown = rows.slice(0, left);
    const hidden = rows.length - shown.length;
    left -= shown.length;
    if (shown.length === 0) return [];
    return [
      {
        environments: environments.map((name) => cell(code(name))),
        rows: shown.map(({ pipeline, cells }) => ({ pipeline: cell(code(pipeline)), cells: cells.map(viewCell) })),
        hidden: hidden > 0 ? trusted(`${countOf(hidden, "more pipeline")} not shown here.`) : NOTHING,
      },
    ];
  });
}

function viewCell({ declared, unproven }: RunningCell): SafeMarkdown {
  if (declared === undefined) return trusted("–");
  return cell(trusted(`${code(declared, 128)}${unproven ? ", not healthy yet" : ""}`));
}
