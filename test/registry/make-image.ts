// Images as registries store them: real manifests, configurations and digests, without anything that could run.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export interface ImageToMake {
  /** What tells this image from another with the same labels. */
  readonly seed: string;
  /** `linux/amd64`, `linux/arm/v7`; two or more make an index. */
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Of the index, and of each manifest; absent: none. */
  readonly annotations?: {
    readonly index?: Readonly<Record<string, string>>;
    readonly manifest?: Readonly<Record<string, string>>;
  };
  /** As the build wrote it; absent: it does not say. */
  readonly created?: string;
  /** The index lists an attestation beside its platforms, as buildx makes them. */
  readonly attested?: boolean;
  /** The index stands in another index. */
  readonly nested?: boolean;
}

/** A Helm chart, as `helm push` makes one. */
export interface ChartToMake {
  readonly name: string;
  /** With `+` where its tag has `_`. */
  readonly version: string;
  readonly created?: string;
}

export interface StoredObject {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface MadeImage {
  /** What a tag names: the index, or the only manifest. */
  readonly top: StoredObject;
  /** The manifests of an index. */
  readonly children: readonly StoredObject[];
  readonly blobs: readonly StoredObject[];
}

/** Two empty blocks: an archive of nothing. */
const EMPTY_ARCHIVE = Buffer.alloc(1024);
const LAYER = stored("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(EMPTY_ARCHIVE));

export function makeImage(image: ImageToMake): MadeImage {
  const parts = image.platforms.map((platform) => makeManifest(image, platform));
  const blobs = [LAYER, ...parts.map(({ configuration }) => configuration)];
  const [only, ...more] = parts;
  if (only === undefined) throw new Error("an image needs a platform");
  if (more.length === 0 && !image.attested) return { top: only.manifest, children: [], blobs };
  const note = image.attested ? [makeAttestation(only.manifest)] : [];
  const top = makeIndex(
    [
      ...parts.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform })),
      ...note.map(({ listed }) => listed),
    ],
    image.annotations?.index,
  );
  const children = [...parts, ...note].map(({ manifest }) => manifest);
  const all = [...blobs, ...note.flatMap((each) => each.blobs)];
  if (!image.nested) return { top, children, blobs: all };
  return { top: makeIndex([descriptor(top)]), children: [...children, top], blobs: all };
}

export function makeChart({ name, version, created }: ChartToMake): MadeImage {
  const configuration = storedJson("application/vnd.cncf.helm.config.v1+json", { apiVersion: "v2", name, version });
  const content = stored("application/vnd.cncf.helm.chart.content.v1.tar+gzip", gzipSync(`${name} ${version}`));
  // Helm leaves the type out of the manifest itself.
  const top = storedJson("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    config: descriptor(configuration),
    layers: [descriptor(content)],
    annotations: {
      ...(created !== undefined && { "org.opencontainers.image.created": created }),
      "org.opencontainers.image.title": name,
      "org.opencontainers.image.version": version,
    },
  });
  return { top, children: [], blobs: [configuration, content] };
}

function makeIndex(manifests: readonly object[], annotations?: Readonly<Record<string, string>>): StoredObject {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return storedJson(mediaType, { schemaVersion: 2, mediaType, manifests, ...(annotations && { annotations }) });
}

/** What a build says of a manifest, listed where platforms are. */
function makeAttestation(about: StoredObject) {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const statement = storedJson("application/vnd.in-toto+json", { subject: [{ digest: about.digest }] });
  const configuration = storedJson("application/vnd.oci.image.config.v1+json", {
    architecture: "unknown",
    os: "unknown",
    config: {},
    rootfs: { type: "layers", diff_ids: [statement.digest] },
  });
  const manifest = storedJson(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: descriptor(configuration),
    layers: [descriptor(statement)],
  });
  const listed = {
    ...descriptor(manifest),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": about.digest,
    },
  };
  return { manifest, blobs: [statement, configuration], listed };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function descriptor({ mediaType, digest, bytes }: StoredObject): object {
  return { mediaType, digest, size: bytes.length };
}

function makeManifest(image: ImageToMake, name: string) {
  const [os = "linux", architecture = "amd64", variant] = name.split("/");
  const platform = { architecture, os, ...(variant !== undefined && { variant }) };
  const configuration = storedJson("application/vnd.oci.image.config.v1+json", {
    ...(image.created !== undefined && { created: image.created }),
    ...platform,
    config: { Labels: image.labels },
    rootfs: { type: "layers", diff_ids: [digestOf(EMPTY_ARCHIVE)] },
    history: [{ created_by: image.seed }],
  });
  const manifest = storedJson("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor(configuration),
    layers: [descriptor(LAYER)],
    ...(image.annotations?.manifest && { annotations: image.annotations.manifest }),
  });
  return { manifest, configuration, platform };
}

function storedJson(mediaType: string, value: object): StoredObject {
  return stored(mediaType, Buffer.from(JSON.stringify(value)));
}

function stored(mediaType: string, bytes: Buffer): StoredObject {
  return { mediaType, bytes, digest: digestOf(bytes) };
}
