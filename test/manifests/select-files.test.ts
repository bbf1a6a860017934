import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { selectFiles } from "../../src/manifests/select-files.ts";
import { indexTree, type TreeFile } from "../../src/manifests/tree-index.ts";

function file(path: string, mode = "100644", size = 100): TreeFile {
  return { path, mode, oid: "0".repeat(40), size };
}

const index = indexTree([
  file("README.md"),
  file("apps/checkout-api/live/values.yaml"),
  file("apps/checkout/live/.hidden.yaml"),
  file("apps/checkout/live/kustomization.yaml"),
  file("apps/checkout/live/run.sh", "100755"),
  file("apps/checkout/live/sub/values.yml"),
  file("apps/checkout/live/values.tpl"),
  file("apps/checkout/staging/values.json"),
  file("apps/checkout/linked", "120000"),
  file("apps/checkout/live/linked.yaml", "120000"),
  file("apps/vendor", "160000"),
  file("apps/c++ (old)/[x].yaml"),
  file("apps/large.yaml", "100644", 6_000_000),
  file("base/Kustomization"),
]);

function select(paths: readonly string[], fields: readonly string[] = []) {
  const { files, problems } = selectFiles({ paths, fields: fields.map((name) => ({ file: name })), index });
  return { files: files.map(({ path }) => path), problems: problems.map(({ path, why }) => `${path}: ${why}`) };
}

describe("selecting files", () => {
  const live = [
    "apps/checkout/live/.hidden.yaml",
    "apps/checkout/live/kustomization.yaml",
    "apps/checkout/live/sub/values.yml",
  ];
  const rows: readonly (readonly [name: string, paths: readonly string[], files: readonly string[]])[] = [
    ["a file", ["apps/checkout/staging/values.json"], ["apps/checkout/staging/values.json"]],
    ["a folder, whole, and not its neighbour of a like name", ["apps/checkout/live"], live],
    ["a folder written with dots and slashes", ["./apps/checkout/live/"], live],
    ["a glob for files", ["apps/*/live/*.yaml"], ["apps/checkout-api/live/values.yaml", live[0] ?? "", live[1] ?? ""]],
    ["a glob for folders", ["apps/checkout/{live,staging}"], [...live, "apps/checkout/staging/values.json"]],
    ["two stars for any depth, none included", ["apps/checkout/live/**/*.y{a,}ml"], live],
    [
      "later paths over earlier ones",
      ["apps/checkout/live", "!apps/checkout/live/*", "apps/checkout/live/sub/**"],
      [live[2] ?? ""],
    ],
    ["exclusion of a folder", ["apps/checkout", "!apps/checkout/live"], ["apps/checkout/staging/values.json"]],
    ["names with signs of globs and regular expressions", ["apps/c++ (old)/[x].yaml"], ["apps/c++ (old)/[x].yaml"]],
    ["the same in a glob", ["apps/c++ (old)/*.yaml"], ["apps/c++ (old)/[x].yaml"]],
    ["the whole repository", ["**", "!apps"], ["base/Kustomization"]],
  ];
  for (const [name, paths, files] of rows) {
    it(name, () => assert.deepEqual(select(paths).files, files));
  }

  it("takes any file that a field names", () => {
    assert.deepEqual(select([], ["apps/checkout/live/values.tpl"]), {
      files: ["apps/checkout/live/values.tpl"],
      problems: [],
    });
  });
});

describe("T18: paths that lead elsewhere", () => {
  const rows: readonly (readonly [name: string, path: string, why: RegExp])[] = [
    ["a symbolic link", "apps/checkout/linked", /apps\/checkout\/linked is a symbolic link/],
    [
      "something behind a symbolic link",
      "apps/checkout/linked/values.yaml",
      /apps\/checkout\/linked is a symbolic link/,
    ],
    ["a submodule", "apps/vendor", /is a submodule/],
    ["something in a submodule", "apps/vendor/chart/values.yaml", /apps\/vendor is a submodule/],
    ["upwards", "apps/../../secrets.yaml", /out of the repository/],
    ["from the root of the machine", "/etc/passwd", /out of the repository/],
    ["the root itself", "/", /out of the repository/],
    ["upwards in an exclusion", "!../x", /out of the repository/],
  ];
  for (const [name, path, why] of rows) {
    it(name, () => {
      const { files, problems } = select([path]);
      assert.deepEqual(files, []);
      assert.match(problems.join(), why);
    });
  }

  it("a field in a symbolic link, or in no file", () => {
    assert.match(select([], ["apps/checkout/live/linked.yaml"]).problems.join(), /is a symbolic link/);
    assert.match(select([], ["apps/none.yaml"]).problems.join(), /no file or folder/);
  });

  it("links within a folder are passed over", () => {
    assert.deepEqual(select(["apps/checkout/live/*.yaml"]).problems, []);
  });
});

describe("T17: what would take too long", () => {
  it("a file over 5 MiB is not read, unless it is excluded", () => {
    assert.match(select(["apps/*.yaml"]).problems.join(), /larger than 5 MiB/);
    assert.deepEqual(select(["apps/*.yaml", "!apps/large.yaml"]), { files: [], problems: [] });
  });

  it("a glob made for backtracking is refused, or matched part by part", () => {
    for (const pattern of ["a*a*a*b", "{a,b}{a,b}*", "*{a,a,a,a,a,a,a,a,a,a}*b", "a\\*", `${"*/".repeat(200)}x`]) {
      assert.match(select([pattern]).problems.join(), /too hard to match/);
    }
    const deep = indexTree([file(`${`${"a".repeat(60)}/`.repeat(16)}x.yaml`)]);
    const { files } = selectFiles({ paths: ["**/*a*/*a*/*a*/**/*a*/**/*a*b"], fields: [], index: deep });
    assert.deepEqual(files, []);
    assert.deepEqual(select(["(a+)+*"]).files, []);
  });
});

describe("T17: many globs over many files", () => {
  const wide = indexTree(Array.from({ length: 1_000 }, (_, at) => file(`${"a".repeat(240)}${at}/x.yaml`)));

  it("stop with a problem when enough was looked at, and long names count more", () => {
    const paths = Array.from({ length: 200 }, (_, at) => `**/*a*b${at}`);
    const { looked, problems } = selectFiles({ paths, fields: [], index: wide, atMost: 20_000 });
    assert.ok(looked > 20_000 && looked < 40_000, String(looked));
    assert.match(problems.at(-1)?.why ?? "", /too many files to look at/);
  });

  it("do not hinder paths that name a folder", () => {
    const paths = Array.from({ length: 200 }, (_, at) => `${"a".repeat(240)}${at}`);
    assert.equal(selectFiles({ paths, fields: [], index: wide, atMost: 20_000 }).files.length, 200);
  });
});

describe("6,000 environments over 20,000 files", () => {
  it("look at little more than what they select", () => {
    const tree = Array.from({ length: 20_000 }, (_, at) =>
      file(`services/s${Math.floor(at / 10)}/env${at % 3}/file${at % 10}.yaml`),
    );
    const large = indexTree(tree);
    let [looked, selected] = [0, 0];
    for (let environment = 0; environment < 6_000; environment += 1) {
      const paths = [`services/s${Math.floor(environment / 3)}/env${environment % 3}`];
      const selection = selectFiles({ paths, fields: [], index: large });
      looked += selection.looked;
      selected += selection.files.length;
    }
    assert.equal(selected, 20_000);
    assert.ok(looked / 6_000 < 25, `${looked / 6_000} entries for each environment`);
  });
});
