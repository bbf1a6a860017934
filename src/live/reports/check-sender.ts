// Whether a push comes from somebody who knows a secret of the source. Keyed hashes of both sides are compared, so that
// neither time nor length tells anything, and every secret of a rotation is tried, always all of them.

import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { LiveDelivery } from "./receiver.ts";

const BLIND = randomBytes(32);
const ALGORITHMS = ["sha224", "sha256", "sha384", "sha512"] as const;

/** What stands behind `Bearer` in the header `Authorization`. */
export function bearerOf({ headers }: Pick<LiveDelivery, "headers">): string | undefined {
  const { authorization } = headers;
  return typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

export function isSecret(given: string, secrets: readonly string[]): boolean {
  return matchesAny(secrets, (secret) => sameText(secret, given));
}

export interface Signed {
  /** As it was signed. */
  readonly parts: readonly (string | Uint8Array)[];
  /** `sha256=<hex>`, in one of the lengths of SHA-2. */
  readonly signature: string;
  readonly secrets: readonly string[];
}

export function isSigned({ parts, signature, secrets }: Signed): boolean {
  const [, name = "", given = ""] = /^(sha\d{3})=([0-9a-f]{56,128})$/i.exec(signature) ?? [];
  const algorithm = ALGORITHMS.find((each) => each === name.toLowerCase());
  if (algorithm === undefined) return false;
  return matchesAny(secrets, (secret) => {
    const hmac = createHmac(algorithm, secret);
    for (const part of parts) hmac.update(part);
    return sameText(hmac.digest("hex"), given.toLowerCase());
  });
}

/** For senders that give their deliveries no id. */
export function hashOf(body: Uint8Array): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** An empty secret is no secret, however it got into the settings. */
function matchesAny(secrets: readonly string[], matches: (secret: string) => boolean): boolean {
  return secrets.filter((secret) => secret !== "" && matches(secret)).length > 0;
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(blind(a), blind(b));
}

function blind(text: string): Buffer {
  return createHmac("sha256", BLIND).update(text).digest();
}
