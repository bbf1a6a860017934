// T24: what drift texts show of objects. A value is hidden for its kind, its name or its looks, in doubt hidden; what says
// which version runs, and how many, is shown.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hidePasswords } from "../../src/live/argocd/hide-passwords.ts";
import { showField } from "../../src/live/drift/show-field.ts";
import { showValue } from "../../src/live/kubernetes/show-value.ts";

const kind = "Deployment";
const ENV = "/spec/template/spec/containers/0/env/0/value";

function ofVariable(name: string, value = "hunter2") {
  const within = [{ spec: { template: { spec: { containers: [{ env: [{ name, value }] }] } } } }];
  return showField({ kind, path: ENV, value, within })?.kind;
}

describe("T24: an environment variable is hidden by its name", () => {
  const names = ["DB_PASSWORD", "DB_PWD", "SIGNING_KEY", "signingKey", "ENCRYPTION_KEY", "SSH_KEY", "API_TOKEN"];
  for (const name of [...names, "JWT_KEY", "LICENSE_KEY", "STRIPE_KEY", "PASSWORD_SALT", "DSN"]) {
    it(name, () => assert.equal(ofVariable(name), "hidden"));
  }
  for (const name of ["LOG_LEVEL", "REPLICAS", "KEYBOARD", "MONKEYS", "REGION"]) {
    it(`but not ${name}`, () => assert.equal(ofVariable(name), "shown"));
  }
});

describe("T24: a value is hidden by its looks", () => {
  const rows: readonly unknown[] = [
    "postgres://app:hunter2@db/checkout",
    "root:hunter2@tcp(db:3306)/checkout",
    "Server=db;User Id=sa;Pwd=hunter2",
    "https://hooks.slack.com/services/T0000/B0000/abcdefghijkl",
    "https://discord.com/api/webhooks/1234/abcdefgh",
    `Basic ${Buffer.from("ann:hunter2").toString("base64")}`,
    "sk_live_abcdefghijklmnop",
    "AIzaSyA-1234567890abcdefghijklmnopqrstu",
    ["--verbose", "--db=mysql://app:hunter2@db"],
    { nested: [{ privateKey: "x" }] },
  ];
  for (const value of rows) {
    it(JSON.stringify(value).slice(0, 60), () =>
      assert.equal(showValue({ kind, path: "/spec/x", value }).kind, "hidden"),
    );
  }
  const plain: readonly unknown[] = [
    "ghcr.io/acme/web:1.8.0",
    `ghcr.io/acme/web:1.8.0@sha256:${"a1".repeat(32)}`,
    5,
    { key: "node-role", operator: "Exists" },
  ];
  for (const value of plain) {
    it(`but not ${JSON.stringify(value).slice(0, 60)}`, () =>
      assert.equal(showValue({ kind, path: "/spec/x", value }).kind, "shown"));
  }
});

it("T24: an address in a message of Argo CD keeps nothing of its password, signs and all", () => {
  const message = "failed to fetch https://bot:p@ss:w@rd@git.example.com/acme/config: exit 128";
  assert.equal(hidePasswords(message), "failed to fetch https://git.example.com/acme/config: exit 128");
});

it("T17: looking for credentials takes no time without end", () => {
  for (const text of ["a:".repeat(50_000), "x".repeat(200_000), "_key".repeat(30_000), "://a:".repeat(20_000)]) {
    const began = performance.now();
    showValue({ kind, path: "/spec/x", value: text });
    hidePasswords(text);
    assert.ok(performance.now() - began < 1_000, text.slice(0, 10));
  }
});
