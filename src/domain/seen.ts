// What a read gave: a value, or the reason why nothing is known. A failed read is never an absence, and an unknown is
// never a reason to write; every judge of a `Seen` has to say what it does with "unknown".

export type Seen<T> = Known<T> | Unknown;

export interface Known<T> {
  readonly kind: "known";
  readonly value: T;
}

export interface Unknown {
  readonly kind: "unknown";
  /** A clause that completes "…, because": `ghcr.io answered 503`. */
  readonly why: string;
  /** Whoever was asked answers nobody without credentials, and there are none for it: asking again is of no use. */
  readonly closed?: true;
}

export function known<T>(value: T): Known<T> {
  return { kind: "known", value };
}

export function unknown(why: string): Unknown {
  return { kind: "unknown", why };
}
