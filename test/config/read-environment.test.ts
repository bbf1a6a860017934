import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readEnvironment } from "../../src/config/read-environment.ts";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----";
const SECRET = "0123456789abcdef";
const enough = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: SECRET };

function problems(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const result = readEnvironment(variables);
  return result.kind === "invalid" ? result.problems.map(({ message }) => message) : [];
}

describe("readEnvironment", () => {
  test("needs three things and has a default for the rest", () => {
    assert.deepEqual(readEnvironment(enough), {
      kind: "read",
      settings: {
        appId: 7,
        privateKey: { kind: "text", pem: PEM },
        webhookSecrets: [SECRET],
        host: "localhost",
        port: 3000,
        metricsPort: 9090,
        logLevel: "info",
        store: { kind: "embedded", folder: "stagecoach-data" },
      },
    });
  });

  test("reads all that it knows", () => {
    const result = readEnvironment({
      ...{ APP_ID: " 7 ", PRIVATE_KEY_PATH: "key.pem", WEBHOOK_SECRET: `${SECRET}, ${SECRET}-old`, HOST: "0.0.0.0" },
      ...{ PORT: "8080", METRICS_PORT: "9100", LOG_LEVEL: "DEBUG", GHE_HOST: "github.acme.com", GHE_PROTOCOL: "http" },
      ...{ DATABASE_URL: "postgresql://u:p@db/s", STAGECOACH_DATA: "ignored", STAGECOACH_SETTINGS: "settings.yaml" },
    });
    assert.deepEqual(result, {
      kind: "read",
      settings: {
        appId: 7,
        privateKey: { kind: "file", path: "key.pem" },
        webhookSecrets: [SECRET, `${SECRET}-old`],
        github: { host: "github.acme.com", protocol: "http" },
        host: "0.0.0.0",
        port: 8080,
        metricsPort: 9100,
        logLevel: "debug",
        store: { kind: "postgresql", url: "postgresql://u:p@db/s" },
        settingsFile: "settings.yaml",
      },
    });
  });

  test("a key may have its line breaks written out, or be base64", () => {
    for (const PRIVATE_KEY of [PEM.replaceAll("\n", "\\n"), Buffer.from(PEM).toString("base64")]) {
      const result = readEnvironment({ ...enough, PRIVATE_KEY });
      assert.deepEqual(result.kind === "read" && result.settings.privateKey, { kind: "text", pem: PEM });
    }
  });

  test("T29: without an app it does not start, and says everything at once", () => {
    assert.deepEqual(problems({}), [
      "APP_ID is not set.",
      "Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set.",
      "WEBHOOK_SECRET is not set.",
    ]);
  });

  const secrets = [
    ["", "WEBHOOK_SECRET is not set."],
    ["  ", "WEBHOOK_SECRET is not set."],
    ["development", "WEBHOOK_SECRET is `development`, which everybody knows."],
    ["0123456789abcde", "A secret in WEBHOOK_SECRET has fewer than 16 characters."],
    [`${SECRET},development`, "WEBHOOK_SECRET is `development`, which everybody knows."],
    [`${SECRET},`, "One of the secrets in WEBHOOK_SECRET is empty."],
    [`${SECRET},short`, "A secret in WEBHOOK_SECRET has fewer than 16 characters."],
  ] as const;
  for (const [WEBHOOK_SECRET, expected] of secrets) {
    test(`T2: refuses the webhook secret ${JSON.stringify(WEBHOOK_SECRET)}`, () => {
      assert.deepEqual(problems({ ...enough, WEBHOOK_SECRET }), [expected]);
    });
  }

  const others = [
    [{ APP_ID: "seven" }, "APP_ID is not a number."],
    [{ PRIVATE_KEY: "hunter2" }, "PRIVATE_KEY is not a private key in PEM form."],
    [{ PRIVATE_KEY_PATH: "key.pem" }, "Both PRIVATE_KEY and PRIVATE_KEY_PATH are set."],
    [{ PORT: "70000" }, "PORT is not a port."],
    [{ METRICS_PORT: "x" }, "METRICS_PORT is not a port."],
    [{ METRICS_PORT: "3000" }, "PORT and METRICS_PORT are both 3000."],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL is not a level."],
    [{ GHE_HOST: "https://github.acme.com/" }, "GHE_HOST is not the name of a host."],
    [{ GHE_PROTOCOL: "ftp", GHE_HOST: "a.com" }, "GHE_PROTOCOL is neither http nor https."],
    [{ GHE_PROTOCOL: "http" }, "GHE_PROTOCOL is set without GHE_HOST."],
    [{ DATABASE_URL: "mysql://u:hunter2@db/s" }, "DATABASE_URL is not the address of a PostgreSQL database."],
  ] as const;
  for (const [variables, expected] of others) {
    test(`refuses ${JSON.stringify(variables)}, and repeats no value`, () => {
      const result = readEnvironment({ ...enough, ...variables });
      assert.deepEqual(result.kind === "invalid" && result.problems.map(({ message }) => message), [expected]);
      assert.doesNotMatch(JSON.stringify(result), /hunter2/);
    });
  }
});
