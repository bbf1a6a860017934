// Bundles that somebody has changed at random: whatever comes of that, nothing is thrown, and what still counts as signed
// says and names what was signed. The seed is printed with a failure.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { createSignatures } from "../../src/signing/create-signatures.ts";
import type { Signatures } from "../../src/signing/signatures.ts";
import { GITHUB_ACTIONS, type Json, makeAuthority, RELEASE_WORKFLOW } from "./make-authority.ts";

const DIGEST = `sha256:${"1a".repeat(32)}`;
const SIGNER = { kind: "identity", issuer: GITHUB_ACTIONS, subject: RELEASE_WORKFLOW } as const;

let folder: string;
let signatures: Signatures;
let text: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "random-bundles-"));
  const authority = await makeAuthority();
  const trustedRootFile = join(folder, "root.json");
  await writeFile(trustedRootFile, JSON.stringify(authority.root));
  signatures = createSignatures({ settings: { trustedRootFile, keys: [] }, now: () => 0 });
  text = JSON.stringify(await authority.bundle({ digest: DIGEST }));
});
after(() => rm(folder, { recursive: true, force: true }));

const verdict = async (changed: string) =>
  (
    await signatures.verify({
      document: { kind: "bundle", text: changed },
      digest: DIGEST,
      signer: SIGNER,
      asker: "a/b",
    })
  ).kind;

/** What the signer has said, and who that is. */
function essence(bundle: string): unknown {
  const { dsseEnvelope, verificationMaterial } = JSON.parse(bundle) as {
    readonly dsseEnvelope: Json;
    readonly verificationMaterial: { readonly certificate: { readonly rawBytes: string } };
  };
  const bytes = (base64: unknown) => Buffer.from(String(base64), "base64").toString("hex");
  return [bytes(dsseEnvelope.payload), dsseEnvelope.payloadType, bytes(verificationMaterial.certificate.rawBytes)];
}

test("as it was made it counts", async () => {
  assert.equal(await verdict(text), "signed");
});

test("T5: 1,000 times with some characters changed, cut out or doubled", async () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    cut: fc.nat({ max: 3 }),
    put: fc.string({ maxLength: 3 }),
  });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      let changed = text;
      for (const { at, cut, put } of changes) {
        const start = Math.floor(at * changed.length);
        changed = changed.slice(0, start) + put + changed.slice(start + cut);
      }
      if ((await verdict(changed)) === "signed") assert.deepEqual(essence(changed), essence(text));
      else refused += 1;
    }),
    { numRuns: 1_000 },
  );
  assert.ok(refused > 500, `Only ${refused} of 1,000 were refused.`);
});
