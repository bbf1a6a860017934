// One value of one file that names no image: what it says, and the edit that makes it say something else. Only the bytes
// of the value change, and that is proven; what the value means is the caller's matter.

import type { SandboxReading } from "../domain/sandbox.ts";
import { applySplices } from "./apply-splices.ts";
import { blobId } from "./blob-id.ts";
import { findField } from "./find-fields.ts";
import type { Finder, ScalarText } from "./found-place.ts";
import { indexLines, positionAt } from "./line-index.ts";
import { readOutlines } from "./outline-manifest.ts";
import { type FileText, refuseSource } from "./plan-edit.ts";
import { findFlaw } from "./prove-edit.ts";
import { writeScalar } from "./write-scalar.ts";

export interface FieldEdit {
  readonly file: string;
  readonly path: readonly (string | number)[];
  /** What it shall say: plain characters only. */
  readonly value: string;
}

export function editField({ file: path, path: pointer, value }: FieldEdit, source: FileText): SandboxReading {
  const why = refuseSource(source);
  if (why !== undefined) return { kind: "refused", path, line: 1, column: 1, why };
  const { text } = source;
  const { outlines, problems } = readOutlines({ path, text });
  const [problem] = problems;
  if (problem) return { kind: "refused", ...problem };
  const finder: Finder = { path, lines: indexLines(text), wanted: new Set() };
  const found = findField(outlines, { finder, path: pointer });
  if (found.kind === "problem") return { kind: "refused", ...found.problem };
  const { reading } = found;
  const { scalar } = reading;
  if (!scalar) {
    const refusal = reading.refusal ?? "There is nothing here yet. Write the branch that runs now once.";
    return { kind: "refused", path, ...positionAt(finder.lines, reading.offset), why: refusal };
  }
  if (scalar.text === value) return { kind: "field", present: value, edit: { files: [] } };
  return writeField({ path, value, finder, scalar }, source);
}

interface Writing {
  readonly path: string;
  readonly value: string;
  readonly finder: Finder;
  readonly scalar: ScalarText;
}

function writeField({ path, value, finder, scalar }: Writing, { text, mode, oid }: FileText): SandboxReading {
  const json = path.endsWith(".json");
  const splice = {
    start: scalar.start,
    end: scalar.end,
    bytes: writeScalar(value, { style: scalar.style, json }),
    value,
  };
  const after = applySplices(text, [splice]);
  const flaw = findFlaw({ before: text, after, splices: [splice], json });
  if (flaw) {
    const why = `The edit could not be proven, so nothing was changed: ${flaw.why}. Write the value more simply.`;
    return { kind: "refused", path, ...positionAt(finder.lines, flaw.offset), why };
  }
  const { line } = positionAt(finder.lines, scalar.start);
  const changes = [{ line, from: scalar.text, to: value }];
  const file = { path, mode, before: oid, after: blobId(after), text: after, changes };
  return { kind: "field", present: scalar.text, edit: { files: [file] } };
}
