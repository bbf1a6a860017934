// Finds what may be signatures of an image, in one of the places where tools put them: the referrers API, its tag, and the
// tags that cosign used before both. Counts and sizes are bounded, redirects of the API are not followed. It believes nothing.

import { isDigest } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import {
  NOTHING_FOUND,
  type SignatureDocument,
  type SignaturePlace,
  type SignaturesFound,
} from "../domain/signature.ts";
import type { Access } from "./choose-access.ts";
import { explainStatus, type OciClient } from "./oci-client.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import { type Json, readBlob, readManifest } from "./read-manifest.ts";
import type { Reply } from "./send-request.ts";

export interface SignaturesWanted {
  readonly digest: string;
  readonly place: SignaturePlace;
  /** Nothing more is read once this says no. */
  readonly inTime: () => boolean;
}

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
/** Nobody signs an image so often; who pushes may make the list as long as it likes. */
const MOST = 20;
const LARGEST = 1024 * 1024;

export async function readSignatures(wanted: SignaturesWanted, reader: Reader): Promise<Seen<SignaturesFound>> {
  if (!isDigest(wanted.digest)) return unknown(`\`${wanted.digest.slice(0, 80)}\` is not a digest`);
  const top = await readTop(wanted, reader);
  if (top.kind === "unknown") return top;
  if (top.value === undefined) return known(NOTHING_FOUND);
  return known(await readLayers(await listLayers(top.value, { wanted, reader }), { wanted, reader }));
}

/** The list or the manifest that is there; `undefined`: nothing is. */
async function readTop({ digest, place }: SignaturesWanted, reader: Reader): Promise<Seen<Json | undefined>> {
  const tag = digest.replace(":", "-");
  switch (place) {
    case "referrers":
      return readJson(`referrers/${digest}`, { ...reader, type: INDEX });
    case "referrers-tag":
      return readJson(`manifests/${tag}`, { ...reader, type: INDEX });
    case "cosign-signature":
      return readJson(`manifests/${tag}.sig`, { ...reader, type: MANIFEST });
    case "cosign-attestation":
      return readJson(`manifests/${tag}.att`, { ...reader, type: MANIFEST });
  }
}

async function readJson(
  at: string,
  { client, access, type }: Reader & { readonly type: string },
): Promise<Seen<Json | undefined>> {
  const reply = await client.ask({ access, method: "GET", at, accept: type, redirects: false });
  if (reply.kind === "unknown") return reply;
  if (reply.status === 401 || reply.status === 403 || reply.status >= 500) return explainStatus(reply, access);
  // A registry that has no such list says so in many ways, with a page for people among them.
  if (reply.status !== 200 || !isOfType(reply, type)) return known(undefined);
  const value = parseJson(reply.body);
  return known(isRecord(value) && value.schemaVersion === 2 ? value : undefined);
}

function isOfType(reply: Reply, type: string): boolean {
  return reply.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === type;
}

interface Reading {
  readonly wanted: SignaturesWanted;
  readonly reader: Reader;
}

interface Listed {
  readonly layers: readonly Json[];
  readonly unread: readonly string[];
}

const TOO_MANY = `there are more than ${MOST}`;
const NO_TIME = "there was no time to read all of them";

/** Layers that may be signatures: of the manifest itself, or of those that the list names. */
async function listLayers(top: Json, { wanted, reader }: Reading): Promise<Listed> {
  if (top.manifests === undefined) return layersOf(top);
  const referrers = recordsIn(top.manifests).filter(maySign);
  const layers: Json[] = [];
  const unread: string[] = referrers.length > MOST ? [TOO_MANY] : [];
  for (const { digest } of referrers.slice(0, MOST)) {
    if (!wanted.inTime()) return { layers, unread: [...unread, NO_TIME] };
    const manifest = await readManifest(typeof digest === "string" ? digest : "", reader);
    // One that is broken hides none of the others.
    if (manifest.kind === "unknown") unread.push(manifest.why);
    else {
      const found = layersOf(manifest.value);
      layers.push(...found.layers);
      unread.push(...found.unread);
    }
  }
  return { layers, unread };
}

/** What says of itself that it is something else need not be read. */
function maySign({ artifactType }: Json): boolean {
  return typeof artifactType !== "string" || /sigstore|cosign|dsse|in-toto/.test(artifactType);
}

function layersOf(manifest: Json): Listed {
  const signing = recordsIn(manifest.layers).filter((layer) => kindOf(layer) !== undefined);
  return { layers: signing.slice(0, MOST), unread: signing.length > MOST ? [TOO_MANY] : [] };
}

function kindOf({ mediaType }: Json): SignatureDocument["kind"] | undefined {
  if (typeof mediaType !== "string") return undefined;
  if (mediaType.startsWith("application/vnd.dev.sigstore.bundle")) return "bundle";
  if (mediaType === "application/vnd.dev.cosign.simplesigning.v1+json") return "simple-signing";
  return mediaType === "application/vnd.dsse.envelope.v1+json" ? "envelope" : undefined;
}

async function readLayers({ layers, unread: before }: Listed, { wanted, reader }: Reading): Promise<SignaturesFound> {
  const documents: SignatureDocument[] = [];
  const refused: string[] = [];
  const unread: string[] = [...before, ...(layers.length > MOST ? [TOO_MANY] : [])];
  for (const layer of layers.slice(0, MOST)) {
    if (!wanted.inTime()) return { documents, refused, unread: [...unread, NO_TIME] };
    if (typeof layer.size === "number" && layer.size > LARGEST) refused.push(`it has more than ${LARGEST / 1024} KiB`);
    else {
      const bytes = await readBlob(typeof layer.digest === "string" ? layer.digest : "", reader);
      if (bytes.kind === "unknown") unread.push(bytes.why);
      else documents.push(documentOf(layer, bytes.value));
    }
  }
  return { documents, refused, unread: [...new Set(unread)] };
}

function documentOf(layer: Json, bytes: Uint8Array): SignatureDocument {
  const kind = kindOf(layer);
  if (kind === undefined || kind === "bundle") return { kind: "bundle", text: new TextDecoder().decode(bytes) };
  const annotations = Object.entries(isRecord(layer.annotations) ? layer.annotations : {});
  return {
    kind,
    payload: bytes,
    annotations: Object.fromEntries(
      annotations.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
    ),
  };
}

function recordsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
