// The action that gives a digest another name, and what is known of how it went.

import type { NamingRight } from "./copy-outcome.ts";
import type { Decided } from "./decided.ts";
import type { EnvironmentKey } from "./pipeline.ts";

export interface RetagImage extends Decided {
  readonly kind: "retag";
  readonly key: EnvironmentKey;
  /** The command that ordered it. */
  readonly id: string;
  /** Where the digest is. */
  readonly from: string;
  readonly digest: string;
  /** The name that it gets. */
  readonly image: string;
  readonly tag: string;
}

/** The last try. */
export interface RetagTry {
  /** Of the command that it was made for. */
  readonly id: string;
  readonly kind: "done" | "refused" | "unknown";
  /** A clause: what was done, or why it was not. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type Namings = Readonly<Record<string, NamingRight>>;

/** The name by which what is known of a name is kept. */
export function nameKey({ image, tag }: { readonly image: string; readonly tag: string }): string {
  return `${image}:${tag}`;
}
