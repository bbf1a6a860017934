import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareVersions, readVersion, readVersionRange } from "../../src/plan/version-range.ts";

/** As Masterminds/semver 3.2 answers, except where a row says otherwise. */
const MEMBERSHIP: Readonly<Record<string, Readonly<{ in?: readonly string[]; out?: readonly string[] }>>> = {
  "*": { in: ["1.2.3", "0.0.0"], out: ["1.2.3-rc"] },
  x: { in: ["1.2.3"] },
  "*-0": { in: ["1.2.3-rc", "1.2.3"] },
  "1.2": { in: ["1.2.0", "1.2.9"], out: ["1.3.0", "1.2.9-rc.1"] },
  "=1.2": { in: ["1.2.9"], out: ["1.3.0"] },
  "1.x": { in: ["1.0.0", "01.2.3"], out: ["2.0.0"] },
  "=1.2.3": { in: ["1.2.3", "1.2.3+build5", "v1.2.3"], out: ["1.2.4"] },
  ">=1.0.0": { in: ["1.0.0", "2.0.0"], out: ["2.0.0-rc.1", "0.9.9"] },
  ">=1.0.0-0": { in: ["2.0.0-rc.1", "1.0.0-alpha"], out: ["0.9.9"] },
  ">=1.2.3-beta": { in: ["1.2.3-beta", "1.2.3"], out: ["1.2.3-alpha"] },
  ">1.2": { in: ["1.3.0"], out: ["1.2.5"] },
  ">1.2.x": { in: ["1.3.0"], out: ["1.2.5"] },
  "<=1.2": { in: ["1.2.5", "0.1.0"], out: ["1.3.0"] },
  "<=1": { in: ["1.9.9"], out: ["2.0.0"] },
  "<2.0.0-0": { in: ["1.9.9", "1.9.9-rc.1"], out: ["2.0.0-rc.1"] },
  "~1": { in: ["1.9.0"], out: ["2.0.0"] },
  "~1.2.3": { in: ["1.2.9"], out: ["1.3.0", "1.2.2"] },
  "~>1.2.3": { in: ["1.2.9"], out: ["1.3.0"] },
  "~1.2.3-beta.2": { in: ["1.2.4-alpha", "1.2.3-beta.3"], out: ["1.2.3-beta.1"] },
  "^1.2": { in: ["v1.4.0", "1.4"], out: ["1.1.9", "2.0.0"] },
  "^0.2": { in: ["0.2.9"], out: ["0.3.0"] },
  "^0.0": { in: ["0.0.5"], out: ["0.1.0"] },
  "^0.0.3": { in: ["0.0.3"], out: ["0.0.4"] },
  "^0": { in: ["0.9.0"], out: ["1.0.0"] },
  "^1.x-0": { in: ["1.5.0-rc.1", "1.5.0"], out: ["2.0.0-rc.1"] },
  "2.x-0": { in: ["2.1.0-rc1"], out: ["3.0.0-rc1"] },
  "!=1.2.3": { in: ["1.2.4"], out: ["1.2.3"] },
  "!=1.2.x": { in: ["1.3.0"], out: ["1.2.4"] },
  ">=1.0.0-0, !=1.2.3": { in: ["1.3.0-rc.1"], out: ["1.2.3"] },
  ">=1.2, <3.0.0": { in: ["2.0.0"], out: ["3.0.0"] },
  ">=1.2 <3.0.0": { in: ["2.0.0"], out: ["1.1.0"] },
  ">= 1.2,<3": { in: ["2.9.9"], out: ["3.0.0"] },
  "=>1.2 =<1.4": { in: ["1.4.9"], out: ["1.5.0"] },
  "1.2 - 1.4.5": { in: ["1.4.0", "1.4.5"], out: ["1.4.6"] },
  "~1.2.3 || ^3": { in: ["3.1.0", "1.2.4"], out: ["2.0.0"] },
  ">=1.0.0 || <0.5": { in: ["0.4.0"], out: ["0.6.0"] },
  // Masterminds contradicts its documentation here; the documentation counts.
  "^*": { in: ["0.0.1", "3.2.1"] },
  "~0.0.0": { in: ["0.0.7"], out: ["1.0.0"] },
  ">*": { out: ["1.0.0"] },
};

describe("a range", () => {
  for (const [range, { in: inside = [], out: outside = [] }] of Object.entries(MEMBERSHIP)) {
    test(range, () => {
      const read = readVersionRange(range);
      assert.equal(read.kind, "range");
      if (read.kind !== "range") return;
      for (const version of inside) assert.equal(read.matches(version), true, `${version} is in`);
      for (const version of outside) assert.equal(read.matches(version), false, `${version} is out`);
    });
  }

  const INVALID = [
    "",
    " ",
    "1.2 ||",
    "latest",
    ">=1.2,",
    ">= ",
    "1.2.3.4",
    ">1.2<3",
    "1.2;3",
    "01.2",
    "~^1",
    "1".repeat(300),
  ];
  for (const text of INVALID) {
    test(`is not ${JSON.stringify(text.slice(0, 20))}`, () => {
      const read = readVersionRange(text);
      assert.equal(read.kind, "invalid");
      assert.ok(read.kind === "invalid" && read.why.length > 10);
    });
  }

  test("may be told to let pre-releases in, but not those of the version that it ends before", () => {
    const read = readVersionRange(">=1.0 <2.0");
    assert.ok(read.kind === "range");
    const preReleases = true;
    assert.equal(read.matches("1.5.0-rc.1"), false);
    assert.equal(read.matches("1.5.0-rc.1", { preReleases }), true);
    assert.equal(read.matches("2.0.0-rc.1", { preReleases }), false);
    assert.equal(read.matches("1.0.0-rc.1", { preReleases }), false);
  });

  test("takes linear time, whatever is written", () => {
    const hostile = [
      `${"1".repeat(250)}!`,
      `1${".1".repeat(120)}`,
      `${"1 ".repeat(120)}!`,
      `1-${"a.".repeat(120)}`,
      " - ".repeat(80),
    ];
    const began = performance.now();
    for (const text of hostile) readVersionRange(text);
    assert.ok(performance.now() - began < 1000);
  });
});

describe("a version", () => {
  for (const text of ["1.2.3", "v1.2.3", "1.2.3-rc.1", "1.2.3+build.5", "1.2.3_build.5", "1.2.3-rc.1_build.5"]) {
    test(`is ${text}`, () => assert.ok(readVersion(text)));
  }
  for (const text of ["1.2", "1", "01.2.3", "V1.2.3", "vv1.2.3", "1.2.3.4", "latest", "", "1.2.3-", "1.2.3_a_b"]) {
    test(`is not ${JSON.stringify(text)}`, () => assert.equal(readVersion(text), undefined));
  }

  test("has the order of SemVer, and then of its build", () => {
    const ascending = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0-rc.20261120120000123455",
      "1.0.0-rc.20261120120000123456",
      "1.0.0",
      "1.0.0+5",
      "1.0.0+10",
      "1.0.1",
      "1.10.0",
      "2.0.0",
    ];
    const versions = ascending.map((text) => readVersion(text) ?? assert.fail(text));
    for (const [index, a] of versions.entries()) {
      for (const [other, b] of versions.entries()) {
        assert.equal(
          Math.sign(compareVersions(a, b)),
          Math.sign(index - other),
          `${ascending[index]} and ${ascending[other]}`,
        );
      }
    }
  });
});
