import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { missingPlatforms, namePlatform, readPlatform } from "../../src/domain/platform.ts";

describe("a platform that somebody asks for", () => {
  const rows: Readonly<Record<string, string | undefined>> = {
    "linux/amd64": "linux/amd64",
    "Linux/AMD64": "linux/amd64",
    "linux/x86_64": "linux/amd64",
    "linux/amd64/v1": "linux/amd64",
    "linux/amd64/v3": "linux/amd64/v3",
    "linux/aarch64": "linux/arm64",
    "linux/arm64/v8": "linux/arm64",
    "linux/arm64/8": "linux/arm64",
    "linux/arm": "linux/arm",
    "linux/arm/7": "linux/arm/v7",
    "windows/amd64": "windows/amd64",
    linux: undefined,
    "": undefined,
    "linux/": undefined,
    "linux/arm/v7/x": undefined,
    "linux/../../x": undefined,
    "linux/constructor": "linux/constructor",
  };
  for (const [written, read] of Object.entries(rows)) {
    test(`“${written}” is ${read ?? "none"}`, () => assert.equal(readPlatform(written), read));
  }
});

describe("a platform that an image names", () => {
  const rows = [
    { said: { os: "linux", architecture: "arm64", variant: "v8" }, name: "linux/arm64" },
    { said: { os: "linux", architecture: "arm" }, name: "linux/arm/v7" },
    { said: { os: "linux", architecture: "arm", variant: "v6" }, name: "linux/arm/v6" },
    { said: { os: "linux", architecture: "" }, name: undefined },
    { said: { os: "linux\n", architecture: "amd64" }, name: undefined },
  ];
  for (const { said, name } of rows) {
    test(JSON.stringify(said), () => assert.equal(namePlatform(said), name));
  }
});

describe("the platforms that are missing", () => {
  const rows = [
    { wanted: ["linux/arm64"], has: ["linux/amd64", "linux/arm64"], missing: [] },
    { wanted: ["linux/arm64", "linux/amd64"], has: ["linux/amd64"], missing: ["linux/arm64"] },
    { wanted: ["linux/arm"], has: ["linux/arm/v6"], missing: [] },
    { wanted: ["linux/arm/v7"], has: ["linux/arm/v6"], missing: ["linux/arm/v7"] },
    { wanted: ["linux/amd64"], has: ["linux/amd64/v3"], missing: [] },
    { wanted: ["linux/arm"], has: ["linux/arm64"], missing: ["linux/arm"] },
    { wanted: ["linux/arm64"], has: [], missing: ["linux/arm64"] },
  ];
  for (const { wanted, has, missing } of rows) {
    test(`${wanted.join()} of ${has.join() || "nothing"}: ${missing.join() || "none"}`, () => {
      assert.deepEqual(missingPlatforms(wanted, has), missing);
    });
  }
});
