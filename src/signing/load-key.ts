// A public key of the operator's settings as Sigstore's library wants it. A file is read each time: it may be changed while
// the program runs.

import { createPublicKey, type KeyObject } from "node:crypto";
import type { TrustMaterial } from "@sigstore/verify";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { SigningKey } from "../domain/settings.ts";
import { readSmallFile } from "./read-small-file.ts";

export interface LoadedKey {
  readonly text: string;
  readonly material: TrustMaterial;
}

const LARGEST = 64 * 1024;

export async function loadKey({ id, from }: SigningKey): Promise<Seen<LoadedKey>> {
  const pem = from.kind === "text" ? known(from.pem) : await readSmallFile(from.path, LARGEST);
  if (pem.kind === "unknown") return unknown(`the file of the operator's key \`${id}\` ${pem.why}`);
  const publicKey = readPublicKey(pem.value);
  if (publicKey === undefined) return unknown(`the operator's key \`${id}\` is not a public key in PEM form`);
  return known({
    text: publicKey.export({ type: "spki", format: "pem" }).toString(),
    material: {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey, validFor: () => true }),
    },
  });
}

/** A private key would do as well, and has no business here. */
function readPublicKey(pem: string): KeyObject | undefined {
  if (!/^-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem.trim())) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    // What OpenSSL says about a broken key helps nobody.
    return undefined;
  }
}
