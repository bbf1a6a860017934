import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readText } from "./read-text.ts";

/** One pipeline of one environment a line, from line 3 on. */
function file(...pipelines: readonly string[]): string {
  const lines = pipelines.map((rest, index) => {
    const name = String.fromCharCode("a".charCodeAt(0) + index);
    return `- { name: ${name}, images: [{ image: ${name} }], environments: [{ paths: [apps/${name}], ${rest} }] }`;
  });
  return ["version: 1", "pipelines:", ...lines, ""].join("\n");
}

const ROWS: readonly { readonly name: string; readonly text: string; readonly expected: readonly string[] }[] = [
  {
    name: "several services of one environment",
    text: file("name: prod, group: shop", "name: prod, group: shop", "name: prod"),
    expected: [],
  },
  {
    name: "environments of different names",
    text: file("name: prod, group: shop", "name: live, group: shop"),
    expected: [
      "4:91 [shop] The environments of group `shop` have different names: `prod` and `live`. One pull request goes to one stage; the group begins in line 3.",
    ],
  },
  {
    name: "environments on different branches",
    text: file("name: prod, group: shop", "name: prod, group: shop, branch: env/prod"),
    expected: [
      "4:91 [shop] The environments of group `shop` stand on different branches: the default branch and `env/prod`. One pull request goes to one branch; the group begins in line 3.",
    ],
  },
  {
    name: "the name of a pipeline",
    text: file("name: prod, group: b", "name: prod"),
    expected: ["3:91 [b] A group cannot be called `b`: there is a pipeline of that name. The pipeline is in line 4."],
  },
  {
    name: "what takes exactly what another environment has",
    text: file("name: dev }, { name: prod, same-as: dev, group: shop, paths: [prod]"),
    expected: [
      "3:120 [shop] An environment with `same-as` cannot have a `group`: it may go backwards, and the others would wait. Remove one of them.",
    ],
  },
  {
    name: "two environments of one pipeline",
    text: file("name: dev, group: shop }, { name: prod, group: shop, paths: [prod]"),
    expected: [
      "3:119 [shop] The environments of group `shop` have different names: `dev` and `prod`. One pull request goes to one stage; the group begins in line 3.",
    ],
  },
  {
    name: "no name of a branch",
    text: file('name: prod, group: "a/b"'),
    expected: [
      '3:91 ["a/b"] `a/b` is not a name. Lower-case letters and digits, inside also `.`, `_` and `-`; no `..`, no final `.lock`.',
    ],
  },
];

describe("a group", () => {
  for (const { name, text, expected } of ROWS)
    test(`of ${name}`, () => assert.deepEqual(readText(text).findings.map(inShort), expected));

  test("stops only the pipelines that do not fit", () => {
    const { pipelines, broken } = readText(file("name: prod, group: shop", "name: live, group: shop"));
    assert.deepEqual([pipelines.map(({ name }) => name), broken.map(({ name }) => name)], [["a"], ["b"]]);
  });

  test("may be said in the defaults and for every folder", () => {
    const text = [
      "version: 1",
      "defaults: { group: shop }",
      "pipelines:",
      '- { name: "{app}", for-each: "apps/{app}", images: [{ image: "{app}" }], environments: [{ name: prod, paths: ["apps/{app}"] }] }',
      "",
    ].join("\n");
    const { pipelines, findings } = readText(text, { tree: ["apps/a/x.yaml", "apps/b/x.yaml"] });
    assert.deepEqual(findings, []);
    assert.deepEqual(
      pipelines.flatMap(({ environments }) => environments.map(({ group }) => group)),
      ["shop", "shop"],
    );
  });
});
