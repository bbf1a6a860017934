// Texts as people see them, one file each in `cases/`, so that a change of wording is read as a change of text.
// `UPDATE_CASES=1` writes them anew.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export function compareCase(name: string, text: string): void {
  const file = new URL(`cases/${name}`, import.meta.url);
  const actual = `${text.trimEnd()}\n`;
  if (process.env.UPDATE_CASES === "1") writeFileSync(file, actual);
  assert.ok(existsSync(file), `There is no test/report/cases/${name}; run once with UPDATE_CASES=1 and read it.`);
  assert.equal(actual, readFileSync(file, "utf8"));
}
