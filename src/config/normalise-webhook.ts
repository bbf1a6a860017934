// One webhook of the operator's settings: what its kind needs and which keys mean nothing to it, which the tables of keys
// cannot say, and what stands where nothing is written.

import type { WebhookKind, WebhookSettings, WebhookToken } from "../domain/settings.ts";
import { readSecrets, type SecretReading } from "./read-secrets.ts";
import { listed, startOf, type Written } from "./shape.ts";
import {
  NARROWING_CLAIMS,
  WEBHOOK_RULES,
  type WebhookKey,
  type WrittenWebhook,
  type WrittenWebhookToken,
} from "./webhook-table.ts";

const GOOGLE = "https://accounts.google.com";
const GITHUB = "https://token.actions.githubusercontent.com";
const SPECIAL: readonly WebhookKey[] = ["secret-env", "signed", "token", "topic"];

export function webhookOf(webhook: Written<WrittenWebhook>, options: SecretReading): readonly WebhookSettings[] {
  const { value } = webhook;
  const kind = value.kind?.value;
  const secrets = readSecrets(value["secret-env"], options);
  if (kind === undefined) return [];
  checkWebhookKeys(webhook, { ...options, kind });
  if (value.token !== undefined) checkToken(value.token, { ...options, kind });
  const repositories = (value.repositories?.value ?? []).map((each) => ({
    name: each.value.name?.value ?? "",
    image: each.value.image?.value ?? "",
  }));
  return [
    {
      id: value.id?.value ?? "",
      kind,
      registry: registryOf(value, kind),
      ...(repositories.length > 0 && { repositories }),
      secrets,
      ...(value.signed !== undefined && { signed: true }),
      ...(value.token !== undefined && { token: tokenOf(value.token) }),
      ...(value.topic !== undefined && { topic: value.topic.value }),
    },
  ];
}

/** Whoever lists repositories and no host means these and no others. */
function registryOf({ registry, repositories }: WrittenWebhook, kind: WebhookKind): string {
  const usual = repositories === undefined ? (WEBHOOK_RULES[kind].host ?? "") : "";
  return registry?.value.toLowerCase() ?? usual;
}

function checkWebhookKeys(
  { value, at }: Written<WrittenWebhook>,
  { kind, reading }: SecretReading & { readonly kind: WebhookKind },
): void {
  const { takes, proofs, host } = WEBHOOK_RULES[kind];
  const present = new Set(at.node.kind === "map" ? at.node.entries.map(({ key }) => key) : []);
  for (const key of SPECIAL) {
    const misplaced = value[key];
    if (misplaced === undefined || takes.includes(key)) continue;
    reading.report({ at: misplaced.at, message: `\`${key}\` means nothing to a webhook of the kind \`${kind}\`.` });
  }
  if (!proofs.some((key) => present.has(key))) {
    const message = `A webhook of the kind \`${kind}\` needs ${listed(proofs, "or")}: without it anybody could send.`;
    reading.report({ at: startOf(at), message });
  }
  if (host === undefined && !present.has("registry") && !present.has("repositories")) {
    const message = `A webhook of the kind \`${kind}\` needs \`registry\` or \`repositories\`: what it says of a host is not believed.`;
    reading.report({ at: startOf(at), message });
  }
}

function tokenOf({ value }: Written<WrittenWebhookToken>): WebhookToken {
  const { issuer, audience, email, keys, claims } = value;
  return {
    issuer: issuer?.value ?? GOOGLE,
    audience: audience?.value ?? "",
    ...(email !== undefined && { email: email.value }),
    ...(keys !== undefined && { keys: keys.value }),
    claims: Object.fromEntries(
      Object.entries(claims?.value ?? {}).flatMap(([name, claim]) => (claim ? [[name, claim.value]] : [])),
    ),
  };
}

/** A good signature alone is no proof: everybody gets a token of such an issuer. */
function checkToken(
  { value, at }: Written<WrittenWebhookToken>,
  { kind, reading }: SecretReading & { readonly kind: WebhookKind },
): void {
  const { issuer, email, claims } = value;
  if (kind === "gar" && email === undefined) {
    const message = "A token of `gar` needs `email`: everybody can have Google sign a token for any audience.";
    reading.report({ at: startOf(at), message, hint: "Write the service account of the push subscription." });
  }
  if (kind !== "generic") return;
  if (issuer === undefined) {
    const hint = `GitHub Actions is \`${GITHUB}\`, GitLab.com is \`https://gitlab.com\`.`;
    reading.report({ at: startOf(at), message: "A token of `generic` needs `issuer`.", hint });
  }
  // One that is misspelt or empty has a finding of its own.
  const written = claims?.at.node.kind === "map" ? claims.at.node.entries.map(({ key }) => key) : [];
  if (email !== undefined || written.some((key) => !NARROWING_CLAIMS.includes(key))) return;
  const message =
    "A token of `generic` needs a claim that says whose it is: everybody who builds there gets a signed token.";
  const hint =
    "Write `claims: { repository_owner: … }` for GitHub Actions, `claims: { namespace_path: … }` for GitLab.";
  reading.report({ at: startOf(claims?.at ?? at), message, hint });
}
