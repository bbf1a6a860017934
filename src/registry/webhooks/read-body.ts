// The body of an authenticated delivery as JSON of a sane size and depth, and the name of a delivery whose sender gives
// it none. What must be in it is each receiver's own.

import { createHash } from "node:crypto";
import { isRecord, parseJson } from "../parse-json.ts";

export type Body =
  | { readonly kind: "object"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "malformed"; readonly why: string };

const LARGEST_BODY = 1024 * 1024;
const DEEPEST = 32;

export function readBody(bytes: Uint8Array): Body {
  if (bytes.byteLength === 0) return malformed("the body is empty");
  if (bytes.byteLength > LARGEST_BODY) return malformed("the body is larger than 1 MiB");
  const value = parseJson(bytes);
  if (!isRecord(value)) return malformed("the body is not a JSON object");
  if (isDeeperThan(value, DEEPEST)) return malformed(`the body is nested more than ${DEEPEST} deep`);
  return { kind: "object", value };
}

/** The sender's own id where it is one that can be stored and shown, else the hash of what was sent. */
export function nameDelivery(id: unknown, bytes: Uint8Array): string {
  if (typeof id === "string" && /^[A-Za-z0-9._:-]{1,128}$/.test(id)) return id;
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

function malformed(why: string): Body {
  return { kind: "malformed", why };
}
