// One share of the comments at random, in a thread of its own: reads them, and tells the first that was read otherwise
// than a careful reader would.

import { parentPort, workerData } from "node:worker_threads";
import { readCommands } from "../../src/commands/read-commands.ts";
import { chanceOf, writeComment } from "./write-comment.ts";

export interface Share {
  readonly seed: number;
  readonly comments: number;
}

export interface Judged {
  readonly seen: number;
  readonly hidden: number;
  readonly wrong?: { readonly text: string; readonly expected: readonly string[]; readonly found: readonly string[] };
}

const AT = Date.UTC(2026, 10, 28, 12);
const NAMES = new Set(["checkout", "live", "staging"]);

function judgeComments({ seed, comments }: Share): Judged {
  const chance = chanceOf(seed);
  const judged = new Set<string>();
  let [seen, hidden] = [0, 0];
  for (let index = 0; index < comments; index += 1) {
    const comment = writeComment(chance);
    // Short ones come again.
    if (judged.has(comment.text)) continue;
    judged.add(comment.text);
    const lines = readCommands({ text: comment.text, at: AT, names: NAMES });
    const found = lines.flatMap((line) => (line.kind === "command" ? [line.line] : []));
    const isSound = found.every((line) => comment.seen.includes(line));
    const isWhole = !comment.isPlain || found.join("\n") === comment.seen.join("\n");
    if (!isSound || !isWhole) return { seen, hidden, wrong: { text: comment.text, expected: comment.seen, found } };
    seen += found.length;
    hidden += comment.hidden.length;
  }
  return { seen, hidden };
}

parentPort?.postMessage(judgeComments(workerData as Share));
