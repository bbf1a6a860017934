// Waits for what another process does, by asking again; gives up with a sentence.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE = 20_000;

export async function waitFor(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(performance.now() < until, `waited in vain until ${what}`);
    await pause(10);
  }
}
