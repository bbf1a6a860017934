// Which block keeps a release from going anywhere: one on the digest of any of its images.

import type { Block, Ledger } from "../domain/ledger.ts";
import type { ImageVersion } from "../domain/release.ts";

export function findBlock(
  { versions }: { readonly versions: readonly Pick<ImageVersion, "digest">[] },
  { blocks }: Pick<Ledger, "blocks">,
): Block | undefined {
  for (const { digest } of versions) {
    const block = blocks.find((each) => each.digest === digest);
    if (block) return block;
  }
  return undefined;
}
