// Which objects a text declares, and what a text can do to whoever reads it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nameObject } from "../../src/domain/object-reference.ts";
import { findObjects } from "../../src/manifests/find-objects.ts";

const find = (text: string, path = "apps/web.yaml") => findObjects({ path, text });
const names = (text: string) => find(text).objects.map((object) => `${object.line}: ${nameObject(object)}`);
const problems = (text: string) =>
  find(text).problems.map(({ kind, line, column, why }) => `${kind} ${line}:${column} ${why}`);

const WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n";

describe("objects of a text", () => {
  test("are the documents that have a version, a kind and a name, with their lines", () => {
    const text = `# first\n${WEB}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n---\nreplicas: 3\n`;
    assert.deepEqual(names(text), ["2: Deployment shop/web", "6: Namespace shop"]);
    assert.deepEqual(problems(text), []);
  });

  test("are taken out of lists", () => {
    const item = (name: string) => `- { apiVersion: v1, kind: ConfigMap, metadata: { name: ${name} } }\n`;
    assert.deepEqual(names(`apiVersion: v1\nkind: List\nitems:\n${item("a")}${item("b")}`), [
      "1: ConfigMap a",
      "1: ConfigMap b",
    ]);
    assert.deepEqual(names(`kind: ConfigMapList\napiVersion: v1\nitems:\n${item("a")}`), ["1: ConfigMap a"]);
  });

  test("may be JSON", () => {
    const json = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}';
    assert.deepEqual(find(json, "web.json").objects.map(nameObject), ["Service web"]);
  });

  const NONE: readonly (readonly [string, string])[] = [
    ["values of a chart", "image: { tag: 1.8.0 }\nkind: web\n"],
    ["a kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: { name: x }\n"],
    [
      "an object that a tool reads",
      WEB.replace("namespace: shop", "annotations: { config.kubernetes.io/local-config: 'true' }"),
    ],
    ["a kind that is no text", "apiVersion: v1\nkind: [Pod]\nmetadata: { name: web }\n"],
    ["a name that is no text", "apiVersion: v1\nkind: Pod\nmetadata: { name: 12 }\n"],
    ["an object without metadata", "apiVersion: v1\nkind: Pod\nmetadata: web\n"],
    ["a list of texts", "- a\n- b\n"],
    ["nothing", ""],
  ];
  for (const [what, text] of NONE)
    test(`are not ${what}`, () => assert.deepEqual(find(text), { objects: [], problems: [] }));

  test("have their annotations, those that are no text left out", () => {
    const text = `${WEB.replace("}\n", ", annotations: { helm.sh/resource-policy: keep, count: 3 } }\n")}`;
    assert.deepEqual(find(text).objects[0]?.annotations, { "helm.sh/resource-policy": "keep" });
  });

  test("are read as Kubernetes reads them: YAML 1.1, merge keys and aliases included", () => {
    const text = `${WEB}base: &base { on: yes, mode: 0644 }\nspec: { <<: *base, at: 2026-11-20T10:00:00Z }\n`;
    assert.deepEqual(find(text).objects[0]?.value.spec, { true: true, mode: 420, at: "2026-11-20T10:00:00Z" });
  });
});

describe("what cannot be read is told with its line", () => {
  const ROWS: readonly (readonly [string, string, RegExp])[] = [
    [
      "a template that is no YAML",
      `${WEB}{{- if .Values.on }}\nx: 1\n{{- end }}\n`,
      /^templated \d+:\d+ .*nobody can say/,
    ],
    ["a template that is YAML by accident", `${WEB}spec: {{ .Values.spec }}\n`, /^templated 1:1/],
    ["a name that is made later", WEB.replace("web", "'{{ .Release.Name }}'"), /^templated 1:1/],
    ["broken YAML", `${WEB}---\na: [1\n`, /^unreadable 6:\d+ The file is not valid YAML/],
    [
      "T17: a document nested too deep",
      `${WEB}x: ${"[".repeat(3_000)}${"]".repeat(3_000)}\n`,
      /^unreadable .*(?:nested|deeply)/,
    ],
    [
      "T17: aliases that grow into a billion",
      `${WEB}a: &a [1,1,1,1,1,1,1,1,1,1]\n${"bcdefgh"
        .split("")
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefg"[index]}`).join(",")}]\n`)
        .join("")}`,
      /^unreadable 1:1 .*aliases/,
    ],
    [
      "T17: one long text behind many aliases",
      `${WEB}a: &a [${Array(30_000).fill("1").join(",")}]\nb: [${Array(90).fill("*a").join(",")}]\n`,
      /^unreadable 1:1 .*aliases/,
    ],
    ["an alias that points nowhere", `${WEB}a: *nowhere\n`, /^unreadable/],
    ["T17: a document above 1 MiB", `${WEB}a: ${"x".repeat(1_100_000)}\n`, /^unreadable 1:1 The document is larger/],
    ["T17: a file above 5 MiB", `${WEB}a: ${"x".repeat(5_500_000)}\n`, /^unreadable 1:1 The file is larger/],
    [
      "T17: more than 2 MiB of documents",
      Array.from({ length: 5 }, () => `${WEB}a: ${"x".repeat(600_000)}\n`).join("---\n"),
      /^unreadable \d+:1 The file is longer than 2 MiB/,
    ],
  ];
  for (const [what, text, said] of ROWS) {
    test(what, () => {
      const found = problems(text);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", said);
    });
  }

  test("T17: `__proto__` is no way into other objects", () => {
    const { objects } = find(`${WEB}__proto__: { polluted: yes }\nspec: { __proto__: { polluted: yes } }\n`);
    assert.equal(Reflect.get({}, "polluted"), undefined);
    assert.equal(Reflect.get(Object(objects[0]?.value.spec), "polluted"), undefined);
  });

  test("and the other documents of the file are read all the same", () => {
    const text = `${WEB}---\na: [1\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\n`;
    assert.deepEqual(find(text).objects.map(nameObject), ["Deployment shop/web", "Service web"]);
  });
});
