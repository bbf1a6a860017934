// Performs what a pass decided about names of digests: the registry writes it, and how that went is kept, so that the next
// pass can answer whoever ordered it. What the registry said of that image before is forgotten.

import { describeCopyWork } from "../domain/copy-outcome.ts";
import { nameKey, type RetagImage, type RetagTry } from "../domain/retag-image.ts";
import type { Outcome, RepositoryReference } from "../forge/forge.ts";
import { forgetImage } from "./observe-images.ts";
import { rememberTry } from "./remember-retag.ts";
import type { Shell } from "./shell.ts";

/** A pass is held up by the bytes for so long; the next one goes on from there. */
const LONGEST = 5 * 60_000;

/** What did not come to an end is `refused` here, too: nothing else of the pass rests on it. */
export async function performRetag(
  action: RetagImage,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<Outcome> {
  const { id, from, digest, image, tag } = action;
  const asker = `${at.owner}/${at.name}`;
  const outcome = await shell.registry.copyImage({
    asker,
    from: { image: from, digest },
    to: { image, tag },
    within: LONGEST,
  });
  const tried = (kind: RetagTry["kind"], what: string) =>
    rememberTry({ id, kind, what, at: shell.now() }, { name: nameKey(action), at, shell });
  switch (outcome.kind) {
    case "done":
    case "already-so":
      await tried("done", outcome.kind === "done" ? describeCopyWork(outcome.work) : "it named it already");
      await forgetImage(image, { at, shell });
      return outcome.kind === "done" ? { kind: "done", value: undefined } : { kind: "already-so", value: undefined };
    case "refused":
    case "unknown":
      await tried(outcome.kind, outcome.why);
      return { kind: "refused", why: outcome.why };
  }
}
