// Trusted roots from a file of the operator's: one JSON text, or one on each line, as GitHub's command line prints them.
// Nothing is fetched. The file is read each time, so that another one counts at once; it is parsed once.

import type { TrustMaterial } from "@sigstore/verify";
import { known, unknown } from "../domain/seen.ts";
import { readSmallFile } from "./read-small-file.ts";
import type { RootSource, Roots } from "./root-source.ts";

const LARGEST = 1024 * 1024;
const MOST = 10;

export function createFileRoots(path: string): RootSource {
  let last: Roots | undefined;
  return {
    async read() {
      const file = await readSmallFile(path, LARGEST);
      if (file.kind === "unknown")
        return unknown(`the file of \`trusted-root-file\` in the operator's settings ${file.why}`);
      const text = file.value;
      if (last?.text !== text) {
        const roots = await parseRoots(text);
        if (roots === undefined)
          return unknown("the file of `trusted-root-file` in the operator's settings holds no trusted root");
        last = { text, roots };
      }
      return known(last);
    },
  };
}

async function parseRoots(text: string): Promise<readonly TrustMaterial[] | undefined> {
  const [{ TrustedRoot }, { toTrustMaterial }] = await Promise.all([
    import("@sigstore/protobuf-specs"),
    import("@sigstore/verify"),
  ]);
  try {
    const values = parseTexts(text);
    const roots = values.map((value) => toTrustMaterial(TrustedRoot.fromJSON(value)));
    const believes = roots.every(({ certificateAuthorities }) => certificateAuthorities.length > 0);
    return roots.length > 0 && roots.length <= MOST && believes ? roots : undefined;
  } catch {
    // What a parser says about a broken file helps nobody; that it is broken is said.
    return undefined;
  }
}

function parseTexts(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    // Then each line is a text of its own.
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line): unknown => JSON.parse(line));
  }
}
