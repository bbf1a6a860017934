// One endpoint of the operator's settings: where it is, whom it serves, and how often it may be asked.

import type { EndpointSettings } from "../domain/settings.ts";
import { readCredential, type SecretReading } from "./read-secrets.ts";
import type { WrittenEndpoint } from "./settings-table.ts";
import type { Written } from "./shape.ts";

const SECOND = 1_000;
const USUAL = { every: 60 * SECOND, timeout: 10 * SECOND };
const LIMITS = { every: 10 * SECOND, timeout: 20 * SECOND };

export function endpointOf({ value }: Written<WrittenEndpoint>, options: SecretReading): EndpointSettings {
  const { reading } = options;
  const { every, timeout, "token-env": named } = value;
  if (every && every.value < LIMITS.every)
    reading.report({ at: every.at, message: "An endpoint is asked every 10 seconds at most.", hint: "Write `10s`." });
  if (timeout && timeout.value > LIMITS.timeout)
    reading.report({ at: timeout.at, message: "An endpoint is waited for 20 seconds at most.", hint: "Write `20s`." });
  const token = named && readCredential(named, options);
  if (token !== undefined && token !== "" && !/^[\x21-\x7e]+$/.test(token) && named) {
    const message = `The token in \`${named.value}\` holds spaces or line breaks.`;
    reading.report({ at: named.at, message, hint: "A token is one word." });
  }
  return {
    id: value.id?.value ?? "",
    url: value.url?.value ?? "",
    for: value.for?.value.map((each) => each.value) ?? [],
    ...(token !== undefined && { token }),
    every: every?.value ?? USUAL.every,
    timeout: timeout?.value ?? USUAL.timeout,
  };
}
