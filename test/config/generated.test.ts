import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { generatedDocuments } from "../../src/cli/generate-docs.ts";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { gatherFindings } from "../../src/config/gather-findings.ts";
import { makeReading } from "../../src/config/make-reading.ts";
import { makeSchema, tablesOf } from "../../src/config/make-schema.ts";
import { parseSource } from "../../src/config/parse-source.ts";
import { mainTable } from "../../src/config/pipeline-table.ts";
import { readReporter } from "../../src/config/read-reporter.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { PIPELINE_EXAMPLE, REPORTER_EXAMPLE, SETTINGS_EXAMPLE } from "../../src/config/reference-texts.ts";
import { reporterTable } from "../../src/config/reporter-table.ts";
import { settingsTable } from "../../src/config/settings-table.ts";
import type { Table } from "../../src/config/shape.ts";
import { inShort, readText, withEnvironment } from "./read-text.ts";

const validate = new Ajv({ allErrors: true }).compile(makeSchema({ root: mainTable, title: "pipeline file" }));

function fits(text: string): boolean {
  return validate(parse(text, { version: "1.2", schema: "core" }));
}

describe("documents made from the reader's tables", () => {
  for (const { path, text } of generatedDocuments()) {
    test(`${path} is fresh`, () => {
      const committed = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
      assert.ok(committed === text, `${path} is not what the tables say: run \`npm run generate\``);
    });
  }

  test("the example of the pipeline file has no findings", () => {
    const tree = ["services/cart/dev/values.yaml"];
    const { findings, pipelines } = readText(PIPELINE_EXAMPLE, { tree });
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(
      pipelines.map(({ name }) => name),
      ["checkout", "cart"],
    );
  });

  test("the example of the settings file has no findings where its secrets are set", () => {
    const names = [...SETTINGS_EXAMPLE.matchAll(/[A-Z]{2,}_[A-Z_]+/g)].map(([name]) => name);
    const variables = Object.fromEntries(names.map((name) => [name, "a secret that is long enough"]));
    const result = readSettings({
      file: { path: "settings.yaml", text: SETTINGS_EXAMPLE },
      variables,
      rules: READING_RULES,
    });
    assert.deepEqual(result.findings.map(inShort), []);
    assert.equal(result.kind, "read");
  });

  test("the example of the reporter's file has no findings where its secret is set", () => {
    const variables = { STAGECOACH_REPORTS: "a secret that is long enough" };
    const result = readReporter({ file: { path: "reporter.yaml", text: REPORTER_EXAMPLE }, variables });
    assert.deepEqual(result.findings.map(inShort), []);
  });

  for (const root of [mainTable, settingsTable, reporterTable] as readonly Table[]) {
    test(`every key below a ${root.name} reads its own example and default`, () => {
      for (const table of tablesOf(root)) {
        for (const [name, key] of Object.entries(table.keys)) {
          for (const written of [key.example, key.default]) {
            if (written === undefined) continue;
            const gathering = gatherFindings();
            const node = parseSource({ file: { path: name, text: written }, gathering });
            assert.ok(node, `${table.name}, ${name}: ${written}`);
            key.shape.read(
              { node, path: name },
              makeReading({ effort: { gathering, rules: READING_RULES, spent: 0 } }),
            );
            assert.deepEqual(gathering.findings().map(inShort), [], `${table.name}, ${name}: ${written}`);
          }
        }
      }
    });
  }
});

describe("the JSON Schema", () => {
  const examples = {
    "the example of the reference": PIPELINE_EXAMPLE,
    "a file that says everything": readFileSync(new URL("./cases/shop.yaml", import.meta.url), "utf8"),
    "the smallest file": "version: 1\n",
  };
  for (const [name, text] of Object.entries(examples)) {
    test(`accepts ${name}`, () => {
      assert.ok(fits(text), JSON.stringify(validate.errors, null, 1));
    });
  }

  const refused = {
    "no version": "mode: full",
    "another version": "version: 2",
    "an unknown key": "version: 1\nmod: full",
    "an unknown word": "version: 1\nmode: ful",
    "limits below one": "version: 1\nlimits: { open: 0 }",
    "an environment without a name": withEnvironment("paths: [a]"),
    "two gates in one item": withEnvironment("name: a", "paths: [a]", "merge-when: [{ approvals: 1, checks: a }]"),
    "two kinds of live": withEnvironment("name: a", "paths: [a]", "live: { source: dev, argocd: a, flux: b }"),
    "a duration in words": withEnvironment("name: a", "paths: [a]", "propose-when: [{ soak: an hour }]"),
    "a name in capitals": withEnvironment("name: A", "paths: [a]"),
    "an absolute path": withEnvironment("name: a", "paths: [/a]"),
    "a number for a text": withEnvironment("name: 1.10", "paths: [a]"),
  };
  for (const [name, text] of Object.entries(refused)) {
    test(`refuses ${name}, as the reader does`, () => {
      assert.equal(fits(text), false);
      assert.notDeepEqual(readText(text).findings, []);
    });
  }
});
