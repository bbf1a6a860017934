// Everybody who takes part when an image is signed: an authority for certificates with its log, a transparency log, a
// clock, and signers. Real keys and real certificates, made on the spot; nothing of it is believed by anybody but the
// trusted root that it gives.

import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { initializeCA, initializeCTLog, initializeTLog, initializeTSA } from "@sigstore/mock";

export const GITHUB_ACTIONS = "https://token.actions.githubusercontent.com";
export const RELEASE_WORKFLOW = "https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main";
const STATEMENT_TYPE = "application/vnd.in-toto+json";
const PROVENANCE = "https://slsa.dev/provenance/v1";
const ISSUER_EXTENSION = "1.3.6.1.4.1.57264.1.8";
const MINUTE = 60_000;

export type Json = Readonly<Record<string, unknown>>;

export interface Signing {
  readonly digest: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly predicateType?: string;
  readonly payloadType?: string;
  /** Who saw it: the log, the clock, both or nobody; the log unless given. */
  readonly witness?: "log" | "clock" | "both" | "nobody";
  /** Milliseconds between the certificate and the signature; a certificate is good for ten minutes. */
  readonly late?: number;
}

export interface Authority {
  /** A line of a trusted root's file. */
  readonly root: Json;
  /** A bundle with a statement about the digest, as the JSON that it is. */
  bundle(signing: Signing): Promise<Json>;
  /** Layer and annotations, as cosign keeps them at the tag `sha256-<hex>.sig`. */
  cosign(
    signing: Signing,
  ): Promise<{ readonly payload: Buffer; readonly annotations: Readonly<Record<string, string>> }>;
}

const curve = (namedCurve: "P-256" | "P-384") => generateKeyPairSync("ec", { namedCurve });

/** Without `logs`: as GitHub signs for private repositories, where only a clock has seen it. */
export async function makeAuthority({ logs = true } = {}): Promise<Authority> {
  // Its own certificate begins now. Whole seconds: clocks of this kind tell no others, and the library reads only some.
  const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + MINUTE);
  const ctlog = await initializeCTLog(curve("P-256"), at);
  const ca = await initializeCA(curve("P-384"), logs ? ctlog : undefined, at);
  const logKey = curve("P-256");
  const clockKey = curve("P-384");
  const startOfLog = (when: Date) => initializeTLog("https://log.example", logKey, when);
  const tlog = await startOfLog(at);
  const clock = await initializeTSA(clockKey, at);
  const witnessed = { startOfLog, clock, at };
  const root: Json = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: logs ? [describeLog(tlog.publicKey)] : [],
    ctlogs: logs ? [describeLog(ctlog.publicKey)] : [],
    certificateAuthorities: [describeAuthority([ca.rootCertificate])],
    timestampAuthorities: [describeAuthority([clock.intCertificate, clock.rootCertificate])],
  };
  const certify = async (publicKey: KeyObject, { issuer = GITHUB_ACTIONS, subject = RELEASE_WORKFLOW }: Signing) =>
    base64(
      await ca.issueCertificate({
        publicKey: publicKey.export({ type: "spki", format: "der" }),
        subjectAltName: subject,
        extensions: [{ oid: ISSUER_EXTENSION, value: issuer }],
      }),
    );
  return {
    root,
    async bundle(signing) {
      const signer = curve("P-256");
      const rawBytes = await certify(signer.publicKey, signing);
      const envelope = signEnvelope(signer.privateKey, signing);
      const entry = { kind: "dsse", spec: logStatement(envelope, rawBytes) };
      return {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: {
          certificate: { rawBytes },
          ...(await witness({ signature: envelope.signatures[0]?.sig ?? "", entry }, { signing, ...witnessed })),
        },
        dsseEnvelope: envelope,
      };
    },
    async cosign(signing) {
      const signer = curve("P-256");
      const certificate = pem(await certify(signer.publicKey, signing));
      const payload = simpleSigning(signing.digest);
      const signature = sign("sha256", payload, signer.privateKey).toString("base64");
      const entry = { kind: "hashedrekord", spec: logPayload({ payload, signature, verifier: certificate }) };
      const { tlogEntries } = await witness({ signature, entry }, { signing, ...witnessed });
      return { payload, annotations: cosignAnnotations({ signature, certificate, entry: tlogEntries[0] }) };
    },
  };
}

/** A statement about the digest, signed with the key alone. */
export function bundleWithKey(key: KeyObject, signing: Signing): Json {
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
    dsseEnvelope: signEnvelope(key, signing),
  };
}

export function cosignWithKey(key: KeyObject, { digest }: Pick<Signing, "digest">) {
  const payload = simpleSigning(digest);
  const signature = sign("sha256", payload, key).toString("base64");
  return { payload, annotations: { "dev.cosignproject.cosign/signature": signature } };
}

function simpleSigning(digest: string): Buffer {
  const image = { "docker-manifest-digest": digest };
  const identity = { "docker-reference": "registry.example/acme/checkout" };
  return Buffer.from(
    JSON.stringify({ critical: { identity, image, type: "cosign container image signature" }, optional: null }),
  );
}

function signEnvelope(key: KeyObject, { digest, predicateType = PROVENANCE, payloadType = STATEMENT_TYPE }: Signing) {
  const [algorithm = "", hex = ""] = digest.split(":");
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "registry.example/acme/checkout", digest: { [algorithm]: hex } }],
    predicateType,
    predicate: {},
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const sig = sign("sha256", signed, key).toString("base64");
  return { payload: payload.toString("base64"), payloadType, signatures: [{ sig }] };
}

function logStatement({ payload, signatures }: ReturnType<typeof signEnvelope>, certificate: string): Json {
  const verifier = Buffer.from(pem(certificate)).toString("base64");
  return {
    envelopeHash: { algorithm: "sha256", value: "00" },
    payloadHash: { algorithm: "sha256", value: hexDigest(Buffer.from(payload, "base64")) },
    signatures: signatures.map(({ sig }) => ({ signature: sig, verifier })),
  };
}

function logPayload(signed: { readonly payload: Buffer; readonly signature: string; readonly verifier: string }): Json {
  const publicKey = { content: Buffer.from(signed.verifier).toString("base64") };
  return {
    data: { hash: { algorithm: "sha256", value: hexDigest(signed.payload) } },
    signature: { content: signed.signature, publicKey },
  };
}

interface Witnesses {
  readonly signing: Signing;
  readonly startOfLog: (when: Date) => ReturnType<typeof initializeTLog>;
  readonly clock: Awaited<ReturnType<typeof initializeTSA>>;
  readonly at: Date;
}

async function witness(
  { signature, entry }: { readonly signature: string; readonly entry: { readonly kind: string; readonly spec: Json } },
  { signing: { witness: who = "log", late = 0 }, startOfLog, clock, at }: Witnesses,
) {
  const log = await startOfLog(new Date(at.getTime() + late));
  const logged = who === "log" || who === "both" ? [await writeEntry(log, entry)] : [];
  const artifactHash = createHash("sha256").update(Buffer.from(signature, "base64")).digest();
  const hashAlgorithmOID = "2.16.840.1.101.3.4.2.1";
  const stamped =
    who === "clock" || who === "both"
      ? [await clock.timestamp({ artifactHash, hashAlgorithmOID, nonce: 5, policyOID: "1.2.3", certReq: false })]
      : [];
  return {
    tlogEntries: logged,
    timestampVerificationData: { rfc3161Timestamps: stamped.map((each) => ({ signedTimestamp: base64(each) })) },
  };
}

interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  /** Hexadecimal. */
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly rootHash: string;
      readonly treeSize: number;
      readonly checkpoint: string;
    };
  };
}

async function writeEntry(
  log: Awaited<ReturnType<typeof initializeTLog>>,
  { kind, spec }: { readonly kind: string; readonly spec: Json },
) {
  const written: Readonly<Record<string, LogEntry>> = await log.log({ apiVersion: "0.0.1", kind, spec });
  const [entry] = Object.values(written);
  if (entry === undefined) throw new Error("The log wrote nothing.");
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: Buffer.from(entry.logID, "hex").toString("base64") },
    kindVersion: { kind, version: "0.0.1" },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: Buffer.from(proof.rootHash, "hex").toString("base64"),
      treeSize: String(proof.treeSize),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

function cosignAnnotations(made: {
  readonly signature: string;
  readonly certificate: string;
  readonly entry: Awaited<ReturnType<typeof writeEntry>> | undefined;
}): Readonly<Record<string, string>> {
  const { entry } = made;
  const promise = entry && {
    SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
    Payload: {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logIndex: Number(entry.logIndex),
      logID: Buffer.from(entry.logId.keyId, "base64").toString("hex"),
    },
  };
  return {
    "dev.cosignproject.cosign/signature": made.signature,
    "dev.sigstore.cosign/certificate": made.certificate,
    ...(promise && { "dev.sigstore.cosign/bundle": JSON.stringify(promise) }),
  };
}

const ALWAYS = { start: "2020-01-01T00:00:00Z" };

function describeLog(publicKey: Buffer): Json {
  return {
    baseUrl: "https://log.example",
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(publicKey), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor: ALWAYS },
    logId: { keyId: createHash("sha256").update(publicKey).digest("base64") },
  };
}

function describeAuthority(chain: readonly ArrayBufferView[]): Json {
  return {
    subject: { organization: "example", commonName: "example" },
    uri: "https://authority.example",
    certChain: { certificates: chain.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor: ALWAYS,
  };
}

function base64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

function pem(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function hexDigest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
