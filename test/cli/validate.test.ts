import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { VALIDATE_HELP, validate } from "../../src/cli/validate.ts";
import { LARGEST_FILE } from "../../src/config/parse-limits.ts";

const folders: string[] = [];

async function clone(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stagecoach-validate-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function run(
  folder: string,
  ...written: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await validate({
    ...{ arguments: written, folder },
    print: (text) => out.push(text),
    complain: (text) => error.push(text),
  });
  return { code, out: out.join("\n"), error: error.join("\n") };
}

after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const main = ".github/stagecoach.yaml";
const services = [
  "version: 1",
  "pipelines:",
  '  - name: "{app}"',
  '    for-each: "services/{app}"',
  '    images: [{ image: "ghcr.io/acme/{app}" }]',
  '    environments: [{ name: dev, paths: ["services/{app}/dev"] }]',
  "",
].join("\n");

describe("stagecoach validate", () => {
  test("a sound clone: 0, with its folders for for-each and its further files", async () => {
    const more = "pipelines: [{ name: own, images: [{ image: a }], environments: [{ name: dev, paths: [own] }] }]\n";
    const folder = await clone({
      ...{ [main]: services, "services/cart/dev/a.yaml": "", "services/till/dev/a.yaml": "" },
      ...{ ".github/stagecoach/own.yaml": more, ".git/config": "", "node_modules/a/b": "" },
    });
    assert.deepEqual(await run(folder), {
      code: 0,
      out: "3 pipelines in order; nothing to complain about in 2 files.",
      error: "",
    });
  });

  test("errors: 1, each as a line for a terminal with the place first", async () => {
    const folder = await clone({ [main]: services.replace("images:", "image:"), "services/cart/a": "" });
    const { code, out } = await run(folder);
    assert.equal(code, 1);
    assert.equal(
      out,
      [
        `${main}:5:5: error: Unknown key \`image\` in a pipeline.`,
        '  5 |     image: [{ image: "ghcr.io/acme/{app}" }]',
        "    |     ^^^^^",
        "  Write `images: [{ image: … }]`.",
        "",
        "0 pipelines in order, 1 stopped by errors; 1 error in one file.",
      ].join("\n"),
    );
  });

  test("warnings alone: 0", async () => {
    const { code, out } = await run(await clone({ [main]: services }));
    assert.equal(code, 0);
    assert.match(out, /warning: No folder of the default branch matches this\./);
    assert.match(out, /0 pipelines in order; 1 warning in one file\.$/);
  });

  test("--json for programs", async () => {
    const folder = await clone({ [main]: `${services}moed: full\n`, "services/cart/a": "" });
    const { code, out } = await run(folder, "--json");
    assert.equal(code, 1);
    const { pipelines, broken, findings } = JSON.parse(out);
    assert.deepEqual({ pipelines, broken }, { pipelines: [], broken: [] });
    assert.deepEqual(findings, [
      {
        ...{ severity: "error", file: main, line: 7, column: 1, path: "moed" },
        ...{ message: "Unknown key `moed` in a pipeline file.", hint: "Did you mean `mode`?" },
        ...{ excerpt: "moed: full", length: 4 },
      },
    ]);
  });

  test("a file in a clone is read with the clone around it", async () => {
    const folder = await clone({ [main]: services, "services/cart/dev/a.yaml": "" });
    assert.match((await run(folder, main)).out, /^1 pipeline in order; nothing/);
    assert.match((await run(join(folder, ".github"), "stagecoach.yaml")).out, /^1 pipeline in order; nothing/);
  });

  test("a file that stands alone is shown under its own name, and asks for no folders", async () => {
    const folder = await clone({ "draft.yaml": services, "broken.yaml": "version: 2\n" });
    assert.deepEqual(await run(folder, "draft.yaml"), {
      code: 0,
      out: "0 pipelines in order; nothing to complain about in one file.",
      error: "",
    });
    const { code, out } = await run(folder, "broken.yaml");
    assert.equal(code, 1);
    assert.match(out, /^broken\.yaml:1:10: error: /);
  });

  test("T17: a file that is too large is refused, not read whole", async () => {
    const { code, out } = await run(await clone({ [main]: "#".repeat(3 * LARGEST_FILE) }));
    assert.equal(code, 1);
    assert.match(out, /the limit is 409600 \(400 KiB\)/);
  });

  test("T18: links are not followed", async () => {
    const outside = await clone({ "stagecoach.yaml": "version: 1\n" });
    const folder = await clone({ "a/b": "" });
    await mkdir(join(folder, ".github"));
    await symlink(join(outside, "stagecoach.yaml"), join(folder, main));
    assert.equal((await run(folder)).code, 2);
  });

  test("called wrongly: 2, with what would be right", async () => {
    const folder = await clone({ "a/b": "" });
    for (const { written, expected } of [
      { written: ["nowhere.yaml"], expected: /^There is no `nowhere\.yaml`\.$/ },
      { written: [], expected: /^There is no `\.github\/stagecoach\.yaml` in `\.`\.$/ },
      { written: ["a", "b"], expected: /^Expected one file or folder at most\.\n\nUsage: / },
      { written: ["--jsn"], expected: /^Unknown option '--jsn'\.\n\nUsage: / },
    ]) {
      const { code, out, error } = await run(folder, ...written);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(error, expected);
    }
  });

  test("--help", async () => {
    assert.deepEqual(await run("/", "--help"), { code: 0, out: VALIDATE_HELP, error: "" });
  });
});

describe("code owners of a clone", () => {
  const pipelines = [
    "version: 1",
    "pipelines:",
    "- { name: till, images: [{ image: a }], environments: [{ name: live, paths: [live], allow: { promote: CODEOWNERS } }] }",
    "",
  ].join("\n");

  test("are those of the first file that GitHub takes", async () => {
    const files = { [main]: pipelines, "live/values.yaml": "a: 1\n", CODEOWNERS: "/live/ @jane\n" };
    assert.equal((await run(await clone(files))).out, "1 pipeline in order; nothing to complain about in one file.");
    const other = await clone({ ...files, ".github/CODEOWNERS": "/other/ @jane\n" });
    assert.match((await run(other)).out, /Nobody owns all of its files, so nobody may give `\/promote` in `live`\./);
    assert.match(
      (await run(await clone({ [main]: pipelines, "live/values.yaml": "a: 1\n" }))).out,
      /There is no file of code owners, so nobody may give `\/promote` in `live`\./,
    );
  });
});
