// When the bytes of a blob count as its text: they hash to its id, they are UTF-8, and none of them is zero.

import { createHash } from "node:crypto";
import { known, type Seen, unknown } from "../domain/seen.ts";

/** Bytes; what is larger is not read. */
export const LARGEST_BLOB = 5 * 1024 * 1024;

export function decodeBlob(oid: string, bytes: Buffer): Seen<string> {
  return blobIdOf(bytes, oid.length) === oid ? decodeText(bytes) : unknown("its bytes do not hash to its id");
}

export function decodeText(bytes: Buffer): Seen<string> {
  if (bytes.includes(0)) return unknown("it is not text");
  try {
    return known(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return unknown("it is not UTF-8 text");
  }
}

/** Git's id of a blob, with the hash that ids of this length are made by. */
export function blobIdOf(bytes: Buffer, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
