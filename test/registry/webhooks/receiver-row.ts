// What the tables of the receivers have in common: a row with what was sent and what must come of it.

import assert from "node:assert/strict";
import type { Received } from "../../../src/registry/webhooks/receiver.ts";

export const OLD = "the secret that is going away";
export const NEW = "the secret that replaces it";
export const DIGEST = `sha256:${"4f".repeat(32)}`;

export interface Row {
  readonly name: string;
  readonly body: unknown;
  /** The secret that the sender uses; `null`: none. */
  readonly secret?: string | null;
  readonly expect:
    | { readonly kind: "unauthenticated" | "unverifiable"; readonly why?: RegExp }
    | { readonly kind: "malformed"; readonly why: RegExp }
    | { readonly events: readonly object[]; readonly ignored?: readonly RegExp[]; readonly delivery?: string };
}

export function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

export function check(received: Received, { expect }: Row): void {
  if ("kind" in expect) {
    assert.equal(received.kind, expect.kind);
    if (expect.why !== undefined) assert.match("why" in received ? received.why : "", expect.why);
    assert.doesNotMatch(JSON.stringify(received), /the secret that/);
    return;
  }
  assert.equal(received.kind, "understood");
  if (received.kind !== "understood") return;
  assert.deepEqual(received.events, expect.events);
  const told = received.ignored.map(({ what, why }) => `${what}: ${why}`);
  assert.equal(told.length, expect.ignored?.length ?? 0, told.join("\n"));
  for (const [index, pattern] of (expect.ignored ?? []).entries()) assert.match(told[index] ?? "", pattern);
  if (expect.delivery !== undefined) assert.equal(received.delivery, expect.delivery);
}
