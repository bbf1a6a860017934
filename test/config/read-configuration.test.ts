import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { MAIN_FILE } from "../../src/config/configuration-files.ts";
import { readConfiguration } from "../../src/config/read-configuration.ts";
import type { Environment, Pipeline } from "../../src/domain/pipeline.ts";
import { inShort, readText, withEnvironment } from "./read-text.ts";

const atLeastOneApproval = { kind: "approvals", count: 1, teams: [] } as const;
const sound = "{ name: good, images: [{ image: a }], environments: [{ name: x, paths: [good] }] }";

function onlyEnvironment(text: string): Environment {
  const { pipelines, findings } = readText(text);
  assert.deepEqual(findings.map(inShort), []);
  const environment = pipelines[0]?.environments[0];
  assert.ok(environment);
  return environment;
}

function nameOf({ name }: Pipeline): string {
  return name;
}

describe("readConfiguration", () => {
  test("reads everything that can be said, with defaults filled in and environments in order", () => {
    const cases = new URL("./cases/", import.meta.url);
    const text = readFileSync(new URL("shop.yaml", cases), "utf8");
    const configuration = readText(text, {
      tree: ["README.md", "services/cart.v2/dev/values.yaml", "services/stock/values.yaml"],
      floor: [{ environments: ["pro*", "live"], mergeWhen: [atLeastOneApproval], allow: { promote: ["corner/sre"] } }],
    });
    // Through JSON, as a pass would be recorded.
    assert.deepEqual(
      JSON.parse(JSON.stringify(configuration)),
      JSON.parse(readFileSync(new URL("shop.json", cases), "utf8")),
    );
  });

  test("a freeze by days holds from the first moment of the first to the last moment of the last, in its zone", () => {
    const { freezes } = readText("version: 1\nfreezes: [{ from: 2026-10-25, to: 2026-10-25, zone: Europe/London }]\n");
    // The day on which the clocks go back has 25 hours.
    assert.deepEqual(freezes, [
      { from: Date.UTC(2026, 9, 24, 23), to: Date.UTC(2026, 9, 26), why: "a freeze", environments: [] },
    ]);
  });

  test("a freeze by instants and by local times", () => {
    const { freezes } = readText(
      "version: 1\nfreezes: [{ from: '2026-06-01T10:00+02:00', to: 2026-06-01T18:00, zone: America/New_York }]\n",
    );
    assert.deepEqual(
      freezes.map(({ from, to }) => [from, to]),
      [[Date.UTC(2026, 5, 1, 8), Date.UTC(2026, 5, 1, 22)]],
    );
  });

  test("without anything said, little is allowed", () => {
    const { mode, limits, freezes } = readText("version: 1\n");
    assert.deepEqual({ mode, limits, freezes }, { mode: "propose", limits: { open: 20, hourly: 60 }, freezes: [] });
    const environment = onlyEnvironment(withEnvironment("name: dev", "paths: [dev]"));
    assert.equal(environment.merge, "manual");
    assert.equal(environment.supersede, "until-approved");
    assert.equal(environment.unproven, "refuse");
    assert.equal(environment.onDrift, "report");
  });

  test("an environment's key replaces the one of the defaults as a whole", () => {
    const text = `${withEnvironment("name: dev", "paths: [dev]", "allow: { hold: [x] }")}defaults: { merge: auto, allow: { promote: [y] } }\n`;
    const { merge, allow } = onlyEnvironment(text);
    assert.deepEqual({ merge, allow }, { merge: "auto", allow: { hold: ["x"] } });
  });

  test("a broken pipeline stops with its first error, and its neighbours go on", () => {
    const bad = "{ name: bad, images: [{ image: a }], environments: [{ name: x, path: [bad] }] }";
    const { pipelines, broken } = readText(`version: 1\npipelines:\n- ${bad}\n- ${sound}\n`);
    assert.deepEqual(pipelines.map(nameOf), ["good"]);
    assert.deepEqual(
      broken.map(({ name, finding }) => [name, finding.message, finding.pipeline]),
      [["bad", "Unknown key `path` in an environment.", "bad"]],
    );
  });

  test("a mistake at the top stops all pipelines, and still all findings are told", () => {
    const { pipelines, findings } = readText(`version: 1\nmoed: full\npipelines:\n- ${sound}\n- { name: B }\n`);
    assert.deepEqual(pipelines, []);
    assert.deepEqual(
      findings.map(({ line }) => line),
      [2, 5, 5, 5],
    );
  });

  test("a second pipeline of one name is refused, and the first goes on", () => {
    const second = sound.replace("[good]", "[other]");
    const { pipelines, broken, findings } = readText(`version: 1\npipelines:\n- ${sound}\n- ${second}\n`);
    assert.deepEqual(pipelines.map(nameOf), ["good"]);
    assert.deepEqual(broken, []);
    assert.equal(findings[0]?.line, 4);
  });
});

describe("gates that are always there", () => {
  const chain = (second: string): string =>
    `version: 1\npipelines:\n- name: p\n  images: [{ image: a }]\n  environments:\n  - { name: b, paths: [b], after: [a, c]${second} }\n  - { name: a, paths: [a], live: { source: dev, argocd: a } }\n  - { name: c, paths: [c] }\n`;
  const gatesOf = (second: string): Environment["proposeWhen"] | undefined =>
    readText(chain(second)).pipelines[0]?.environments.find(({ name }) => name === "b")?.proposeWhen;
  const implied = [
    { kind: "healthy", environment: "a" },
    { kind: "merged", environment: "c" },
  ];

  test("healthy where the environment before can be observed, else merged", () => {
    assert.deepEqual(gatesOf(""), implied);
  });

  test("they stand before the written ones", () => {
    assert.deepEqual(gatesOf(", propose-when: [{ soak: 2h }]"), [...implied, { kind: "soak", duration: 7_200_000 }]);
  });

  test("unproven: allow gives them up", () => {
    assert.deepEqual(gatesOf(", unproven: allow"), []);
  });

  test("a window binds at the merge too, wherever it is written", () => {
    const { proposeWhen, mergeWhen } = onlyEnvironment(
      withEnvironment("name: dev", "paths: [dev]", "propose-when: { window: { days: sat-mon } }"),
    );
    assert.deepEqual(proposeWhen, [{ kind: "window", days: [1, 6, 7], from: 0, to: 1440, zone: "UTC", except: [] }]);
    assert.deepEqual(mergeWhen, proposeWhen);
  });
});

describe("the operator's floor", () => {
  const rows = [
    { name: "is added where nothing is written", written: "", expected: [atLeastOneApproval] },
    {
      name: "is left out where as much is written",
      written: "merge-when: { approvals: { count: 2, teams: [a/b] } }",
      expected: [{ kind: "approvals", count: 2, teams: ["a/b"] }],
    },
  ];
  for (const { name, written, expected } of rows) {
    test(name, () => {
      const text = withEnvironment("name: prod-eu", "paths: [a]", ...(written === "" ? [] : [written]));
      const floor = [{ environments: ["prod*"], mergeWhen: [atLeastOneApproval] }];
      assert.deepEqual(readText(text, { floor }).pipelines[0]?.environments[0]?.mergeWhen, expected);
    });
  }

  test("is added where fewer or other people would do", () => {
    const demanded = { kind: "approvals", count: 2, teams: ["a/sre"] } as const;
    const floor = [{ environments: ["*"], mergeWhen: [demanded] }];
    for (const written of [
      "{ approvals: 1 }",
      "{ approvals: { count: 2, teams: [a/sre, a/everybody] } }",
      "{ approvals: 3 }",
    ]) {
      const text = withEnvironment("name: live", "paths: [a]", `merge-when: ${written}`);
      assert.deepEqual(readText(text, { floor }).pipelines[0]?.environments[0]?.mergeWhen.at(-1), demanded, written);
    }
  });

  test("does not bind environments of other names", () => {
    const floor = [{ environments: ["prod*"], mergeWhen: [atLeastOneApproval] }];
    const text = withEnvironment("name: preprod", "paths: [a]");
    assert.deepEqual(readText(text, { floor }).pipelines[0]?.environments[0]?.mergeWhen, []);
  });
});

describe("several files", () => {
  const other = sound.replace("good", "other").replace("[good]", "[other]");

  test("add pipelines, in the order of their names", () => {
    const third = sound.replace("good", "third").replace("[good]", "[third]");
    const further = { "z.yaml": `pipelines:\n- ${third}\n`, "b.yaml": `version: 1\npipelines: [${other}]\n` };
    const { pipelines, findings } = readText(`version: 1\npipelines:\n- ${sound}\n`, { further });
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(pipelines.map(nameOf), ["good", "other", "third"]);
    assert.equal(pipelines[1]?.at.file, ".github/stagecoach/b.yaml");
  });

  test("have the defaults of the main file", () => {
    const { pipelines } = readText("version: 1\ndefaults: { merge: auto }\n", {
      further: { "b.yaml": `pipelines: [${other}]\n` },
    });
    assert.equal(pipelines[0]?.environments[0]?.merge, "auto");
  });

  test("stop by themselves", () => {
    const further = { "b.yaml": `mode: full\npipelines: [${other}]\n`, "c.yaml": "a: [\n" };
    const { pipelines, broken, findings } = readText(`version: 1\npipelines:\n- ${sound}\n`, { further });
    assert.deepEqual(pipelines.map(nameOf), ["good"]);
    assert.deepEqual(
      broken.map(({ name }) => name),
      ["other"],
    );
    assert.deepEqual(
      findings.map(({ file, line }) => `${file}:${line}`),
      [".github/stagecoach/b.yaml:1", ".github/stagecoach/c.yaml:2"],
    );
    assert.equal(findings[0]?.hint, "This stands in `.github/stagecoach.yaml` only.");
  });

  test("cannot take a name or a place that the main file has", () => {
    const further = { "b.yaml": `pipelines: [${sound}, ${sound.replace("name: good", "name: thief")}]\n` };
    const { pipelines, findings } = readText(`version: 1\npipelines:\n- ${sound}\n`, { further });
    assert.deepEqual(pipelines.map(nameOf), ["good"]);
    assert.ok(findings.every(({ file, hint = "" }) => file.endsWith("b.yaml") && hint.includes(MAIN_FILE)));
  });

  test("need the main file", () => {
    const file = { path: ".github/stagecoach/b.yaml", text: `pipelines: [${other}]\n` };
    const { pipelines, findings } = readConfiguration({ files: [file], tree: [], floor: [], rules: READING_RULES });
    assert.deepEqual(pipelines, []);
    assert.deepEqual(
      findings.map(({ message }) => message),
      [`The file \`${MAIN_FILE}\` is missing.`],
    );
  });

  test("with the ending .yml are told the right name", () => {
    const file = { path: ".github/stagecoach.yml", text: "version: 1\n" };
    const { findings } = readConfiguration({ files: [file], tree: [], floor: [], rules: READING_RULES });
    assert.deepEqual(findings.map(inShort), [`1:1 [v] This file is not read. Name it \`${MAIN_FILE}\`.`]);
  });
});
