// Answers a registry's challenge, for one repository and for what is wanted of it, and remembers the answer while it is good.
// Credentials go to the registry that the operator named and to realms that belong to it, nowhere else; what the
// challenge asks for (its scope) is not believed.

import { known, type Seen, type Unknown, unknown } from "../domain/seen.ts";
import type { RegistryAuth } from "../domain/settings.ts";
import type { Access } from "./choose-access.ts";
import { explainDenial } from "./explain-denial.ts";
import { findChallenge } from "./parse-challenge.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import { sendRequest, type Transport } from "./send-request.ts";

export interface Authenticator {
  /** The header that worked before, as far as it is still good. */
  remembered(access: Access): string | undefined;
  /** The header that answers the challenge of a 401; the remembered one is forgotten. */
  answer(access: Access, challenge: string | null): Promise<Seen<string>>;
}

interface Kept {
  readonly header: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Of registries whose realm is a host of its own. Others need `realm` in the operator's settings. */
const REALMS: Readonly<Record<string, string>> = {
  "registry-1.docker.io": "auth.docker.io",
  "registry.gitlab.com": "gitlab.com",
};
const ANONYMOUS = {};
const MOST_KEPT = 5_000;
/** What the token specification says where `expires_in` is absent. */
const DEFAULT_LIFETIME = 60;
const LONGEST_LIFETIME = 12 * 60 * 60;
const MARGIN = 10_000;
const HEADER_SAFE = /^[\x21-\x7e]{1,16384}$/;

export function createAuthenticator(parts: {
  readonly transport: Transport;
  readonly now: () => number;
}): Authenticator {
  // By credentials first, so that an asker never gets a token that was handed out for another's.
  const kept = new WeakMap<object, Map<string, Kept>>();
  const pending = new WeakMap<object, Map<string, Promise<Seen<Kept>>>>();
  return {
    remembered(access) {
      if (access.auth?.kind === "token") return `Bearer ${access.auth.token}`;
      const found = kept.get(access.auth ?? ANONYMOUS)?.get(keyOf(access));
      return found !== undefined && found.until > parts.now() ? found.header : undefined;
    },
    async answer(access, challenge) {
      const owner = access.auth ?? ANONYMOUS;
      const headers = mapOf(kept, owner);
      headers.delete(keyOf(access));
      const requests = mapOf(pending, owner);
      const request = requests.get(keyOf(access)) ?? authenticate(access, challenge, parts);
      requests.set(keyOf(access), request);
      try {
        const answer = await request;
        if (answer.kind === "unknown") return answer;
        if (headers.size >= MOST_KEPT) headers.clear();
        headers.set(keyOf(access), answer.value);
        return known(answer.value.header);
      } finally {
        requests.delete(keyOf(access));
      }
    },
  };
}

function keyOf(access: Access): string {
  return `${access.origin} ${scopesOf(access).join(" ")}`;
}

/** Ours, whatever the challenge says: nobody is talked into asking for more. */
function scopesOf({ repository, writes }: Access): readonly string[] {
  if (writes === undefined) return [`repository:${repository}:pull`];
  const source = writes.from === undefined ? [] : [`repository:${writes.from}:pull`];
  return [`repository:${repository}:pull,push`, ...source];
}

function mapOf<T>(maps: WeakMap<object, Map<string, T>>, owner: object): Map<string, T> {
  const found = maps.get(owner) ?? new Map<string, T>();
  maps.set(owner, found);
  return found;
}

async function authenticate(
  access: Access,
  challenge: string | null,
  parts: { readonly transport: Transport; readonly now: () => number },
): Promise<Seen<Kept>> {
  const asked = findChallenge(challenge ?? "");
  if (asked === undefined) return unknown(`${access.host} answered 401 without saying how to authenticate`);
  if (access.auth?.kind === "token") {
    return unknown(`${access.host} answered 401: it refuses the token of the operator's settings`);
  }
  if (asked.scheme === "basic") {
    if (access.auth === undefined) {
      const why = `${access.host} asks for credentials, and the operator's settings name none for it`;
      return { ...unknown(why), closed: true };
    }
    return known({ header: basic(access.auth), until: Number.POSITIVE_INFINITY });
  }
  const realm = readRealm(asked.parameters.get("realm"), access);
  if (realm.kind === "unknown") return realm;
  const url = new URL(realm.value);
  const service = asked.parameters.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  // The realm's own address may bring some along.
  url.searchParams.delete("scope");
  for (const scope of scopesOf(access)) url.searchParams.append("scope", scope);
  const reply = await sendRequest(
    {
      method: "GET",
      url,
      accept: "application/json",
      redirects: false,
      ...(access.auth !== undefined && { authorization: basic(access.auth) }),
    },
    parts.transport,
  );
  if (reply.kind === "unknown") return reply;
  if (reply.status !== 200) return explainRefusal({ realm: url.host, status: reply.status, access });
  return readToken(reply.body, { realm: url.host, now: parts.now() });
}

function basic(auth: RegistryAuth & { readonly kind: "password" }): string {
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
}

function readRealm(text: string | undefined, access: Access): Seen<URL> {
  const realm = URL.parse(text ?? "");
  if (realm === null || realm.username !== "" || realm.password !== "") {
    return unknown(`${access.host} names a realm for tokens that is no plain address`);
  }
  if (realm.protocol !== "https:" && !(access.insecure && realm.protocol === "http:")) {
    return unknown(`${access.host} names a realm for tokens without https (${realm.host})`);
  }
  const own = new URL(access.origin).hostname;
  const belongs = realm.hostname === own || realm.hostname === REALMS[own];
  if (belongs || realm.hostname === access.realm || realm.host === access.realm) return known(realm);
  return unknown(
    `${access.host} sends to ${realm.host} for tokens, which is not known to belong to it; ` +
      `if it does, add \`realm: ${realm.host}\` to the registry's line in the operator's settings`,
  );
}

function explainRefusal({ realm, status, access }: { realm: string; status: number; access: Access }): Unknown {
  if (status !== 401 && status !== 403) return unknown(`${realm} answered ${status} when asked for a token`);
  return explainDenial(`${realm} answered ${status}`, access);
}

function readToken(body: Uint8Array, { realm, now }: { realm: string; now: number }): Seen<Kept> {
  const answer = parseJson(body);
  const token = isRecord(answer) ? (answer.token ?? answer.access_token) : undefined;
  if (!isRecord(answer) || typeof token !== "string" || !HEADER_SAFE.test(token)) {
    return unknown(`${realm} answered without a token`);
  }
  const said = typeof answer.expires_in === "number" && answer.expires_in > 0 ? answer.expires_in : DEFAULT_LIFETIME;
  const lifetime = Math.min(said, LONGEST_LIFETIME) * 1000;
  return known({ header: `Bearer ${token}`, until: now + lifetime - MARGIN });
}
