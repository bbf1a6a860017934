// One value of one file, as a sandbox lends it: what a RootSync, an Application and a GitRepository say is changed and put
// back, everything else stays byte for byte, and what cannot be proven is refused with its place.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPlainReference } from "../../src/domain/sandbox.ts";
import { blobId } from "../../src/manifests/blob-id.ts";
import { editField } from "../../src/manifests/edit-field.ts";

const BRANCH = "feature/cart#2";

function edit(
  text: string,
  path: string,
  { value = BRANCH, mode = "100644", oid = blobId(text), file = "a.yaml" } = {},
) {
  return editField({ file, path: path.split("."), value }, { text, mode, oid });
}

const forms = [
  {
    name: "a RootSync",
    path: "spec.git.branch",
    text: (branch: string) =>
      `apiVersion: configsync.gke.io/v1beta1\nkind: RootSync\nspec:\n  git:\n    repo: https://example.com/a.git\n    branch: ${branch} # what the cluster follows\n    dir: "dev"\n`,
  },
  {
    name: "an Application",
    path: "spec.source.targetRevision",
    text: (branch: string) =>
      `kind: Application\r\nspec: { source: { repoURL: "https://example.com/a.git", targetRevision: ${branch}, path: dev } }\r\n`,
  },
  {
    name: "a GitRepository beside another document",
    path: "spec.ref.branch",
    text: (branch: string) =>
      `kind: Secret\ndata: {}\n---\nkind: GitRepository\nspec:\n  ref:\n    branch: ${branch}\n`,
  },
  { name: "JSON", path: "spec.ref.branch", text: (branch: string) => `{"spec": {"ref": {"branch": ${branch}}}}\n` },
] as const;

describe("the branch of", () => {
  for (const { name, path, text } of forms) {
    it(`${name} is written, and put back`, () => {
      const quoted = name === "JSON" ? '"main"' : "main";
      const there = edit(text(quoted), path);
      assert.ok(there.kind === "field", JSON.stringify(there));
      const [file] = there.edit.files;
      assert.equal(there.present, "main");
      assert.equal(file?.text, text(`"${BRANCH}"`));
      const back = edit(file?.text ?? "", path, { value: "main" });
      assert.ok(back.kind === "field");
      assert.equal(back.present, BRANCH);
      assert.equal(back.edit.files[0]?.text, text('"main"'));
    });
  }

  it("a file that says it already needs no edit", () => {
    assert.deepEqual(edit("a: main\n", "a", { value: "main" }), {
      kind: "field",
      present: "main",
      edit: { files: [] },
    });
  });

  it("a commit of digits alone stays a string for every reader", () => {
    const value = "1234567890".repeat(4);
    const result = edit("a: main\n", "a", { value });
    assert.ok(result.kind === "field");
    assert.equal(result.edit.files[0]?.text, `a: "${value}"\n`);
  });
});

describe("T16, T17, T18: is never touched:", () => {
  const rows = [
    { name: "a template", text: "a: {{ .Values.branch }}\n", why: /template/ },
    { name: "a value that is not there", text: "b: main\n", why: /no value at a/ },
    { name: "a value that stands in two documents", text: "a: main\n---\na: other\n", why: /Two documents/ },
    { name: "a key that stands twice", text: "a: main\na: other\n", why: /more than once/ },
    { name: "an alias", text: "b: &x main\na: *x\n", why: /alias/ },
    { name: "a block scalar", text: "a: |\n  main\n", why: /block scalar/ },
    { name: "a map", text: "a: { b: main }\n", why: /not to one value/ },
    { name: "an empty value", text: "a:\n", why: /nothing here yet/ },
    { name: "a symbolic link", text: "a: main\n", options: { mode: "120000" }, why: /symbolic link/ },
    { name: "text that Git does not know", text: "a: main\n", options: { oid: "0".repeat(40) }, why: /Git's id/ },
    {
      name: "a quote that would end early",
      text: "a: 'main'\n",
      options: { value: "x'y" },
      why: /could not be proven/,
    },
  ] as const;
  for (const { name, text, why, ...row } of rows) {
    it(name, () => {
      const result = edit(text, "a", "options" in row ? row.options : {});
      assert.ok(result.kind === "refused", JSON.stringify(result));
      assert.match(result.why, why);
    });
  }
});

describe("T19: a name that may be written", () => {
  for (const name of [
    "main",
    "feature/cart#2",
    "v1.2.3",
    "dependabot/npm_and_yarn/a-1.0",
    "a".repeat(40),
    "renovate/@x",
  ])
    it(`${name} is one`, () => assert.ok(isPlainReference(name)));
  const others = [
    "",
    "-x",
    "../x",
    "a..b",
    "a/.b",
    "a//b",
    "a.",
    "a/",
    "a.lock",
    "a b",
    "a\nb",
    "`x`",
    "$(x)",
    "a:b",
    "x'y",
    'x"y',
    "*",
    "@{u}",
    "{{x}}",
    "é",
    "a".repeat(201),
  ];
  for (const name of others)
    it(`${JSON.stringify(name.slice(0, 20))} is none`, () => assert.ok(!isPlainReference(name)));
});
