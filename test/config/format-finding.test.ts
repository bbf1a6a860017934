import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countFindings, formatFinding } from "../../src/config/format-finding.ts";
import { nearestWord } from "../../src/config/nearest-word.ts";
import type { Finding } from "../../src/domain/finding.ts";

const finding: Finding = {
  ...{ severity: "error", file: "a.yaml", line: 12, column: 5, path: "limits.opne", message: "Unknown key `opne`." },
  ...{ hint: "Did you mean `open`?", excerpt: "    opne: 3", length: 4 },
};

describe("formatFinding", () => {
  test("place, line, caret, hint", () => {
    assert.equal(
      formatFinding(finding),
      [
        "a.yaml:12:5: error: Unknown key `opne`.",
        "  12 |     opne: 3",
        "     |     ^^^^",
        "  Did you mean `open`?",
      ].join("\n"),
    );
  });

  test("a tab keeps the caret in its place", () => {
    assert.match(formatFinding({ ...finding, excerpt: "\t\t  opne: 3" }), /\n {5}\| \t\t {2}\^\^\^\^\n/);
  });

  test("a long line is cut around the caret", () => {
    const excerpt = `${"x".repeat(200)}opne${"y".repeat(90)}`;
    const [, line = "", caret = ""] = formatFinding({ ...finding, column: 201, excerpt }).split("\n");
    assert.ok(line.length <= 130);
    assert.equal(line.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1), "opne");
  });

  test("nothing that a terminal obeys gets through", () => {
    const text = formatFinding({ ...finding, excerpt: "\u001b[2Jo\u202epne", message: "a\u0007\nb\r" });
    assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}]/u);
    assert.equal(text.split("\n").length, 4);
  });

  test("counts", () => {
    assert.equal(countFindings([finding, finding, { ...finding, severity: "warning" }]), "2 errors, 1 warning");
    assert.equal(countFindings([]), "nothing to complain about");
  });
});

describe("nearestWord", () => {
  const known = ["merge", "merge-when", "propose-when", "live", "argocd"];
  for (const [written, expected] of [
    ["mrege", "merge"],
    ["merge_when", "merge-when"],
    ["Live", "live"],
    ["argo", "argocd"],
    ["lvie", "live"],
    ["environment", undefined],
    ["x", undefined],
    ["", undefined],
  ] as const) {
    test(`${written} -> ${expected}`, () => assert.equal(nearestWord(written, known), expected));
  }
});
