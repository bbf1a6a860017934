// Which images a registry webhook speaks for, by its line in the settings file, and which keys mean nothing to its kind.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { formatFinding } from "../../src/config/format-finding.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { WEBHOOK_RULES, type WebhookKey } from "../../src/config/webhook-table.ts";
import { WEBHOOK_KINDS } from "../../src/domain/settings.ts";

function read(line: string) {
  return readSettings({
    file: { path: "settings.yaml", text: `webhooks:\n- { id: a, ${line} }\n` },
    variables: { LONG: "a-secret-long-enough" },
    rules: READING_RULES,
  });
}

function placesOf(line: string): object {
  const result = read(`${line}, secret-env: LONG`);
  assert.deepEqual(result.findings, []);
  const [webhook] = result.kind === "read" ? result.settings.webhooks : [];
  return { registry: webhook?.registry, ...(webhook?.repositories && { repositories: webhook.repositories }) };
}

describe("the registry of a webhook", () => {
  const rows: readonly { readonly name: string; readonly line: string; readonly places: object }[] = [
    { name: "Docker Hub's own", line: "kind: dockerhub", places: { registry: "docker.io" } },
    { name: "GitHub's own", line: "kind: ghcr", places: { registry: "ghcr.io" } },
    {
      name: "another than the usual one",
      line: "kind: quay, registry: quay.acme.com",
      places: { registry: "quay.acme.com" },
    },
    {
      name: "in small letters",
      line: "kind: harbor, registry: Harbor.acme.com",
      places: { registry: "harbor.acme.com" },
    },
    {
      name: "none, where repositories are listed: only those count",
      line: 'kind: quay, repositories: [{ name: quay.internal, image: "Quay.acme.com/" }]',
      places: { registry: "", repositories: [{ name: "quay.internal", image: "quay.acme.com" }] },
    },
    {
      name: "beside repositories: what is not listed is the registry's",
      line: 'kind: nexus, registry: "n.acme.com:8082", repositories: [{ name: live, image: "n.acme.com:8083/live" }]',
      places: { registry: "n.acme.com:8082", repositories: [{ name: "live", image: "n.acme.com:8083/live" }] },
    },
  ];
  for (const { name, line, places } of rows) test(name, () => assert.deepEqual(placesOf(line), places));
});

describe("a key that is nothing to its kind", () => {
  const written: Readonly<Record<WebhookKey, string>> = {
    "secret-env": "LONG",
    signed: "true",
    token: "{ audience: a, email: a@b.iam.gserviceaccount.com }",
    topic: '"arn:aws:sns:eu-west-1:123456789012:images"',
  };
  const keys = Object.keys(written).filter((key): key is WebhookKey => key in written);

  for (const kind of WEBHOOK_KINDS) {
    const foreign = keys.filter((key) => !WEBHOOK_RULES[kind].takes.includes(key));
    test(`of \`${kind}\`: ${foreign.join(", ")}`, () => {
      for (const key of foreign) {
        const { kind: outcome, findings } = read(`kind: ${kind}, registry: a.io, ${key}: ${written[key]}`);
        assert.equal(outcome, "invalid");
        const told = findings.map(formatFinding).join("\n");
        assert.match(told, new RegExp(`2:\\d+.*\`${key}\` means nothing to a webhook of the kind \`${kind}\``));
      }
    });
  }
});
