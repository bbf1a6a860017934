import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findOwners } from "../../src/config/find-owners.ts";
import { LARGEST_CODEOWNERS, matchesRule, readCodeowners } from "../../src/config/read-codeowners.ts";

/** The owners of a file by the last rule that matches it, as GitHub finds them. */
function ownersOf(text: string, file: string): readonly string[] {
  const rule = readCodeowners(text).findLast((each) => matchesRule(each, file.split("/")));
  return rule?.owners ?? [];
}

describe("patterns of code owners match as GitHub documents them", () => {
  const rows: readonly {
    readonly pattern: string;
    readonly owned: readonly string[];
    readonly free: readonly string[];
  }[] = [
    { pattern: "*", owned: ["a.yaml", "a/b/c.yaml", ".github/x"], free: [] },
    { pattern: "*.js", owned: ["a.js", "deep/er/b.js"], free: ["a.jsx", "a.ts", "x.js.map"] },
    { pattern: "/build/logs/", owned: ["build/logs/a", "build/logs/b/c"], free: ["x/build/logs/a", "build/logs"] },
    { pattern: "docs/*", owned: ["docs/a.md"], free: ["docs/app/a.md", "x/docs/a.md"] },
    { pattern: "apps/", owned: ["apps/a", "x/apps/b/c"], free: ["apps", "x/apps"] },
    { pattern: "/docs/", owned: ["docs/a", "docs/b/c"], free: ["x/docs/a"] },
    { pattern: "/scripts", owned: ["scripts", "scripts/a/b"], free: ["x/scripts", "scripts2/a"] },
    { pattern: "**/logs", owned: ["logs/a", "build/logs/a", "deep/er/logs"], free: ["logs2/a"] },
    { pattern: "apps/**/values.yaml", owned: ["apps/values.yaml", "apps/a/b/values.yaml"], free: ["values.yaml"] },
    { pattern: "apps/**", owned: ["apps/a", "apps/b/c"], free: ["x/apps/a"] },
    { pattern: "/*", owned: ["a.yaml"], free: ["a/b.yaml"] },
    { pattern: "apps/*/live", owned: ["apps/shop/live/a.yaml"], free: ["apps/live", "apps/a/b/live"] },
    { pattern: "v?.yaml", owned: ["v1.yaml", "x/v2.yaml"], free: ["v10.yaml", "v.yaml"] },
    { pattern: "a*b*c", owned: ["abc", "axxbxxc", "abcbc"], free: ["ab", "abcd", "cba"] },
    { pattern: "with\\ space/", owned: ["with space/a"], free: ["with/space/a"] },
    { pattern: "Apps/", owned: ["Apps/a"], free: ["apps/a"] },
    { pattern: "a.b", owned: ["a.b"], free: ["axb"] },
    { pattern: "{a,b}", owned: ["{a,b}"], free: ["a", "b"] },
  ];
  for (const { pattern, owned, free } of rows) {
    test(`\`${pattern}\``, () => {
      const owner = (file: string): boolean => ownersOf(`${pattern} @jane\n`, file).includes("jane");
      assert.deepEqual(
        owned.filter((file) => !owner(file)),
        [],
      );
      assert.deepEqual(free.filter(owner), []);
    });
  }
});

describe("lines of code owners", () => {
  const rows: readonly { readonly name: string; readonly text: string; readonly expected: readonly string[] }[] = [
    { name: "teams and logins lose their @", text: "* @jane @acme/sre", expected: ["jane", "acme/sre"] },
    { name: "the last line that matches counts", text: "* @jane\n*.yaml @joe", expected: ["joe"] },
    { name: "a later line without owners frees it", text: "* @jane\n/a.yaml", expected: [] },
    { name: "addresses of e-mail name nobody", text: "* jane@acme.com @joe", expected: ["joe"] },
    { name: "comments are no owners", text: "# * @eve\n* @jane # @eve\n", expected: ["jane"] },
    { name: "a negation is skipped", text: "* @jane\n!a.yaml @eve", expected: ["jane"] },
    { name: "a range is skipped", text: "* @jane\n[ab].yaml @eve", expected: ["jane"] },
    { name: "a line with something else than owners is skipped", text: "* @jane\n* @eve eve", expected: ["jane"] },
    { name: "carriage returns belong to the line's end", text: "* @jane\r\n\r\n# x\r\n", expected: ["jane"] },
    { name: "an empty file names nobody", text: "", expected: [] },
    {
      name: "words of JavaScript are words",
      text: "* @constructor @__proto__",
      expected: ["constructor", "__proto__"],
    },
  ];
  for (const { name, text, expected } of rows) {
    test(name, () => assert.deepEqual(ownersOf(text, "a.yaml"), expected));
  }

  test("a file that GitHub does not load names nobody", () => {
    const head = "* @jane\n#";
    assert.deepEqual(readCodeowners(head + "x".repeat(LARGEST_CODEOWNERS - head.length)), []);
    assert.equal(readCodeowners(head + "x".repeat(LARGEST_CODEOWNERS - head.length - 1)).length, 1);
  });
});

describe("who owns an environment", () => {
  const tree = [
    ...["apps/checkout/live/values.yaml", "apps/checkout/live/deploy.yaml", "apps/checkout/live/README.md"],
    ...["apps/checkout/staging/values.yaml", "apps/checkout/live2/values.yaml", "images.txt"],
  ];
  const rows: readonly {
    readonly name: string;
    readonly text: string;
    readonly paths?: readonly string[];
    readonly files?: readonly string[];
    readonly expected: readonly string[] | string;
  }[] = [
    { name: "those of its folder", text: "* @jane\n/apps/checkout/live/ @acme/sre", expected: ["acme/sre"] },
    { name: "the readme's owners do not count", text: "* @acme/sre\n*.md @acme/docs", expected: ["acme/sre"] },
    {
      name: "only those who own every file",
      text: "* @jane @Joe\n/apps/checkout/live/values.yaml @joe @eve",
      expected: ["joe"],
    },
    {
      name: "somebody who owns one of its files owns nothing",
      text: "* @jane\n/apps/checkout/live/values.yaml @eve",
      expected: "Nobody owns all of its files",
    },
    { name: "a file that nobody owns", text: "deploy.yaml @jane", expected: "Nobody owns all of its files" },
    { name: "a glob", text: "values.yaml @jane", paths: ["apps/*/live/values.yaml"], expected: ["jane"] },
    {
      name: "what is excluded does not count",
      text: "values.yaml @jane",
      paths: ["apps/checkout/live", "!apps/checkout/live/deploy.yaml"],
      expected: ["jane"],
    },
    { name: "a single file", text: "*.txt @jane", paths: [], files: ["images.txt"], expected: ["jane"] },
    { name: "no files", text: "* @jane", paths: ["apps/new"], expected: "It has no files on the default branch" },
  ];
  for (const { name, text, paths = ["apps/checkout/live/"], files = [], expected } of rows) {
    test(name, () => {
      const { owners, why } = findOwners({ codeowners: text, tree }).ownersOf({ paths, files });
      assert.deepEqual(owners.length === 0 ? why : owners.map((owner) => owner.replace("Joe", "joe")), expected);
    });
  }

  test("T17: more rules and files than can be compared name nobody", () => {
    const stars = `${"*a".repeat(490)}\n`;
    const text = `* @jane\n${stars.repeat(3_000)}`;
    const files = Array.from({ length: 20 }, (_, index) => `${"a".repeat(200)}${index}.yaml`);
    const search = findOwners({ codeowners: text, tree: files });
    assert.deepEqual(search.ownersOf({ paths: ["**"], files: [] }), {
      owners: [],
      why: "There are too many rules and files to find",
    });
  });
});
