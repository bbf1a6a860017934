// What came of giving an image another name: whether it was done, and what it took.

export type CopyOutcome =
  /** The name names the digest, and did not before. */
  | { readonly kind: "done"; readonly work: CopyWork }
  /** It named it already. */
  | { readonly kind: "already-so" }
  /** Nobody may, or the registry refuses; the same would come of it again. A clause. */
  | { readonly kind: "refused"; readonly why: string }
  /** It did not come to an end, or nobody knows whether it did. Nothing is wrong by it, and it may be tried again. */
  | { readonly kind: "unknown"; readonly why: string };

export interface CopyWork {
  /** The same repository gets another name, another repository of the same registry takes part, or bytes travel. */
  readonly way: "named" | "within" | "across";
  /** Manifests that were written, the named one among them. */
  readonly manifests: number;
  /** Blobs that the registry took over from its other repository. */
  readonly mounted: number;
  /** Blobs that were sent. */
  readonly copied: number;
  /** Blobs that were there already. */
  readonly present: number;
  /** Of the blobs that were sent. */
  readonly bytes: number;
}

/** What is asked about names: whether the operator lets this be written. */
export type NamingRight = { readonly kind: "allowed" } | { readonly kind: "refused"; readonly why: string };

/** A clause: `3 manifests written, 4 blobs mounted, none sent`. */
export function describeCopyWork({ way, manifests, mounted, copied, present, bytes }: CopyWork): string {
  if (way === "named") return "another name for what its repository holds";
  const sent = copied === 0 ? "none sent" : `${copied} sent (${describeBytes(bytes)})`;
  const parts = [...(mounted > 0 ? [`${mounted} mounted`] : []), ...(present > 0 ? [`${present} there before`] : [])];
  return `${manifests} ${manifests === 1 ? "manifest" : "manifests"} written; of its blobs ${[...parts, sent].join(", ")}`;
}

/** `1.5 GiB` */
export function describeBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
