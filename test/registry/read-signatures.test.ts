// What may be signatures, found in each place where tools put them, and nothing that is not: bounded, and never by way of
// another host. Nothing of it is verified here.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIGNATURE_PLACES, type SignaturePlace, type SignaturesFound } from "../../src/domain/signature.ts";
import type { Json } from "../signing/make-authority.ts";
import { bundleLayer, cosignLayer, type Layer, pushSignatures } from "../signing/push-signature.ts";
import type { RegistryOptions } from "./registry-state.ts";
import { setUp } from "./set-up-registry.ts";

const BUNDLE: Json = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" };
const COSIGN = { payload: Buffer.from("{}"), annotations: { "dev.cosignproject.cosign/signature": "AAAA" } };
const ENVELOPE: Layer = {
  mediaType: "application/vnd.dsse.envelope.v1+json",
  content: Buffer.from("{}"),
  annotations: {},
};

async function signed(layers: readonly Layer[], options: RegistryOptions & { readonly place: SignaturePlace }) {
  const { place, ...registryOptions } = options;
  const { registry, client, ask } = await setUp(registryOptions);
  const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
  if (layers.length > 0)
    await pushSignatures(layers, { host: registry.host, repository: "acme/checkout", digest, place });
  const before = registry.requests().length;
  const look = async (inTime = () => true) => client.readSignatures({ ...ask, digest, place, inTime });
  return { registry, look, requests: () => registry.requests().slice(before) };
}

async function foundBy(look: () => ReturnType<Awaited<ReturnType<typeof signed>>["look"]>): Promise<SignaturesFound> {
  const found = await look();
  assert.equal(found.kind, "known", found.kind === "unknown" ? found.why : "");
  return found.kind === "known" ? found.value : assert.fail();
}

describe("what is found", () => {
  const bundle = { kind: "bundle", text: JSON.stringify(BUNDLE) };
  const rows: readonly (readonly [SignaturePlace, Layer, unknown, RegistryOptions?])[] = [
    ["referrers", bundleLayer(BUNDLE), bundle, { referrers: "list" }],
    ["referrers-tag", bundleLayer(BUNDLE), bundle],
    ["cosign-signature", cosignLayer(COSIGN), { kind: "simple-signing", ...COSIGN }],
    ["cosign-attestation", ENVELOPE, { kind: "envelope", payload: Buffer.from("{}"), annotations: {} }],
  ];
  for (const [place, layer, document, options = {}] of rows) {
    test(`at ${place}, and in no other place`, async () => {
      const { look } = await signed([layer], { place, ...options });
      assert.deepEqual(await foundBy(look), { documents: [document], refused: [], unread: [] });
    });
  }

  for (const place of SIGNATURE_PLACES) {
    test(`nothing at ${place}, in one request`, async () => {
      const { look, requests } = await signed([], { place });
      assert.deepEqual(await foundBy(look), { documents: [], refused: [], unread: [] });
      assert.equal(requests().length, 1);
    });
  }

  test("a list of parts beside it is not read", async () => {
    const parts: Layer = { mediaType: "application/spdx+json", content: Buffer.from("{}") };
    const { look, requests } = await signed([parts], { place: "referrers", referrers: "list" });
    assert.deepEqual((await foundBy(look)).documents, []);
    assert.equal(requests().length, 1);
  });
});

describe("what is hostile or broken", () => {
  test("T21: a page for people in place of the list is not followed, and is no list", async () => {
    const { look, requests } = await signed([bundleLayer(BUNDLE)], { place: "referrers", referrers: "page" });
    assert.deepEqual(await foundBy(look), { documents: [], refused: [], unread: [] });
    assert.equal(requests().length, 1);
  });

  test("more than anybody signs: the rest is said to be unread", async () => {
    const layers = Array.from({ length: 25 }, (_, index) => bundleLayer({ ...BUNDLE, index }));
    const { look, requests } = await signed(layers, { place: "referrers", referrers: "list" });
    const found = await foundBy(look);
    assert.equal(found.documents.length, 20);
    assert.deepEqual(found.unread, ["there are more than 20"]);
    assert.equal(requests().length, 41);
  });

  test("as many layers in one manifest", async () => {
    const layers = Array.from({ length: 25 }, () => cosignLayer(COSIGN));
    const { look } = await signed(layers, { place: "cosign-signature" });
    const found = await foundBy(look);
    assert.equal(found.documents.length, 20);
    assert.deepEqual(found.unread, ["there are more than 20"]);
  });

  test("one of ten megabytes is refused by its size, and the next one read", async () => {
    const large = bundleLayer({ ...BUNDLE, filler: "x".repeat(10_000_000) });
    const { look, requests } = await signed([large, bundleLayer(BUNDLE)], { place: "referrers", referrers: "list" });
    const found = await foundBy(look);
    assert.deepEqual(found.refused, ["it has more than 1024 KiB"]);
    assert.equal(found.documents.length, 1);
    assert.equal(requests().filter(({ path }) => path.includes("/blobs/")).length, 1);
  });

  test("bytes that are not those of their digest leave it open", async () => {
    const { registry, look } = await signed([cosignLayer(COSIGN)], { place: "cosign-signature" });
    registry.fail({ kind: "other-bytes" });
    const found = await foundBy(look);
    assert.deepEqual(found.documents, []);
    assert.match(found.unread.join(), /sent bytes that are not those of sha256:/);
  });

  test("when there is no more time, the rest is said to be unread", async () => {
    const { look, requests } = await signed([bundleLayer(BUNDLE)], { place: "referrers", referrers: "list" });
    const found = await foundBy(() => look(() => false));
    assert.deepEqual(found, { documents: [], refused: [], unread: ["there was no time to read all of them"] });
    assert.equal(requests().length, 1);
  });

  for (const status of [401, 403, 500, 503]) {
    test(`${status} is no absence`, async () => {
      const { registry, look } = await signed([], { place: "referrers" });
      registry.fail({ kind: "status", status });
      assert.equal((await look()).kind, "unknown");
    });
  }

  test("what is no digest is not asked for", async () => {
    const { client, ask, registry } = await setUp();
    const wanted = { ...ask, digest: "../../_catalog", place: "referrers", inTime: () => true } as const;
    assert.equal((await client.readSignatures(wanted)).kind, "unknown");
    assert.deepEqual(registry.requests(), []);
  });
});
