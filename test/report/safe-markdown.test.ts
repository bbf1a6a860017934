import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { releaseOf } from "../../src/domain/release.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { code, sentence, visibleText } from "../../src/report/escape-markdown.ts";
import { findUnsafeMarkdown } from "../../src/report/find-unsafe-markdown.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { attention, driftIssue, finding, live, place } from "./build-live-view.ts";
import { CHECKOUT, check, digest, gate, promotion } from "./build-view.ts";

const renderer = createRenderer(loadTemplates());
const SEED = { seed: 20_260_302 };

/** What people who mean harm put into tags, branch names, paths and error messages, alone and strung together. */
const NASTY = [
  "@acme/sre",
  "@maria",
  "fixes #1",
  "#12",
  "acme/shop#3",
  "GH-7",
  "closes gh-7",
  "https://evil.example/x?a=b",
  "www.evil.example",
  "mail@evil.example",
  "mailto:a@b.example",
  "<img src=x onerror=alert(1)>",
  "<!--",
  "-->",
  "</details>",
  "<details>",
  "<script>",
  "[a](http://b.example)",
  "![a](b)",
  "[a]: http://b.example",
  "[^1]",
  "[^1]: note",
  "| a | b |",
  "\\|",
  "|",
  "\\",
  "`",
  "``",
  "```",
  "~~~",
  "a`b",
  "**b**",
  "_i_",
  "__b__",
  "~~s~~",
  "$x$",
  "$`x`$",
  ":tada:",
  "&lt;",
  "&#64;maria",
  "- ",
  "1. ",
  "# h",
  "> q",
  "===",
  "---",
  "\t",
  "\n",
  "\r\n\r\n",
  "\u2028",
  "\u202e",
  "\u200b@maria",
  "\ud800",
  "\u0000",
  "\u001b[2J",
  "➀",
  "é",
  "日本",
  "👍🏽",
  "<https://evil.example>",
  "xmpp:a@b",
  "<stagecoach:description x>",
  "{{opening}}",
  "\\`",
];
const nasty = fc
  .array(
    fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme", maxLength: 6 }), fc.constantFrom(" ", "", "`")),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));

function parse(markdown: string): Nodes {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function find(tree: Nodes, type: Nodes["type"]): readonly Nodes[] {
  const below = "children" in tree ? tree.children.flatMap((child) => find(child, type)) : [];
  return tree.type === type ? [tree, ...below] : below;
}

function shapeOf(tree: Nodes) {
  return {
    tables: find(tree, "table").map((table) =>
      "children" in table ? table.children.map((row) => ("children" in row ? row.children.length : 0)) : [],
    ),
    lists: find(tree, "list").length,
    html: find(tree, "html").length,
    headings: find(tree, "heading").length,
    codes: find(tree, "code").length,
  };
}

const HARMLESS = ["root", "paragraph", "text", "inlineCode", "list", "listItem"];

function typesIn(tree: Nodes): readonly string[] {
  return [tree.type, ...("children" in tree ? tree.children.flatMap(typesIn) : [])];
}

function texts(tree: Nodes): readonly string[] {
  return [...find(tree, "inlineCode"), ...find(tree, "text")].map((node) => ("value" in node ? node.value : ""));
}

describe("text from outside", () => {
  test("T14: is code and nothing else, with what was visible in it", () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const tree = parse(`before ${code(value)} after`);
        const expected = visibleText(value, 300);
        if (expected === "") return;
        const [paragraph, ...more] = "children" in tree ? tree.children : [];
        assert.equal(more.length, 0);
        assert.deepEqual(paragraph && "children" in paragraph ? paragraph.children.map(({ type }) => type) : [], [
          "text",
          "inlineCode",
          "text",
        ]);
        const [span] = find(tree, "inlineCode");
        assert.equal(span && "value" in span ? span.value : "", expected);
      }),
      { ...SEED, numRuns: 1_000 },
    );
  });

  test("T14: in a sentence makes no mention, reference, link, HTML, emphasis or block, and no word is lost", () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const markdown = sentence(value);
        for (const text of [`a ${markdown}`, `- ${markdown}`, `❌ ${code("a")} ${markdown}`]) {
          assert.deepEqual(findUnsafeMarkdown(text), []);
          const kinds = typesIn(parse(text)).filter((type) => !HARMLESS.includes(type));
          assert.deepEqual(kinds, [], text);
          assert.ok(find(parse(text), "list").length <= 1, text);
        }
        const letters = (text: string) => text.replace(/[\s`]/g, "");
        assert.equal(letters(texts(parse(markdown)).join("")).length, letters(visibleText(value)).length);
      }),
      { ...SEED, numRuns: 1_000 },
    );
  });

  test("T14: cannot change the shape of a body, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 8, maxLength: 8 }),
        ([a = "", b = "", c = "", d = "", e = "", f = "", g = "", h = ""]) => {
          const { body } = renderer.pullRequest(
            promotion({
              environment: a,
              pipeline: b,
              release: releaseOf([{ image: CHECKOUT, tag: c, digest: digest("b") }]),
              moves: [{ image: d, from: { tag: e, digest: f }, to: { tag: c, digest: g } }],
              places: [{ path: h, line: 1, from: a, to: b }],
              gates: [gate(c, "waiting", { reason: d, unblock: e }), gate(f, "failed", { reason: g, expectedAt: 0 })],
              way: [{ environment: h, at: 0, pullRequest: 12 }],
              saw: [a, b, c, d, e, f, g, h],
              source: {
                repository: a,
                revisions: [b],
                changes: [
                  {
                    images: [d],
                    base: b,
                    head: c,
                    history: {
                      visibility: "public",
                      ahead: 2,
                      behind: 1,
                      page: `https://github.com/acme/checkout/compare/${d}`,
                      commits: [
                        { id: e, title: f, by: g, pullRequest: 12 },
                        { id: h, title: a },
                      ],
                    },
                  },
                ],
                gaps: [b, c],
              },
            }),
          );
          const tree = parse(body);
          const shape = find(tree, "table").map((table) =>
            "children" in table ? table.children.map((row) => ("children" in row ? row.children.length : 0)) : [],
          );
          assert.deepEqual(shape, [
            [3, 3],
            [5, 5, 5],
          ]);
          assert.equal(find(tree, "heading").length, 1);
          assert.equal(
            find(tree, "code").length,
            [a, b, c, d, e, f, g, h].every((line) => visibleText(line) === "") ? 0 : 1,
          );
          assert.equal(find(tree, "html").length, 5);
        },
      ),
      { ...SEED, numRuns: 150 },
    );
  });

  test("T14: cannot change the shape of a check", () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, fc.integer({ min: 1, max: 40 }), (file, message, excerpt, column) => {
        const finding = {
          severity: "error",
          file,
          line: 3,
          column,
          path: "",
          message,
          hint: message,
          excerpt,
          length: 4,
        } as const;
        const { summary } = renderer.check(check({ kind: "findings", findings: [finding, finding], notes: [message] }));
        assert.deepEqual(
          find(parse(summary), "code").map(({ type }) => type),
          ["code", "code"],
        );
        assert.equal(find(parse(summary), "list").length, 1);
      }),
      { ...SEED, numRuns: 200 },
    );
  });

  test("T14: cannot change the shape of what is said about a cluster", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 6, maxLength: 6 }),
        ([a = "", b = "", c = "", d = "", e = "", f = ""]) => {
          const drift = finding({
            object: { apiVersion: a, kind: b, namespace: c, name: d },
            field: { path: e, desired: { kind: "shown", text: f }, live: { kind: "shown", text: a }, manager: b },
            why: c,
            claimedBy: d,
          });
          const revision = { kind: "git", id: e } as const;
          const where = place({
            source: a,
            name: b,
            stage: "degraded",
            reason: `because ${c}`,
            running: [d, e],
            desired: revision,
            observed: { ...revision, id: `${f}.` },
            link: a,
            sync: "synced",
          });
          const comment = parse(
            renderer.live(
              live({ environment: f, reason: `so ${a}`, places: [where, where], drift: [drift, drift], commit: b }),
            ),
          );
          assert.deepEqual(shapeOf(comment), { tables: [[6, 6, 6]], lists: 3, html: 3, headings: 0, codes: 0 });
          const issue = parse(
            renderer.driftIssue(
              driftIssue({
                pipeline: a,
                environment: b,
                findings: [drift, drift, { ...drift, verdict: "stale" }],
                healing: [c],
                ways: [d, e],
                pullRequest: 12,
              }),
            ).body,
          );
          assert.deepEqual(shapeOf(issue), { tables: [[6, 6, 6]], lists: 3, html: 3, headings: 0, codes: 0 });
          const call = parse(renderer.attention(attention({ environment: a, what: b, ways: [c, d] })));
          assert.equal(find(call, "html").length, 1);
          for (const text of texts(call)) assert.doesNotMatch(text, /\p{Cf}|(?!\n)\p{Cc}/u);
        },
      ),
      { ...SEED, numRuns: 200 },
    );
  });

  test("keeps the planner's spans and the planner's words", () => {
    assert.equal(
      sentence("`1.8.0` waits, because ghcr.io answered 503"),
      "`1.8.0` waits, because ghcr.io answered 503",
    );
    assert.equal(sentence("approved by @maria (see #12)"), "approved by `@maria` (see `#12`)");
    assert.equal(sentence("a lone ` stays visible"), "a lone `` ` `` stays visible");
  });

  test("is named when it slipped through", () => {
    const SLIPPED = [
      "hello @maria",
      "see #12",
      "a/b#3",
      "GH-4",
      "https://x.example",
      "<b>x</b>",
      "[a](b)",
      "![a](b)",
      "x <!-- y -->",
    ];
    for (const markdown of SLIPPED) assert.notDeepEqual(findUnsafeMarkdown(markdown), [], markdown);
    assert.deepEqual(findUnsafeMarkdown("see #12, `@maria` and `#3`", { references: [12] }), []);
    const links = ["https://a.example/"];
    assert.deepEqual(findUnsafeMarkdown("[a](https://a.example/)", { links }), []);
    for (const markdown of ["[a](https://b.example/)", '[a](https://a.example/ "b")', "[@maria](https://a.example/)"])
      assert.notDeepEqual(findUnsafeMarkdown(markdown, { links }), [], markdown);
  });

  test("is left out by whole sections where a body would be too long", () => {
    const line = "a b ".repeat(400);
    const { body } = renderer.pullRequest(
      promotion({
        saw: Array.from({ length: 900 }, () => line),
        gates: Array.from({ length: 20 }, () => gate(line, "waiting")),
      }),
    );
    assert.ok(body.length < 58_000);
    assert.match(body, /Left out, because GitHub limits how long this may be: what Stagecoach saw\./);
    assert.match(body, /### Gates/);
    const enormous = renderer.pullRequest(
      promotion({
        gates: Array.from({ length: 900 }, () => gate(line, "waiting", { reason: line })),
        moves: Array.from({ length: 900 }, () => ({ image: line, to: { tag: line, digest: line } })),
      }),
    );
    assert.ok(enormous.body.length < 58_000);
    assert.match(enormous.body, /the gates/);
  });
});
