import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { formatFinding } from "../../src/config/format-finding.ts";
import { readSettings, type SettingsResult } from "../../src/config/read-settings.ts";
import { listed } from "../../src/config/shape.ts";
import { WEBHOOK_KINDS } from "../../src/domain/settings.ts";

const SECRET = "correct-horse-battery";
const KEYS = '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}';
const variables = {
  ...{ LONG: SECRET, OTHER: `${SECRET}-2`, SHORT: "hunter2-hunter2", EMPTY: "", TOKEN: "t0ken", KEYS },
  PRIVATE_JWK: '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"hunter2!secret"}]}',
  OTHER_CURVE: '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AQAB"}]}',
};

function read(...lines: readonly string[]): SettingsResult {
  return readSettings({
    file: { path: "settings.yaml", text: `${lines.join("\n")}\n` },
    variables,
    rules: READING_RULES,
  });
}

function told(...lines: readonly string[]): readonly string[] {
  return read(...lines).findings.map(
    ({ line, column, severity, message, hint }) =>
      `${severity === "warning" ? "warning " : ""}${line}:${column} ${message}${hint === undefined ? "" : ` ${hint}`}`,
  );
}

describe("readSettings", () => {
  test("reads everything, with secrets from the environment and defaults filled in", () => {
    const result = read(
      "registries:",
      "- { host: GHCR.io, prefix: acme/, for: [acme/*], auth: { username: bot, password-env: TOKEN }, every: 1h }",
      '- { host: "127.0.0.1:5000", insecure: true, for: "*" }',
      "- { host: gitlab.example, realm: auth.example, for: [a/b], auth: { token-env: TOKEN } }",
      "- { host: live.example, for: [a/b], push: { tags: v.*, auth: { token-env: TOKEN }, most: 2GiB } }",
      "- { host: test.example, for: [a/b], push: { tags: [v.*, '^[0-9.]+$'] } }",
      "webhooks:",
      '- { id: lab, kind: distribution, registry: "127.0.0.1:5000", secret-env: [LONG, OTHER] }',
      "live:",
      "- { id: dev, kind: argocd, for: [acme/*], url: https://argocd.example/, token-env: TOKEN, may-ask-to-sync: true, reports: { secret-env: LONG } }",
      "- { id: eu, kind: kubernetes, for: [acme/a], kubeconfig-env: TOKEN, context: eu, reports: { secret-env: LONG } }",
      "- { id: us, kind: reports, for: [acme/a], reports: { secret-env: LONG, max-age: 5m } }",
      "- { id: ap, kind: reports, for: [acme/a], reports: { token: { issuer: https://issuer.example, audience: ap, subject: system:serviceaccount:a:b, keys-env: KEYS } } }",
      "endpoints:",
      "- { id: budget, url: https://gates.example/budget, for: acme/*, token-env: TOKEN, every: 5m, timeout: 3s }",
      "- { id: plain, url: http://127.0.0.1:8080/ask, for: [acme/a] }",
      "floor:",
      "- { environments: [live, prod*], merge-when: { approvals: 2 } }",
      "- { environments: live, allow: { promote: [acme/sre, CODEOWNERS], hold: jane } }",
    );
    assert.equal(result.kind, "read");
    assert.deepEqual(result.kind === "read" && result.settings, {
      registries: [
        {
          ...{ host: "ghcr.io", prefix: "acme/", for: ["acme/*"], insecure: false, every: 3_600_000 },
          auth: { kind: "password", username: "bot", password: "t0ken" },
        },
        { host: "127.0.0.1:5000", prefix: "", for: ["*"], insecure: true, every: 600_000 },
        {
          ...{
            host: "gitlab.example",
            prefix: "",
            for: ["a/b"],
            insecure: false,
            realm: "auth.example",
            every: 600_000,
          },
          auth: { kind: "token", token: "t0ken" },
        },
        {
          ...{ host: "live.example", prefix: "", for: ["a/b"], insecure: false, every: 600_000 },
          push: { tags: ["v.*"], auth: { kind: "token", token: "t0ken" }, most: 2 ** 31 },
        },
        {
          ...{ host: "test.example", prefix: "", for: ["a/b"], insecure: false, every: 600_000 },
          push: { tags: ["v.*", "^[0-9.]+$"], most: 20 * 2 ** 30 },
        },
      ],
      webhooks: [{ id: "lab", kind: "distribution", registry: "127.0.0.1:5000", secrets: [SECRET, `${SECRET}-2`] }],
      live: [
        {
          ...{ id: "dev", for: ["acme/*"], access: { kind: "argocd", url: "https://argocd.example", token: "t0ken" } },
          ...{ mayAskToSync: true, reports: { from: "argocd", secrets: [SECRET], maxAge: 600_000 } },
        },
        {
          ...{ id: "eu", for: ["acme/a"], access: { kind: "kubernetes", kubeconfig: "t0ken", context: "eu" } },
          ...{ mayAskToSync: false, reports: { from: "flux", secrets: [SECRET], maxAge: 600_000 } },
        },
        {
          ...{ id: "us", for: ["acme/a"], access: { kind: "reports" }, mayAskToSync: false },
          reports: { from: "reporter", secrets: [SECRET], maxAge: 300_000 },
        },
        {
          ...{ id: "ap", for: ["acme/a"], access: { kind: "reports" }, mayAskToSync: false },
          reports: {
            ...{ from: "reporter", secrets: [], maxAge: 600_000 },
            token: {
              issuer: "https://issuer.example",
              audience: "ap",
              subject: "system:serviceaccount:a:b",
              keys: KEYS,
            },
          },
        },
      ],
      endpoints: [
        {
          ...{ id: "budget", url: "https://gates.example/budget", for: ["acme/*"], token: "t0ken" },
          ...{ every: 300_000, timeout: 3_000 },
        },
        { id: "plain", url: "http://127.0.0.1:8080/ask", for: ["acme/a"], every: 60_000, timeout: 10_000 },
      ],
      floor: [
        { environments: ["live", "prod*"], mergeWhen: [{ kind: "approvals", count: 2, teams: [] }] },
        { environments: ["live"], mergeWhen: [], allow: { promote: ["acme/sre", "CODEOWNERS"], hold: ["jane"] } },
      ],
    });
  });

  const rows: readonly {
    readonly name: string;
    readonly lines: readonly string[];
    readonly expected: readonly string[];
  }[] = [
    {
      name: "a variable that is not set, or empty",
      lines: ["webhooks:", "- { id: a, kind: generic, registry: a.io, secret-env: [NONE, EMPTY] }"],
      expected: [
        "2:56 The environment variable `NONE` is not set. Set it where Stagecoach is started.",
        "2:62 The environment variable `EMPTY` is not set. Set it where Stagecoach is started.",
      ],
    },
    {
      name: "T2: a secret of fifteen characters",
      lines: ["webhooks:", "- { id: a, kind: generic, registry: a.io, secret-env: SHORT }"],
      expected: ["2:55 The secret in `SHORT` has fewer than 16 characters. Make one with `openssl rand -hex 32`."],
    },
    {
      name: "a sender that there is not",
      lines: ["webhooks:", "- { id: a, kind: distributoin, registry: a.io, secret-env: LONG }"],
      expected: [`2:18 Expected one of ${listed(WEBHOOK_KINDS, "or")}. Did you mean \`distribution\`?`],
    },
    {
      name: "keys that are nothing to a webhook of its kind",
      lines: [
        "webhooks:",
        "- { id: a, kind: distribution, registry: a.io, secret-env: LONG, signed: true, topic: arn:aws:sns:eu-west-1:123456789012:a }",
      ],
      expected: [
        "2:74 `signed` means nothing to a webhook of the kind `distribution`.",
        "2:87 `topic` means nothing to a webhook of the kind `distribution`.",
      ],
    },
    {
      name: "T2: a webhook that nothing proves",
      lines: ["webhooks:", "- { id: a, kind: distribution, registry: a.io }"],
      expected: ["2:5 A webhook of the kind `distribution` needs `secret-env`: without it anybody could send."],
    },
    {
      name: "T5: a webhook that speaks for no registry",
      lines: ["webhooks:", "- { id: a, kind: distribution, secret-env: LONG }"],
      expected: [
        "2:5 A webhook of the kind `distribution` needs `registry` or `repositories`: what it says of a host is not believed.",
      ],
    },
    {
      name: "a beginning of image names without a host",
      lines: [
        "webhooks:",
        "- { id: a, kind: distribution, secret-env: LONG, repositories: [{ name: hosted, image: acme/docker }] }",
      ],
      expected: [
        "2:88 Expected the beginning of image names, such as `nexus.acme.com:8082` or `acme.jfrog.io/docker`. Begin with the host.",
      ],
    },
    {
      name: "an id twice",
      lines: ["webhooks:", ...Array(2).fill("- { id: a, kind: generic, registry: a.io, secret-env: LONG }")],
      expected: ["3:9 The id `a` stands twice."],
    },
    {
      name: "a floor rule that demands nothing",
      lines: ["floor: [{ environments: [live] }]"],
      expected: ["1:11 This floor rule demands nothing. Add `merge-when`, `allow` or both."],
    },
    {
      name: "a registry for nobody",
      lines: ["registries: [{ host: a.io }]"],
      expected: [
        '1:16 The key `for` is missing in a registry. Add `for: ["acme/*"]`: a repository such as `acme/platform-config`, or a pattern such as `acme/*`, or a list of such.',
      ],
    },
    {
      name: "a password without a user",
      lines: ["registries: [{ host: a.io, for: a/*, auth: { password-env: TOKEN } }]"],
      expected: ["1:46 A password needs a `username`."],
    },
    {
      name: "credentials in the clear are a warning",
      lines: ["registries: [{ host: a.io, for: a/*, insecure: true, auth: { token-env: TOKEN } }]"],
      expected: ["warning 1:16 These credentials are sent in the clear, because the registry is `insecure`."],
    },
    {
      name: "what may be written to a registry without a word about which tags, or by a pattern that nobody can read",
      lines: [
        "registries:",
        "- { host: a.io, for: a/*, push: {} }",
        "- { host: b.io, for: a/*, push: { tags: '(?=v)' } }",
      ],
      expected: [
        '2:33 The key `tags` is missing in a registry push. Add `tags: ["v.*-stable"]`: an RE2 pattern of tags, such as `v.*-stable`, or a list of such.',
        "3:41 The pattern `(?=v)` cannot be used: error parsing regexp: invalid or unsupported Perl syntax: `(?=`. Patterns are RE2: no look-around, no back references.",
      ],
    },
    {
      name: "credentials for writing in the clear, and a size that is none",
      lines: [
        "registries:",
        "- { host: a.io, for: a/*, insecure: true, push: { tags: v.*, auth: { token-env: TOKEN }, most: 20 GB } }",
      ],
      expected: [
        "warning 2:70 These credentials are sent in the clear, because the registry is `insecure`.",
        "2:96 Expected a size such as `500MiB` or `20GiB`.",
      ],
    },
    {
      name: "T20: an address in the clear",
      lines: ["live: [{ id: a, kind: argocd, for: a/*, url: http://argocd.example, token-env: TOKEN }]"],
      expected: ["1:46 Expected an address such as `https://argocd.dev.acme.com`; it has to begin with `https://`."],
    },
    {
      name: "T20: an endpoint in the clear, or with a token in its address",
      lines: [
        "endpoints:",
        "- { id: a, for: a/*, url: http://gates.example/ask }",
        "- { id: b, for: a/*, url: https://gates.example/ask?token=hunter2 }",
      ],
      expected: [
        "2:27 Expected an address such as `https://argocd.dev.acme.com`; it has to begin with `https://`.",
        "3:27 An address has no credentials, no query and no fragment. Name the token with `token-env`.",
      ],
    },
    {
      name: "an endpoint that would be asked all the time and waited for all day",
      lines: ["endpoints: [{ id: a, for: a/*, url: https://gates.example, every: 1s, timeout: 1h }]"],
      expected: [
        "1:67 An endpoint is asked every 10 seconds at most. Write `10s`.",
        "1:80 An endpoint is waited for 20 seconds at most. Write `20s`.",
      ],
    },
    {
      name: "keys of another kind",
      lines: ["live: [{ id: a, kind: kubernetes, for: a/*, url: https://a.example }]"],
      expected: [
        "1:10 A live source of the kind `kubernetes` needs `kubeconfig-env`.",
        "1:50 `url` means nothing to a live source of the kind `kubernetes`.",
      ],
    },
    {
      name: "T26: reports that anybody could send",
      lines: ["live: [{ id: a, kind: reports, for: a/*, reports: { max-age: 5m } }]"],
      expected: ["1:53 Reports need `secret-env` or `token`: without either anybody could send them."],
    },
    {
      name: "a source without anything but reports that are not a reporter's",
      lines: ["live: [{ id: a, kind: reports, for: a/*, reports: { from: flux, secret-env: LONG } }]"],
      expected: [
        "1:59 Of a live source of the kind `reports` nothing is known but what a reporter tells. Write `from: reporter`, or leave it out.",
      ],
    },
    {
      name: "a word that is near another",
      lines: ["live: [{ id: a, kind: reports, for: a/*, reports: { from: reported, secret-env: LONG } }]"],
      expected: ["1:59 Expected one of `argocd`, `flux` or `reporter`. Did you mean `reporter`?"],
    },
    {
      name: "tokens of somebody who sends none",
      lines: [
        "live:",
        "- id: a",
        "  kind: kubernetes",
        "  for: a/*",
        "  kubeconfig-env: TOKEN",
        "  reports: { token: { issuer: a, audience: b, subject: 'system:serviceaccount:a:b', keys-env: KEYS } }",
      ],
      expected: [
        "6:21 Only a reporter sends tokens, not `flux`. Add `from: reporter`, or name a secret with `secret-env`.",
      ],
    },
    {
      name: "a token of nobody, with keys that are none",
      lines: [
        "live:",
        "- id: a",
        "  kind: reports",
        "  for: a/*",
        "  reports: { token: { issuer: a, audience: b, subject: admin, keys-env: TOKEN } }",
      ],
      expected: [
        "5:56 Expected a ServiceAccount such as `system:serviceaccount:stagecoach-reporter:stagecoach-reporter`.",
        "5:73 The environment variable `TOKEN` holds no JSON Web Key Set. Fill it with what `kubectl get --raw /openid/v1/jwks` prints.",
      ],
    },
    ...[
      ["PRIVATE_JWK", "holds a private key, which nobody but the cluster may have"],
      ["OTHER_CURVE", "holds no key for RS256 or ES256"],
    ].map(([name = "", why]) => ({
      name: `a key set that ${why}`,
      lines: [
        "live:",
        `- { id: a, kind: reports, for: a/*, reports: { token: { keys-env: ${name}, issuer: a, audience: b, subject: "system:serviceaccount:a:b" } } }`,
      ],
      expected: [
        `2:67 The environment variable \`${name}\` ${why}. Fill it with what \`kubectl get --raw /openid/v1/jwks\` prints.`,
      ],
    })),
    {
      name: "asking something to sync that only pushes",
      lines: ["live: [{ id: a, kind: reports, for: a/*, may-ask-to-sync: true, reports: { secret-env: LONG } }]"],
      expected: ["1:59 `may-ask-to-sync` means nothing to a live source of the kind `reports`."],
    },
    {
      name: "Stagecoach's own secrets",
      lines: ["registries: [{ host: a.io, for: a/*, auth: { token-env: PRIVATE_KEY } }]"],
      expected: ["1:57 `PRIVATE_KEY` is Stagecoach's own and given to nobody."],
    },
  ];
  for (const { name, lines, expected } of rows) {
    test(name, () => assert.deepEqual(told(...lines), expected));
  }

  test("secrets in the wrong place are not repeated", () => {
    const results = [
      read("registries: [{ host: a.io, for: a/*, auth: { username: bot, password: hunter2!secret } }]"),
      read("registries: [{ host: a.io, for: a/*, auth: hunter2!secret }]"),
      read("registries: [{ host: 'https://bot:hunter2!secret@a.io', for: a/* }]"),
      read("webhooks: [{ id: a, kind: generic, registry: a.io, secret-env: hunter2!secret }]"),
      read("live: [{ id: a, kind: argocd, for: a/*, url: 'https://x:hunter2!secret@a.io', token-env: TOKEN }]"),
      read("registries: hunter2!secret"),
      read("registries: [{ host: a.io, for: a/*, auth: { token-env: ghp_hunter2secret } }]"),
      read("registries: [ 'hunter2!secret"),
      read("webhooks: [{ id: a, kind: generic, registry: a.io, secret-env: SHORT }]"),
    ];
    for (const { kind, findings } of results) {
      assert.equal(kind, "invalid");
      assert.doesNotMatch(findings.map(formatFinding).join("\n"), /hunter2/);
      assert.doesNotMatch(JSON.stringify(findings), /hunter2/);
    }
  });
});
