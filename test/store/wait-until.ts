// Waits for something that another process or the queue does in its own time: asks again until it is so, or gives up.

import { setTimeout as pause } from "node:timers/promises";

export async function waitUntil(what: string, isSo: () => Promise<boolean> | boolean, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) {
      throw new Error(`Waited ${seconds} seconds in vain: ${what}.`);
    }
    await pause(10);
  }
}
