// Whether a delivery comes from somebody who knows the secret. Compares keyed hashes of both sides, so that neither the
// time nor the length tells anything, and tries every secret of a rotation, always all of them. Each receiver asks for
// what its sender can do, and for nothing else.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Delivery, Received } from "./receiver.ts";

const BLIND = randomBytes(32);

/** `Authorization: Bearer <secret>`, or the secret as the last part of the path. */
export function sentTheSecret(delivery: Delivery): boolean {
  const given = readBearer(delivery) ?? delivery.secretInPath;
  return given !== undefined && isSecret(delivery, given);
}

/** For senders that can send no header of their own. */
export function sentInPath(delivery: Delivery): boolean {
  return delivery.secretInPath !== undefined && isSecret(delivery, delivery.secretInPath);
}

/** A header whose whole value is the secret, as it was typed at the sender. */
export function sentInHeader(delivery: Delivery, name: string): boolean {
  const given = delivery.headers[name];
  return typeof given === "string" && isSecret(delivery, given);
}

/** `Authorization: Bearer <secret>`. */
export function sentAsBearer(delivery: Delivery): boolean {
  const given = readBearer(delivery);
  return given !== undefined && isSecret(delivery, given);
}

/** `Authorization: Basic`, of any user, with the secret as the password. */
export function sentAsPassword(delivery: Delivery): boolean {
  const { authorization } = delivery.headers;
  const encoded = typeof authorization === "string" ? /^Basic +(\S+)$/i.exec(authorization)?.[1] : undefined;
  const [, ...password] = Buffer.from(encoded ?? "", "base64")
    .toString("utf8")
    .split(":");
  return password.length > 0 && isSecret(delivery, password.join(":"));
}

/** `sha256=<hex>` over the raw bytes. */
export function signedWithTheSecret(delivery: Delivery, signature: unknown): boolean {
  if (typeof signature !== "string" || !signature.startsWith("sha256=")) return false;
  return signedInHex(delivery, { signature: signature.slice("sha256=".length), hash: "sha256" });
}

/** An HMAC over the raw bytes as bare hexadecimal digits. */
export function signedInHex(
  { body, settings }: Delivery,
  { signature, hash }: { readonly signature: unknown; readonly hash: "sha1" | "sha256" },
): boolean {
  const length = hash === "sha1" ? 40 : 64;
  if (typeof signature !== "string" || signature.length !== length || !/^[0-9a-fA-F]+$/.test(signature)) return false;
  const given = signature.toLowerCase();
  return matchesAny(settings.secrets, (secret) => sameText(createHmac(hash, secret).update(body).digest("hex"), given));
}

/** `needed` completes "…is missing, or …": `the header X`. */
export function unauthenticated(needed: string): Received {
  return { kind: "unauthenticated", why: `${needed} is missing, or it is not one of this webhook's secrets` };
}

export function unsigned(header: string, hash: "SHA1" | "SHA256" = "SHA256"): Received {
  const why = `the header \`${header}\` is missing, or it is not the HMAC-${hash} of the body with a secret of this webhook`;
  return { kind: "unauthenticated", why };
}

/** What stands behind `Bearer` in the header `Authorization`. */
export function readBearer({ headers: { authorization } }: Delivery): string | undefined {
  return typeof authorization === "string" ? /^Bearer +(.+)$/i.exec(authorization)?.[1] : undefined;
}

function isSecret({ settings }: Delivery, given: string): boolean {
  return matchesAny(settings.secrets, (secret) => sameText(secret, given));
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
