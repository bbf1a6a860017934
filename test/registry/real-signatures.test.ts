// Signatures in the distribution project's own registry, which has no list of referrers: at the tag of referrers and at
// cosign's tags, pushed as the tools push them, found by our client and verified.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { SIGNATURE_PLACES, type SignaturePlace, type WantedSigner } from "../../src/domain/signature.ts";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import { createSignatures } from "../../src/signing/create-signatures.ts";
import {
  type Authority,
  cosignWithKey,
  GITHUB_ACTIONS,
  makeAuthority,
  RELEASE_WORKFLOW,
} from "../signing/make-authority.ts";
import { bundleLayer, cosignLayer, type Layer, pushSignatures } from "../signing/push-signature.ts";
import { findMissingParts, tellNotSeen } from "./find-missing-parts.ts";
import { type DockerRegistry, startDockerRegistry } from "./start-docker-registry.ts";

const ASKER = "acme/platform-config";
const BY_WORKFLOW: WantedSigner = { kind: "identity", issuer: GITHUB_ACTIONS, subject: RELEASE_WORKFLOW };
const WITH_KEY: WantedSigner = { kind: "key", key: "release" };
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const missing = await findMissingParts(["docker-registry", "skopeo"]);

if (missing.length > 0) {
  tellNotSeen("signatures in docker-registry of Debian", missing);
} else {
  describe("signatures in docker-registry of Debian", () => {
    let registry: DockerRegistry;
    let authority: Authority;
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "signatures-"));
      registry = await startDockerRegistry();
      authority = await makeAuthority();
      await writeFile(join(folder, "root.json"), JSON.stringify(authority.root));
    });
    after(async () => {
      await registry?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** By place: what the verdicts of all that is found there are. */
    async function verdicts(
      name: string,
      { digest, signer }: { readonly digest: string; readonly signer: WantedSigner },
    ) {
      const client = createOciRegistry({
        registries: [{ host: registry.host, prefix: "", for: ["*"], insecure: true, every: 60_000 }],
        now: () => 0,
        userAgent: "stagecoach-test",
      });
      const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
      const keys = [{ id: "release", for: ["acme/*"], from: { kind: "text", pem } }] as const;
      const trustedRootFile = join(folder, "root.json");
      const signatures = createSignatures({ settings: { trustedRootFile, keys }, now: () => 0 });
      const found: Record<string, readonly string[]> = {};
      for (const place of SIGNATURE_PLACES) {
        const image = `${registry.host}/acme/${name}`;
        const read = await client.readSignatures({ image, asker: ASKER, digest, place, inTime: () => true });
        assert.ok(read.kind === "known", JSON.stringify(read));
        const kinds: string[] = [];
        for (const document of read.value.documents)
          kinds.push((await signatures.verify({ document, digest, signer, asker: ASKER })).kind);
        if (kinds.length > 0) found[place] = kinds;
      }
      return found;
    }

    async function push(name: string, { layer, place }: { readonly layer: Layer; readonly place: SignaturePlace }) {
      const at = { repository: `acme/${name}`, digest: await pushImage(name) };
      await pushSignatures([layer], { host: registry.host, ...at, place });
      return at.digest;
    }

    function pushImage(name: string) {
      const image = { seed: name, platforms: ["linux/amd64", "linux/arm64"], labels: {} };
      return registry.push({ repository: `acme/${name}`, tag: "1.8.0", image });
    }

    test("a bundle at the tag of referrers", async () => {
      const layer = bundleLayer(await authority.bundle({ digest: await pushImage("web") }));
      const digest = await push("web", { layer, place: "referrers-tag" });
      assert.deepEqual(await verdicts("web", { digest, signer: BY_WORKFLOW }), { "referrers-tag": ["signed"] });
    });

    test("a signature of cosign by an identity, at its tag", async () => {
      const layer = cosignLayer(await authority.cosign({ digest: await pushImage("api") }));
      const digest = await push("api", { layer, place: "cosign-signature" });
      assert.deepEqual(await verdicts("api", { digest, signer: BY_WORKFLOW }), { "cosign-signature": ["signed"] });
    });

    test("a signature of cosign with a key, at its tag", async () => {
      const layer = cosignLayer(cosignWithKey(privateKey, { digest: await pushImage("worker") }));
      const digest = await push("worker", { layer, place: "cosign-signature" });
      assert.deepEqual(await verdicts("worker", { digest, signer: WITH_KEY }), { "cosign-signature": ["signed"] });
    });

    test("a signature of another image, put beside this one", async () => {
      const layer = bundleLayer(await authority.bundle({ digest: await pushImage("good") }));
      const digest = await push("bad", { layer, place: "referrers-tag" });
      assert.deepEqual(await verdicts("bad", { digest, signer: BY_WORKFLOW }), { "referrers-tag": ["refused"] });
    });
  });
}
