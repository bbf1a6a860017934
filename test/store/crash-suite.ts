// kill -9 in the middle of everything: what was acknowledged is still there, and every repository gets its pass.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { openStore, type StoreOptions } from "../../src/store/open-store.ts";
import { waitUntil } from "./wait-until.ts";

const busyProcess = fileURLToPath(new URL("./busy-process.ts", import.meta.url));

export interface BusyProcess {
  readonly child: ChildProcess;
  /** What it said so far, line by line. */
  readonly lines: () => readonly string[];
  kill(): Promise<void>;
}

export function startBusyProcess(options: Omit<StoreOptions, "log">): BusyProcess {
  const child = spawn(process.execPath, [busyProcess, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return {
    child,
    lines: () => output.split("\n").slice(0, -1),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export async function survivesKill(options: Omit<StoreOptions, "log">): Promise<void> {
  const busy = startBusyProcess(options);
  const said = (word: string) => busy.lines().filter((line) => line.startsWith(word));
  await waitUntil(
    "a hundred hints are stored and a pass runs",
    () => said("stored").length > 100 && said("pass").length > 1,
  );
  await busy.kill();
  const acknowledged = said("stored").map((line) => line.slice("stored ".length));

  const pace = { polling: 0.5, supervise: 1, heartbeat: 10, retry: 0, ...options.pace };
  const store = await openStore({ ...options, pace, log: pino({ level: "silent" }) });
  try {
    const handled = new Set<string>();
    const passes = new Set<number>();
    await store.work.start(async (repository) => {
      passes.add(repository);
      const read = await store.hints.of(repository);
      for (const { subject } of read) {
        handled.add(`${repository} ${subject.kind === "pull-request" ? subject.number : subject.kind}`);
      }
      await store.hints.remove(read.map((hint) => hint.id));
    });
    await waitUntil(
      "every repository had its pass",
      async () => passes.size === 8 && (await store.work.pending()) === 0,
    );
    assert.deepEqual(
      acknowledged.filter((hint) => !handled.has(hint)),
      [],
    );
  } finally {
    await store.work.stop({ milliseconds: 5_000 });
    await store.close();
  }
}
