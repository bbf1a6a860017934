// The few requests that are made to an Argo CD server: to the operator's origin only, with a time limit over the whole
// answer and a limit on its size while it streams. What goes wrong is unknown, with a clause that names the host and
// what to do, never the token. What the answers mean is decided elsewhere.

import { type Seen, unknown } from "../../domain/seen.ts";
import { readBounded } from "../../wire/read-bounded.ts";
import { GATHER_TIMES, type GatherTimes } from "../cluster/gather-changes.ts";
import { explainError, explainStatus } from "./explain-failure.ts";

export interface ArgocdAccess {
  /** The address of the server, with its path where it has one: `https://argocd.example.com`. */
  readonly url: string;
  readonly token: string;
}

export interface ArgocdLimits {
  /** Milliseconds for one request with its body. */
  readonly timeout: number;
  /** Bytes of a list. */
  readonly list: number;
  /** Bytes of a single object. */
  readonly single: number;
  /** Refreshes that one read may ask for. */
  readonly refreshes: number;
  /** Milliseconds before a broken stream is opened again, at first; it doubles up to a minute. */
  readonly backoff: number;
  /** How changes are gathered: a server with many Applications speaks without a pause, and each telling costs a pass. */
  readonly gather: GatherTimes;
}

export const LIMITS: ArgocdLimits = {
  timeout: 10_000,
  list: 64 * 1024 * 1024,
  single: 4 * 1024 * 1024,
  refreshes: 5,
  backoff: 1_000,
  gather: GATHER_TIMES,
};

export interface Outgoing {
  /** Below `/api/v1/`, each part by itself. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Makes it a POST. */
  readonly body?: unknown;
  /** Bytes. */
  readonly largest: number;
  /** Milliseconds for the request with its body. */
  readonly timeout: number;
  /** What the token has to be allowed, as Argo CD writes it: `applications, get, default/checkout`. */
  readonly permission: string;
}

export interface ArgocdClient {
  readonly host: string;
  /** The address of a page for people; `undefined` where it would not be https. */
  page(path: readonly string[]): string | undefined;
  ask(outgoing: Outgoing): Promise<Seen<unknown>>;
  /** An answer whose body goes on; the caller's signal ends it. */
  open(outgoing: Pick<Outgoing, "path" | "query">, signal: AbortSignal): Promise<Response | undefined>;
}

/** Throws where the address or the token cannot be used at all: a fault in the operator's settings. */
export function createArgocdClient(access: ArgocdAccess): ArgocdClient {
  const base = readBase(access.url);
  // A header with such a character would be refused with a message that repeats it, token and all (T22).
  if (!/^[\x21-\x7e]+$/.test(access.token)) throw new Error(`the token for ${base.host} holds spaces or line breaks`);
  const request = ({ query = {}, path, body }: Pick<Outgoing, "path" | "query" | "body">): [URL, RequestInit] => {
    const url = new URL(addressOf(base, ["api", "v1", ...path]));
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${access.token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    // Never followed: the token is for this origin (T21).
    const common = { headers, redirect: "manual" } as const;
    return [url, body === undefined ? common : { ...common, method: "POST", body: JSON.stringify(body) }];
  };
  return {
    host: base.host,
    page: (path) => (base.protocol === "https:" ? addressOf(base, path) : undefined),
    async ask(outgoing) {
      const [url, init] = request(outgoing);
      const answer = await send({ url, init: { ...init, signal: AbortSignal.timeout(outgoing.timeout) } }, outgoing);
      if (answer.kind === "known") return answer;
      return unknown(answer.why.replaceAll(access.token, "…"));
    },
    async open(outgoing, signal) {
      const [url, init] = request(outgoing);
      const response = await fetch(url, { ...init, signal });
      if (response.status === 200) return response;
      await response.body?.cancel();
      return undefined;
    },
  };
}

function readBase(text: string): URL {
  const base = URL.parse(text);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new Error("the address of Argo CD is no http or https address");
  if (base.username !== "" || base.password !== "") throw new Error(`the address of ${base.host} holds credentials`);
  return base;
}

/** `..` in a part would leave the path, however it is escaped. */
function addressOf(base: URL, path: readonly string[]): string {
  const parts = path.map((part) => (/^\.{0,2}$/.test(part) ? "-" : encodeURIComponent(part)));
  return `${base.origin}${base.pathname.replace(/\/+$/, "")}/${parts.join("/")}`;
}

async function send(
  { url, init }: { readonly url: URL; readonly init: RequestInit },
  { largest, permission }: Pick<Outgoing, "largest" | "permission">,
): Promise<Seen<unknown>> {
  try {
    const response = await fetch(url, init);
    const body = await readBounded(response.body, response.status === 200 ? largest : 64 * 1024);
    if (body === undefined) return unknown(`${url.host} answered more than ${largest / 1024 / 1024} MiB`);
    const text = body.toString("utf8");
    if (response.status !== 200) {
      return unknown(`${url.host} ${explainStatus({ status: response.status, text, permission })}`);
    }
    return parse(text, url.host);
  } catch (error) {
    return unknown(`${url.host} ${explainError(error, init.signal)}`);
  }
}

function parse(text: string, host: string): Seen<unknown> {
  try {
    return { kind: "known", value: JSON.parse(text) as unknown };
  } catch {
    return unknown(`${host} answered something else than JSON: a page to log in, or another program`);
  }
}
