// One webhook of the operator's settings: what its kind needs and which keys mean nothing to it, which the tables of keys
// cannot say, and what stands where nothing is written.

import type { WebhookKind, WebhookSettings, WebhookToken } from "../domain/settings.ts";
import { readSecrets, type SecretReading } from "./read-secrets.ts";
import { listed, startOf, type Written } from "./shape.ts";
import { WEBHOOK_RULES, type WebhookKey, type WrittenWebhook, type WrittenWebhookToken } from "./webhook-table.ts";

const SPECIAL: readonly WebhookKey[] = ["secret-env", "signed", "token", "topic"];

export function webhookOf(webhook: Written<WrittenWebhook>, options: SecretReading): readonly WebhookSettings[] {
  const { value } = webhook;
  const kind = value.kind?.value;
  const secrets = readSecrets(value["secret-env"], options);
  if (kind === undefined) return [];
  checkWebhookKeys(webhook, { ...options, kind });
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
  const { issuer, audience, email } = value;
  return {
    issuer: issuer?.value ?? "",
    audience: audience?.value ?? "",
    ...(email !== undefined && { email: email.value }),
    claims: {},
  };
}
