// Decides whether what an image says of its origin counts: a whole commit, of the repository that the pipeline names. What
// says anything else may have come with the image below, or be anybody's.

import type { ImageOrigin } from "../domain/image-origin.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { code } from "./wording.ts";

/** As builds write it, or as Flux does: `main@sha1:` before it. */
const COMMIT = /^(?:[^\s@]{1,200}@sha1:)?([0-9a-f]{40})$/i;
/** `https://github.com/acme/checkout.git`, `git@github.com:acme/checkout`, and what points into it. */
const ADDRESS =
  /^(?:(?:git\+)?(?:https?|ssh|git):\/\/(?:[\w.-]{1,100}@)?[\w.-]{1,253}(?::\d{1,5})?\/|[\w.-]{1,100}@[\w.-]{1,253}:)([\w-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?(?:[/#?].*)?$/i;
const SHOWN = 100;

/** The commit, 40 hexadecimal digits; unknown with a clause about the image: `says …`. `source`: `owner/repository`. */
export function believeOrigin(origin: ImageOrigin, source: string): Seen<string> {
  const { revision, source: address } = origin;
  if (revision === undefined) {
    return unknown("does not say from which commit it was built: it has no label `org.opencontainers.image.revision`");
  }
  const commit = COMMIT.exec(revision.trim())?.[1]?.toLowerCase();
  if (commit === undefined)
    return unknown(`says that it was built from ${shown(revision)}, which is no whole commit id`);
  if (address === undefined) {
    return unknown("does not say of which repository its commit is: it has no label `org.opencontainers.image.source`");
  }
  if (repositoryIn(address)?.toLowerCase() === source.toLowerCase()) return known(commit);
  return unknown(
    `says that it was built from ${shown(address)}, which is not ${code(source)}; that may be what the image below says`,
  );
}

function repositoryIn(address: string): string | undefined {
  return ADDRESS.exec(address.trim())?.[1];
}

function shown(text: string): string {
  return code(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
