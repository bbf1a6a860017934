// What docs/live-reports.md shows is what the program takes: settings, reports, and messages as their senders make them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { READING_RULES } from "../../../src/cli/reading-rules.ts";
import { readSettings } from "../../../src/config/read-settings.ts";
import { driftReport } from "../../../src/live/reports/drift-report.ts";
import { liveReport } from "../../../src/live/reports/live-report.ts";
import { receiveArgocd } from "../../../src/live/reports/receive-argocd.ts";
import { NOW } from "./build-reports.ts";

const DOCUMENT = readFileSync(new URL("../../../docs/live-reports.md", import.meta.url), "utf8");

function block(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\`\\n`).exec(DOCUMENT)?.[1];
  assert.ok(found, `there is no block ${name}`);
  return found;
}

const KEYS = '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}';

describe("docs/live-reports.md", () => {
  for (const [name, from] of [
    ["argocd", "argocd"],
    ["flux", "flux"],
    ["reporter", "reporter"],
    ["token", "reporter"],
  ] as const) {
    it(`has settings for ${name} without a finding`, () => {
      const text = block(`settings ${name}`);
      const names = [...text.matchAll(/\b[A-Z]{2,}_[A-Z_]+/g)].map(([variable]) => variable);
      const variables = Object.fromEntries(
        names.map((each) => [each, each.endsWith("KEYS") ? KEYS : "a-secret-of-many-letters"]),
      );
      const result = readSettings({ file: { path: "settings.yaml", text }, variables, rules: READING_RULES });
      assert.ok(result.kind === "read", JSON.stringify(result.findings));
      assert.deepEqual(result.findings, []);
      assert.equal(result.settings.live[0]?.reports?.from, from);
    });
  }

  it("has reports that are taken", () => {
    for (const [name, shape] of [
      ["live-report", liveReport],
      ["drift-report", driftReport],
    ] as const) {
      const read = shape.read(JSON.parse(block(name)), "");
      assert.ok(read.kind === "fits", read.kind === "faulty" ? read.why : "");
    }
  });

  it("has manifests that are YAML, and a template of Argo CD whose message is understood", async () => {
    for (const name of ["flux", "flux receiver"]) {
      for (const document of parseAllDocuments(block(name))) assert.deepEqual(document.errors, []);
    }
    const [, configMap] = parseAllDocuments(block("argocd")).map((document) => document.toJS());
    const parts = ["template.stagecoach", "service.webhook.stagecoach"].map((key) =>
      parseAllDocuments(configMap.data[key])[0]?.toJS(),
    );
    const [template, service] = parts;
    assert.equal(template.webhook.stagecoach.method, "POST");
    const values: Readonly<Record<string, string>> = {
      ".app.metadata.name": "checkout",
      ".app.metadata.namespace": "argocd",
    };
    const body = String(template.webhook.stagecoach.body).replace(/\{\{(\S+) \| toJson\}\}/g, (_, path: string) =>
      JSON.stringify(values[path]),
    );
    const secret = "the-value-of-DEV_REPORTS";
    const headers = service.headers.map((header: { name: string; value: string }) => [
      header.name.toLowerCase(),
      header.value.replace("$stagecoach-secret", secret),
    ]);
    const received = await receiveArgocd({
      ...{ body: Buffer.from(body), headers: Object.fromEntries(headers), source: "dev", now: NOW },
      settings: { from: "argocd", secrets: [secret], maxAge: 0 },
    });
    assert.ok(received.kind === "understood");
    assert.equal(received.what, "Application argocd/checkout");
  });
});
