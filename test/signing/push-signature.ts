// Puts signatures beside an image in a registry, as the tools do that sign: by the distribution API, into each of the places
// where they are looked for.

import assert from "node:assert/strict";
import type { SignaturePlace } from "../../src/domain/signature.ts";
import { digestOf } from "../registry/make-image.ts";
import type { Json } from "./make-authority.ts";

export interface Beside {
  /** `127.0.0.1:5000` */
  readonly host: string;
  readonly repository: string;
  /** Of the image. */
  readonly digest: string;
}

export interface Layer {
  readonly mediaType: string;
  readonly content: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const EMPTY = { mediaType: "application/vnd.oci.empty.v1+json", content: Buffer.from("{}") };

/** As `cosign sign` and `actions/attest` push a bundle: one that refers to the image. */
export function bundleLayer(bundle: Json): Layer {
  return { mediaType: BUNDLE, content: Buffer.from(JSON.stringify(bundle)) };
}

export function cosignLayer(made: { readonly payload: Buffer; readonly annotations: Layer["annotations"] }): Layer {
  const { payload, annotations = {} } = made;
  return { mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", content: payload, annotations };
}

/** One manifest for each layer, and where the place is a tag, that tag. */
export async function pushSignatures(
  layers: readonly Layer[],
  { place, ...beside }: Beside & { readonly place: SignaturePlace },
): Promise<void> {
  const tag = beside.digest.replace(":", "-");
  if (place === "cosign-signature" || place === "cosign-attestation") {
    const manifest = await manifestOf(layers, beside);
    await putManifest(manifest, { ...beside, reference: `${tag}.${place === "cosign-signature" ? "sig" : "att"}` });
    return;
  }
  const referrers: object[] = [];
  for (const layer of layers) {
    const subject = { mediaType: MANIFEST, digest: beside.digest, size: 1 };
    const manifest = { ...(await manifestOf([layer], beside)), artifactType: layer.mediaType, subject };
    const bytes = Buffer.from(JSON.stringify(manifest));
    await putManifest(manifest, { ...beside, reference: digestOf(bytes) });
    referrers.push({ ...describe(MANIFEST, bytes), artifactType: layer.mediaType });
  }
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: referrers };
  if (place === "referrers-tag") await putManifest(index, { ...beside, reference: tag });
}

async function manifestOf(layers: readonly Layer[], beside: Beside) {
  for (const { content } of [EMPTY, ...layers]) await putBlob(content, beside);
  return {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: describe(EMPTY.mediaType, EMPTY.content),
    layers: layers.map(({ mediaType, content, annotations }) => ({
      ...describe(mediaType, content),
      ...(annotations && { annotations }),
    })),
  };
}

function describe(mediaType: string, content: Uint8Array): object {
  return { mediaType, digest: digestOf(content), size: content.length };
}

async function putBlob(content: Uint8Array, { host, repository }: Beside): Promise<void> {
  const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  assert.equal(started.status, 202, await started.text());
  const url = new URL(started.headers.get("location") ?? "", `http://${host}`);
  url.searchParams.set("digest", digestOf(content));
  const headers = { "content-type": "application/octet-stream" };
  const done = await fetch(url, { method: "PUT", headers, body: Buffer.from(content) });
  assert.equal(done.status, 201, await done.text());
}

async function putManifest(
  manifest: { readonly mediaType: string },
  { host, repository, reference }: Beside & { readonly reference: string },
): Promise<void> {
  const done = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body: JSON.stringify(manifest),
  });
  assert.equal(done.status, 201, await done.text());
}
