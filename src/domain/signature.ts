// What is asked about the signatures of an image, what is found beside it, and what came of it. An image is its digest:
// names and tags prove nothing. Everything that a signer says of itself is hostile text.

import type { SignedGate } from "./gate.ts";
import type { Seen } from "./seen.ts";

/** Has somebody who may do so signed this digest? */
export interface SignatureQuestion {
  /** Normalised; where signatures are kept beside it. */
  readonly image: string;
  readonly digest: string;
  readonly signer: WantedSigner;
  /** `owner/repository` whose attestations count, too. */
  readonly source?: string;
}

export type WantedSigner =
  | { readonly kind: "identity"; readonly issuer: string; readonly subject: string }
  /** The id of a key in the operator's settings. */
  | { readonly kind: "key"; readonly key: string };

export type SignatureFinding =
  /** `where`: a phrase such as `GitHub's attestations of acme/checkout`. */
  | { readonly kind: "signed"; readonly by: string; readonly where: string }
  /** It is signed, and by none who was asked for. */
  | { readonly kind: "signed-by-others"; readonly by: readonly string[] }
  /** Where it was looked, and why what was found there does not count: clauses. */
  | { readonly kind: "not-signed"; readonly looked: readonly string[]; readonly refused: readonly string[] };

export interface SignatureReading {
  readonly answer: Seen<SignatureFinding>;
  /** It is not asked again before; epoch milliseconds. Absent: what was verified once stays so. */
  readonly askAgainAt?: number;
}

/** Where tools put signatures, in the order in which they are looked for. The first four are in the image's registry. */
export const SIGNATURE_PLACES = ["referrers", "referrers-tag", "cosign-signature", "cosign-attestation"] as const;
export type SignaturePlace = (typeof SIGNATURE_PLACES)[number];

/** One thing that may be a signature, as it was found; nothing of it is believed yet. */
export type SignatureDocument =
  /** A Sigstore bundle: JSON. */
  | { readonly kind: "bundle"; readonly text: string }
  /** What `cosign` kept before bundles: a payload or a DSSE envelope, and beside it what vouches for it. */
  | {
      readonly kind: "simple-signing" | "envelope";
      readonly payload: Uint8Array;
      readonly annotations: Readonly<Record<string, string>>;
    };

export interface SignaturesFound {
  readonly documents: readonly SignatureDocument[];
  /** Why something that was found there could not be taken: clauses. */
  readonly refused: readonly string[];
  /** Why something there could not be read, so that nobody knows what it is: clauses. */
  readonly unread: readonly string[];
  /** Why nobody may look there, where the owners have not let us: a clause. */
  readonly closed?: string;
}

export const NOTHING_FOUND: SignaturesFound = { documents: [], refused: [], unread: [] };

/** `undefined`: the gate names nobody; the reader of the pipeline file does not let that through. */
export function signerOf({ issuer, subject, key }: SignedGate): WantedSigner | undefined {
  if (key !== undefined) return { kind: "key", key };
  return issuer === undefined || subject === undefined ? undefined : { kind: "identity", issuer, subject };
}

export function signatureKey({ image, digest, signer, source }: SignatureQuestion): string {
  return JSON.stringify([image, digest, ...Object.values(signer), source ?? ""]);
}
