// The folder of the embedded database: one process at a time, a dead one is followed, a broken folder costs nothing.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pino } from "pino";
import { FolderInUse, holdFolder } from "../../src/store/hold-folder.ts";
import { openStore } from "../../src/store/open-store.ts";
import { startBusyProcess, survivesKill } from "./crash-suite.ts";
import { waitUntil } from "./wait-until.ts";

const log = pino({ level: "silent" });
let parent = "";
let folder = "";

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "stagecoach-data-"));
  folder = join(parent, "database");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe("the data folder", () => {
  it("is refused to a second process, and free again after kill -9", { timeout: 120_000 }, async () => {
    const busy = startBusyProcess({ folder });
    await waitUntil("the first process has the folder", () => busy.lines().includes("open"));
    await assert.rejects(openStore({ folder, log }), (error: Error) => {
      assert.ok(error instanceof FolderInUse);
      assert.match(error.message, new RegExp(`${folder} is in use by process ${busy.child.pid} on `));
      return true;
    });
    await busy.kill();
    const store = await openStore({ folder, log });
    await store.ping();
    await store.close();
    assert.equal(existsSync(`${folder}.lock`), false);
  });

  it("keeps what was acknowledged through kill -9, and every repository gets its pass", { timeout: 120_000 }, () =>
    survivesKill({ folder }),
  );

  it("is set aside when it will not open, and a new one is made", { timeout: 120_000 }, async () => {
    const first = await openStore({ folder, log });
    await first.close();
    writeFileSync(join(folder, "global", "pg_control"), "not a control file");
    const second = await openStore({ folder, log, now: () => Date.UTC(2026, 0, 2) });
    assert.equal(await second.hints.add({ delivery: "one", hints: [] }), "stored");
    await second.close();
    assert.deepEqual(readdirSync(parent).sort(), ["database", "database.set-aside-2026-01-02T00-00-00.000Z"]);
  });

  it("keeps its hints from one start to the next", { timeout: 120_000 }, async () => {
    const first = await openStore({ folder, log });
    await first.hints.add({ delivery: "one", hints: [{ repository: 7, subject: { kind: "repository" } }] });
    await first.close();
    const second = await openStore({ folder, log });
    assert.equal(await second.hints.add({ delivery: "one", hints: [] }), "duplicate");
    assert.equal((await second.hints.of(7)).length, 1);
    assert.equal(await second.work.pending(), 1);
    await second.close();
  });
});

describe("the lock of the data folder", () => {
  const lock = () => `${folder}.lock`;
  const holder = (change: object) => JSON.stringify({ pid: process.pid, host: hostname(), token: "other", ...change });

  const free: readonly (readonly [string, () => string])[] = [
    ["of a process that is gone", () => holder({ pid: 2 ** 22 + 1 })],
    ["of an older process with our id", () => holder({ started: "1" })],
    ["that was never filled", () => ""],
  ];
  for (const [name, text] of free) {
    it(`is followed when it is one ${name}`, () => {
      writeFileSync(lock(), text());
      const release = holdFolder(folder);
      assert.equal(JSON.parse(readFileSync(lock(), "utf8")).pid, process.pid);
      release();
      assert.deepEqual(readdirSync(parent), []);
    });
  }

  it("is respected within one process, too", () => {
    const release = holdFolder(folder);
    assert.throws(() => holdFolder(folder), FolderInUse);
    release();
    holdFolder(folder)();
  });

  it("of another host is respected while it is touched, and followed when it fell silent", () => {
    writeFileSync(lock(), holder({ host: "another-host" }));
    assert.throws(() => holdFolder(folder), /in use by process \d+ on another-host/);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock(), longAgo, longAgo);
    holdFolder(folder)();
  });

  it("is not removed by one who lost it", () => {
    mkdirSync(folder);
    const release = holdFolder(folder);
    writeFileSync(lock(), holder({}));
    release();
    assert.ok(existsSync(lock()));
  });
});
