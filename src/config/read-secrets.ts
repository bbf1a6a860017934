// Secrets from the environment, by the names that the settings file gives. No value is ever part of a finding.

import { isVariableName } from "./settings-shapes.ts";
import type { Reading, Written } from "./shape.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

const SHORTEST_SECRET = 16;

export interface SecretReading {
  readonly variables: Variables;
  readonly reading: Reading;
}

/** A password or token that somebody else gave out: any length will do. */
export function readCredential(named: Written<string>, { variables, reading }: SecretReading): string {
  // Told already, and perhaps the secret itself.
  if (!isVariableName(named.value)) return "";
  const value = Object.hasOwn(variables, named.value) ? (variables[named.value] ?? "").trim() : "";
  if (value === "") {
    const message = `The environment variable \`${named.value}\` is not set.`;
    reading.report({ at: named.at, message, hint: "Set it where Stagecoach is started." });
  }
  return value;
}

/** Secrets that stand between us and anybody who can send a request: not short ones. */
export function readSecrets(
  named: Written<readonly Written<string>[]> | undefined,
  options: SecretReading,
): readonly string[] {
  return (named?.value ?? []).flatMap((each) => {
    const secret = readCredential(each, options);
    if (secret !== "" && secret.length < SHORTEST_SECRET) {
      const message = `The secret in \`${each.value}\` has fewer than ${SHORTEST_SECRET} characters.`;
      options.reading.report({ at: each.at, message, hint: "Make one with `openssl rand -hex 32`." });
    }
    return secret === "" ? [] : [secret];
  });
}
