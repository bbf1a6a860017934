// What proves the senders of registry webhooks in the settings file: tokens with their claims, and topics. A good signature
// alone is nobody in particular.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { formatFinding } from "../../src/config/format-finding.ts";
import { readSettings } from "../../src/config/read-settings.ts";

const SECRET = "a-secret-long-enough";
const GITHUB = "https://token.actions.githubusercontent.com";

function read(line: string) {
  return readSettings({
    file: { path: "settings.yaml", text: `webhooks:\n- ${line}\n` },
    variables: { LONG: SECRET },
    rules: READING_RULES,
  });
}

function webhookOf(line: string): unknown {
  const result = read(line);
  assert.deepEqual(result.findings, []);
  return result.kind === "read" ? result.settings.webhooks[0] : undefined;
}

function complaintsOf(line: string): readonly string[] {
  const result = read(line);
  assert.equal(result.kind, "invalid");
  return result.findings.map((finding) => formatFinding(finding).replaceAll(/\s+/g, " "));
}

describe("what proves a sender", () => {
  test("gar: Google's token for an audience, of a service account", () => {
    const line =
      "{ id: gar, kind: gar, registry: europe-west1-docker.pkg.dev, token: { audience: stagecoach, email: push@acme.iam.gserviceaccount.com } }";
    assert.deepEqual(webhookOf(line), {
      ...{ id: "gar", kind: "gar", registry: "europe-west1-docker.pkg.dev", secrets: [] },
      token: {
        ...{ issuer: "https://accounts.google.com", audience: "stagecoach" },
        ...{ email: "push@acme.iam.gserviceaccount.com", claims: {} },
      },
    });
  });

  test("generic: the token of a build job, beside a secret or alone", () => {
    const token = `token: { issuer: "${GITHUB}", audience: stagecoach, claims: { repository_owner: acme, ref: refs/heads/main } }`;
    const expected = {
      ...{ id: "ci", kind: "generic", registry: "ghcr.io" },
      token: { issuer: GITHUB, audience: "stagecoach", claims: { repository_owner: "acme", ref: "refs/heads/main" } },
    };
    assert.deepEqual(webhookOf(`{ id: ci, kind: generic, registry: ghcr.io, ${token} }`), { ...expected, secrets: [] });
    assert.deepEqual(webhookOf(`{ id: ci, kind: generic, registry: ghcr.io, ${token}, secret-env: LONG }`), {
      ...expected,
      secrets: [SECRET],
    });
  });

  test("generic: a GitLab of one's own, whose keys are named", () => {
    const token =
      'token: { issuer: "https://gitlab.acme.com/", audience: stagecoach, keys: "https://gitlab.acme.com/oauth/discovery/keys", claims: { namespace_path: acme } }';
    assert.deepEqual(webhookOf(`{ id: ci, kind: generic, registry: registry.acme.com, ${token} }`), {
      ...{ id: "ci", kind: "generic", registry: "registry.acme.com", secrets: [] },
      token: {
        ...{ issuer: "https://gitlab.acme.com/", audience: "stagecoach", claims: { namespace_path: "acme" } },
        keys: "https://gitlab.acme.com/oauth/discovery/keys",
      },
    });
  });

  test("ecr: a topic, a secret, or both", () => {
    const base = "{ id: ecr, kind: ecr, registry: 123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const topic = "arn:aws:sns:eu-west-1:123456789012:images";
    const expected = { id: "ecr", kind: "ecr", registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com" };
    assert.deepEqual(webhookOf(`${base}, topic: "${topic}" }`), { ...expected, secrets: [], topic });
    assert.deepEqual(webhookOf(`${base}, topic: "${topic}", secret-env: LONG }`), {
      ...expected,
      secrets: [SECRET],
      topic,
    });
  });
});

describe("T2: what proves nobody", () => {
  const generic = (token: string) => `{ id: ci, kind: generic, registry: ghcr.io, token: ${token} }`;
  const gar = (token: string) => `{ id: gar, kind: gar, registry: us-docker.pkg.dev, token: ${token} }`;
  const rows: readonly { readonly name: string; readonly line: string; readonly expected: readonly RegExp[] }[] = [
    {
      name: "a token of whoever builds at GitHub",
      line: generic(`{ issuer: "${GITHUB}", audience: stagecoach }`),
      expected: [/needs a claim that says whose it is: everybody who builds there gets a signed token\. Write `claims/],
    },
    {
      name: "a claim that only narrows down",
      line: generic(`{ issuer: "${GITHUB}", audience: stagecoach, claims: { ref: refs/heads/main } }`),
      expected: [/settings\.yaml:2:\d+.*needs a claim that says whose it is/],
    },
    {
      name: "a workflow of our own, which strangers may call",
      line: generic(
        `{ issuer: "${GITHUB}", audience: a, claims: { job_workflow_ref: acme/ci/a.yml@refs/heads/main } }`,
      ),
      expected: [/needs a claim that says whose it is/],
    },
    {
      name: "a claim that is misspelt",
      line: generic(`{ issuer: "${GITHUB}", audience: stagecoach, claims: { repositry_owner: acme } }`),
      expected: [/Unknown key `repositry_owner`.*Did you mean `repository_owner`\?/],
    },
    {
      name: "an empty claim",
      line: generic(`{ issuer: "${GITHUB}", audience: stagecoach, claims: { repository_owner: "" } }`),
      expected: [/Expected the claim's text/],
    },
    {
      name: "a number that YAML made of a claim",
      line: generic(`{ issuer: "${GITHUB}", audience: stagecoach, claims: { repository_owner_id: 4711 } }`),
      expected: [/put it in quotes: "4711"/],
    },
    {
      name: "a token of no issuer",
      line: generic("{ audience: stagecoach, claims: { repository_owner: acme } }"),
      expected: [/A token of `generic` needs `issuer`\. GitHub Actions is `https:\/\/token\.actions/],
    },
    {
      name: "a token for no audience",
      line: generic(`{ issuer: "${GITHUB}", claims: { repository_owner: acme } }`),
      expected: [/The key `audience` is missing/],
    },
    {
      name: "an issuer without https",
      line: generic('{ issuer: "http://ci.acme.com", audience: a, claims: { sub: a } }'),
      expected: [/Expected an issuer .*begins with `https:\/\/`/],
    },
    {
      name: "keys without https",
      line: generic(
        '{ issuer: "https://ci.acme.com", audience: a, claims: { sub: a }, keys: "http://ci.acme.com/keys" }',
      ),
      expected: [/it has to begin with `https:\/\/`/],
    },
    {
      name: "gar: a token of whatever account",
      line: gar("{ audience: stagecoach }"),
      expected: [/A token of `gar` needs `email`/],
    },
    {
      name: "gar: a secret, which Pub/Sub cannot send",
      line: "{ id: gar, kind: gar, registry: us-docker.pkg.dev, secret-env: LONG }",
      expected: [
        /needs `token`: without it anybody could send/,
        /`secret-env` means nothing to a webhook of the kind `gar`/,
      ],
    },
    {
      name: "ecr: neither a secret nor a topic",
      line: "{ id: ecr, kind: ecr, registry: 123456789012.dkr.ecr.eu-west-1.amazonaws.com }",
      expected: [/needs `secret-env` or `topic`: without it anybody could send/],
    },
    {
      name: "ecr: a topic that is none",
      line: "{ id: ecr, kind: ecr, registry: 123456789012.dkr.ecr.eu-west-1.amazonaws.com, topic: images }",
      expected: [/Expected the ARN of an SNS topic/],
    },
    {
      name: "distribution: a token",
      line: "{ id: lab, kind: distribution, registry: a.io, secret-env: LONG, token: { audience: a, email: b } }",
      expected: [/`token` means nothing to a webhook of the kind `distribution`/],
    },
  ];
  for (const { name, line, expected } of rows) {
    test(name, () => {
      const complaints = complaintsOf(line);
      assert.equal(complaints.length, expected.length, complaints.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(complaints[index] ?? "", pattern);
    });
  }
});
