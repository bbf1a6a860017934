// Who signed, a row each: real keys, certificates, logs and clocks, and the verdict of the real library. What does not
// verify, is about another digest or by somebody else never counts (T5).

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SigningKey } from "../../src/domain/settings.ts";
import type { SignatureDocument, WantedSigner } from "../../src/domain/signature.ts";
import { createSignatures } from "../../src/signing/create-signatures.ts";
import {
  type Authority,
  bundleWithKey,
  cosignWithKey,
  GITHUB_ACTIONS,
  type Json,
  makeAuthority,
  RELEASE_WORKFLOW,
  type Signing,
} from "./make-authority.ts";

const DIGEST = `sha256:${"1a".repeat(32)}`;
const OTHER_DIGEST = `sha256:${"2b".repeat(32)}`;
const ASKER = "acme/platform-config";
const RELEASE: WantedSigner = { kind: "identity", issuer: GITHUB_ACTIONS, subject: RELEASE_WORKFLOW };
const KEY: WantedSigner = { kind: "key", key: "release" };

const release = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = ({ publicKey }: typeof release) => publicKey.export({ type: "spki", format: "pem" }).toString();
const keys: readonly SigningKey[] = [
  { id: "release", for: ["acme/*"], from: { kind: "text", pem: pemOf(release) } },
  { id: "theirs", for: ["other/*"], from: { kind: "text", pem: pemOf(release) } },
];

let authority: Authority;
let anotherAuthority: Authority;
let withoutLogs: Authority;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "signatures-"));
  authority = await makeAuthority();
  anotherAuthority = await makeAuthority();
  withoutLogs = await makeAuthority({ logs: false });
});
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function believing(...roots: readonly Json[]) {
  files += 1;
  const path = join(folder, `roots-${files}.jsonl`);
  await writeFile(path, roots.map((root) => JSON.stringify(root)).join("\n"));
  return createSignatures({ settings: { keys, trustedRootFile: path }, now: () => 0 });
}

const asBundle = (json: unknown): SignatureDocument => ({ kind: "bundle", text: JSON.stringify(json) });
const signed = async (signing: Partial<Signing> = {}, by = authority) =>
  asBundle(await by.bundle({ digest: DIGEST, ...signing }));

interface Row {
  readonly name: string;
  readonly document: () => Promise<SignatureDocument>;
  readonly signer?: WantedSigner;
  readonly roots?: () => readonly Json[];
  /** `signed`, `signed-by-other` or `refused`, then what it says. */
  readonly verdict: RegExp;
}

function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    for (const { name, document, signer = RELEASE, roots = () => [authority.root], verdict } of rows) {
      test(name, async () => {
        const signatures = await believing(...roots());
        const found = await signatures.verify({ document: await document(), digest: DIGEST, signer, asker: ASKER });
        assert.match(Object.values(found).join(": "), verdict);
      });
    }
  });
}

/** A bundle after somebody has changed something in it. */
function tampered(
  change: (bundle: Bundle) => void,
  { by = () => authority, ...signing }: Partial<Signing> & { readonly by?: () => Authority } = {},
) {
  return async (): Promise<SignatureDocument> => {
    const bundle = structuredClone(await by().bundle({ digest: DIGEST, ...signing })) as unknown as Bundle;
    change(bundle);
    return asBundle(bundle);
  };
}

interface Bundle {
  mediaType: string;
  verificationMaterial: {
    certificate: { rawBytes: string };
    tlogEntries: { integratedTime: string; inclusionPromise?: unknown; inclusionProof: { hashes: string[] } }[];
    timestampVerificationData: { rfc3161Timestamps: unknown[] };
  };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
}

const statementAbout = (digest: string) =>
  Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "x", digest: { sha256: digest.slice("sha256:".length) } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {},
    }),
  ).toString("base64");

const byIdentity = (changes: Partial<Extract<WantedSigner, { kind: "identity" }>>): WantedSigner => ({
  kind: "identity",
  issuer: GITHUB_ACTIONS,
  subject: RELEASE_WORKFLOW,
  ...changes,
});

table("by an identity, in a bundle", [
  {
    name: "by who is asked for",
    document: () => signed(),
    verdict: /^signed: https:\/\/github\.com\/acme\/checkout\//,
  },
  {
    name: "with a star for the branch",
    document: () => signed(),
    signer: byIdentity({ subject: RELEASE_WORKFLOW.replace("main", "*") }),
    verdict: /^signed: /,
  },
  {
    name: "a signature of cosign, which is a statement of its own kind",
    document: () => signed({ predicateType: "https://sigstore.dev/cosign/sign/v1" }),
    verdict: /^signed: /,
  },
  {
    name: "by another issuer",
    document: () => signed({ issuer: "https://accounts.example.com" }),
    verdict: /^signed-by-other: https:\/\/github\.com\/.* \(https:\/\/accounts\.example\.com\)$/,
  },
  {
    name: "by another workflow",
    document: () => signed({ subject: "https://github.com/evil/x/.github/workflows/a.yml@refs/heads/main" }),
    verdict: /^signed-by-other: https:\/\/github\.com\/evil\//,
  },
  {
    name: "by a subject that begins like the one asked for",
    document: () => signed({ subject: `${RELEASE_WORKFLOW}-evil` }),
    verdict: /^signed-by-other: /,
  },
  {
    name: "by a subject that ends like the one asked for",
    document: () => signed({ subject: `https://evil.example/${RELEASE_WORKFLOW}` }),
    verdict: /^signed-by-other: /,
  },
  {
    name: "by one that would match if the subject were an expression",
    document: () => signed({ subject: RELEASE_WORKFLOW.replace("github.com", "githubxcom") }),
    verdict: /^signed-by-other: /,
  },
  {
    name: "about another digest",
    document: () => signed({ digest: OTHER_DIGEST }),
    verdict: /^refused: it is about another digest$/,
  },
  {
    name: "of another kind: a scan may say that the image is bad",
    document: () => signed({ predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1" }),
    verdict: /^refused: it is neither a signature nor a provenance$/,
  },
  {
    name: "not of a statement",
    document: () => signed({ payloadType: "text/plain" }),
    verdict: /^refused: it holds no statement$/,
  },
  {
    name: "of another authority",
    document: () => signed({}, anotherAuthority),
    verdict: /^refused: its certificate is of no authority that is believed/,
  },
  {
    name: "of the second authority that is believed",
    document: () => signed({}, anotherAuthority),
    roots: () => [authority.root, anotherAuthority.root],
    verdict: /^signed: /,
  },
  {
    name: "after its certificate had expired",
    document: () => signed({ late: 3_600_000 }),
    verdict: /^refused: its certificate .* was not valid when it was signed$/,
  },
  {
    name: "with nobody who says when",
    document: () => signed({ witness: "nobody" }),
    verdict: /^refused: nobody who is believed says when it was signed$/,
  },
  {
    name: "with a clock and no log, where there is a log",
    document: () => signed({ witness: "clock" }),
    verdict: /^refused: its entry in the transparency log does not hold$/,
  },
  {
    name: "with a clock and no log, where the root names no log",
    document: () => signed({ witness: "clock" }, withoutLogs),
    roots: () => [authority.root, withoutLogs.root],
    verdict: /^signed: /,
  },
  {
    name: "with a clock that nobody believes",
    document: () => signed({ witness: "clock" }, withoutLogs),
    roots: () => [{ ...withoutLogs.root, timestampAuthorities: anotherAuthority.root.timestampAuthorities }],
    verdict: /^refused: nobody who is believed says when/,
  },
  {
    name: "with both",
    document: () => signed({ witness: "both" }),
    verdict: /^signed: /,
  },
]);

table("by an identity, and changed afterwards", [
  {
    name: "another statement under the same signature",
    document: tampered(
      ({ dsseEnvelope }) => {
        dsseEnvelope.payload = statementAbout(DIGEST);
      },
      { digest: OTHER_DIGEST },
    ),
    verdict: /^refused: its (entry in the transparency log does not hold|signature does not fit)/,
  },
  {
    name: "another statement, where no log has seen the first",
    document: tampered(
      ({ dsseEnvelope }) => {
        dsseEnvelope.payload = statementAbout(DIGEST);
      },
      { digest: OTHER_DIGEST, witness: "clock", by: () => withoutLogs },
    ),
    roots: () => [withoutLogs.root],
    verdict: /^refused: its signature does not fit what it says$/,
  },
  {
    name: "an entry of the log with another time",
    document: tampered(({ verificationMaterial: { tlogEntries } }) => {
      const [entry] = tlogEntries;
      if (entry) entry.integratedTime = "1";
    }),
    verdict: /^refused: its (entry|certificate)/,
  },
  {
    name: "an entry without the promise that dates it",
    document: tampered(({ verificationMaterial: { tlogEntries } }) => {
      delete tlogEntries[0]?.inclusionPromise;
    }),
    verdict: /^refused: nobody who is believed says when it was signed$/,
  },
  {
    name: "a second signature",
    document: tampered(({ dsseEnvelope }) => void dsseEnvelope.signatures.push({ sig: "AAAA" })),
    verdict: /^refused: it is no Sigstore bundle$/,
  },
]);

table("hostile bundles", [
  { name: "no JSON", document: async () => ({ kind: "bundle", text: "{" }), verdict: /^refused: it is no Sigstore/ },
  { name: "another object", document: async () => asBundle({ a: 1 }), verdict: /^refused: it is no Sigstore/ },
  { name: "nothing", document: async () => asBundle(null), verdict: /^refused: it is no Sigstore/ },
  {
    name: "ten megabytes",
    document: tampered((bundle) => void Object.assign(bundle, { filler: "x".repeat(10_000_000) })),
    verdict: /^refused: it has more than 1024 KiB$/,
  },
  {
    name: "a hundred thousand levels deep",
    document: async () => ({ kind: "bundle", text: `${"[".repeat(100_000)}${"]".repeat(100_000)}` }),
    verdict: /^refused: it is no Sigstore/,
  },
  {
    name: "a thousand entries of the log",
    document: tampered(({ verificationMaterial: { tlogEntries } }) => {
      const [entry] = tlogEntries;
      if (entry) tlogEntries.push(...Array.from({ length: 300 }, () => entry));
    }),
    verdict: /^refused: it has more than 4 entries of a log$/,
  },
  {
    name: "a proof without end",
    document: tampered(({ verificationMaterial: { tlogEntries } }) => {
      tlogEntries[0]?.inclusionProof.hashes.push(...Array.from({ length: 5_000 }, () => "AAAA"));
    }),
    verdict: /^refused: the proof of its entry in the log is too long$/,
  },
  {
    name: "many timestamps",
    document: tampered(({ verificationMaterial: { timestampVerificationData } }) => {
      const stamps = Array.from({ length: 50 }, () => ({ signedTimestamp: "AAAA" }));
      timestampVerificationData.rfc3161Timestamps.push(...stamps);
    }),
    verdict: /^refused: it has more than 4 timestamps$/,
  },
  {
    name: "a certificate of many names",
    document: tampered(({ verificationMaterial: { certificate } }) => {
      certificate.rawBytes = Buffer.alloc(64 * 1024, 0x30).toString("base64");
    }),
    verdict: /^refused: its certificate is too large$/,
  },
  {
    name: "a certificate that nests without end",
    document: tampered(({ verificationMaterial: { certificate } }) => {
      certificate.rawBytes = Buffer.alloc(16 * 1024, Buffer.from([0x30, 0x80])).toString("base64");
    }),
    verdict: /^refused: it cannot be read as a signature$/,
  },
]);

const cosign = async (made: { payload: Buffer; annotations: Readonly<Record<string, string>> }) =>
  ({ kind: "simple-signing", ...made }) as const;

table("as cosign kept signatures before bundles", [
  {
    name: "by who is asked for",
    document: async () => cosign(await authority.cosign({ digest: DIGEST })),
    verdict: /^signed: https:/,
  },
  {
    name: "about another digest",
    document: async () => cosign(await authority.cosign({ digest: OTHER_DIGEST })),
    verdict: /^refused: it is about another digest$/,
  },
  {
    name: "by another workflow",
    document: async () => cosign(await authority.cosign({ digest: DIGEST, subject: "https://evil.example/x" })),
    verdict: /^signed-by-other: https:\/\/evil\.example\/x$/,
  },
  {
    name: "without its entry in the log",
    document: async () => cosign(await authority.cosign({ digest: DIGEST, witness: "nobody" })),
    verdict: /^refused: nobody who is believed says when/,
  },
  {
    name: "another payload under the same signature",
    document: async () => {
      const { annotations } = await authority.cosign({ digest: OTHER_DIGEST });
      const { payload } = cosignWithKey(stranger.privateKey, { digest: DIGEST });
      return cosign({ payload, annotations });
    },
    verdict: /^refused: its (entry in the transparency log|signature)/,
  },
  {
    name: "with annotations that are nothing",
    document: async () => cosign({ payload: Buffer.from("{}"), annotations: { "dev.sigstore.cosign/bundle": "[" } }),
    verdict: /^refused: it is no Sigstore bundle$/,
  },
  {
    name: "an attestation by who is asked for",
    document: async () => {
      const bundle = (await authority.bundle({ digest: DIGEST, witness: "log" })) as unknown as Bundle;
      return envelopeOf(bundle);
    },
    verdict: /^signed: https:/,
  },
]);

/** What cosign kept of an attestation at the tag `sha256-<hex>.att`. */
function envelopeOf({ dsseEnvelope, verificationMaterial }: Bundle): SignatureDocument {
  const [entry] = verificationMaterial.tlogEntries as unknown as readonly {
    readonly canonicalizedBody: string;
    readonly integratedTime: string;
    readonly logIndex: string;
    readonly logId: { readonly keyId: string };
    readonly inclusionPromise: { readonly signedEntryTimestamp: string };
  }[];
  const certificate = verificationMaterial.certificate.rawBytes;
  const promise = {
    SignedEntryTimestamp: entry?.inclusionPromise.signedEntryTimestamp,
    Payload: {
      body: entry?.canonicalizedBody,
      integratedTime: Number(entry?.integratedTime),
      logIndex: Number(entry?.logIndex),
      logID: Buffer.from(entry?.logId.keyId ?? "", "base64").toString("hex"),
    },
  };
  return {
    kind: "envelope",
    payload: Buffer.from(JSON.stringify(dsseEnvelope)),
    annotations: {
      "dev.sigstore.cosign/certificate": `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
      "dev.sigstore.cosign/bundle": JSON.stringify(promise),
    },
  };
}

table("with a key of the operator's", [
  {
    name: "a bundle made with it",
    document: async () => asBundle(bundleWithKey(release.privateKey, { digest: DIGEST })),
    signer: KEY,
    verdict: /^signed: release$/,
  },
  {
    name: "a bundle made with another key",
    document: async () => asBundle(bundleWithKey(stranger.privateKey, { digest: DIGEST })),
    signer: KEY,
    verdict: /^refused: it was not made with this key$/,
  },
  {
    name: "a bundle about another digest",
    document: async () => asBundle(bundleWithKey(release.privateKey, { digest: OTHER_DIGEST })),
    signer: KEY,
    verdict: /^refused: it is about another digest$/,
  },
  {
    name: "a bundle by an identity, which is no key",
    document: () => signed(),
    signer: KEY,
    verdict: /^refused: it was not made with this key$/,
  },
  {
    name: "a bundle made with it, where an identity is asked for",
    document: async () => asBundle(bundleWithKey(release.privateKey, { digest: DIGEST })),
    verdict: /^refused: it was made with a key, which says nobody's name$/,
  },
  {
    name: "as cosign kept it before bundles",
    document: async () => cosign(cosignWithKey(release.privateKey, { digest: DIGEST })),
    signer: KEY,
    verdict: /^signed: release$/,
  },
  {
    name: "so, with another key",
    document: async () => cosign(cosignWithKey(stranger.privateKey, { digest: DIGEST })),
    signer: KEY,
    verdict: /^refused: it was not made with this key$/,
  },
  {
    name: "so, with another payload",
    document: async () => {
      const { annotations } = cosignWithKey(release.privateKey, { digest: OTHER_DIGEST });
      return cosign({ payload: cosignWithKey(stranger.privateKey, { digest: DIGEST }).payload, annotations });
    },
    signer: KEY,
    verdict: /^refused: it was not made with this key$/,
  },
  {
    name: "T20: a key that is for others",
    document: async () => asBundle(bundleWithKey(release.privateKey, { digest: DIGEST })),
    signer: { kind: "key", key: "theirs" },
    verdict: /^refused: the operator's settings have no signing key of that id for acme\/platform-config$/,
  },
]);
