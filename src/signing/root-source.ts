// Where the authorities come from that vouch for identities: a file of the operator's, or the public Sigstore. Types only.

import type { TrustMaterial } from "@sigstore/verify";
import type { Seen } from "../domain/seen.ts";

export interface RootSource {
  /** Never throws for what the world does; unknown is a clause. */
  read(): Promise<Seen<Roots>>;
}

export interface Roots {
  /** What identifies them: another text once others are believed. */
  readonly text: string;
  readonly roots: readonly TrustMaterial[];
}
