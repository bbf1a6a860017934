// Whether a token is one that the source's cluster gave to its reporter: a ServiceAccount's JSON Web Token, checked by
// `jose` against the keys in the operator's settings. Nothing in the token says where keys are to be found.

import { createLocalJWKSet, errors, jwtVerify } from "jose";
import type { ReportToken } from "../../domain/settings.ts";

export interface TokenCheck {
  readonly token: string;
  readonly settings: ReportToken;
  /** Epoch milliseconds. */
  readonly now: number;
}

const LONGEST_TOKEN = 8 * 1024;
/** Seconds that clocks may differ. */
const TOLERANCE = 30;

export async function isReportersToken({ token, settings, now }: TokenCheck): Promise<boolean> {
  if (token.length > LONGEST_TOKEN) return false;
  const { issuer, audience, subject } = settings;
  // An empty text would demand nothing.
  if (issuer === "" || audience === "" || subject === "") return false;
  try {
    const keys = createLocalJWKSet(JSON.parse(settings.keys));
    await jwtVerify(token, keys, {
      ...{ issuer, audience, subject },
      algorithms: ["RS256", "ES256"],
      requiredClaims: ["exp", "iss", "aud", "sub"],
      clockTolerance: TOLERANCE,
      currentDate: new Date(now),
    });
    return true;
  } catch (error) {
    // Whatever is wrong with a token, it is not the reporter's; everything else is a fault of ours.
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) return false;
    throw error;
  }
}
