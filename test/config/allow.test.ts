import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asksForOwners } from "../../src/config/configuration-files.ts";
import type { Environment } from "../../src/domain/pipeline.ts";
import type { SettingsFloor } from "../../src/domain/settings.ts";
import { inShort, readText, withEnvironment } from "./read-text.ts";

const OWNERS = "/apps/live/ @acme/sre @jane\n";
const tree = ["apps/live/values.yaml", "apps/dev/values.yaml"];

interface Read {
  readonly environment: Environment | undefined;
  readonly told: readonly string[];
}

function read(
  allow: string,
  { floor = [], codeowners = OWNERS }: { readonly floor?: readonly SettingsFloor[]; readonly codeowners?: string } = {},
): Read {
  const text = withEnvironment("name: live", "paths: [apps/live]", ...(allow === "" ? [] : [`allow: ${allow}`]));
  const { pipelines, findings } = readText(text, { tree, floor, codeowners });
  return { environment: pipelines[0]?.environments[0], told: findings.map(inShort) };
}

describe("who may give a command", () => {
  test("is what the environment says, and nothing where it says nothing", () => {
    assert.deepEqual(read("{ promote: jane, hold: [acme/sre, joe] }").environment?.allow, {
      promote: ["jane"],
      hold: ["acme/sre", "joe"],
    });
    assert.deepEqual(read("").environment?.allow, {});
  });

  test("cannot be said of commands that only tell", () => {
    assert.equal(read("{ why: jane }").told[0]?.startsWith("8:16 [why] Unknown key `why` in an allow map."), true);
  });

  test("CODEOWNERS stands for those who own every file of the environment, each once", () => {
    const { environment, told } = read("{ promote: [joe, CODEOWNERS, jane] }");
    assert.deepEqual(environment?.allow, { promote: ["joe", "jane", "acme/sre"] });
    assert.deepEqual(told, []);
  });

  test("CODEOWNERS without owners names nobody, and says so", () => {
    const { environment, told } = read("{ promote: CODEOWNERS }", { codeowners: "/apps/dev/ @eve\n" });
    assert.deepEqual(environment?.allow, { promote: [] });
    assert.deepEqual(told, [
      "warning 8:25 [CODEOWNERS] Nobody owns all of its files, so nobody may give `/promote` in `live`. Add a line for its paths at the end of `.github/CODEOWNERS`, or name people.",
    ]);
  });

  test("CODEOWNERS without owners leaves those who are named besides", () => {
    const { environment, told } = read("{ promote: [joe, CODEOWNERS] }", { codeowners: "" });
    assert.deepEqual(environment?.allow, { promote: ["joe"] });
    assert.equal(told.length, 1);
  });
});

describe("whom the operator names", () => {
  const rows: readonly {
    readonly name: string;
    readonly floor: readonly SettingsFloor[];
    readonly expected: Environment["demanded"];
  }[] = [
    { name: "nobody", floor: [], expected: {} },
    { name: "in a rule without people", floor: [{ environments: ["live"], mergeWhen: [] }], expected: {} },
    {
      name: "in a rule for other environments",
      floor: [{ environments: ["prod*"], mergeWhen: [], allow: { promote: ["acme/sre"] } }],
      expected: {},
    },
    {
      name: "in two rules, each of which binds",
      floor: [
        { environments: ["l*"], mergeWhen: [], allow: { promote: ["acme/sre"], hold: ["joe"] } },
        { environments: ["live"], mergeWhen: [], allow: { promote: ["CODEOWNERS", "eve"] } },
      ],
      expected: { promote: [["acme/sre"], ["eve", "acme/sre", "jane"]], hold: [["joe"]] },
    },
  ];
  for (const { name, floor, expected } of rows) {
    test(name, () => {
      const { environment, told } = read("{ rollback: joe }", { floor });
      assert.deepEqual(environment?.demanded, expected);
      assert.deepEqual(environment?.allow, { rollback: ["joe"] });
      assert.deepEqual(told, []);
    });
  }

  test("the file of code owners is read where the pipeline file or the operator asks for it", () => {
    const demanding = [{ environments: ["live"], mergeWhen: [], allow: { hold: ["CODEOWNERS"] } }];
    assert.equal(asksForOwners(["version: 1"], []), false);
    assert.equal(asksForOwners(["version: 1", "allow: { hold: CODEOWNERS }"], []), true);
    assert.equal(asksForOwners(["version: 1"], demanding), true);
  });
});
