// Brings one blob to a repository: not at all where it is there, by mounting from another repository of the same registry,
// else as a stream from one registry to the other. Where the bytes may go is decided here, too: to the registry itself, or
// to where it may also redirect (T20, T21).

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { explainRefusal } from "./explain-refusal.ts";
import type { BlobReference, NotCopied } from "./gather-parts.ts";
import { errorCodes, explainStatus, type OciClient } from "./oci-client.ts";
import { proveStream, type Watching } from "./prove-stream.ts";
import { type Reply, refuseRedirect, type Transport } from "./send-request.ts";

export interface Blobs {
  readonly client: OciClient;
  readonly lookup: Transport["lookup"];
  readonly from: Access;
  readonly to: Access;
  /** The end of the whole copy. */
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which a transfer is given up. */
  readonly idle: number;
  /** Milliseconds that a registry may take to put away what it was sent: some read it all again. */
  readonly commit: number;
  /** Bytes that may still be sent. */
  readonly most: number;
}

export type BlobOutcome = { readonly kind: "present" | "mounted" | "copied" } | NotCopied | Unknown;

const ANY = "application/json, */*";

export async function copyBlob(blob: BlobReference, blobs: Blobs): Promise<BlobOutcome> {
  const there = await findBlob(blob, blobs);
  if (there.kind !== "absent") return there;
  const { client, to } = blobs;
  const mount =
    to.writes?.from === undefined ? "" : `?${new URLSearchParams({ mount: blob.digest, from: to.writes.from })}`;
  const begun = await client.ask({ access: to, method: "POST", at: `blobs/uploads/${mount}`, accept: ANY });
  if (begun.kind === "unknown") return begun;
  if (begun.status === 201 && mount !== "") return { kind: "mounted" };
  if (begun.status === 202) return upload(blob, { ...blobs, begun });
  // Some deny the mount, as it asks for the other repository, too, and take the bytes.
  if (mount === "" || begun.status >= 500) return explainRefusal(begun, to);
  const again = await client.ask({ access: to, method: "POST", at: "blobs/uploads/", accept: ANY });
  if (again.kind === "unknown") return again;
  return again.status === 202 ? upload(blob, { ...blobs, begun: again }) : explainRefusal(again, to);
}

type There = { readonly kind: "present" } | { readonly kind: "absent" } | NotCopied | Unknown;

export async function findBlob(
  { digest, size }: BlobReference,
  { client, to }: Pick<Blobs, "client" | "to">,
): Promise<There> {
  const head = await client.ask({ access: to, method: "HEAD", at: `blobs/${digest}`, accept: ANY });
  if (head.kind === "unknown") return head;
  if (head.status === 404) return { kind: "absent" };
  if (head.status !== 200) return explainRefusal(head, to);
  const length = head.headers.get("content-length");
  return length === null || Number(length) === size
    ? { kind: "present" }
    : unknown(`${to.host} has ${digest} with another size than its manifest says`);
}

async function upload(
  blob: BlobReference,
  { begun, ...blobs }: Blobs & { readonly begun: Reply },
): Promise<BlobOutcome> {
  if (blob.size > blobs.most) {
    return { kind: "refused", why: `it would send more than the operator's settings allow, with ${blob.digest}` };
  }
  const place = await placeOf(begun, { blob, blobs });
  if (place.kind === "unknown") return place;
  const { client, from, to } = blobs;
  const watch = watchOver(blobs);
  try {
    const source = await client.open({
      access: from,
      method: "GET",
      at: `blobs/${blob.digest}`,
      accept: ANY,
      signal: watch.signal,
    });
    if (source.kind === "unknown") return watch.explain(source);
    if (source.status === 404)
      return { kind: "refused", why: `${from.host} has no ${blob.digest} in ${from.repository}` };
    if (source.status !== 200) return explainStatus({ ...source, kind: "reply", body: NOTHING }, from);
    const proven = proveStream(source.body ?? ReadableStream.from<Uint8Array>([]), { ...blob, ...watch });
    const put = await client.send({
      access: to,
      method: "PUT",
      at: place.at,
      accept: ANY,
      content: { type: "application/octet-stream", length: blob.size, body: blob.size === 0 ? NOTHING : proven.body },
      signal: watch.signal,
    });
    if (put.kind === "reply" && put.status === 201) return { kind: "copied" };
    const setback = watch.explain(setbackOf(put, { proven, blobs }));
    // The reply may be lost and the blob be there; it is looked for, and not sent again.
    const there = setback.kind === "unknown" ? await findBlob(blob, blobs) : undefined;
    return there?.kind === "present" ? { kind: "copied" } : setback;
  } finally {
    watch.end();
  }
}

const NOTHING = new Uint8Array();

function setbackOf(
  put: Reply | Unknown,
  { proven, blobs }: { readonly proven: { readonly failure: () => string | undefined }; readonly blobs: Blobs },
): NotCopied | Unknown {
  const failure = proven.failure();
  if (failure !== undefined) return unknown(`${blobs.from.host} ${failure}`);
  if (put.kind === "unknown") return put;
  // An upload may be forgotten, and a token may run out: the next try begins another one.
  const isOver = put.status === 401 || errorCodes(put).includes("BLOB_UPLOAD_UNKNOWN");
  return isOver ? explainStatus(put, blobs.to) : explainRefusal(put, blobs.to);
}

/** Where the session is, relative or whole; its own query stays as it is. */
async function placeOf(
  begun: Reply,
  { blob, blobs }: { readonly blob: BlobReference; readonly blobs: Blobs },
): Promise<{ readonly kind: "place"; readonly at: URL } | Unknown> {
  const { host } = blobs.to;
  const at = URL.parse(begun.headers.get("location") ?? "", begun.url.href);
  if (at === null || begun.headers.get("location") === null)
    return unknown(`${host} begins an upload without saying where`);
  const refusal = await refuseRedirect({ from: begun.url, to: at }, blobs);
  if (refusal !== undefined) return unknown(`${host} ${refusal.replace("redirects to", "sends an upload to")}`);
  at.search = `${at.search === "" ? "?" : `${at.search}&`}digest=${encodeURIComponent(blob.digest)}`;
  return { kind: "place", at };
}

interface Watch extends Watching {
  readonly signal: AbortSignal;
  readonly end: () => void;
  /** What happened, where it was the watch that ended it. */
  readonly explain: <T extends NotCopied | Unknown>(setback: T) => T | Unknown;
}

function watchOver({ signal, idle, commit }: Pick<Blobs, "signal" | "idle" | "commit">): Watch {
  const still = new AbortController();
  let patience = idle;
  let timer = setTimeout(() => still.abort(), patience);
  return {
    signal: AbortSignal.any([signal, still.signal]),
    onProgress: () => void timer.refresh(),
    onProven: () => {
      patience = commit;
      clearTimeout(timer);
      timer = setTimeout(() => still.abort(), patience);
    },
    end: () => {
      clearTimeout(timer);
      // Whatever is still open of the source is let go.
      still.abort();
    },
    explain: (setback) =>
      signal.aborted
        ? unknown("the time for one copy is over; what was sent stays, and the next try goes on from there")
        : still.signal.aborted
          ? unknown(`nothing moved for ${patience / 1000} s`)
          : setback,
  };
}
