// Writes one manifest under its digest or a tag, with the bytes and the type that it has: so its digest stays. A reply that
// was lost is looked for, never sent again.

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { explainRefusal } from "./explain-refusal.ts";
import type { NotCopied, StoredManifest } from "./gather-parts.ts";
import type { OciClient } from "./oci-client.ts";
import { ACCEPT_MANIFEST } from "./read-manifest.ts";

interface Writer {
  readonly client: OciClient;
  readonly access: Access;
}

export type PutOutcome = { readonly kind: "written" } | { readonly kind: "present" } | NotCopied | Unknown;

/** A part of an index; nothing is written where it is there. */
export async function putPart(manifest: StoredManifest, writer: Writer): Promise<PutOutcome> {
  const before = await hasManifest(manifest, writer);
  if (before.kind === "present" || before.kind === "unknown") return before;
  const put = await putManifest(manifest, { ...writer, name: manifest.digest });
  if (put.kind !== "unknown") return put;
  const after = await hasManifest(manifest, writer);
  return after.kind === "present" ? { kind: "written" } : put;
}

async function hasManifest(
  { digest }: StoredManifest,
  { client, access }: Writer,
): Promise<{ readonly kind: "present" } | { readonly kind: "absent" } | Unknown> {
  const head = await client.ask({ access, method: "HEAD", at: `manifests/${digest}`, accept: ACCEPT_MANIFEST });
  if (head.kind === "unknown") return head;
  return head.status === 200 ? { kind: "present" } : { kind: "absent" };
}

/** What is unknown may have been written. */
export async function putManifest(
  { digest, mediaType, bytes }: StoredManifest,
  { client, access, name }: Writer & { readonly name: string },
): Promise<PutOutcome> {
  const reply = await client.ask({
    access,
    method: "PUT",
    at: `manifests/${name}`,
    accept: "application/json, */*",
    content: { type: mediaType, length: bytes.length, body: bytes },
  });
  if (reply.kind === "unknown") return reply;
  if (reply.status !== 201) return explainRefusal(reply, access);
  const said = reply.headers.get("docker-content-digest");
  return said === null || said === digest
    ? { kind: "written" }
    : unknown(`${access.host} stored ${digest} as something else`);
}
