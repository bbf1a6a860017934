// Looking for one signature in all places, on a registry and a GitHub of the tests: the first that counts ends it, those of
// others are told, and whatever cannot be read leaves the question open.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SignaturePlace, WantedSigner } from "../../src/domain/signature.ts";
import { lookForSignature } from "../../src/reconcile/look-for-signature.ts";
import { createSignatures } from "../../src/signing/create-signatures.ts";
import { startForge } from "../forge/start-forge.ts";
import { stagecoachPermissions } from "../github/start-github.ts";
import type { RegistryOptions } from "../registry/registry-state.ts";
import { setUp } from "../registry/set-up-registry.ts";
import {
  type Authority,
  bundleWithKey,
  GITHUB_ACTIONS,
  makeAuthority,
  RELEASE_WORKFLOW,
  type Signing,
} from "./make-authority.ts";
import { bundleLayer, cosignLayer, pushSignatures } from "./push-signature.ts";

const ASKER = "acme/platform";
const SOURCE = "acme/checkout";
const BY_WORKFLOW: WantedSigner = { kind: "identity", issuer: GITHUB_ACTIONS, subject: RELEASE_WORKFLOW };
const WITH_KEY: WantedSigner = { kind: "key", key: "release" };
const STRANGER = "https://github.com/evil/x/.github/workflows/a.yml@refs/heads/main";
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { attestations: _, ...withoutAttestations } = stagecoachPermissions;

let authority: Authority;
let folder: string;
const closings: (() => Promise<void>)[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "looking-"));
  authority = await makeAuthority();
  await writeFile(join(folder, "root.json"), JSON.stringify(authority.root));
});
after(async () => {
  for (const close of closings) await close();
  await rm(folder, { recursive: true, force: true });
});

async function begin(options: RegistryOptions & { readonly granted?: boolean } = {}) {
  const { granted = true, ...registryOptions } = options;
  const world = await startForge(granted ? {} : { permissions: withoutAttestations });
  closings.push(() => world.close());
  world.github.createRepository({ owner: "acme", name: "checkout", files: { "README.md": "Checkout\n" } });
  const { registry, client, image } = await setUp(registryOptions);
  const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const keys = [{ id: "release", for: ["acme/*"], from: { kind: "text", pem } }] as const;
  const signatures = createSignatures({ settings: { trustedRootFile: join(folder, "root.json"), keys }, now: () => 0 });
  const shell = { registry: client, forge: world.forge, signatures };
  const beside = { host: registry.host, repository: "acme/checkout", digest };
  const look = async (
    signer: WantedSigner = BY_WORKFLOW,
    { source = SOURCE, inTime = () => true }: { readonly source?: string | null; readonly inTime?: () => boolean } = {},
  ) => {
    const question = { image, digest, signer, ...(source !== null && { source }) };
    const found = await lookForSignature(question, { asker: ASKER, at: world.at, shell, inTime });
    return found.kind === "unknown" ? `unknown: ${found.why}` : JSON.stringify(found.value);
  };
  return {
    registry,
    look,
    sign: async (place: SignaturePlace, signing: Partial<Signing> = {}) =>
      pushSignatures([bundleLayer(await authority.bundle({ digest, ...signing }))], { ...beside, place }),
    cosign: async () => {
      const layer = cosignLayer(await authority.cosign({ digest }));
      await pushSignatures([layer], { ...beside, place: "cosign-signature" });
    },
    signWithKey: () =>
      pushSignatures([bundleLayer(bundleWithKey(privateKey, { digest }))], { ...beside, place: "referrers-tag" }),
    attest: async (signing: Partial<Signing> = {}) =>
      world.github.attest({ repository: SOURCE, digest, bundle: await authority.bundle({ digest, ...signing }) }),
  };
}

describe("looking for a signature", () => {
  test("in the list of referrers: the first that counts ends it", async () => {
    const { look, sign, registry } = await begin({ referrers: "list" });
    await sign("referrers");
    const before = registry.requests().length;
    assert.match(await look(), /"signed".*"where":"the registry's referrers"/);
    assert.equal(registry.requests().length - before, 3);
  });

  test("at the tag of referrers", async () => {
    const { look, sign } = await begin();
    await sign("referrers-tag");
    assert.match(await look(), /"signed".*"where":"the registry's tag of referrers"/);
  });

  test("at cosign's tag", async () => {
    const { look, cosign } = await begin();
    await cosign();
    assert.match(await look(), /"signed".*"where":"cosign's tag of signatures"/);
  });

  test("among GitHub's attestations", async () => {
    const { look, attest } = await begin();
    await attest();
    assert.match(await look(), /"signed".*"where":"GitHub's attestations of `acme\/checkout`"/);
  });

  test("with a key, in the registry alone", async () => {
    const { look, signWithKey } = await begin();
    await signWithKey();
    assert.match(await look(WITH_KEY), /"signed","by":"release"/);
  });

  test("nowhere: told where it was looked", async () => {
    const { look } = await begin();
    assert.match(
      await look(),
      /"not-signed","looked":\["`127.*` \(referrers, their tag, cosign's tags\)","GitHub's att/,
    );
    assert.match(await look(BY_WORKFLOW, { source: null }), /no attestations of GitHub, because the pipeline names no/);
    assert.match(await look(WITH_KEY), /"looked":\["`127[^,]*, their tag, cosign's tags\)"\]/);
  });

  test("by somebody else, and by who is asked for behind it", async () => {
    const { look, sign, attest } = await begin();
    await sign("referrers-tag", { subject: STRANGER });
    assert.match(await look(), /"signed-by-others","by":\["https:\/\/github\.com\/evil/);
    await attest();
    assert.match(await look(), /"signed"/);
  });

  test("of another digest, put beside this one: it does not count", async () => {
    const { look, sign } = await begin();
    await sign("referrers-tag", { digest: `sha256:${"2b".repeat(32)}` });
    assert.match(await look(), /"not-signed".*"refused":\["it is about another digest"\]/);
  });

  test("where the owners have not let us look at attestations: that is told, and is no failure of the registry's", async () => {
    const { look, sign } = await begin({ granted: false });
    assert.match(
      await look(),
      /not at GitHub's attestations of `acme\/checkout`, because the installation has not granted/,
    );
    await sign("referrers-tag", { subject: STRANGER });
    assert.match(await look(), /"signed-by-others"/);
  });

  test("while the registry does not answer: not known, unless GitHub has it", async () => {
    const { look, registry, attest } = await begin();
    registry.fail({ kind: "status", status: 503 });
    assert.match(await look(), /^unknown: 127\.0\.0\.1:\d+ answered 503$/);
    await attest({ subject: STRANGER });
    assert.match(await look(), /^unknown: /);
    await attest();
    assert.match(await look(), /"signed"/);
  });

  test("without time for it: not known", async () => {
    const { look, sign } = await begin();
    await sign("referrers-tag");
    assert.match(await look(BY_WORKFLOW, { inTime: () => false }), /^unknown: there was no time to look everywhere$/);
  });
});
