// Git's id of a file's content. Computed here, so that what is read can be checked and what is written can be
// predicted without asking GitHub.

import { createHash } from "node:crypto";

/** SHA-1 of `blob <bytes>\0` and the UTF-8 bytes. */
export function blobId(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
