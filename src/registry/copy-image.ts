// Gives a digest a name, in its own repository, in another one of the same registry, or in another registry. The name is
// written last, so whoever dies half-way leaves nothing that anybody could take for the image; a name that exists does not
// move; and at the end the registry is asked what the name names.

import { type CopyOutcome, type CopyWork, describeBytes } from "../domain/copy-outcome.ts";
import { known, type Seen, type Unknown, unknown } from "../domain/seen.ts";
import { type Access, chooseAccess } from "./choose-access.ts";
import { choosePush, type PushRules } from "./choose-push.ts";
import { type Blobs, copyBlob, findBlob } from "./copy-blob.ts";
import { gatherParts, type NotCopied, type Parts, readStored } from "./gather-parts.ts";
import { errorCodes } from "./oci-client.ts";
import { putManifest, putPart } from "./put-manifest.ts";
import { ACCEPT_MANIFEST, resolveDigest } from "./read-manifest.ts";
import type { CopyRequest } from "./registry.ts";

export interface Copier extends Pick<Blobs, "client" | "lookup" | "idle" | "commit"> {
  readonly rules: PushRules;
}

interface Copy extends Copier {
  readonly way: CopyWork["way"];
  readonly from: Access;
  readonly digest: string;
  readonly to: Access;
  readonly tag: string;
  /** Bytes that may be sent. */
  readonly most: number;
}

const AN_HOUR = 3_600_000;

export async function copyImage(request: CopyRequest, copier: Copier): Promise<CopyOutcome> {
  const copy = prepare(request, copier);
  if ("kind" in copy) return copy;
  const before = await judgeName(copy);
  if (before.kind !== "free") return before;
  const parts = await partsOf(copy);
  if (parts.kind !== "parts") return parts;
  const total = parts.blobs.reduce((sum, { size }) => sum + size, 0);
  if (copy.way === "across" && total > copy.most) return tooLarge(total, copy.most);
  if (request.pretend === true) return pretend(parts, copy);
  const signal = AbortSignal.timeout(request.within ?? AN_HOUR);
  const work = await bringParts(parts, { ...copy, signal });
  return work.kind === "work" ? giveName(parts, { ...copy, work: work.work }) : work;
}

function prepare({ asker, from, to }: CopyRequest, copier: Copier): Copy | NotCopied {
  const push = choosePush({ image: to.image, asker, tag: to.tag }, copier.rules);
  if (push.kind === "unknown") return { kind: "refused", why: push.why };
  const reading = chooseAccess({ image: from.image, asker }, copier.rules);
  if (reading.kind === "unknown") return { kind: "refused", why: reading.why };
  const { access, most } = push.value;
  const common = { ...copier, digest: from.digest, tag: to.tag, most, from: reading.value };
  if (from.image === to.image) return { ...common, way: "named", to: access };
  if (reading.value.origin !== access.origin) return { ...common, way: "across", to: access };
  return { ...common, way: "within", to: { ...access, writes: { from: reading.value.repository } } };
}

type Judged = { readonly kind: "free" } | { readonly kind: "already-so" } | NotCopied | Unknown;

/** Whether the name may be given: what exists does not move. */
async function judgeName(copy: Copy): Promise<Judged> {
  const named = await resolveName(copy);
  if (named.kind === "unknown") return named;
  if (named.value === undefined) return { kind: "free" };
  if (named.value === copy.digest) return { kind: "already-so" };
  const name = `${copy.to.host}/${copy.to.repository}:${copy.tag}`;
  return { kind: "refused", why: `${name} names ${named.value} already, and a name does not move` };
}

/** A repository that nobody has pushed to yet has no names. */
async function resolveName({ client, to, tag }: Copy): Promise<Seen<string | undefined>> {
  const named = await resolveDigest(tag, { client, access: to });
  if (named.kind === "known") return named;
  const reply = await client.ask({ access: to, method: "GET", at: `manifests/${tag}`, accept: ACCEPT_MANIFEST });
  const isNew = reply.kind === "reply" && reply.status === 404 && errorCodes(reply).includes("NAME_UNKNOWN");
  return isNew ? known(undefined) : named;
}

async function partsOf({ client, way, from, digest }: Copy): Promise<Parts | NotCopied | Unknown> {
  const reader = { client, access: from };
  if (way !== "named") return gatherParts(digest, reader);
  // Whatever it is made of is there.
  const stored = await readStored(digest, reader);
  return stored.kind === "stored" ? { kind: "parts", manifests: [stored.manifest], blobs: [] } : stored;
}

function tooLarge(total: number, most: number): NotCopied {
  const why = `it is ${describeBytes(total)}, and the operator's settings let ${describeBytes(most)} be sent at once`;
  return { kind: "refused", why };
}

interface Working {
  readonly kind: "work";
  readonly work: CopyWork;
}

async function bringParts(
  { manifests, blobs }: Parts,
  copy: Copy & Pick<Blobs, "signal">,
): Promise<Working | NotCopied | Unknown> {
  const count = { present: 0, mounted: 0, copied: 0 };
  let bytes = 0;
  for (const blob of blobs) {
    const outcome = await copyBlob(blob, { ...copy, most: copy.most - bytes });
    if (outcome.kind === "refused" || outcome.kind === "unknown") return outcome;
    count[outcome.kind] += 1;
    if (outcome.kind === "copied") bytes += blob.size;
  }
  let written = 1;
  for (const manifest of manifests.slice(0, -1)) {
    const outcome = await putPart(manifest, { client: copy.client, access: copy.to });
    if (outcome.kind === "refused" || outcome.kind === "unknown") return outcome;
    if (outcome.kind === "written") written += 1;
  }
  return { kind: "work", work: { way: copy.way, manifests: written, ...count, bytes } };
}

async function giveName({ manifests }: Parts, copy: Copy & Pick<Working, "work">): Promise<CopyOutcome> {
  const [top] = manifests.slice(-1);
  if (top === undefined) throw new Error("an image without a manifest was gathered");
  // Somebody else may have given it while the bytes were on their way.
  const before = copy.way === "named" ? ({ kind: "free" } as const) : await judgeName(copy);
  if (before.kind !== "free") return before;
  const put = await putManifest(top, { client: copy.client, access: copy.to, name: copy.tag });
  if (put.kind === "refused") return put;
  // Also where the reply was lost: it is looked for, and nothing is sent again.
  const after = await judgeName(copy);
  if (after.kind === "already-so") return { kind: "done", work: copy.work };
  if (after.kind === "refused") return after;
  if (put.kind === "unknown") return put;
  return after.kind === "unknown" ? after : unknown(`${copy.to.host} took the tag ${copy.tag} and does not have it`);
}

/** What would be done; a mount that the registry would deny is not foreseen. */
async function pretend({ manifests, blobs }: Parts, copy: Copy): Promise<CopyOutcome> {
  const missing = [];
  for (const blob of blobs) {
    const there = await findBlob(blob, copy);
    if (there.kind === "refused" || there.kind === "unknown") return there;
    if (there.kind === "absent") missing.push(blob);
  }
  const present = blobs.length - missing.length;
  const work = { way: copy.way, manifests: manifests.length, present };
  if (copy.way === "within") return { kind: "done", work: { ...work, mounted: missing.length, copied: 0, bytes: 0 } };
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  return { kind: "done", work: { ...work, mounted: 0, copied: missing.length, bytes } };
}
