// The body of an authenticated delivery as JSON of a sane size and depth, and the name of a delivery whose sender gives
// it none. What must be in it is each receiver's own.

import { createHash } from "node:crypto";
import { isRecord, parseJson } from "../parse-json.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface Malformed {
  readonly kind: "malformed";
  readonly why: string;
}

export type Body = { readonly kind: "object"; readonly value: Json } | Malformed;

/** Some senders put several events into a list; one that stands alone is a list of one. */
export type BodyList = { readonly kind: "list"; readonly values: readonly Json[] } | Malformed;

const LARGEST_BODY = 1024 * 1024;
const DEEPEST = 32;
/** Senders send one event at a time; their formats allow more. */
export const MOST_EVENTS = 1000;

export function readBody(bytes: Uint8Array): Body {
  const value = readValue(bytes);
  if (typeof value === "string") return malformed(value);
  if (!isRecord(value)) return malformed("the body is not a JSON object");
  return { kind: "object", value };
}

export function readBodyList(bytes: Uint8Array): BodyList {
  const value = readValue(bytes);
  if (typeof value === "string") return malformed(value);
  const values = Array.isArray(value) ? value : [value];
  if (values.length > MOST_EVENTS || !values.every(isRecord)) {
    return malformed(`the body is neither a JSON object nor a list of at most ${MOST_EVENTS}`);
  }
  return { kind: "list", values };
}

/** An object, a list, or in words why neither. */
function readValue(bytes: Uint8Array): object | string {
  if (bytes.byteLength === 0) return "the body is empty";
  if (bytes.byteLength > LARGEST_BODY) return "the body is larger than 1 MiB";
  const value = parseJson(bytes);
  if (value === null || typeof value !== "object") return "the body is not a JSON object";
  return isDeeperThan(value, DEEPEST) ? `the body is nested more than ${DEEPEST} deep` : value;
}

/** An object inside another; anything else is an empty one. */
export function recordAt(json: Json, key: string): Json {
  const value = Object.hasOwn(json, key) ? json[key] : undefined;
  return isRecord(value) ? value : {};
}

/** The sender's own id where it is one that can be stored and shown, else the hash of what was sent. */
export function nameDelivery(id: unknown, bytes: Uint8Array): string {
  if (typeof id === "string" && /^[A-Za-z0-9._:-]{1,128}$/.test(id)) return id;
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function malformed(why: string): Malformed {
  return { kind: "malformed", why };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
