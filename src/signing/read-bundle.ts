// Makes a Sigstore bundle of what was found, before anything of it is believed: its size and its counts first, then its
// form, by the library's own reader. What cosign kept in annotations before there were bundles is put into one.

import type { Bundle } from "@sigstore/bundle";
import type { SignatureDocument } from "../domain/signature.ts";
import { bundleOfCosign } from "./bundle-of-cosign.ts";

/** Characters; a provenance of a large build has some hundred thousand. */
const LARGEST = 1024 * 1024;
/** More of a kind than any signer makes: each costs a verification. */
const MOST = { entries: 4, timestamps: 4, certificates: 8, hashes: 64, certificate: 16 * 1024 };

export type BundleReader = (json: unknown) => Bundle;

/** The bundle, or a clause that says why it is none. */
export function readBundle(document: SignatureDocument, read: BundleReader): Bundle | string {
  if (document.kind === "bundle" && document.text.length > LARGEST) return `it has more than ${LARGEST / 1024} KiB`;
  if (document.kind !== "bundle" && document.payload.length > LARGEST) return `it has more than ${LARGEST / 1024} KiB`;
  let bundle: Bundle;
  try {
    bundle = read(document.kind === "bundle" ? JSON.parse(document.text) : bundleOfCosign(document));
  } catch {
    // Whatever a hostile text makes a reader throw, it says that this is no bundle.
    return "it is no Sigstore bundle";
  }
  return whyTooMuch(bundle) ?? bundle;
}

function whyTooMuch({ verificationMaterial }: Bundle): string | undefined {
  const { tlogEntries, timestampVerificationData, content } = verificationMaterial;
  if (tlogEntries.length > MOST.entries) return `it has more than ${MOST.entries} entries of a log`;
  if (tlogEntries.some(({ inclusionProof }) => (inclusionProof?.hashes.length ?? 0) > MOST.hashes))
    return "the proof of its entry in the log is too long";
  if ((timestampVerificationData?.rfc3161Timestamps.length ?? 0) > MOST.timestamps)
    return `it has more than ${MOST.timestamps} timestamps`;
  const chain =
    content.$case === "certificate"
      ? [content.certificate]
      : content.$case === "x509CertificateChain"
        ? content.x509CertificateChain.certificates
        : [];
  if (chain.length > MOST.certificates) return `it has more than ${MOST.certificates} certificates`;
  if (chain.some(({ rawBytes }) => rawBytes.length > MOST.certificate)) return "its certificate is too large";
  return undefined;
}
