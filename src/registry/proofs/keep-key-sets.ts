// Key sets of issuers, kept between tokens: read when there are none, when they are old, and when a token names a key that
// they lack, but then at most every few minutes, so that made-up key ids cost an issuer nothing.

import type { JSONWebKeySet } from "jose";
import { known, type Seen, type Unknown, unknown } from "../../domain/seen.ts";
import { isRecord, parseJson } from "../parse-json.ts";
import type { Reply } from "../send-request.ts";
import type { KeySetRequest, KeySource, Proofs } from "../webhooks/proofs.ts";

interface Options {
  readonly now: () => number;
  readonly get: (address: string) => Promise<Reply | Unknown>;
}

interface Kept {
  keys?: { readonly set: JSONWebKeySet; readonly at: number };
  /** When it was last asked, and why that gave nothing. */
  asked?: { readonly at: number; readonly failed?: Unknown };
  running?: Promise<Seen<JSONWebKeySet>>;
}

/** Milliseconds. */
const FRESH = 60 * 60_000;
/** Keys of an issuer that cannot be reached are believed no longer than this. */
const OLDEST = 24 * 60 * 60_000;
const PAUSE = 5 * 60_000;
const PAUSE_AFTER_FAILURE = 30_000;
const LARGEST = 256 * 1024;
const MOST_KEYS = 100;

/** As many are kept as the operator named: sources come from nowhere else. */
export function createKeySets({ now, get }: Options): Proofs["keySet"] {
  const all = new Map<string, Kept>();
  return async ({ from, keyId }) => {
    const name = `${from.kind} ${from.address}`;
    const kept = all.get(name) ?? {};
    all.set(name, kept);
    if (isDue(kept, { keyId, now: now() })) {
      kept.running ??= ask(from, get).finally(() => delete kept.running);
      const at = now();
      const answer = await kept.running;
      kept.asked = { at, ...(answer.kind === "unknown" && { failed: answer }) };
      if (answer.kind === "known") kept.keys = { set: answer.value, at };
    }
    if (kept.keys !== undefined && now() - kept.keys.at <= OLDEST) return known(kept.keys.set);
    return kept.asked?.failed ?? unknown("its keys have not been read");
  };
}

function isDue(
  { keys, asked }: Kept,
  { keyId, now }: { readonly keyId: KeySetRequest["keyId"]; readonly now: number },
) {
  if (asked === undefined) return true;
  const since = now - asked.at;
  if (keys === undefined) return since >= PAUSE_AFTER_FAILURE;
  if (now - keys.at >= FRESH) return asked.failed === undefined || since >= PAUSE_AFTER_FAILURE;
  return !keys.set.keys.some(({ kid }) => kid === keyId) && since >= PAUSE;
}

async function ask(from: KeySource, get: Options["get"]): Promise<Seen<JSONWebKeySet>> {
  if (from.kind === "keys") return readKeys(await get(from.address));
  const address = readDiscovery(
    await get(`${from.address.replace(/\/$/, "")}/.well-known/openid-configuration`),
    from.address,
  );
  return address.kind === "unknown" ? address : readKeys(await get(address.value));
}

/** Its keys must lie at the issuer's own origin: whoever else holds them, the operator has to name. */
function readDiscovery(reply: Reply | Unknown, issuer: string): Seen<string> {
  const body = readObject(reply);
  if (body.kind === "unknown") return body;
  const { host } = new URL(issuer);
  const { issuer: named, jwks_uri: address } = body.value;
  if (named !== issuer) return unknown(`the OpenID configuration of ${host} is another issuer's`);
  const url = typeof address === "string" ? URL.parse(address) : null;
  if (url === null || url.origin !== new URL(issuer).origin || url.username !== "" || url.password !== "") {
    return unknown(`the keys that ${host} names lie elsewhere; name their address with \`keys\``);
  }
  return known(url.href);
}

function readKeys(reply: Reply | Unknown): Seen<JSONWebKeySet> {
  const body = readObject(reply);
  if (body.kind === "unknown") return body;
  const { keys } = body.value;
  if (!Array.isArray(keys) || keys.length > MOST_KEYS || !keys.every(isRecord))
    return unknown("it published no key set");
  // A shared secret among published keys would make everybody a signer.
  const usable = keys
    .filter(({ kty }) => kty === "RSA" || kty === "EC")
    .map(({ kty, ...key }) => ({ ...key, kty: String(kty) }));
  return known({ keys: usable });
}

function readObject(reply: Reply | Unknown): Seen<Readonly<Record<string, unknown>>> {
  if (reply.kind === "unknown") return reply;
  const { status, body, url } = reply;
  if (status !== 200) return unknown(`${url.host} answered ${status}`);
  const value = body.byteLength > LARGEST ? undefined : parseJson(body);
  return isRecord(value) ? known(value) : unknown(`${url.host} answered no JSON object of a sane size`);
}
