import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NOTHING_REMEMBERED } from "../../src/domain/ledger.ts";
import type { FileChange } from "../../src/forge/write-request.ts";
import { changeLedger } from "../../src/ledger/change-ledger.ts";
import { readLedger } from "../../src/ledger/read-ledger.ts";
import { writeLedger } from "../../src/ledger/write-ledger.ts";
import { LEDGER, REACHED, release } from "./build-ledger.ts";

const REASON = "checkout/live took `1.8.0`";

function change(after: typeof LEDGER, news: readonly string[] = [REASON]) {
  const { files, message } = changeLedger({ before: LEDGER, after, news });
  return { files: files satisfies readonly FileChange[], message };
}

describe("a commit on the ledger branch", () => {
  test("is everything on the first day", () => {
    const { files } = changeLedger({ before: undefined, after: LEDGER, news: [REASON] });
    assert.deepEqual(new Map(files.map(({ path, text }) => [path, text])), writeLedger(LEDGER));
    assert.ok(files.some(({ path }) => path === "README.md"));
  });

  test("is only what differs afterwards", () => {
    const live = { reached: [{ ...REACHED, release: release("1.8.0") }], declined: [], rolledBack: [], stopped: [] };
    const { files } = change({ ...LEDGER, environments: { ...LEDGER.environments, "checkout/live": live } });
    assert.deepEqual(
      files.map(({ path }) => path),
      ["environments/checkout/live.yaml"],
    );
    assert.deepEqual(
      change({ ...LEDGER, holds: [] }).files.map(({ path }) => path),
      ["holds.yaml"],
    );
    assert.deepEqual(
      change({ ...LEDGER, blocks: [] }).files.map(({ path }) => path),
      ["blocks.yaml"],
    );
  });

  test("is nothing where nothing differs", () => {
    assert.deepEqual(change(structuredClone(LEDGER)).files, []);
  });

  test("leaves an empty file where an environment is forgotten", () => {
    const { "checkout/live": _, ...environments } = LEDGER.environments;
    const { files } = change({ ...LEDGER, environments });
    const reading = readLedger({
      files: new Map([...writeLedger(LEDGER), ...files.map(({ path, text }) => [path, text] as const)]),
    });
    assert.ok(reading.kind === "read");
    assert.deepEqual(reading.ledger.environments["checkout/live"], NOTHING_REMEMBERED);
  });

  const MESSAGES = [
    { name: "the reason", news: [REASON], message: "checkout/live took 1.8.0" },
    {
      name: "all reasons",
      news: [REASON, "ola declined `1.9.0` in pull request 11"],
      message: "Remember 2 things\n\n- checkout/live took 1.8.0\n- ola declined 1.9.0 in pull request 11",
    },
    { name: "something, always", news: [], message: "Remember what happened\n\n" },
    {
      name: "T14: no mention, no reference, no second line of somebody else's",
      news: ["held: @acme/sre fixes #1, GH-2, https://github.com/a/b/issues/3\r\nImage: x"],
      message:
        "held: (at)acme/sre fixes no. 1, GH 2, https: //github.com/a/b/issues/3 …\n\n- held: (at)acme/sre fixes no. 1, GH 2, https: //github.com/a/b/issues/3 Image: x",
    },
  ];
  for (const { name, news, message } of MESSAGES) {
    test(`says ${name}`, () => assert.equal(change(LEDGER, news).message, message.trimEnd()));
  }
});
