// Asks one repository of one registry: sends, answers the challenge once, keeps quiet while the registry asks for it,
// and puts into words what a refusal means. What a good reply says is read by `resolve-digest.ts` and its neighbours.

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Authenticator } from "./authenticate.ts";
import type { Access } from "./choose-access.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import { type Reply, sendRequest, type Transport } from "./send-request.ts";

interface Question {
  readonly access: Access;
  readonly method: "GET" | "HEAD";
  /** Below `/v2/<repository>/`, or a whole address of the same registry. */
  readonly at: string | URL;
  readonly accept: string;
  /** Answered 304 where the registry still has what goes by this name. */
  readonly unless?: string;
}

export interface OciClient {
  /** The reply whatever its status, but never a 429: that is unknown. */
  ask(question: Question): Promise<Reply | Unknown>;
}

const LONGEST_QUIET = 60 * 60_000;
const SHORTEST_QUIET = 1_000;

export function createOciClient(parts: {
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly now: () => number;
}): OciClient {
  const quietUntil = new Map<string, number>();
  return {
    async ask(question) {
      const { access } = question;
      const until = quietUntil.get(access.origin) ?? 0;
      if (until > parts.now()) return unknown(tooMany(access, until - parts.now()));
      const reply = await askWithCredentials(question, parts);
      if (reply.kind === "unknown" || reply.status !== 429) return reply;
      const wait = retryAfter(reply.headers, parts.now());
      if (wait !== undefined) quietUntil.set(access.origin, parts.now() + wait);
      return unknown(tooMany(access, wait));
    },
  };
}

async function askWithCredentials(
  question: Question,
  { transport, authenticator }: { readonly transport: Transport; readonly authenticator: Authenticator },
): Promise<Reply | Unknown> {
  const { access, method, at, accept, unless } = question;
  const url = typeof at === "string" ? new URL(`${access.origin}/v2/${access.repository}/${at}`) : at;
  const outgoing = { method, url, accept, redirects: true, ...(unless !== undefined && { unless }) };
  const authorization = authenticator.remembered(access);
  const reply = await sendRequest({ ...outgoing, ...(authorization && { authorization }) }, transport);
  // A challenge by somebody to whom we were redirected is not the registry's, and is not answered.
  if (reply.kind === "unknown" || reply.status !== 401 || reply.url.origin !== access.origin) return reply;
  const answer = await authenticator.answer(access, reply.headers.get("www-authenticate"));
  if (answer.kind === "unknown") return answer;
  if (answer.value === authorization) return reply;
  return sendRequest({ ...outgoing, authorization: answer.value }, transport);
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
export function explainStatus(reply: Reply, access: Access): string {
  const code = errorCodes(reply)[0];
  const answered = `${reply.url.origin === access.origin ? access.host : reply.url.host} answered ${reply.status}`;
  const coded = code === undefined ? answered : `${answered} (${code})`;
  if (reply.status !== 401 && reply.status !== 403) return coded;
  return access.auth === undefined
    ? `${coded}: it does not let anybody read ${access.repository} without credentials, and the operator's settings name none for it`
    : `${coded}: the credentials of the operator's settings may not read ${access.repository}`;
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
