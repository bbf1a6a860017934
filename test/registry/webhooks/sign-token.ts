// An issuer of tokens: keys made anew for each run, claims as the test wants them, and every way in which a token can be
// forged.

import { createHmac } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";

export interface Issuer {
  /** What it publishes. */
  readonly keys: JSONWebKeySet;
  readonly sign: (claims: JWTPayload, options?: SignOptions) => Promise<string>;
  /** The public key taken for the secret of an HMAC. */
  readonly confuse: (claims: JWTPayload) => Promise<string>;
}

export interface SignOptions {
  readonly keyId?: string | null;
  /** Another key under the same name. */
  readonly byStranger?: boolean;
}

const KEY_ID = "7d680d8c70d44e947133cbd499ebc1a61c3d5abc";

export async function createIssuer(algorithm: "RS256" | "ES256" | "PS256" = "RS256"): Promise<Issuer> {
  const [own, stranger] = [await generateKeyPair(algorithm), await generateKeyPair(algorithm)];
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KEY_ID, use: "sig" };
  return {
    keys: { keys: [jwk] },
    sign: (claims, { keyId = KEY_ID, byStranger = false } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId !== null && { kid: keyId }) })
        .sign((byStranger ? stranger : own).privateKey),
    confuse: async (claims) => {
      const signed = `${encode({ alg: "HS256", typ: "JWT", kid: KEY_ID })}.${encode(claims)}`;
      const secret = await exportSPKI(own.publicKey);
      return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
    },
  };
}

/** `alg: none`: claims that nobody signed. */
export function unsignedToken(claims: JWTPayload): string {
  return `${encode({ alg: "none", typ: "JWT", kid: KEY_ID })}.${encode(claims)}.`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
