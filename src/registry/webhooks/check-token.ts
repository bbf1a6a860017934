// Whether a token is one that the operator accepts: a JSON Web Token, checked by `jose` against the keys of the issuer
// that the settings name. Nothing in the token says where keys are to be found; its key id only says which of them.

import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { WebhookToken } from "../../domain/settings.ts";
import type { KeySource, Proofs } from "./proofs.ts";
import type { Received } from "./receiver.ts";

export interface TokenCheck {
  readonly token: string;
  readonly expected: WebhookToken;
  /** How the issuer spells itself in tokens, where it has several ways. */
  readonly issuers?: readonly string[];
  /** Where the issuer's keys are, where neither settings nor its own configuration have to say so. */
  readonly from?: KeySource;
  readonly proofs: Proofs;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Refused = Extract<Received, { readonly kind: "unauthenticated" | "unverifiable" }>;

const LONGEST_TOKEN = 8 * 1024;
/** Seconds that clocks may differ. */
const TOLERANCE = 30;
/** A token that was made longer ago is no token of a build or of a delivery, however long it says to last. */
const OLDEST = "24h";

/** Why the token proves nothing; `undefined`: it is one that the operator accepts. */
export async function refuseToken(check: TokenCheck): Promise<Refused | undefined> {
  const { token, expected, proofs, from = sourceOf(expected) } = check;
  if (token.length > LONGEST_TOKEN) return refused("is longer than tokens are");
  const keyId = readKeyId(token);
  if (keyId === undefined) return refused("is no signed JSON Web Token that names its key");
  const keys = await proofs.keySet({ from, keyId });
  if (keys.kind === "unknown") {
    const why = `the token cannot be checked, because the keys of its issuer are unknown: ${keys.why}`;
    return { kind: "unverifiable", why };
  }
  const verified = await verify(check, keys.value);
  return "payload" in verified ? refuseClaims(verified.payload, expected) : verified;
}

function sourceOf({ issuer, keys }: WebhookToken): KeySource {
  return keys === undefined ? { kind: "issuer", address: issuer } : { kind: "keys", address: keys };
}

function readKeyId(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === "string" && kid !== "" && kid.length <= 200 ? kid : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

async function verify(
  { token, expected, issuers = [expected.issuer], now }: TokenCheck,
  keys: JSONWebKeySet,
): Promise<{ readonly payload: JWTPayload } | Refused> {
  const { audience } = expected;
  // An empty text would demand nothing.
  if (audience === "" || issuers.length === 0 || issuers.includes("")) return refused("is expected of nobody");
  try {
    return await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: [...issuers],
      audience,
      algorithms: ["RS256", "ES256"],
      requiredClaims: ["exp", "iat", "iss", "aud"],
      maxTokenAge: OLDEST,
      clockTolerance: TOLERANCE,
      currentDate: new Date(now),
    });
  } catch (error) {
    // Whatever is wrong with a token, it is not the sender's; everything else is a fault of ours.
    if (error instanceof errors.JOSEError) return refused(explain(error));
    if (error instanceof TypeError || error instanceof SyntaxError)
      return refused("cannot be checked with the key that it names");
    throw error;
  }
}

function explain(error: errors.JOSEError): string {
  if (error instanceof errors.JOSEAlgNotAllowed) return "is signed in another way than RS256 or ES256";
  if (error instanceof errors.JWKSNoMatchingKey) return "names a key that its issuer does not publish";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "is not signed by its issuer";
  if (error instanceof errors.JWTExpired) return error.claim === "iat" ? "was made too long ago" : "has expired";
  if (error instanceof errors.JWTClaimValidationFailed) return explainClaim(error);
  return "is no signed JSON Web Token of a known form";
}

function explainClaim({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === "missing") return `has no \`${claim}\``;
  if (claim === "aud") return "is for another audience than the settings say";
  if (claim === "iss") return "is of another issuer than the settings say";
  if (claim === "nbf" || claim === "iat") return "is not valid yet";
  return `has a \`${claim}\` that cannot be read`;
}

/** An address counts only where the issuer says that it was verified. */
function refuseClaims(payload: JWTPayload, { email, claims }: WebhookToken): Refused | undefined {
  if (email !== undefined && (payload.email !== email || payload.email_verified !== true)) {
    return refused("is not of the verified `email` that the settings say");
  }
  for (const [name, value] of Object.entries(claims)) {
    if (value === "" || payload[name] !== value) {
      return refused(`does not have the \`${name}\` that the settings say`);
    }
  }
  // A good signature alone says only that somebody signed in somewhere.
  const pinned = email !== undefined || Object.keys(claims).length > 0;
  return pinned ? undefined : refused("could be anybody's: the settings name no claim that it has to have");
}

/** `why` completes "the token …". */
function refused(why: string): Refused {
  return { kind: "unauthenticated", why: `the token ${why}` };
}
