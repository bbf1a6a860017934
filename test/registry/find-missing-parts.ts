// Programs that a test needs and that a machine may lack. Where they are missing the test says so; where `CI=true` it fails.

import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";

/** The programs that are not on the `PATH`. */
export async function findMissingParts(names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map(async (name) => [name, await isOnPath(name)] as const));
  return found.filter(([, isThere]) => !isThere).map(([name]) => name);
}

/** Stands in the place of the tests that cannot run, and names what they would have seen. */
export function tellNotSeen(subject: string, missing: readonly string[]): void {
  const parts = missing.join(" and ");
  test(`${subject}: not seen here for want of ${parts}`, (context) => {
    assert.ok(process.env.CI !== "true", `install ${parts}: where CI=true they must be there`);
    context.diagnostic(`To see it, install ${parts}`);
  });
}

async function isOnPath(name: string): Promise<boolean> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
