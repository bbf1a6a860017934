import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { gatherFindings, MOST_FINDINGS } from "../../src/config/gather-findings.ts";
import { LARGEST_FILE, LARGEST_TOGETHER, MOST_PIPELINES, MOST_TOKENS } from "../../src/config/parse-limits.ts";
import { parseSource } from "../../src/config/parse-source.ts";
import { inShort, readText, withEnvironment } from "./read-text.ts";

/** The work that a text causes, in tokens of its grammar, and what is said about it. */
function parse(text: string): {
  readonly tokens: number;
  readonly messages: readonly string[];
  readonly usable: boolean;
} {
  const gathering = gatherFindings();
  let tokens = 0;
  const file = { path: "stagecoach.yaml", text };
  const node = parseSource({ file, gathering, onTokens: (count) => (tokens = count) });
  return { tokens, messages: gathering.findings().map(({ message }) => message), usable: node !== undefined };
}

function nested(depth: number): string {
  return `${"[".repeat(depth)}1${"]".repeat(depth)}`;
}

describe("T17: files that are meant to hurt", () => {
  test("a file of 400 KiB is read, and one byte more is refused before it is parsed", () => {
    const head = "version: 1\n#";
    const largest = head + "x".repeat(LARGEST_FILE - head.length);
    assert.deepEqual(readText(largest).findings, []);
    const { tokens, messages } = parse(`${largest}x`);
    assert.equal(tokens, 0);
    assert.deepEqual(messages, ["This file has 409601 bytes; the limit is 409600 (400 KiB)."]);
  });

  test("bytes are counted, not characters", () => {
    const text = `version: 1\n#${"ü".repeat(LARGEST_FILE / 2)}`;
    assert.ok(text.length < LARGEST_FILE);
    assert.equal(parse(text).tokens, 0);
  });

  test("all files together have a limit too, and the main file is never the one that is too much", () => {
    const filler = `pipelines: []\n#${"x".repeat(LARGEST_FILE - 20)}`;
    const further = Object.fromEntries(["a", "b", "c"].map((name) => [`${name}.yaml`, filler]));
    const { findings } = readText("version: 1\n", { further });
    assert.deepEqual(
      findings.map(({ file, message }) => `${file}: ${message}`),
      [
        `.github/stagecoach/c.yaml: The pipeline files have more than ${LARGEST_TOGETHER} bytes together; this one is not read.`,
      ],
    );
  });

  test("32 levels are read", () => {
    assert.deepEqual(parse(nested(32)), { tokens: 67, messages: [], usable: true });
  });

  for (const [name, text] of Object.entries({
    "33 levels of lists": nested(33),
    "lists without an end": "[".repeat(LARGEST_FILE),
    "lists in lists in one line": "- ".repeat(LARGEST_FILE / 2),
    "maps without an end": "{a: ".repeat(LARGEST_FILE / 4),
    "keys that are keys": "? ".repeat(LARGEST_FILE / 2),
    "maps by indentation": Array.from({ length: 800 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
  })) {
    test(`${name}: refused as soon as they are too deep`, () => {
      const { tokens, messages } = parse(text);
      assert.ok(tokens < 300, `${tokens} tokens were looked at`);
      assert.deepEqual(messages, ["This is nested deeper than 32 levels."]);
    });
  }

  for (const [name, text] of Object.entries({
    "closing brackets": "]".repeat(LARGEST_FILE),
    commas: `[${",".repeat(LARGEST_FILE - 1)}`,
    anchors: "&a ".repeat(LARGEST_FILE / 3),
    tags: "! ".repeat(LARGEST_FILE / 2),
    directives: "%a\n".repeat(LARGEST_FILE / 3),
    documents: "---\n".repeat(LARGEST_FILE / 4),
    "small keys": Array.from({ length: 40_000 }, (_, index) => `${index}: 1`).join("\n"),
  })) {
    test(`hundreds of thousands of ${name}: refused at the limit of tokens`, () => {
      const { tokens, usable } = parse(text);
      assert.ok(tokens <= MOST_TOKENS + 1);
      assert.equal(usable, false);
    });
  }

  test("20,000 different keys are compared once each, and told as a hundred findings", () => {
    // The parser's own check for duplicates compares every pair: 200 million comparisons.
    const text = Array.from({ length: 20_000 }, (_, index) => `key-${index}: 1`).join("\n");
    const { findings } = readText(text);
    assert.equal(findings.length, MOST_FINDINGS + 1);
    assert.match(findings.at(-1)?.message ?? "", /^\d+ more findings are not shown\.$/);
  });

  test("a hundred aliases are followed", () => {
    const aliases = Array.from({ length: 100 }, () => "*x").join(", ");
    assert.deepEqual(parse(`a: &x 1\nb: [${aliases}]\n`).messages, []);
    assert.deepEqual(parse(`a: &x 1\nb: [${aliases}, *x]\n`).messages, [
      "The aliases in this would be followed more than 100 times.",
    ]);
  });

  test("a billion laughs: counted without being written out", () => {
    const names = [..."abcdefghij"];
    const lines = names.map((name, index) => {
      const items = index === 0 ? Array(9).fill("lol") : Array(9).fill(`*${names[index - 1]}`);
      return `${name}: &${name} [${items.join(", ")}]`;
    });
    const { tokens, messages } = parse(lines.join("\n"));
    assert.ok(tokens < 600);
    assert.deepEqual(new Set(messages), new Set(["The aliases in this would be followed more than 100 times."]));
  });

  test("an alias inside what it stands for", () => {
    assert.deepEqual(parse("a: &a [*a]\n").messages, ["No complete anchor `&a` stands before this alias."]);
  });

  test("an alias yields what its anchor names", () => {
    const text = `${withEnvironment("name: a", "paths: [a]", "live: &live { source: dev }").trimEnd()}\n    - { name: b, paths: [b], live: *live }\n`;
    const { pipelines, findings } = readText(text);
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(
      pipelines[0]?.environments.map(({ live }) => live[0]?.source),
      ["dev", "dev"],
    );
  });

  test("one huge list behind many aliases is read up to its limit each time", () => {
    const paths = Array.from({ length: 30_000 }, (_, index) => `a${index}`).join(",");
    const copies = Array.from({ length: 99 }, (_, index) => `    - { name: b${index}, paths: *p }`).join("\n");
    const { findings } = readText(`${withEnvironment("name: a", `paths: &p [${paths}]`)}${copies}\n`);
    assert.equal(findings[0]?.message, "A list has at most 200 items; this one has 30000.");
  });

  test("more pipelines than a repository may have", () => {
    const text = `version: 1\npipelines:\n- { name: "{x}", for-each: "{x}", images: [{ image: "{x}" }], environments: [{ name: e, paths: ["{x}"] }] }\n`;
    const tree = Array.from({ length: MOST_PIPELINES + 1 }, (_, index) => `folder-${index}/file`);
    const { pipelines, findings } = readText(text, { tree });
    assert.deepEqual(pipelines, []);
    assert.equal(findings[0]?.message, "This would make 2001 pipelines; a repository has at most 2000.");
  });

  test("few lines that would be read for ever by way of for-each", () => {
    const lines = Array.from(
      { length: 200 },
      (_, index) => `  - { name: e${index}, paths: ["{x}/${index}"], merge: auto }`,
    );
    const head =
      'version: 1\npipelines:\n- name: "{x}"\n  for-each: "{x}"\n  images: [{ image: "{x}" }]\n  environments:\n';
    const tree = Array.from({ length: MOST_PIPELINES }, (_, index) => `folder-${index}/file`);
    const { pipelines, findings } = readText(head + lines.join("\n"), { tree });
    assert.deepEqual(pipelines, []);
    assert.deepEqual(
      findings.map(({ message }) => message),
      ["Reading this takes too much work: too many pipelines, each with too many values."],
    );
  });
});

describe("T17: YAML that means something else to somebody", () => {
  const rows = [
    {
      name: "duplicate keys",
      text: "version: 1\nmode: full\nmode: observe\n",
      expected:
        "3:1 [mode] The key `mode` stands twice in the same map. It stands in line 2 already; keep one of them.",
    },
    {
      name: "__proto__",
      text: "version: 1\n__proto__: { mode: full }\n",
      expected: "2:1 [__proto__] The key `__proto__` is not allowed.",
    },
    {
      name: "constructor",
      text: "version: 1\nlimits: { constructor: { open: 1 } }\n",
      expected: "2:11 [constructor] The key `constructor` is not allowed.",
    },
    {
      name: "a merge key",
      text: "version: 1\nlimits: { <<: { open: 1 } }\n",
      expected:
        "2:11 [<<] Merge keys (`<<`) are not part of YAML 1.2. Write what all environments share under `defaults`.",
    },
    {
      name: "a tag",
      text: "version: !!str 1\n",
      expected: "1:16 [1] Tags (`!…`) are not supported. Remove the tag; put a value in quotes to make it text.",
    },
    {
      name: "a directive",
      text: "%YAML 1.1\n---\nversion: 1\n",
      expected: "1:1 [%] YAML directives (lines that begin with %) are not supported. Remove them.",
    },
    {
      name: "a second document",
      text: "version: 1\n---\nversion: 1\n",
      expected: "2:1 [-] A file holds one document; here a second one begins. Remove `---`.",
    },
    { name: "a key that is no text", text: "version: 1\n1: 2\n", expected: "2:1 [1] A key has to be plain text." },
    {
      name: "a tab",
      text: "version: 1\nlimits:\n\topen: 1\n",
      expected:
        "3:1 [\t] This is not YAML: Tabs are not allowed as indentation. Indent with spaces; YAML does not allow tabs there.",
    },
  ];
  for (const { name, text, expected } of rows) {
    test(name, () => {
      assert.equal(readText(text).findings.map(inShort)[0], expected);
      assert.equal(({} as { mode?: string }).mode, undefined);
    });
  }

  test("words and times of YAML 1.1 are text, as they look", () => {
    const { findings, freezes } = readText("version: 1\nfreezes: [{ from: 2026-12-19, to: 2026-12-20, why: on }]\n");
    assert.deepEqual(findings, []);
    assert.equal(freezes[0]?.why, "on");
  });

  test("a byte order mark and CRLF are as good as none", () => {
    const text = withEnvironment("name: dev", "paths: [dev]", "merge: atuo").replaceAll("\n", "\r\n");
    const [finding] = readText(`\ufeff${text}`).findings;
    assert.equal(finding?.line, 8);
    assert.equal(finding?.column, 14);
    assert.equal(finding?.excerpt, "      merge: atuo");
  });
});

describe("whatever is written", () => {
  const word = fc.constantFrom(
    ..."version pipelines name images image policy environments paths after live source soak merge-when for-each defaults".split(
      " ",
    ),
    ..."1 [ ] { } : , - ? & * ! | > ' \" # % @ ` a b {app} &a *a !!x << ~ null true 1.5 \n \n \n".split(" "),
    "\n",
    "\n  ",
    "\n    - ",
    ": ",
    "- ",
  );
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
    fc.array(word, { maxLength: 120 }).map((words) => words.join("")),
    fc.array(word, { maxLength: 60 }).map((words) => `version: 1\npipelines:\n- ${words.join(" ")}`),
    fc.json().map((json) => `{"version": 1, "pipelines": [${json}], "defaults": ${json}}`),
  );

  test("it is read or refused, never thrown, and every place lies in the text", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { findings, pipelines } = readText(text, { tree: ["a/b", "services/x/y"] });
        const lines = text.split("\n").length;
        for (const { line, column, severity } of findings) {
          assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column}`);
          assert.ok(severity === "error" || severity === "warning");
        }
        JSON.stringify(pipelines);
      }),
      { numRuns: 2000 },
    );
  });

  test("the same text is read the same twice", () => {
    fc.assert(fc.property(anything, (text) => assert.deepEqual(readText(text), readText(text))));
  });
});
