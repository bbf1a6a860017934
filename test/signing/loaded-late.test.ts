// The libraries that verify signatures cost a tenth of a second to load. Whoever needs them pays, and no command's start.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROJECT = join(import.meta.dirname, "..", "..");

/** Packages that stand in the process once the program has done that much. */
async function loadedAfter(doing: string): Promise<readonly string[]> {
  const script = `
    import { createRequire } from "node:module";
    ${doing}
    const { cache } = createRequire(${JSON.stringify(join(PROJECT, "src", "index.ts"))});
    const names = Object.keys(cache).flatMap((path) => /node_modules.(@sigstore.[a-z-]+|snappyjs|tuf-js)/.exec(path)?.[1] ?? []);
    console.log(JSON.stringify([...new Set(names)].sort()));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: PROJECT });
  return JSON.parse(stdout) as readonly string[];
}

test("nothing of them is loaded with the program", async () => {
  assert.deepEqual(await loadedAfter('await import("./src/index.ts");'), []);
});

test("and it would be seen here", async () => {
  const loaded = await loadedAfter('await import("@sigstore/verify"); await import("snappyjs");');
  assert.deepEqual(loaded, ["@sigstore/core", "@sigstore/protobuf-specs", "@sigstore/verify", "snappyjs"]);
});
