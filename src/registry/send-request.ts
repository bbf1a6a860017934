// One HTTP request to a registry or to a realm: a time limit, a limit on the body while it streams, and few redirects
// that never carry credentials to another origin (T21). What goes wrong on the way is unknown, with a clause that names
// the host; what the status means, and what becomes of a body that is too large to be kept, is decided elsewhere.

import { isIP } from "node:net";
import { type Unknown, unknown } from "../domain/seen.ts";
import { codeOf } from "../wire/code-of.ts";
import { readBounded } from "../wire/read-bounded.ts";
import { resolvesToPublic } from "./resolves-to-public.ts";

export interface Transport {
  readonly fetch: typeof fetch;
  readonly userAgent: string;
  /** Milliseconds for one request with its body and all its redirects. */
  readonly timeout: number;
  /** All addresses of a name. */
  readonly lookup: (hostname: string) => Promise<readonly string[]>;
  /** Told of every request that leaves, redirects included. */
  readonly onRequest?: (request: { readonly method: string; readonly host: string }) => void;
}

export interface Outgoing {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly url: URL;
  readonly accept: string;
  readonly authorization?: string;
  /** An entity tag for `If-None-Match`. */
  readonly unless?: string;
  /** Whether redirects are followed; a realm's never are, nor is anything that writes. */
  readonly redirects: boolean;
  readonly content?: Content;
  /** Instead of the time limit, for those who watch over a long transfer themselves. */
  readonly signal?: AbortSignal;
}

export interface Content {
  readonly type: string;
  /** Bytes. */
  readonly length: number;
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
}

export interface Reply {
  readonly kind: "reply";
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Where the reply came from in the end. */
  readonly url: URL;
}

/** A reply whose body is still to be read. */
export interface OpenReply extends Omit<Reply, "kind" | "body"> {
  readonly kind: "open";
  readonly body: ReadableStream<Uint8Array> | null;
}

const LARGEST_BODY = 4 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function sendRequest(outgoing: Outgoing, transport: Transport): Promise<Reply | Unknown> {
  // One for all hops: a redirect buys nobody more time, and neither does a body that drips.
  const signal = outgoing.signal ?? AbortSignal.timeout(transport.timeout);
  return followRedirects({ ...outgoing, signal }, { transport, send: sendOnce });
}

/** The caller reads the body, or lets it go by its signal. */
export function openRequest(outgoing: Watched, transport: Transport): Promise<OpenReply | Unknown> {
  return followRedirects(outgoing, { transport, send: openOnce });
}

type Watched = Outgoing & Required<Pick<Outgoing, "signal">>;
type Replied = Pick<Reply, "status" | "headers"> & { readonly kind: "reply" | "open" };

async function followRedirects<T extends Replied>(
  outgoing: Watched,
  parts: {
    readonly transport: Transport;
    readonly send: (outgoing: Watched, transport: Transport) => Promise<T | Unknown>;
  },
): Promise<T | Unknown> {
  const { transport, send } = parts;
  let next = outgoing;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const reply = await send(next, transport);
    if (reply.kind === "unknown" || !outgoing.redirects || !REDIRECTS.has(reply.status)) return reply;
    const target = reply.headers.get("location");
    const location = target === null ? null : URL.parse(target, next.url.href);
    if (location === null) return unknown(`${next.url.host} redirects without saying where to`);
    const refusal = await refuseRedirect({ from: next.url, to: location }, transport);
    if (refusal !== undefined) return unknown(`${next.url.host} ${refusal}`);
    const { authorization, ...plain } = next;
    const keeps = location.origin === next.url.origin && authorization !== undefined;
    next = { ...plain, url: location, ...(keeps && { authorization }) };
  }
  return unknown(`${outgoing.url.host} redirected more than ${MOST_REDIRECTS} times`);
}

/** Another origin must be a public name behind https: a registry may point to its storage, not into our network. */
export async function refuseRedirect(
  { from, to }: { readonly from: URL; readonly to: URL },
  transport: Pick<Transport, "lookup">,
): Promise<string | undefined> {
  if (to.username !== "" || to.password !== "") return "redirects to an address with credentials in it";
  if (to.origin === from.origin) return undefined;
  if (to.protocol !== "https:") return "redirects to an address without https";
  const isAddress = isIP(to.hostname.replace(/^\[|\]$/g, "")) !== 0;
  if (isAddress || !(await resolvesToPublic(to.hostname, transport.lookup))) {
    return "redirects to an address that is not public";
  }
  return undefined;
}

async function sendOnce(outgoing: Watched, transport: Transport): Promise<Reply | Unknown> {
  const open = await openOnce(outgoing, transport);
  if (open.kind === "unknown") return open;
  const { status, headers, url } = open;
  try {
    const body = await readBounded(open.body, LARGEST_BODY);
    if (body === undefined) {
      return unknown(`${url.host} answered more than ${LARGEST_BODY / 1024 / 1024} MiB`);
    }
    return { kind: "reply", status, headers, body, url };
  } catch (error) {
    return unknown(`${url.host} ${explainFailure(error, transport.timeout)}`);
  }
}

async function openOnce(outgoing: Watched, transport: Transport): Promise<OpenReply | Unknown> {
  const { method, url, accept, authorization, unless, content, signal } = outgoing;
  transport.onRequest?.({ method, host: url.host });
  const headers = {
    accept,
    "user-agent": transport.userAgent,
    ...(authorization !== undefined && { authorization }),
    ...(unless !== undefined && { "if-none-match": unless }),
    ...(content !== undefined && { "content-type": content.type, "content-length": String(content.length) }),
  };
  const sent = content === undefined ? {} : ({ body: content.body, duplex: "half" } as const);
  // Whatever may be sent a second time is kept whole until it was sent the first time, a stream as well.
  const once = content?.body instanceof ReadableStream ? ({ redirect: "error", window: null } as const) : {};
  try {
    const response = await transport.fetch(url, { method, headers, redirect: "manual", signal, ...sent, ...once });
    return { kind: "open", status: response.status, headers: response.headers, body: response.body, url };
  } catch (error) {
    if (isRedirect(error)) return unknown(`${url.host} redirects an upload, which is not followed`);
    return unknown(`${url.host} ${explainFailure(error, transport.timeout)}`);
  }
}

/** What `fetch` says of a redirect that it was told not to take; it has no code. */
function isRedirect(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error && error.cause.message === "unexpected redirect";
}

/** A failure of the network in words; any other error is a fault of ours and is thrown on. */
export function explainFailure(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) throw error;
  if (error.name === "TimeoutError" || error.name === "AbortError") return `did not answer within ${timeout / 1000} s`;
  const code = codeOf(error);
  // `fetch` gives no code to what it will not do (a port that it blocks) and cannot unpack; our own faults have other names.
  if (code === undefined && error instanceof TypeError) return "answered in a way that cannot be followed or read";
  if (code === undefined) throw error;
  if (code === "ECONNREFUSED") return "refused the connection";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET") return "closed the connection early";
  if (code.startsWith("HPE_")) return `did not answer in HTTP (${code})`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "could not be found by its name";
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return `did not answer within ${timeout / 1000} s`;
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return `shows a certificate that is not trusted (${code})`;
  return `could not be reached (${code})`;
}
