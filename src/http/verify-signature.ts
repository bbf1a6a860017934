// Whether GitHub, or somebody who knows the secret, wrote exactly these bytes (T2). During a rotation several secrets
// count; all are always tried, so that the time tells nothing about which one it was.

import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedBody {
  readonly body: Uint8Array;
  /** `X-Hub-Signature-256`. */
  readonly signature: string;
  readonly secrets: readonly string[];
}

const shape = /^sha256=[0-9a-f]{64}$/;

export function looksLikeSignature(signature: string | undefined): signature is string {
  return signature !== undefined && shape.test(signature);
}

export function isSignedByAny({ body, signature, secrets }: SignedBody): boolean {
  if (!looksLikeSignature(signature)) {
    return false;
  }
  const given = Buffer.from(signature.slice("sha256=".length), "hex");
  const matches = secrets.filter((secret) =>
    timingSafeEqual(createHmac("sha256", secret).update(body).digest(), given),
  );
  return matches.length > 0;
}
