import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { splitDocuments } from "../../src/manifests/split-documents.ts";

function split(text: string): readonly string[] {
  return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
}

describe("splitting a file into documents", () => {
  const rows: readonly (readonly [name: string, text: string, parts: readonly string[]])[] = [
    ["one document", "a: 1\n", ["a: 1\n"]],
    ["a marker at the start", "---\na: 1\n", ["---\na: 1\n"]],
    ["comments before the first marker", "# x\r\n\r\n---\r\na: 1\r\n", ["# x\r\n\r\n---\r\na: 1\r\n"]],
    ["two documents", "a: 1\n--- # c\nb: 1", ["a: 1\n", "--- # c\nb: 1"]],
    ["an empty one between", "a: 1\n---\n---\nb: 1\n", ["a: 1\n", "---\n", "---\nb: 1\n"]],
    ["a marker without a line break after it", "a: 1\n---", ["a: 1\n", "---"]],
    ["dashes that are no marker", "a: |\n  ---\n---a: 1\n ---\n----\n", ["a: |\n  ---\n---a: 1\n ---\n----\n"]],
    ["other line breaks than those of YAML", "a: b\u2028---\u2028c\n", ["a: b\u2028---\u2028c\n"]],
    ["a byte order mark", "\uFEFF---\na: 1\n---\nb: 1\n", ["\uFEFF---\na: 1\n", "---\nb: 1\n"]],
    ["an end marker or a directive: left to the parser", "a: 1\n...\n---\nb: 1\n", ["a: 1\n...\n---\nb: 1\n"]],
  ];
  for (const [name, text, parts] of rows) {
    it(name, () => {
      assert.deepEqual(split(text), parts);
      assert.equal(split(text).join(""), text);
    });
  }

  it("gives the same documents as the parser does for the whole file", () => {
    const pieces = [
      "a: 1\n",
      "---\n",
      "# c\n",
      "\n",
      "--- {b: 1}\n",
      "c: |\n  x\n  ---\n",
      "---\r\n",
      "--- |\n text\n",
    ];
    for (let code = 0; code < pieces.length ** 4; code += 1) {
      const text = [0, 1, 2, 3]
        .map((place) => pieces[Math.floor(code / pieces.length ** place) % pieces.length])
        .join("");
      const whole = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
      if (whole.some(({ errors }) => errors.length > 0)) continue;
      const parts = split(text).flatMap((part) =>
        parseAllDocuments(part, { uniqueKeys: false, logLevel: "silent" }).map((one) => one.toJS()),
      );
      assert.deepEqual(
        parts,
        whole.map((one) => one.toJS()),
        JSON.stringify(text),
      );
    }
  });
});
