// The port to what proves a sender who shares no secret with us: published keys, a signer's certificate, and the address
// that confirms a subscription. A receiver asks for them; that an address may be asked at all, it has checked before.

import type { JSONWebKeySet } from "jose";
import type { Seen } from "../../domain/seen.ts";

export interface Proofs {
  /** The keys of an issuer, kept for a while; asked for anew when they lack the wanted one, but not for every stranger. */
  keySet(request: KeySetRequest): Promise<Seen<JSONWebKeySet>>;
  /** A certificate as PEM, kept; `undefined`: there is none at this address. */
  certificate(address: string): Promise<Seen<string | undefined>>;
  /** Asks a subscription's own address once, which confirms it. */
  confirm(address: string): Promise<Seen<undefined>>;
}

export interface KeySetRequest {
  readonly from: KeySource;
  /** Which key is wanted. */
  readonly keyId: string;
}

/** Written by the operator or fixed; never taken from a message. */
export type KeySource =
  | { readonly kind: "keys"; readonly address: string }
  /** Whose `/.well-known/openid-configuration` says where its keys are. */
  | { readonly kind: "issuer"; readonly address: string };
