// The port to the verification of signatures: who signed this digest, by a document that somebody found. Where documents
// come from is nothing it knows; whatever does not verify is a value with the reason.

import type { Seen } from "../domain/seen.ts";
import type { SignatureDocument, WantedSigner } from "../domain/signature.ts";

export interface Signatures {
  /**
   * What a verdict would rest on now: another text once the operator believes somebody else. Unknown, with the reason,
   * where nothing can be verified for this asker.
   */
  basis(request: TrustRequest): Promise<Seen<string>>;
  verify(request: TrustRequest & { readonly document: SignatureDocument; readonly digest: string }): Promise<Verdict>;
}

export interface TrustRequest {
  readonly signer: WantedSigner;
  /** `owner/name` of the config repository: a key serves only those that the operator named in `for`. */
  readonly asker: string;
}

export type Verdict =
  /** It verifies, says that it is about this digest, and is by who is wanted. */
  | { readonly kind: "signed"; readonly by: string }
  | { readonly kind: "signed-by-other"; readonly by: string }
  /** A clause: `its signature does not fit what it says`. */
  | { readonly kind: "refused"; readonly why: string };
