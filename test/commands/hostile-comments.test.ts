import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readCommands } from "../../src/commands/read-commands.ts";

const AT = Date.UTC(2026, 10, 28, 12);
const FOLDED = "it stands behind HTML, in which it may be folded away";
const FORMULA = "it stands between `$` signs, which GitHub shows as a formula";
const INVISIBLE = "there are characters in this line that nobody can see";
const FOREIGN = "more than text stands in this line";

/** The lines that are commands, and why the others are none. */
function read(text: string): readonly string[] {
  return readCommands({ text, at: AT }).map((line) => (line.kind === "command" ? line.line : line.why));
}

type Row = readonly [name: string, text: string, expected?: readonly string[]];

describe("T14: a command is only what a careful reader sees as one", () => {
  const rows: readonly Row[] = [
    ["quoted", "> /hold"],
    ["quoted, in a line that goes on", "> text\n/hold"],
    ["quoted twice", "> > /hold"],
    ["quoted as an alert", "> [!NOTE]\n> /hold"],
    ["behind a quote", "> text\n\n/hold", ["/hold"]],
    ["code in a line", "`/hold`"],
    ["code over several lines", "`a\n/hold\nb`"],
    ["a fence", "```\n/hold\n```"],
    ["a fence with tildes", "~~~text\n/hold\n~~~"],
    ["a fence that never ends", "```\n/hold"],
    ["a fence in a quote ends with the quote", "> ```\n/hold", ["/hold"]],
    ["behind a fence", "```\nlog\n```\n/hold", ["/hold"]],
    ["indented code", "a\n\n    /hold"],
    ["indented code by a tab", "a\n\n\t/hold"],
    ["indented in a paragraph", "a\n    /hold", ["/hold"]],
    ["a list", "- /hold"],
    ["a list, in a line that goes on", "- a\n/hold"],
    ["a numbered list", "1. /hold"],
    ["a task", "- [ ] /hold"],
    ["indented below a list", "- a\n\n  /hold"],
    ["below a list", "- a\n\n/hold", ["/hold"]],
    ["a heading", "# /hold"],
    ["an underlined heading", "/hold\n---"],
    ["a heading of several lines", "a\n/hold\n==="],
    ["below a heading", "# a\n/hold", ["/hold"]],
    ["a table's head", "| /hold |\n|---|"],
    ["a table's head below text", "a\n/hold | b\n---|---"],
    ["a table's row", "| a |\n|---|\n| /hold |"],
    ["a table's row without bars", "| a |\n|---|\n/hold"],
    ["bold", "**/hold**"],
    ["bold over several lines", "**a\n/hold**"],
    ["struck out", "~~/hold~~"],
    ["struck out over several lines", "~~a\n/hold\nb~~"],
    ["a part of it bold", "/ho**ld** x"],
    ["a part of it code", "/hold`x`"],
    ["a link", "[/hold](https://a.example)"],
    ["a link over several lines", "[a\n/hold\nb](https://a.example)"],
    ["the title of a link", '[a](https://a.example "\n/hold\n")'],
    ["the target of a link", "[a]: https://a.example\n/hold", ["/hold"]],
    ["the title of a link's definition", '[a]: https://a.example "\n/hold\n"'],
    ["the text of an image", "![a\n/hold\nb](https://a.example)"],
    ["a footnote", "a[^1]\n\n[^1]: b\n/hold"],
    ["an address in angle brackets", "</hold>"],
    ["a comment of HTML", "<!-- /hold -->"],
    ["a comment of HTML over several lines", "<!--\n\n/hold\n\n-->"],
    ["a comment of HTML that never ends", "<!--\n\n/hold"],
    ["a comment of HTML in a paragraph", "a <!--\n/hold\n--> b"],
    ["behind a comment of HTML", "<!-- a -->\n\n/hold", ["/hold"]],
    ["behind a comment of HTML that browsers end earlier", "<!-- a --!> <details> -->\n\n/hold", [FOLDED]],
    ["folded away", "<details>\n\n/hold\n\n</details>", [FOLDED]],
    ["folded away in a paragraph", "a <details>\n/hold\n</details>", [FOLDED]],
    ["behind what was folded away", "<details>\n\na\n\n</details>\n\n/hold", [FOLDED]],
    ["behind HTML in a quote", "> <details>\n\n/hold", [FOLDED]],
    ["a block of HTML", "<div>\n/hold\n</div>"],
    ["a script", "<script>\n\n/hold\n\n</script>"],
    ["an attribute over several lines", 'a <b title="\n/hold\n">b</b>'],
    ["an attribute that browsers end later", '<img src="a">\n<img alt=">\n\n/hold\n\n">', [FOLDED]],
    ["behind a tag that is none", '<img alt=">\n\n/hold\n\n">', ["/hold"]],
    ["behind a picture", '<img width="10" src="https://a.example/b.png" />\n\n/hold', ["/hold"]],
    ["behind a line", "a<br>b\n/hold", ["/hold"]],
    ["HTML in its words", "/hold <b>live</b>", [FOREIGN]],
    ["a comment of HTML in its words", "/hold <!-- staging --> live", [FOREIGN]],
    ["an image in its words", "/hold ![a](https://a.example)", [FOREIGN]],
    ["struck out words", "/promote ~~1.7.0~~ 1.8.0", [FOREIGN]],
    ["words that go on as code in the next line", "/hold `a\nb`", [FOREIGN]],
    ["a formula", "$$\n/hold\n$$", [FORMULA]],
    ["a formula over paragraphs", "$$\\phantom{\n\n/hold\n\n}$$", [FORMULA]],
    ["a formula in a paragraph", "$\\phantom{\n/hold\n}$", [FORMULA]],
    ["behind money", "It costs $5.\n/hold", ["/hold"]],
    ["money in its words", "/hold it costs $5 or $6", ["/hold it costs $5 or $6"]],
    ["escaped", "\\/hold"],
    ["a slash as a character reference", "&#47;hold"],
    ["a letter as a character reference", "/hol&#100;"],
    ["a line break as a character reference", "a&#10;/hold"],
    ["a line break as a named character reference", "a&NewLine;/hold"],
    ["a line break as a character reference, where a line of the source begins so", "/hold&#10;a\n/hold"],
    ["in the middle of a line", "please /hold"],
    ["behind punctuation", "./hold"],
    ["in quotes", '"/hold"'],
    ["behind a mention", "@acme/sre /hold"],
    ["behind a space of another kind", "\u00a0/hold"],
    ["behind a line separator", "a\u2028/hold"],
    ["behind a vertical tab", "a\v/hold"],
    ["behind a form feed", "a\f/hold"],
    ["behind a zero-width space", "\u200b/hold"],
    ["behind a byte order mark", "\ufeff/hold"],
    ["behind an override of direction", "\u202e/hold"],
    ["a full-width slash", "／hold"],
    ["a slash for fractions", "⁄hold"],
    ["a Cyrillic letter", "/h\u043eld"],
    ["a Kelvin sign", "/bloc\u212a 1.8.0 x"],
    ["a dotless i", "/\u0131gnore"],
    ["full-width letters", "/ｈｏｌｄ"],
    ["a combining mark", "/hold\u0301"],
    ["a zero-width joiner in the verb", "/ho\u200dld"],
    ["a zero-width space in its words", "/hold live\u200b", [INVISIBLE]],
    ["an override of direction in its words", "/hold \u202elive", [INVISIBLE]],
    ["an isolate of direction in its words", "/hold \u2066live\u2069", [INVISIBLE]],
    ["a control character in its words", "/hold \u0007live", [INVISIBLE]],
    ["a soft hyphen in its words", "/hold li\u00adve", [INVISIBLE]],
    ["a Hangul filler in its words", "/hold \u3164", [INVISIBLE]],
    ["an empty braille pattern in its words", "/hold \u2800", [INVISIBLE]],
    ["tags of Unicode in its words", "/hold \u{e0061}", [INVISIBLE]],
    ["a line separator in its words", "/hold a\u2028b", [INVISIBLE]],
    ["a zero-width space as a character reference", "/hold live&#8203;", [INVISIBLE]],
    ["a NUL", "/hold \0", [INVISIBLE]],
    ["half of a character", "/hold \ud800", [INVISIBLE]],
    ["nearly ours and hidden is left alone", "<details>\n\n/hodl", []],
    ["emoji", "/hold live 🚀 ❤️", ["/hold live 🚀 ❤️"]],
    ["other writing", "/hold очень важно", ["/hold очень важно"]],
    ["a mention in its words", "/hold @acme/sre closes #1", ["/hold @acme/sre closes #1"]],
    ["an old line ending", "a\r/hold", ["/hold"]],
    ["hard breaks", "a  \n/hold live\\\n/status", ["/hold live\\", "/status"]],
  ];
  for (const [name, text, expected = []] of rows) test(name, () => assert.deepEqual(read(text), expected));
});

describe("T27: comments that are meant to hurt", () => {
  const rows: Readonly<Record<string, string>> = {
    "thousands of quotes in each other": ">".repeat(16_000),
    "thousands of lists in each other": `${"- ".repeat(8_000)}a`,
    "thousands of numbered lists in each other": `${"1. ".repeat(5_000)}a`,
    "thousands of brackets": "[".repeat(16_000),
    "thousands of stars": "*a ".repeat(2_500) + "a*".repeat(2_500),
    "thousands of strokes": "~a".repeat(8_000),
    "thousands of headings": "a\n=\n".repeat(4_000),
    "thousands of rows": `|a|\n|-|\n${"|b|\n".repeat(3_500)}`,
  };
  for (const [name, text] of Object.entries(rows)) {
    // The parser would be busy for seconds or minutes, or fail: it is not asked.
    test(`${name}: no command`, () => assert.deepEqual(read(`/hold\n\n${text}`), []));
  }

  test("as many of each as are parsed", () => {
    const tangled = ["*a ".repeat(500) + "a*".repeat(500), "> ".repeat(10), "[".repeat(900), "- a\n".repeat(900)];
    for (const text of tangled) assert.deepEqual(read(`/hold\n\n${text}`), ["/hold"]);
  });
});
