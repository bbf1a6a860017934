// Whether a delivery comes from somebody who knows the secret. Compares keyed hashes of both sides, so that neither the
// time nor the length tells anything, and tries every secret of a rotation, always all of them.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Delivery } from "./receiver.ts";

const BLIND = randomBytes(32);

/** `Authorization: Bearer <secret>`, or the secret as the last part of the path. */
export function sentTheSecret({ headers, settings, secretInPath }: Delivery): boolean {
  const authorization = headers.authorization;
  const bearer = typeof authorization === "string" ? /^Bearer +(.+)$/i.exec(authorization)?.[1] : undefined;
  const given = bearer ?? secretInPath;
  return given !== undefined && matchesAny(settings.secrets, (secret) => sameText(secret, given));
}

/** `sha256=<hex>` over the raw bytes. */
export function signedWithTheSecret({ body, settings }: Delivery, signature: unknown): boolean {
  if (typeof signature !== "string" || !/^sha256=[0-9a-fA-F]{64}$/.test(signature)) return false;
  const given = signature.slice("sha256=".length).toLowerCase();
  return matchesAny(settings.secrets, (secret) =>
    sameText(createHmac("sha256", secret).update(body).digest("hex"), given),
  );
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
