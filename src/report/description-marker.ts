// The marker that ends every description of ours. It says which facts the description was made from, and nothing else;
// the forge reads it back, and checks that the author is our app.

import { type SafeMarkdown, trusted } from "./escape-markdown.ts";

const FINGERPRINT = /^[A-Za-z0-9._-]{1,64}$/;

export function descriptionMarker(fingerprint: string): SafeMarkdown {
  if (!FINGERPRINT.test(fingerprint))
    throw new Error("A fingerprint of a description has characters that a marker cannot hold.");
  return trusted(`<!-- stagecoach:description ${fingerprint} -->`);
}
