import assert from "node:assert/strict";
import { test } from "node:test";
import { proveStream } from "../../src/registry/prove-stream.ts";
import { digestOf } from "./make-image.ts";

const PIECES = ["one", "two", "three"].map((text) => Buffer.from(text));
const WHOLE = Buffer.concat(PIECES);

async function letThrough(pieces: readonly Uint8Array[], size = WHOLE.length) {
  async function* source() {
    yield* pieces;
  }
  const proven = proveStream(source(), { digest: digestOf(WHOLE), size, onProgress: () => {}, onProven: () => {} });
  const arrived: Uint8Array[] = [];
  try {
    for await (const piece of proven.body) arrived.push(piece);
  } catch (error) {
    assert.ok(error instanceof Error);
  }
  return { arrived: Buffer.concat(arrived).toString(), failure: proven.failure() };
}

test("what is right arrives whole, piece by piece", async () => {
  assert.deepEqual(await letThrough(PIECES), { arrived: "onetwothree", failure: undefined });
});

const rows = [
  { name: "other bytes", pieces: ["one", "two", "THREE"], why: /not those of/, arrived: "onetwo" },
  { name: "too few", pieces: ["one", "two"], why: /only 6 of the 11 bytes/, arrived: "one" },
  { name: "too many", pieces: ["one", "two", "three", "four"], why: /more than the 11 bytes/, arrived: "onetwo" },
  { name: "none", pieces: [], why: /only 0 of the 11/, arrived: "" },
];
for (const { name, pieces, why, arrived } of rows) {
  test(`what is wrong never arrives whole: ${name}`, async () => {
    const outcome = await letThrough(pieces.map((text) => Buffer.from(text)));
    assert.match(outcome.failure ?? "", why);
    assert.equal(outcome.arrived, arrived);
  });
}
