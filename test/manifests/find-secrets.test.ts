// T24: which plain-text secrets a file holds, and what only looks like one. The values are never told; a finding has the
// place and the kind alone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findSecrets } from "../../src/manifests/find-secrets.ts";

const secret = (body: string, more = "") => `apiVersion: v1\nkind: Secret\nmetadata: { name: db${more} }\n${body}\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
/** Put together here, so that nobody's scanner takes this file for a leak. */
const TOKENS = {
  github: `ghp_${"a1B2".repeat(9)}`,
  aws: `AKIA${"Q7".repeat(8)}`,
  slack: `xoxb-${"1234567890-".repeat(2)}abcdef`,
  key: ["-----BEGIN RSA ", "PRIVATE KEY-----"].join(""),
};
const SOPS = "ENC[AES256_GCM,data:aGVsbG8=,iv:aXY=,tag:dGFn,type:str]";
const SIGNED = `sops:\n  mac: ${SOPS}\n`;

interface Row {
  readonly when: string;
  readonly text: string;
  readonly path?: string;
  /** `line key: what` */
  readonly finds: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    when: "a Secret has a value in stringData",
    text: secret("stringData: { password: hunter2 }"),
    finds: ["4 stringData.password: a value of a Secret"],
  },
  {
    when: "a Secret has a value in data",
    text: secret(`data:\n  password: ${base64("hunter2")}`),
    finds: ["5 data.password: a value of a Secret"],
  },
  {
    when: "a Secret has a number",
    text: secret("stringData: { pin: 4711 }"),
    finds: ["4 stringData.pin: a value of a Secret"],
  },
  {
    when: "it stands in a list, in the second document",
    text: `kind: A\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    data: { a: ${base64("x")} }\n`,
    finds: ["8 items.0.data.a: a value of a Secret"],
  },
  {
    when: "it is JSON",
    path: "a.json",
    text: '{"apiVersion":"v1","kind":"Secret","stringData":{"a":"b"}}',
    finds: ["1 stringData.a: a value of a Secret"],
  },
  {
    when: "a double-quoted escape hides the kind",
    text: 'apiVersion: v1\nkind: "\\x53ecret"\nstringData: { a: b }\n',
    finds: ["3 stringData.a: a value of a Secret"],
  },
  {
    when: "an anchor holds the value",
    text: secret("x: &v hunter2\nstringData: { a: *v }"),
    finds: ["5 stringData.a: a value of a Secret"],
  },
  {
    when: "a Kustomization generates a Secret of literals",
    path: "kustomization.yaml",
    text: "secretGenerator:\n  - name: db\n    literals:\n      - password=hunter2\n      - empty=\n",
    finds: ["4 secretGenerator.0.literals.0: a literal of a secretGenerator"],
  },
  {
    when: "a value looks like a GitHub token",
    text: `env:\n  TOKEN: ${TOKENS.github}\n`,
    finds: ["2 TOKEN: a GitHub token"],
  },
  { when: "a value looks like an AWS key", text: `id: "${TOKENS.aws}"\n`, finds: ["1 id: an AWS access key"] },
  {
    when: "a file that is no manifest holds a Slack token",
    path: "app.env",
    text: `A=1\nSLACK_TOKEN=${TOKENS.slack}\n`,
    finds: ["2 SLACK_TOKEN: a Slack token"],
  },
  {
    when: "a private key stands in a block",
    text: `tls: |\n  ${TOKENS.key}\n  abc\n`,
    finds: ["2 tls: a private key"],
  },
  {
    when: "a private key stands in a Secret: once, at its key",
    text: secret(`stringData:\n  tls: |\n    ${TOKENS.key}\n    abc`),
    finds: ["5 stringData.tls: a private key"],
  },
  {
    when: "a private key stands in a Secret as base64",
    text: secret(`data: { tls: ${base64(`${TOKENS.key}\nabc`)} }`),
    finds: ["4 data.tls: a private key"],
  },
  {
    when: "a template has a token of its own",
    path: "chart/templates/a.yaml",
    text: `{{ if .Values.x }}\ntoken: ${TOKENS.github}\n{{ end }}\n`,
    finds: ["2 token: a GitHub token"],
  },
  {
    when: "somebody claims SOPS, and the value is not encrypted",
    text: secret(`stringData: { a: hunter2 }\n${SIGNED}`),
    finds: ["4 stringData.a: a value of a Secret"],
  },
  {
    when: "the value looks encrypted, and nobody has signed it",
    text: secret(`stringData: { a: "${SOPS}" }`),
    finds: ["4 stringData.a: a value of a Secret"],
  },
  {
    when: "a key is a token itself: the key is not told",
    text: secret(`stringData: { ${TOKENS.github}: x }`),
    finds: ["4 stringData.…: a value of a Secret"],
  },
  { when: "SOPS has encrypted it", text: secret(`stringData: { a: "${SOPS}" }\n${SIGNED}`), finds: [] },
  { when: "SOPS has encrypted data", text: secret(`data: { a: "${SOPS}" }\n${SIGNED}`), finds: [] },
  {
    when: "it is a SealedSecret",
    text: "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: { encryptedData: { a: AgBy3i4 } }\n",
    finds: [],
  },
  {
    when: "it is an ExternalSecret",
    text: "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: { data: [{ secretKey: a }] }\n",
    finds: [],
  },
  { when: "vals fills it in", text: secret("stringData: { a: ref+vault://secret/db#/password }"), finds: [] },
  { when: "Bank-Vaults fills it in", text: secret("stringData: { a: 'vault:secret/data/db#password' }"), finds: [] },
  {
    when: "the plug-in of Argo CD fills it in",
    text: secret("stringData: { a: <path:secret/data/db#password> }"),
    finds: [],
  },
  {
    when: "the plug-in of Argo CD fills it in, in base64",
    text: secret(`data: { a: ${base64("<path:secret/data/db#password>")} }`),
    finds: [],
  },
  { when: "Flux fills it in", text: secret(`stringData: { a: "\${PASSWORD}" }`), finds: [] },
  { when: "Helm fills it in", text: secret("stringData: { a: '{{ .Values.password }}' }"), finds: [] },
  { when: "the value is empty", text: secret('stringData: { a: "", b: , c: null }\ndata: {}'), finds: [] },
  {
    when: "Argo CD keeps a public repository in it",
    text: secret(
      "stringData: { type: git, url: 'https://github.com/acme/x' }",
      ", labels: { argocd.argoproj.io/secret-type: repository }",
    ),
    finds: [],
  },
  { when: "it is a vendor's example", text: "id: AKIAIOSFODNN7EXAMPLE\n", finds: [] },
  {
    when: "it is a certificate, a public key or an age file",
    text: "a: -----BEGIN CERTIFICATE-----\nb: -----BEGIN AGE ENCRYPTED FILE-----\n",
    finds: [],
  },
  { when: "it is a digest", text: `image: a@sha256:${"ab".repeat(32)}\n`, finds: [] },
];

describe("secrets in plain text", () => {
  for (const { when, text, path = "a.yaml", finds } of ROWS) {
    test(`${finds.length > 0 ? "found" : "none"}, when ${when}`, () => {
      const { secrets } = findSecrets({ path, text });
      assert.deepEqual(
        secrets.map(({ line, key, what }) => `${line} ${key}: ${what}`),
        finds,
      );
    });
  }

  test("T24: what is told of them never holds the value", () => {
    const { secrets } = findSecrets({ path: "a.yaml", text: secret("stringData: { password: hunter2 }") });
    assert.doesNotMatch(JSON.stringify(secrets), /hunter2/);
  });

  test("the same value has the same print wherever it stands, another has another", () => {
    const printOf = (text: string) => findSecrets({ path: "a.yaml", text }).secrets[0]?.print;
    const first = printOf(secret("stringData: { a: one }"));
    assert.equal(printOf(`# moved\n${secret("stringData: { b: one }")}`), first);
    assert.notEqual(printOf(secret("stringData: { a: two }")), first);
  });

  test("T17: what cannot be looked into is a problem, and a bomb costs little", () => {
    assert.match(findSecrets({ path: "a.yaml", text: secret("a: [") }).problem ?? "", /not valid YAML/);
    assert.match(findSecrets({ path: "a.yaml", text: "x".repeat(2_000_000) }).problem ?? "", /larger than 1 MiB/);
    const levels = Array.from(
      { length: 40 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`,
    );
    assert.deepEqual(findSecrets({ path: "a.yaml", text: secret(`a0: &a0 x\n${levels.join("\n")}`) }).secrets, []);
  });

  test("of a thousand it tells fifty", () => {
    const values = Array.from({ length: 1_000 }, (_, n) => `  k${n}: v${n}`).join("\n");
    assert.equal(findSecrets({ path: "a.yaml", text: secret(`stringData:\n${values}`) }).secrets.length, 50);
  });
});
