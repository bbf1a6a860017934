// What cosign kept in annotations of a layer before there were bundles, as the JSON of a bundle: signature, certificate,
// the promise of the log, a timestamp. Throws for what is no such thing; nothing is believed yet. Pure.

import { createHash } from "node:crypto";
import type { SignatureDocument } from "../domain/signature.ts";

type CosignDocument = Exclude<SignatureDocument, { kind: "bundle" }>;

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.1";
const SIGNATURE = "dev.cosignproject.cosign/signature";
const CERTIFICATE = "dev.sigstore.cosign/certificate";
const PROMISE = "dev.sigstore.cosign/bundle";
const TIMESTAMP = "dev.sigstore.cosign/rfc3161timestamp";

export function bundleOfCosign(document: CosignDocument): unknown {
  const { kind, payload, annotations } = document;
  const certificate = annotations[CERTIFICATE];
  const promise = annotations[PROMISE];
  const timestamp = annotations[TIMESTAMP];
  return {
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      ...(certificate
        ? { x509CertificateChain: { certificates: [{ rawBytes: derOf(certificate) }] } }
        : { publicKey: { hint: "" } }),
      tlogEntries: promise ? [entryOf(JSON.parse(promise))] : [],
      ...(timestamp && { timestampVerificationData: { rfc3161Timestamps: [timestampOf(JSON.parse(timestamp))] } }),
    },
    ...(kind === "envelope"
      ? { dsseEnvelope: JSON.parse(new TextDecoder().decode(payload)) }
      : {
          messageSignature: {
            messageDigest: {
              algorithm: "SHA2_256",
              digest: createHash("sha256").update(payload).digest("base64"),
            },
            signature: annotations[SIGNATURE],
          },
        }),
  };
}

/** Of the chain, its first: the others are the authority's and come from the trusted root. */
function derOf(pem: string): string {
  const [, base64] = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (base64 === undefined) throw new Error("No certificate in PEM form.");
  return base64.replaceAll(/\s/g, "");
}

function entryOf(promise: unknown): unknown {
  const { SignedEntryTimestamp, Payload } = fieldsOf(promise);
  const { body, integratedTime, logIndex, logID } = fieldsOf(Payload);
  const { kind, apiVersion } = fieldsOf(JSON.parse(Buffer.from(String(body), "base64").toString("utf8")));
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(String(logID), "hex").toString("base64") },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: SignedEntryTimestamp },
    canonicalizedBody: body,
  };
}

function timestampOf(value: unknown): unknown {
  return { signedTimestamp: fieldsOf(value).SignedRFC3161Timestamp };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new Error("No object where cosign has one.");
  return { ...value };
}
