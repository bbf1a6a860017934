// Verifies one document with Sigstore's own library, against one set of what is believed, and says in words of ours what
// came of it. Who signed is compared here, not by the library, which would read a subject as an expression.

import type { Bundle } from "@sigstore/bundle";
import type { SignedEntity, Signer, TrustMaterial, Verifier } from "@sigstore/verify";
import type { SignatureDocument, WantedSigner } from "../domain/signature.ts";
import { matchesSubject } from "./match-subject.ts";
import { type BundleReader, readBundle } from "./read-bundle.ts";
import { STATEMENT_TYPE, whyNotAboutPayload, whyNotAboutStatement } from "./read-statement.ts";
import type { Verdict } from "./signatures.ts";

/** The library, which is loaded when the first signature is verified. */
export interface Library {
  readonly bundleFromJSON: BundleReader;
  readonly toSignedEntity: (bundle: Bundle, artifact?: Buffer) => SignedEntity;
  readonly Verifier: typeof Verifier;
}

export type Trust =
  /** Authorities that vouch for identities. Each stands alone: a certificate of one is not dated by the clock of another. */
  | { readonly kind: "roots"; readonly roots: readonly TrustMaterial[] }
  | { readonly kind: "key"; readonly key: TrustMaterial };

export interface Verifying {
  readonly document: SignatureDocument;
  readonly digest: string;
  readonly signer: WantedSigner;
  readonly trust: Trust;
  readonly library: Library;
}

export function verifyDocument(verifying: Verifying): Verdict {
  const { document, digest, signer, trust, library } = verifying;
  const bundle = readBundle(document, library.bundleFromJSON);
  if (typeof bundle === "string") return refused(bundle);
  const form = whyWrongForm(document, bundle);
  if (form !== undefined) return refused(form);
  const signedBy =
    trust.kind === "key" ? verifyKey(bundle, trust.key, verifying) : verifyRoots(bundle, trust.roots, verifying);
  if (typeof signedBy === "string") return refused(signedBy);
  const unrelated =
    document.kind === "simple-signing"
      ? whyNotAboutPayload(document.payload, digest)
      : whyNotAboutStatement(payloadOf(bundle), digest);
  if (unrelated !== undefined) return refused(unrelated);
  return signer.kind === "key" ? { kind: "signed", by: signer.key } : judgeIdentity(signer, signedBy);
}

function refused(why: string): Verdict {
  return { kind: "refused", why };
}

/** A bundle over a message says nothing of what the message is; over a statement it does. */
function whyWrongForm({ kind }: SignatureDocument, { content }: Bundle): string | undefined {
  if (kind === "simple-signing") return undefined;
  if (content.$case !== "dsseEnvelope") return "it signs no statement";
  return content.dsseEnvelope.payloadType === STATEMENT_TYPE ? undefined : "it holds no statement";
}

function payloadOf({ content }: Bundle): Uint8Array {
  return content.$case === "dsseEnvelope" ? content.dsseEnvelope.payload : new Uint8Array();
}

function verifyRoots(bundle: Bundle, roots: readonly TrustMaterial[], verifying: Verifying): Signer | string {
  if (bundle.verificationMaterial.content.$case === "publicKey")
    return "it was made with a key, which says nobody's name";
  let why = "nobody is believed";
  for (const root of roots) {
    // Whatever kind of witness a root names has to have seen it.
    const witnesses = {
      tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
      ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
      timestampThreshold: 1,
    };
    const signer = attempt(() => new verifying.library.Verifier(root, witnesses).verify(entityOf(bundle, verifying)));
    if (typeof signer !== "string") return signer;
    why = signer;
  }
  return why;
}

/** The operator's word for a key needs no witness: neither a log nor a clock is asked. */
function verifyKey(bundle: Bundle, key: TrustMaterial, verifying: Verifying): Signer | string {
  const nobody = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
  const signer = attempt(() =>
    new verifying.library.Verifier(key, nobody).verify({
      ...entityOf(bundle, verifying),
      key: { $case: "public-key", hint: "" },
      timestamps: [],
      tlogEntries: [],
    }),
  );
  return signer === NOT_FITTING ? "it was not made with this key" : signer;
}

function entityOf(bundle: Bundle, { document, library }: Verifying): SignedEntity {
  if (document.kind !== "simple-signing") return library.toSignedEntity(bundle);
  return library.toSignedEntity(bundle, Buffer.from(document.payload));
}

const NOT_FITTING = "its signature does not fit what it says";

/** What the library says may repeat what a stranger wrote, so only its codes are used. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^TIMESTAMP_/, "nobody who is believed says when it was signed"],
  [/^CERTIFICATE_/, "its certificate is of no authority that is believed, or was not valid when it was signed"],
  [/^TLOG_/, "its entry in the transparency log does not hold"],
  [/^SIGNATURE_/, NOT_FITTING],
];

function attempt(verify: () => Signer): Signer | string {
  try {
    return verify();
  } catch (error) {
    // Hostile bytes make a parser throw anything; whatever it is, this did not verify.
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? "it cannot be read as a signature";
  }
}

function judgeIdentity(
  { issuer, subject }: Extract<WantedSigner, { kind: "identity" }>,
  { identity }: Signer,
): Verdict {
  const by = identity?.subjectAlternativeName;
  const vouchedBy = identity?.extensions?.issuer;
  if (by === undefined || vouchedBy === undefined) return refused("its certificate names nobody");
  if (vouchedBy === issuer && matchesSubject(subject, by)) return { kind: "signed", by: tidy(by) };
  const other = vouchedBy === issuer ? tidy(by) : `${tidy(by)} (${tidy(vouchedBy)})`;
  return { kind: "signed-by-other", by: other };
}

/** One line of readable characters. */
function tidy(text: string): string {
  return [...text.slice(0, 1000).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")].slice(0, 200).join("");
}
