// The gate `signed` as people write it, in the pipeline file and in the operator's floor, and whom the operator's settings
// believe. Whoever could be meant by anybody is told, and so is a key that is none.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { readText, withEnvironment } from "./read-text.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const SUBJECT = "https://github.com/acme/checkout/.github/workflows/release.yml@refs/tags/*";

function read(gate: string) {
  const text = withEnvironment("name: dev", `merge-when: [{ signed: ${gate} }]`, "paths: [dev]");
  const { pipelines, findings } = readText(text);
  return {
    gates: pipelines[0]?.environments[0]?.mergeWhen,
    told: findings.map(({ message }) => message),
  };
}

describe("the gate signed", () => {
  test("by an identity", () => {
    const { gates, told } = read(`{ issuer: "${ISSUER}", subject: "${SUBJECT}" }`);
    assert.deepEqual(told, []);
    assert.deepEqual(gates, [{ kind: "signed", issuer: ISSUER, subject: SUBJECT }]);
  });

  test("with a key", () => {
    assert.deepEqual(read("{ key: release }").gates, [{ kind: "signed", key: "release" }]);
  });

  test("by an address of mail", () => {
    assert.deepEqual(read('{ issuer: "https://accounts.example.com", subject: "release@acme.example" }').told, []);
  });

  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["nobody", "{}", /Expected one of `subject` or `key`/],
    ["both", `{ issuer: "${ISSUER}", subject: "${SUBJECT}", key: release }`, /Only one of `subject` or `key`/],
    ["a subject without an issuer", `{ subject: "${SUBJECT}" }`, /A `subject` means nothing without the `issuer`/],
    ["an issuer without a subject", `{ issuer: "${ISSUER}" }`, /Expected one of `subject` or `key`/],
    ["a key with an issuer", `{ issuer: "${ISSUER}", key: release }`, /A `key` has no `issuer`/],
    ["an issuer without https", `{ issuer: "http://a.example", subject: "${SUBJECT}" }`, /Expected the issuer/],
    ["an issuer with a star", `{ issuer: "https://*", subject: "${SUBJECT}" }`, /Expected the issuer/],
    ["anybody", `{ issuer: "${ISSUER}", subject: "*" }`, /would let nearly anybody sign/],
    ["nearly anybody", `{ issuer: "${ISSUER}", subject: "**/*@*" }`, /would let nearly anybody sign/],
    [
      "a repository",
      `{ issuer: "${ISSUER}", subject: "https://github.com/acme/checkout" }`,
      /is a repository; who signs/,
    ],
    ["T20: a key itself", '{ key: "https://evil.example/key.pem" }', /is not a name/],
  ];
  for (const [name, gate, message] of rows) {
    test(`names ${name}: told`, () => {
      const { told, gates } = read(gate);
      assert.match(told.join("\n"), message);
      assert.equal(gates, undefined);
    });
  }
});

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const variables = {
  PUBLIC: publicKey.export({ type: "spki", format: "pem" }).toString(),
  PRIVATE: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  BROKEN: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
};

function settings(...lines: readonly string[]) {
  return readSettings({
    file: { path: "settings.yaml", text: `${lines.join("\n")}\n` },
    variables,
    rules: READING_RULES,
  });
}

describe("whom the operator believes", () => {
  test("a trusted root, and keys from a file or a variable", () => {
    const result = settings(
      "signing:",
      "  trusted-root-file: /etc/root.jsonl",
      "  keys:",
      "  - { id: a, for: acme/*, file: /etc/cosign.pub }",
      "  - { id: b, for: [acme/*], pem-env: PUBLIC }",
    );
    assert.ok(result.kind === "read", JSON.stringify(result.findings));
    assert.deepEqual(result.settings.signing, {
      trustedRootFile: "/etc/root.jsonl",
      keys: [
        { id: "a", for: ["acme/*"], from: { kind: "file", path: "/etc/cosign.pub" } },
        { id: "b", for: ["acme/*"], from: { kind: "text", pem: variables.PUBLIC.trim() } },
      ],
    });
  });

  test("the floor may demand a signature", () => {
    const floor = ["floor:", "- { environments: live, merge-when: { signed: { key: release } } }"];
    const keys = ["signing:", "  keys: [{ id: release, for: acme/*, file: a }]"];
    const result = settings(...floor, ...keys);
    assert.ok(result.kind === "read", JSON.stringify(result.findings));
    assert.deepEqual(result.settings.floor[0]?.mergeWhen, [{ kind: "signed", key: "release" }]);
    assert.match(JSON.stringify(settings(...floor).findings), /There is no signing key `release` in these settings/);
  });

  test("what the floor demands stands in every environment that it names, beside what is written there", () => {
    const mergeWhen = [{ kind: "signed", key: "release" }] as const;
    const floor = [{ environments: ["dev"], mergeWhen }];
    const ofDev = (gate: string) =>
      readText(withEnvironment("name: dev", ...(gate ? [`merge-when: [${gate}]`] : []), "paths: [dev]"), { floor })
        .pipelines[0]?.environments[0];
    assert.deepEqual(ofDev("")?.mergeWhen, mergeWhen);
    assert.deepEqual(ofDev("{ signed: { key: release } }")?.mergeWhen, mergeWhen);
    assert.deepEqual(ofDev("{ signed: { key: other } }")?.mergeWhen, [{ kind: "signed", key: "other" }, ...mergeWhen]);
    assert.deepEqual(ofDev("")?.demandedGates, ["signed"]);
  });

  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["no key at all", "{ id: a, for: acme/* }", /Expected one of `file` or `pem-env`/],
    ["two of them", "{ id: a, for: acme/*, file: a, pem-env: PUBLIC }", /Only one of `file` or `pem-env`/],
    ["for nobody", "{ id: a, file: a }", /The key `for` is missing/],
    ["a private key", "{ id: a, for: acme/*, pem-env: PRIVATE }", /What `PRIVATE` holds is not a public key/],
    ["a broken key", "{ id: a, for: acme/*, pem-env: BROKEN }", /What `BROKEN` holds is not a public key/],
    ["a variable that is not set", "{ id: a, for: acme/*, pem-env: NONE }", /`NONE` is not set/],
    ["the key itself", "{ id: a, for: acme/*, pem: x }", /Unknown key `pem`/],
  ];
  for (const [name, key, message] of rows) {
    test(`${name}: told, and nothing of the key`, () => {
      const told = JSON.stringify(settings("signing:", "  keys:", `  - ${key}`).findings);
      assert.match(told, message);
      assert.doesNotMatch(told, /PRIVATE KEY-----|AAAA/);
    });
  }

  test("an id that stands twice: told", () => {
    const line = "  - { id: a, for: acme/*, file: a }";
    assert.match(JSON.stringify(settings("signing:", "  keys:", line, line).findings), /The id `a` stands twice/);
  });
});
