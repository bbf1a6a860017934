// T30: what comes with `npm ci` is exactly what was looked at: pinned, hashed, from nowhere in particular, and nothing
// of it runs at installation.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

describe("T30: the lockfile", () => {
  const { lockfileVersion, packages } = read("package-lock.json") as {
    readonly lockfileVersion: number;
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== "");
  const rules: readonly (readonly [string, (locked: Locked) => boolean])[] = [
    ["has no hash", ({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")],
    ["has no version", ({ version }) => !/^\d+\.\d+\.\d+/.test(version ?? "")],
    ["comes from an address of its own", ({ resolved }) => resolved !== undefined],
    ["is a link", ({ link }) => link === true],
    ["runs something when it is installed", ({ hasInstallScript }) => hasInstallScript === true],
  ];
  for (const [name, breaks] of rules) {
    it(`names no package that ${name}`, () => {
      assert.ok(lockfileVersion >= 3 && installed.length > 0);
      assert.deepEqual(
        installed.filter(([, locked]) => breaks(locked)).map(([path]) => path),
        [],
      );
    });
  }

  it("belongs to a project that runs nothing when it is installed either", () => {
    const { scripts } = read("package.json") as { readonly scripts: Readonly<Record<string, string>> };
    const hooks = ["preinstall", "install", "postinstall", "prepare", "prepublish", "preprepare", "postprepare"];
    assert.deepEqual(
      Object.keys(scripts).filter((script) => hooks.includes(script)),
      [],
    );
  });
});
