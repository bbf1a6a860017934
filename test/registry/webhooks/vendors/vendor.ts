// What the table of registry webhooks knows of a sender: how it proves itself, and what comes of what it sends. The rows
// that every vendor has are keys, so that none can be left out; where a vendor cannot say something, its row says so.

import { createHmac } from "node:crypto";
import type { WebhookKind, WebhookSettings } from "../../../../src/domain/settings.ts";

export interface Vendor {
  readonly name: string;
  readonly kind: WebhookKind;
  readonly settings: Pick<WebhookSettings, "registry" | "repositories" | "signed" | "token" | "topic">;
  /** What its sender adds to a body, having this secret. */
  readonly prove: (body: Buffer, secret: string) => Proof;
  /** Proofs of other senders, with the right secret, which are none here (T4). */
  readonly noProofs: readonly ((body: Buffer, secret: string) => Proof)[];
  readonly rows: {
    readonly push: VendorRow;
    readonly multiArch: VendorRow;
    readonly digestOnly: VendorRow;
    readonly deletion: VendorRow;
    readonly foreign: VendorRow;
  };
  readonly more: readonly VendorRow[];
}

export interface Proof {
  readonly headers?: Readonly<Record<string, string>>;
  readonly secretInPath?: string;
}

export interface VendorRow {
  readonly name: string;
  /** What arrives, one delivery after the other. */
  readonly deliveries: readonly VendorDelivery[];
  readonly settings?: Partial<Vendor["settings"]>;
  readonly expect: Expected;
}

export interface VendorDelivery {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "POST" | "OPTIONS";
}

/** Of all deliveries of the row together. */
export type Expected =
  | { readonly events: readonly object[]; readonly ignored?: readonly RegExp[]; readonly delivery?: RegExp }
  | { readonly malformed: RegExp }
  | { readonly answer: object | string; readonly headers?: object };

export const DIGEST = `sha256:${"4f".repeat(32)}`;
export const AMD64 = `sha256:${"a6".repeat(32)}`;
export const ARM64 = `sha256:${"b7".repeat(32)}`;
export const INDEX = "application/vnd.oci.image.index.v1+json";
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const NO_TAG = /has no tag/;

export const inPath = (_: Buffer, secretInPath: string): Proof => ({ secretInPath });
export const asBearer = (_: Buffer, secret: string): Proof => ({ headers: { authorization: `Bearer ${secret}` } });
export const asHeader =
  (name: string) =>
  (_: Buffer, secret: string): Proof => ({ headers: { [name]: secret } });
export const asHmac =
  (name: string, { hash = "sha256", before = "" } = {}) =>
  (body: Buffer, secret: string): Proof => ({
    headers: { [name]: `${before}${createHmac(hash, secret).update(body).digest("hex")}` },
  });

export function one(name: string, body: unknown, expect: Expected): VendorRow {
  return { name, deliveries: [{ body }], expect };
}
