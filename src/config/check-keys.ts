// The keys of a cluster's token issuer, a JSON Web Key Set in an environment variable: whether it holds anything that a
// ServiceAccount token can be checked with. Nothing of it is ever repeated: somebody may have pasted a private key.

import type { Reading, Written } from "./shape.ts";

const CURVE = "P-256";

export function checkKeys(
  text: string,
  { named, reading }: { readonly named: Written<string>; readonly reading: Reading },
): void {
  const why = whyNoKeys(text);
  if (why === undefined) return;
  const hint = "Fill it with what `kubectl get --raw /openid/v1/jwks` prints.";
  reading.report({ at: named.at, message: `The environment variable \`${named.value}\` ${why}.`, hint });
}

function whyNoKeys(text: string): string | undefined {
  const keys = keysIn(text);
  if (keys === undefined) return "holds no JSON Web Key Set";
  if (keys.some((key) => Object.hasOwn(key, "d") || Object.hasOwn(key, "k"))) {
    return "holds a private key, which nobody but the cluster may have";
  }
  const usable = keys.some(({ kty, crv }) => kty === "RSA" || (kty === "EC" && crv === CURVE));
  return usable ? undefined : "holds no key for RS256 or ES256";
}

function keysIn(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = parse(text);
  const keys = isMap(value) ? value.keys : undefined;
  return Array.isArray(keys) && keys.every(isMap) ? keys : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Where it breaks would be a piece of it.
    return undefined;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
