import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Field } from "../../src/domain/pipeline.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";

const IMAGE = "ghcr.io/acme/checkout";
const DIGEST = `sha256:${"a1".repeat(32)}`;
const PATH = "apps/checkout/values.yaml";

function find(text: string, { path = PATH, images = [IMAGE], fields = [] as readonly Field[] } = {}) {
  return findPlaces({ path, text, images, fields });
}

const field: Field = { file: PATH, path: ["global", "version"], writes: "tag", image: IMAGE };

describe("finding places", () => {
  it("says where, which form and what is pinned", () => {
    const text = `# head\na: 1\n---\nspec:\n  - {}\n  - image: ${IMAGE}:1.7.3@${DIGEST}\n`;
    assert.deepEqual(find(text).places, [
      {
        path: PATH,
        document: 1,
        pointer: ["spec", 1, "image"],
        line: 6,
        column: 12,
        form: "reference",
        image: IMAGE,
        tag: "1.7.3",
        digest: DIGEST,
      },
    ]);
  });

  it("points at the tag of a map, and reads it as it is written", () => {
    const text = `image:\r\n  repository: acme/checkout\r\n  registry: ghcr.io\r\n  tag: 1.10\r\n`;
    assert.deepEqual(find(text).places, [
      { path: PATH, document: 0, pointer: ["image"], line: 4, column: 8, form: "map", image: IMAGE, tag: "1.10" },
    ]);
  });

  const nothing: readonly (readonly [why: string, text: string])[] = [
    ["an image without a version, which stands elsewhere", `image: ${IMAGE}\n`],
    ["another image whose name begins alike", `image: ${IMAGE}-worker:1\n`],
    ["another registry", "image: quay.io/acme/checkout:1\n"],
    [
      "a reference in a comment, a text or a list of arguments",
      `# image: ${IMAGE}:1\na: |\n  image: ${IMAGE}:1\nargs: ["${IMAGE}:1"]\n`,
    ],
    ["a version that is filled in later", `image: ${IMAGE}:\${TAG}\n`],
    ["a Kustomize entry in a file of another kind", `images:\n- name: ${IMAGE}\n  newTag: 1\n`],
    ["a marker of a policy that names no image here", `v: 1 # {"$imagepolicy": "a:b:tag"}\n# ${IMAGE}\n`],
    ["a shared repository whose readers add the tag", `b: &b {repository: ${IMAGE}}\nc: {<<: *b}\n`],
  ];
  for (const [why, text] of nothing) {
    it(`leaves out ${why}`, () => assert.deepEqual([find(text).places, find(text).problems], [[], []]));
  }

  it("finds `image` with a tag beside it, and keys that end in image", () => {
    const { places } = find(`web: {image: ${IMAGE}, tag: "1"}\ninitImage: ${IMAGE}:2\n`);
    assert.deepEqual(
      places.map(({ form, tag }) => [form, tag]),
      [
        ["reference", "2"],
        ["map", "1"],
      ],
    );
  });

  it("takes a field that another form has found as found", () => {
    const text = `global: {repository: ${IMAGE}, version: 3}\n`;
    assert.deepEqual(
      find(text.replace("version", "tag"), { fields: [{ ...field, path: ["global", "tag"] }] }).places.map(
        ({ form }) => form,
      ),
      ["map"],
    );
  });

  it("reads other files only where a field names them", () => {
    const text = `global:\n  version: 1.7.3\nimage: ${IMAGE}:1\n`;
    assert.deepEqual(find(text, { path: "a.tpl" }), { places: [], problems: [], parsed: 0 });
    const named = find(text, { path: "a.tpl", fields: [{ ...field, file: "a.tpl" }] });
    assert.deepEqual(
      named.places.map(({ form, tag }) => [form, tag]),
      [
        ["reference", "1"],
        ["field", "1.7.3"],
      ],
    );
  });

  it("does not parse documents that cannot name the image", () => {
    const { parsed, places } = find(`a: [\n---\nimage: ${IMAGE}:1\n---\nb: 1\n`);
    assert.deepEqual([parsed, places.length], [1, 1]);
  });

  it("does not parse documents in which a short name is only part of a word", () => {
    const text = "apiVersion: v1\nname: api-web\nhost: api.example.com\n---\nimage: ghcr.io/acme/api:1\n";
    assert.deepEqual(find(text, { images: ["ghcr.io/acme/api"] }).parsed, 1);
  });

  it("reads names that are hidden behind escapes or line breaks", () => {
    assert.equal(find(`image: "ghcr.io/acme/\\x63heckout:1"\n`).places.length, 1);
  });
});

describe("a place that must not be edited says why", () => {
  const refusals: readonly (readonly [name: string, text: string, line: number, why: RegExp])[] = [
    ["alias", `v: &v 1.7.3\nimage:\n  repository: ${IMAGE}\n  tag: *v\n`, 4, /alias \*v/],
    [
      "value that an alias reads",
      `image:\n  repository: ${IMAGE}\n  tag: &v 1.7.3\nlabel: *v\n`,
      3,
      /Line 4 reads this value through the alias \*v/,
    ],
    ["map that an alias reads", `image: &i\n  repository: ${IMAGE}\n  tag: 1.7.3\nweb: *i\n`, 3, /Line 4/],
    [
      "map that a merge key reads",
      `image: &i\n  repository: ${IMAGE}\n  tag: 1.7.3\nweb:\n  <<: [*i]\n  a: b\n`,
      3,
      /Line 5/,
    ],
    ["key that an alias reads", `image: ${IMAGE}:1\nv: &v {image: "${IMAGE}:1"}\n? *v\n: x\n`, 2, /Line 3/],
    ["tag that is merged in", `t: &t {tag: 1.7.3}\nimage:\n  <<: *t\n  repository: ${IMAGE}\n`, 1, /merge key/],
    ["block scalar", `image: >-\n  ${IMAGE}:1.7.3\n`, 1, /block scalar/],
    ["quotes over several lines", `image: "${IMAGE}:\\\n  1.7.3"\n`, 1, /several lines/],
    ["YAML tag", `image: !!binary ${IMAGE}:1.7.3\n`, 1, /YAML tag/],
    ["no tag", `image:\n  repository: ${IMAGE}\n`, 2, /no version here. Write the `tag`/],
    ["empty tag", `image:\n  repository: ${IMAGE}\n  tag: ""\n`, 3, /no version here/],
    ["null tag", `image:\n  repository: ${IMAGE}\n  tag: null\n`, 3, /no version here/],
    ["templated tag", `image:\n  repository: ${IMAGE}\n  tag: "{{ .V }}"\n`, 3, /"\{\{ \.V \}\}" is not a tag/],
    ["short digest", `image:\n  repository: ${IMAGE}\n  tag: 1\n  digest: sha256:abc\n`, 4, /not a digest/],
    ["doubled tag", `image:\n  repository: ${IMAGE}\n  tag: 1\n  tag: 2\n`, 3, /tag stands more than once/],
    ["doubled parent", `web:\n  image: ${IMAGE}:1\nweb: {}\n`, 2, /web stands more than once/],
    [
      "new name without a tag",
      `kind: Kustomization\nimages:\n- name: app\n  newName: ${IMAGE}\n`,
      3,
      /Write the `newTag`/,
    ],
  ];
  for (const [name, text, line, why] of refusals) {
    it(name, () => {
      const refused = find(text).places.filter(({ refusal }) => refusal !== undefined);
      assert.equal(refused.length, 1, JSON.stringify(find(text)));
      assert.equal(refused[0]?.line, line);
      assert.match(refused[0]?.refusal ?? "", why);
    });
  }

  it("a field that leads to a map, through an alias, or to nothing yet", () => {
    const reasons = ["global: {version: {}}", "a: &a {version: 1}\nglobal: *a", "global: {version: }"].map(
      (text) => find(`${text}\n`, { fields: [field] }).places[0]?.refusal ?? "",
    );
    assert.match(reasons[0] ?? "", /not to one value/);
    assert.match(reasons[1] ?? "", /alias/);
    assert.match(reasons[2] ?? "", /nothing here yet/);
  });
});

describe("a file that must not be edited is a problem", () => {
  const chart = "charts/checkout/templates/deployment.yaml";
  const problems: readonly (readonly [name: string, text: string, line: number, why: RegExp, path?: string])[] = [
    ["not YAML", `image: ${IMAGE}:1\na: [\n`, 3, /not valid YAML/],
    ["a template that is no YAML", `image: ${IMAGE}:1\n{{- if .V }}\na: 1\n{{- end }}\n`, 2, /template expressions/],
    ["a template that is YAML by accident", `image: ${IMAGE}:1\ntag: {{ .V }}\n`, 2, /template expressions/],
    ["a chart's template", `image: ${IMAGE}:1 # {{ .V }}\n`, 1, /Helm template/, chart],
    ["T17: a document over 1 MiB", `image: ${IMAGE}:1\na: ${"x".repeat(1024 * 1024)}\n`, 1, /larger than 1 MiB/],
    ["T17: a file over 5 MiB", `image: ${IMAGE}:1\n${"---\na: b\n".repeat(600_000)}`, 1, /larger than 5 MiB/],
    [
      "T17: 5,000 lists within each other",
      `image: ${IMAGE}:1\na: ${"[".repeat(5_000)}${"]".repeat(5_000)}\n`,
      2,
      /nested/,
    ],
    [
      "T17: 150 maps within each other",
      `image: ${IMAGE}:1\na: ${"{a: ".repeat(150)}${"}".repeat(150)}\n`,
      2,
      /more than 100 deep/,
    ],
  ];
  for (const [name, text, line, why, path] of problems) {
    it(name, () => {
      const result = find(text, path ? { path } : {});
      assert.deepEqual(result.places, []);
      assert.equal(result.problems.length, 1);
      assert.equal(result.problems[0]?.line, line);
      assert.match(result.problems[0]?.why ?? "", why);
    });
  }

  it("but only when it may name the image", () => {
    for (const [, text, , , path] of problems) {
      const other = find(text.replaceAll("checkout", "other"), path ? { path } : {});
      assert.deepEqual(other, { places: [], problems: [], parsed: 0 });
    }
  });

  it("a field that is not there, or in two documents", () => {
    assert.match(find("a: 1\n", { fields: [field] }).problems[0]?.why ?? "", /no value at global\.version/);
    const [twice] = find("global: {version: 1}\n---\nglobal: {version: 2}\n", { fields: [field] }).problems;
    assert.deepEqual([twice?.line, /line 1/.test(twice?.why ?? "")], [3, true]);
  });
});

describe("T17: files made to be slow", () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");
  const hostile: readonly (readonly [name: string, text: string])[] = [
    ["40,000 keys", lines(40_000, (index) => `key${index}: value`)],
    ["30,000 aliases", `a: &a x\n${lines(30_000, (index) => `k${index}: *a`)}`],
    [
      "an alias bomb",
      `a0: &a0 [x, x]\n${lines(60, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`)}`,
    ],
    ["an ordered map of 60,000", `a: !!omap [${lines(60_000, (index) => `k${index}: v`).replaceAll("\n", ", ")}]`],
    ["a merge of itself", `a: &a\n  <<: *a\n  repository: ${IMAGE}\n  b: 1`],
    ["keys with the names of object members", `__proto__: {image: "${IMAGE}:2"}\nconstructor: {prototype: 1}`],
  ];
  for (const [name, text] of hostile) {
    it(name, () => {
      const before = process.cpuUsage();
      const { places } = find(`image: ${IMAGE}:1\n${text}\n`);
      assert.equal(places[0]?.tag, "1");
      // Processor time, not the clock: with the library's quadratic check the first of these takes over ten seconds.
      assert.ok(process.cpuUsage(before).user < 8_000_000);
    });
  }
});
