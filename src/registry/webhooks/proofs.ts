// The port to what has to be fetched before a sender can be believed: keys of those who sign tokens, certificates of those
// who sign messages, confirmations of subscriptions. Whoever asks has checked the address first; a failed read is unknown.

import type { JSONWebKeySet } from "jose";
import type { Seen } from "../../domain/seen.ts";

export interface Proofs {
  /** The keys at an https address that is fixed in the code or in the operator's settings; kept for a while. */
  readonly keySet: (address: string) => Promise<Seen<JSONWebKeySet>>;
  /** A certificate as PEM; kept for a while. */
  readonly certificate: (address: string) => Promise<Seen<string>>;
  /** Asks for the address once, which confirms a subscription. */
  readonly confirm: (address: string) => Promise<Seen<undefined>>;
}
