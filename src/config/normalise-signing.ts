// The written `signing` of the settings file to what the program works with. A key that is no public key is told at once
// where it comes from the environment; a file is read when it is needed.

import { createPublicKey } from "node:crypto";
import type { SigningKey, SigningSettings } from "../domain/settings.ts";
import { readCredential, type SecretReading } from "./read-secrets.ts";
import type { WrittenSettings } from "./settings-table.ts";
import type { Written } from "./shape.ts";
import type { WrittenSigning, WrittenSigningKey } from "./signing-table.ts";

export function signingOf({ value }: Written<WrittenSigning>, options: SecretReading): SigningSettings {
  const root = value["trusted-root-file"]?.value;
  return {
    ...(root !== undefined && { trustedRootFile: root }),
    keys: (value.keys?.value ?? []).map(({ value: key }) => keyOf(key, options)),
  };
}

/** A floor with a key that there is not would let nothing through, and say so far from here. */
export function findUnknownKeys(written: WrittenSettings, { reading }: SecretReading): void {
  const ids = new Set((written.signing?.value.keys?.value ?? []).map(({ value }) => value.id?.value));
  for (const { value } of written.floor?.value ?? []) {
    for (const { value: gate } of value["merge-when"]?.value ?? []) {
      const key = gate.signed?.value.key;
      if (key === undefined || ids.has(key.value)) continue;
      const message = `There is no signing key \`${key.value}\` in these settings.`;
      reading.report({ at: key.at, message, hint: "Add it to `keys` under `signing`." });
    }
  }
}

function keyOf(written: WrittenSigningKey, options: SecretReading): SigningKey {
  const { "pem-env": named, file } = written;
  const pem = named === undefined ? "" : readCredential(named, options);
  if (named !== undefined && pem !== "" && !isPublicKey(pem)) {
    const message = `What \`${named.value}\` holds is not a public key in PEM form.`;
    options.reading.report({ at: named.at, message, hint: "It begins with `-----BEGIN PUBLIC KEY-----`." });
  }
  return {
    id: written.id?.value ?? "",
    for: written.for?.value.map((each) => each.value) ?? [],
    from: file === undefined ? { kind: "text", pem } : { kind: "file", path: file.value },
  };
}

/** A private key would do as well, and has no business here. */
function isPublicKey(pem: string): boolean {
  if (!/^-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem.trim())) return false;
  try {
    createPublicKey(pem);
    return true;
  } catch {
    // What OpenSSL says about a broken key helps nobody.
    return false;
  }
}
