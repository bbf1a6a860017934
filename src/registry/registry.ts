// The port to image registries. Reads only what is named; judges nothing; what cannot be read is unknown with the reason.
// It writes one thing: another name for a digest.

import type { CopyOutcome, NamingRight } from "../domain/copy-outcome.ts";
import type { ImageOrigin } from "../domain/image-origin.ts";
import type { Seen } from "../domain/seen.ts";
import type { SignaturePlace, SignaturesFound } from "../domain/signature.ts";

export interface Registry {
  /**
   * All tags of the image's repository that follow the tag grammar, in no order. Unknown when it cannot be read. Who gives
   * the list of an earlier reading gets it back where the registry says that it still holds.
   */
  listTags(request: ImageRequest & { readonly earlier?: TagList }): Promise<Seen<TagList>>;
  /** The digest that the tag names now (of the index, where there is one); `undefined` when there is no such tag. */
  resolveTag(request: ImageRequest & { readonly tag: string }): Promise<Seen<string | undefined>>;
  /** When the image says it was built, epoch milliseconds; `undefined` when it does not say. */
  readCreated(request: ImageRequest & { readonly digest: string }): Promise<Seen<number | undefined>>;
  /**
   * For which platforms there is an image, as `linux/arm64` or `linux/arm/v7`: those that an index lists, or the one of a
   * single image; empty for what is for none.
   */
  readPlatforms(request: ImageRequest & { readonly digest: string }): Promise<Seen<readonly string[]>>;
  /** From which commit of which repository the image says it was built; what it does not say is absent. */
  readOrigin(request: ImageRequest & { readonly digest: string }): Promise<Seen<ImageOrigin>>;
  /** Digests of the manifests that an index holds; empty when it is no index. */
  readChildren(request: ImageRequest & { readonly digest: string }): Promise<Seen<readonly string[]>>;
  /**
   * What may be signatures of the digest, in one place; nothing of it is verified. Empty where there is nothing, or where the
   * registry has no such place.
   */
  readSignatures(
    request: ImageRequest & {
      readonly digest: string;
      readonly place: SignaturePlace;
      /** Nothing more is read once this says no. */
      readonly inTime: () => boolean;
    },
  ): Promise<Seen<SignaturesFound>>;
  /** Whether the operator lets the asker write this tag; asks nobody. */
  mayName(request: ImageRequest & { readonly tag: string }): NamingRight;
  /** Gives the digest that name, with all that it is made of. A name that names another digest is never moved. */
  copyImage(request: CopyRequest): Promise<CopyOutcome>;
}

export interface CopyRequest extends Pick<ImageRequest, "asker"> {
  /** Images are normalised names. */
  readonly from: { readonly image: string; readonly digest: string };
  readonly to: { readonly image: string; readonly tag: string };
  /** Looks at everything and writes nothing: `done` is what would be done. */
  readonly pretend?: boolean;
  /** Milliseconds for all of it; an hour unless given. */
  readonly within?: number;
}

export interface TagList {
  readonly tags: readonly string[];
  /** What the registry calls this state of the list, to ask whether it still holds; many registries say nothing. */
  readonly etag?: string;
}

export interface ImageRequest {
  /** Normalised: `ghcr.io/acme/checkout`. */
  readonly image: string;
  /** `owner/name` of the config repository that asks: a registry serves only those that the operator named in `for`. */
  readonly asker: string;
}
