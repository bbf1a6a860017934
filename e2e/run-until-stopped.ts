// What the programs of this folder have in common: they start something, print one line that says where it is, and end
// it when they are told to.

import type { EventEmitter } from "node:events";
import { tellWithCauses } from "./tell-with-causes.ts";

/** `start` answers with the line and with how to stop. A failure is printed with its causes; the exit code is then 1. */
export async function runUntilStopped(
  start: () => Promise<{ readonly line: string; readonly stop: () => Promise<void> }>,
): Promise<void> {
  const signal = new Promise<void>((resolve) => {
    const signals: EventEmitter = process;
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) signals.once(name, () => resolve());
  });
  try {
    const { line, stop } = await start();
    process.stdout.write(`${line}\n`);
    const beat = setInterval(() => {}, 60_000);
    await signal;
    clearInterval(beat);
    await stop();
  } catch (error) {
    process.stderr.write(`${tellWithCauses(error)}\n`);
    process.exit(1);
  }
}
