// The operator's settings file, read and checked: text and environment variables to settings, or findings. Never throws.
// All or nothing: an operator is there when it starts, and half of the settings is a surprise.

import type { Finding } from "../domain/finding.ts";
import type { PushSettings, RegistryAuth, RegistrySettings, Settings, SettingsFloor } from "../domain/settings.ts";
import { gatherFindings } from "./gather-findings.ts";
import { makeReading } from "./make-reading.ts";
import { writtenAllow } from "./normalise-allow.ts";
import { endpointOf } from "./normalise-endpoint.ts";
import { gatesOf } from "./normalise-gates.ts";
import { findUnknownKeys, signingOf } from "./normalise-signing.ts";
import { sourceOf } from "./normalise-source.ts";
import { webhookOf } from "./normalise-webhook.ts";
import { parseSource } from "./parse-source.ts";
import { readCredential, type SecretReading, type Variables } from "./read-secrets.ts";
import { settingsTable, type WrittenFloor, type WrittenRegistry, type WrittenSettings } from "./settings-table.ts";
import { mapOf, type Rules, startOf, type Written } from "./shape.ts";

const TEN_MINUTES = 10 * 60_000;
const MOST_PUSHED = 20 * 2 ** 30;

export interface SettingsInput {
  readonly file: { readonly path: string; readonly text: string };
  readonly variables: Variables;
  /** What is asked about patterns of tags. */
  readonly rules: Rules;
}

export type SettingsResult =
  | { readonly kind: "read"; readonly settings: Settings; readonly findings: readonly Finding[] }
  | { readonly kind: "invalid"; readonly findings: readonly Finding[] };

export function readSettings({ file, variables, rules }: SettingsInput): SettingsResult {
  const gathering = gatherFindings({ discreet: true });
  const root = parseSource({ file, gathering });
  const reading = makeReading({ effort: { gathering, rules, spent: 0 } });
  const written = root && mapOf(settingsTable).read({ node: root, path: "" }, reading);
  const settings = written && normalise(written, { variables, reading });
  const findings = gathering.findings();
  if (settings === undefined || findings.some(({ severity }) => severity === "error")) {
    return { kind: "invalid", findings };
  }
  return { kind: "read", settings, findings };
}

function normalise(written: WrittenSettings, options: SecretReading): Settings {
  uniqueIds(written.webhooks?.value ?? [], options);
  uniqueIds(written.live?.value ?? [], options);
  uniqueIds(written.endpoints?.value ?? [], options);
  uniqueIds(written.signing?.value.keys?.value ?? [], options);
  findUnknownKeys(written, options);
  return {
    registries: (written.registries?.value ?? []).map((each) => registryOf(each, options)),
    webhooks: (written.webhooks?.value ?? []).flatMap((each) => webhookOf(each, options)),
    live: (written.live?.value ?? []).map((each) => sourceOf(each, options)),
    endpoints: (written.endpoints?.value ?? []).map((each) => endpointOf(each, options)),
    ...(written.signing !== undefined && { signing: signingOf(written.signing, options) }),
    floor: (written.floor?.value ?? []).map((each) => floorOf(each, options)),
  };
}

function uniqueIds(
  list: readonly Written<{ readonly id: Written<string> | undefined }>[],
  { reading }: SecretReading,
): void {
  const seen = new Set<string>();
  for (const { value } of list) {
    if (value.id === undefined) continue;
    if (seen.has(value.id.value))
      reading.report({ at: value.id.at, message: `The id \`${value.id.value}\` stands twice.` });
    seen.add(value.id.value);
  }
}

function registryOf({ value, at }: Written<WrittenRegistry>, options: SecretReading): RegistrySettings {
  const auth = value.auth && authOf(value.auth, options);
  const insecure = value.insecure?.value ?? false;
  if (auth !== undefined && insecure) warnOfClearText(at, options);
  return {
    host: (value.host?.value ?? "").toLowerCase(),
    prefix: value.prefix?.value ?? "",
    for: valuesOf(value.for),
    ...(auth !== undefined && { auth }),
    insecure,
    ...(value.realm !== undefined && { realm: value.realm.value.toLowerCase() }),
    every: value.every?.value ?? TEN_MINUTES,
    ...(value.push !== undefined && { push: pushOf(value.push, { insecure, ...options }) }),
  };
}

function pushOf(
  { value }: NonNullable<WrittenRegistry["push"]>,
  { insecure, ...options }: SecretReading & { readonly insecure: boolean },
): PushSettings {
  const auth = value.auth && authOf(value.auth, options);
  if (value.auth !== undefined && insecure) warnOfClearText(value.auth.at, options);
  return { tags: valuesOf(value.tags), ...(auth !== undefined && { auth }), most: value.most?.value ?? MOST_PUSHED };
}

function warnOfClearText(at: Written<unknown>["at"], { reading }: SecretReading): void {
  const message = "These credentials are sent in the clear, because the registry is `insecure`.";
  reading.report({ at: startOf(at), severity: "warning", message });
}

function authOf({ value, at }: NonNullable<WrittenRegistry["auth"]>, options: SecretReading): RegistryAuth | undefined {
  const { username, "password-env": password, "token-env": token } = value;
  if (token !== undefined) {
    if (username !== undefined) options.reading.report({ at: username.at, message: "A token needs no `username`." });
    return { kind: "token", token: readCredential(token, options) };
  }
  if (password === undefined) return undefined;
  if (username === undefined) options.reading.report({ at: startOf(at), message: "A password needs a `username`." });
  return { kind: "password", username: username?.value ?? "", password: readCredential(password, options) };
}

function floorOf({ value, at }: Written<WrittenFloor>, { reading }: SecretReading): SettingsFloor {
  if (value["merge-when"] === undefined && value.allow === undefined) {
    const message = "This floor rule demands nothing.";
    reading.report({ at: startOf(at), message, hint: "Add `merge-when`, `allow` or both." });
  }
  for (const gate of value["merge-when"]?.value ?? []) {
    if (gate.value.soak === undefined) continue;
    const message = "A soak cannot be demanded of every environment: some have nothing to observe.";
    reading.report({ at: startOf(gate.at), message, hint: "Demand approvals, checks or a window." });
  }
  return {
    environments: valuesOf(value.environments),
    mergeWhen: gatesOf(value["merge-when"]?.value),
    ...(value.allow !== undefined && { allow: writtenAllow(value.allow) }),
  };
}

function valuesOf<T>(list: Written<readonly Written<T>[]> | undefined): readonly T[] {
  return list?.value.map(({ value }) => value) ?? [];
}
