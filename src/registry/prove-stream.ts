// Lets bytes through as they come, and proves them on the way: no more and no fewer than were named, and those of the
// digest. The last piece is held back until that is proven, so that whoever receives the rest never has a whole that is wrong.

import { createHash } from "node:crypto";
import { codeOf } from "../wire/code-of.ts";
import type { BlobReference } from "./gather-parts.ts";

export interface ProvenStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Why it ended before its end, a clause; `undefined`: it did not. */
  readonly failure: () => string | undefined;
}

export interface Watching {
  readonly onProgress: () => void;
  /** Everything is right, and only the last piece is still to be taken. */
  readonly onProven: () => void;
}

export function proveStream(
  source: AsyncIterable<Uint8Array>,
  { digest, size, onProgress, onProven }: BlobReference & Watching,
): ProvenStream {
  let failure: string | undefined;
  const fail = (why: string): Error => {
    failure = why;
    // With a code it passes through `fetch` as what it is: a failure of the world.
    return Object.assign(new Error(why), { code: "ERR_UNPROVEN" });
  };
  async function* proven(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let held: Uint8Array | undefined;
    let count = 0;
    try {
      for await (const piece of source) {
        onProgress();
        count += piece.byteLength;
        if (count > size) throw fail(`sent more than the ${size} bytes of ${digest}`);
        hash.update(piece);
        if (held !== undefined) yield held;
        held = piece;
      }
    } catch (error) {
      throw failure === undefined ? fail(`broke off in ${digest} (${codeOf(error) ?? "no code"})`) : error;
    }
    if (count < size) throw fail(`sent only ${count} of the ${size} bytes of ${digest}`);
    if (`sha256:${hash.digest("hex")}` !== digest) throw fail(`sent bytes that are not those of ${digest}`);
    onProven();
    if (held !== undefined) yield held;
  }
  return { body: ReadableStream.from(proven()), failure: () => failure };
}
