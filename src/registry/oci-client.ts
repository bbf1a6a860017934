// Asks one repository of one registry: sends, answers the challenge once, keeps quiet while the registry asks for it,
// and puts into words what a refusal means. What a good reply says is read by `resolve-digest.ts` and its neighbours.

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Authenticator } from "./authenticate.ts";
import type { Access } from "./choose-access.ts";
import { explainDenial } from "./explain-denial.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import {
  type Content,
  type OpenReply,
  type Outgoing,
  openRequest,
  type Reply,
  sendRequest,
  type Transport,
} from "./send-request.ts";

interface Question {
  readonly access: Access;
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  /** Below `/v2/<repository>/`, or a whole address of the same registry. Another origin gets no credentials (T21). */
  readonly at: string | URL;
  readonly accept: string;
  /** Answered 304 where the registry still has what goes by this name. */
  readonly unless?: string;
  /** Whether redirects of a read are followed; they are unless this says no. */
  readonly redirects?: boolean;
  /** Bytes, not a stream: it may have to be sent twice, the second time with credentials. */
  readonly content?: Content & { readonly body: Uint8Array };
}

/** What moves more than is kept in memory; the signal is the caller's watch over it. */
interface Transfer extends Omit<Question, "content"> {
  readonly signal: AbortSignal;
}

export interface OciClient {
  /** The reply whatever its status, but never a 429: that is unknown. */
  ask(question: Question): Promise<Reply | Unknown>;
  /** As `ask`, with the body still to be read. */
  open(transfer: Transfer): Promise<OpenReply | Unknown>;
  /** As `ask`, with a body that can be sent but once: with the credentials that were good just before. */
  send(transfer: Transfer & { readonly content: Content }): Promise<Reply | Unknown>;
}

const LONGEST_QUIET = 60 * 60_000;
const SHORTEST_QUIET = 1_000;

export function createOciClient(parts: {
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly now: () => number;
}): OciClient {
  const quietUntil = new Map<string, number>();
  const { transport, authenticator } = parts;
  const politely = async <T extends Replied>(
    { access }: Pick<Question, "access">,
    ask: () => Promise<T | Unknown>,
  ): Promise<T | Unknown> => {
    const until = quietUntil.get(access.origin) ?? 0;
    if (until > parts.now()) return unknown(tooMany(access, until - parts.now()));
    const reply = await ask();
    if (reply.kind === "unknown" || reply.status !== 429) return reply;
    const wait = retryAfter(reply.headers, parts.now());
    if (wait !== undefined) quietUntil.set(access.origin, parts.now() + wait);
    return unknown(tooMany(access, wait));
  };
  const withCredentials = async <T extends Replied>(
    question: Asked,
    send: (outgoing: Outgoing) => Promise<T | Unknown>,
  ): Promise<T | Unknown> => {
    const { access } = question;
    const outgoing = outgoingOf(question);
    if (outgoing.url.origin !== access.origin) return send(outgoing);
    const authorization = authenticator.remembered(access);
    const reply = await send({ ...outgoing, ...(authorization && { authorization }) });
    // A challenge by somebody to whom we were redirected is not the registry's, and is not answered.
    if (reply.kind === "unknown" || reply.status !== 401 || reply.url.origin !== access.origin) return reply;
    const answer = await authenticator.answer(access, reply.headers.get("www-authenticate"));
    if (answer.kind === "unknown") return answer;
    if (answer.value === authorization) return reply;
    return send({ ...outgoing, authorization: answer.value });
  };
  return {
    ask: (question) =>
      politely(question, () => withCredentials(question, (outgoing) => sendRequest(outgoing, transport))),
    open: ({ signal, ...question }) =>
      politely(question, () =>
        withCredentials(question, (outgoing) => openRequest({ ...outgoing, signal }, transport)),
      ),
    send: ({ signal, ...question }) =>
      politely(question, () => {
        const { access } = question;
        const outgoing = outgoingOf(question);
        const authorization = outgoing.url.origin === access.origin ? authenticator.remembered(access) : undefined;
        return sendRequest({ ...outgoing, signal, ...(authorization && { authorization }) }, transport);
      }),
  };
}

type Replied = Pick<Reply, "status" | "headers" | "url"> & { readonly kind: "reply" | "open" };
type Asked = Omit<Question, "content"> & { readonly content?: Content };

function outgoingOf({ access, method, at, accept, unless, redirects: follow = true, content }: Asked): Outgoing {
  const url = typeof at === "string" ? new URL(`${access.origin}/v2/${access.repository}/${at}`) : at;
  const redirects = follow && (method === "GET" || method === "HEAD");
  const more = { ...(unless !== undefined && { unless }), ...(content !== undefined && { content }) };
  return { method, url, accept, redirects, ...more };
}

function tooMany(access: Access, wait: number | undefined): string {
  const until = wait === undefined ? "" : ` and asks to wait ${Math.ceil(wait / 1000)} s`;
  return `${access.host} answered 429 (too many requests)${until}`;
}

/** Milliseconds, from seconds or from a date. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  const wait = /^[0-9]+$/.test(text) ? Number(text) * 1000 : /^[A-Z]/i.test(text) ? Date.parse(text) - now : Number.NaN;
  return !Number.isNaN(wait) ? Math.min(Math.max(wait, SHORTEST_QUIET), LONGEST_QUIET) : undefined;
}

/** Why a reply that is no answer leaves the matter unknown: host, status and the registry's own code, never its prose. */
export function explainStatus(reply: Reply, access: Access): Unknown {
  const code = errorCodes(reply)[0];
  const answered = `${reply.url.origin === access.origin ? access.host : reply.url.host} answered ${reply.status}`;
  const coded = code === undefined ? answered : `${answered} (${code})`;
  return reply.status === 401 || reply.status === 403 ? explainDenial(coded, access) : unknown(coded);
}

/** `MANIFEST_UNKNOWN` and the like; anything that is not such a word is left out. */
export function errorCodes(reply: Reply): readonly string[] {
  const answer = parseJson(reply.body);
  const errors = isRecord(answer) && Array.isArray(answer.errors) ? answer.errors : [];
  return errors
    .slice(0, 10)
    .map((error) => (isRecord(error) && typeof error.code === "string" ? error.code : ""))
    .filter((code) => /^[A-Z][A-Z_]{1,39}$/.test(code));
}
