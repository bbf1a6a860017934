// Policies mean what people know them to mean: the answers of the library that reads ranges elsewhere, and the examples of
// docs/versions.md, each read and picked by the code that decides in a pass.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { MAIN_FILE } from "../../src/config/configuration-files.ts";
import { readConfiguration } from "../../src/config/read-configuration.ts";
import type { Policy } from "../../src/domain/pipeline.ts";
import { known } from "../../src/domain/seen.ts";
import { pickVersion } from "../../src/plan/pick-version.ts";
import { rankTags } from "../../src/plan/rank-versions.ts";
import { readVersion, readVersionRange } from "../../src/plan/version-range.ts";
import { readProjectFile } from "../architecture/read-sources.ts";
import { IMAGE, images } from "./build.ts";
import { MASTERMINDS, type MastermindsRow } from "./masterminds.ts";
import RANDOM from "./masterminds-random.json" with { type: "json" };

describe("a range means what Masterminds/semver says", () => {
  test("in pairs that were made at random, a range each", () => {
    const wrong = (RANDOM as unknown as readonly MastermindsRow[]).filter(([range, version, answer]) => {
      const read = readVersionRange(range);
      return (read.kind === "invalid" ? "unreadable" : read.matches(version) ? "in" : "out") !== answer;
    });
    assert.ok(RANDOM.length >= 380);
    assert.deepEqual(wrong, []);
  });
  test("in thirty-three pairs", () => assert.equal(MASTERMINDS.length, 33));
  for (const [range, version, answer] of MASTERMINDS) {
    test(`${JSON.stringify(range)}: ${version} is ${answer}`, () => {
      const read = readVersionRange(range);
      const found = read.kind === "invalid" ? "unreadable" : read.matches(version) ? "in" : "out";
      assert.equal(found, answer);
    });
    test(`and a policy takes ${version} by ${JSON.stringify(range)} only if it has three parts`, () => {
      const tag = version.replace("+", "_");
      const takes = rankTags({ policy: { kind: "semver", range, ignore: [] }, tags: [tag] }).tags.length === 1;
      assert.equal(takes, answer === "in" && readVersion(version) !== undefined);
    });
  }
});

/** Rows of three cells, of which the first two are in backticks. */
function documentedPicks(): readonly {
  readonly policy: string;
  readonly tags: readonly string[];
  readonly takes: string;
}[] {
  return [
    ...readProjectFile("docs/versions.md").matchAll(/^\| `(\{.*\})` \| ((?:`\S+` ?)+) \| (?:`(\S+)`|nothing) \|$/gm),
  ].map(([, policy = "", tags = "", takes = "nothing"]) => ({
    policy,
    tags: tags.replaceAll("`", "").trim().split(" "),
    takes,
  }));
}

function readPolicy(text: string): Policy {
  const file = `version: 1\npipelines:\n  - name: a\n    images: [{ image: ${IMAGE}, policy: ${text} }]\n    environments: [{ name: b, paths: [b] }]\n`;
  const { pipelines, findings } = readConfiguration({
    files: [{ path: MAIN_FILE, text: file }],
    tree: ["b/c.yaml"],
    floor: [],
    rules: READING_RULES,
  });
  assert.deepEqual(findings, []);
  return pipelines[0]?.images[0]?.policy ?? assert.fail(text);
}

describe("docs/versions.md", () => {
  test("has examples", () => assert.ok(documentedPicks().length >= 10));
  for (const { policy, tags, takes } of documentedPicks()) {
    test(`${policy} takes ${takes}`, () => {
      for (const order of [tags, [...tags].reverse()]) {
        const tracked = { image: IMAGE, policy: readPolicy(policy) };
        const picked = pickVersion(tracked, { state: known(images(order)), isBlocked: () => false });
        assert.ok(picked.kind === "known");
        assert.equal(picked.value.kind === "version" ? picked.value.version.tag : "nothing", takes);
      }
    });
  }
});
