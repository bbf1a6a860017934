import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import type { Judged, Share } from "./judge-comments.ts";

/** 100,000 comments; each seed gives the same ones every time. */
const COMMENTS_EACH = 50_000;
const SEEDS = [20_261_128, 20_261_129];

async function judge(share: Share): Promise<Judged> {
  const worker = new Worker(new URL("./judge-comments.ts", import.meta.url), { workerData: share });
  const [judged] = (await once(worker, "message")) as [Judged];
  return judged;
}

describe("T14: comments at random give no command that a careful reader would not see, and every one that stands there plainly", {
  concurrency: true,
}, () => {
  for (const seed of SEEDS) {
    test(`${COMMENTS_EACH} with the seed ${seed}`, async () => {
      const { seen, hidden, wrong } = await judge({ seed, comments: COMMENTS_EACH });
      assert.deepEqual(wrong?.found, wrong?.expected, JSON.stringify(wrong?.text));
      // So that the test cannot pass by writing nothing.
      assert.ok(seen > COMMENTS_EACH / 8, `${seen} commands were seen`);
      assert.ok(hidden > COMMENTS_EACH / 4, `${hidden} commands were hidden`);
    });
  }
});
