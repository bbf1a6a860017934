// T17: bodies and files whose keys are properties of everything. They are data or a finding, and `Object.prototype`
// is afterwards what it was before.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { readConfiguration } from "../../src/config/read-configuration.ts";
import { readLedger } from "../../src/ledger/read-ledger.ts";
import { readManifest } from "../../src/manifests/read-manifest.ts";
import { type App, deliver, githubSecrets, registrySecret, sign, startApp } from "../http/start-app.ts";

const SPECIAL = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"] as const;
const untouched = Object.getOwnPropertyNames(Object.prototype);

function assertClean(): void {
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), untouched);
  assert.equal(Reflect.get({}, "polluted"), undefined);
}

describe("T17: keys that are properties of everything", () => {
  let app: App;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());

  for (const key of SPECIAL) {
    it(`${key} in the bodies of all routes`, async () => {
      const evil = `"${key}":{"polluted":true,"${key}":{"polluted":true}}`;
      const push = `{${evil},"ref":"refs/heads/main","repository":{${evil},"id":1},"installation":{${evil}}}`;
      const delivery = `special-${SPECIAL.indexOf(key)}`;
      assert.equal((await deliver(app.url, { event: "push", body: push, delivery })).status, 202);
      assert.equal(
        (await deliver(app.url, { event: key.toLowerCase(), body: push, delivery, secret: githubSecrets[1] })).status,
        200,
      );
      const generic = `{"image":"ghcr.io/acme/web",${evil}}`;
      const headers = { "x-stagecoach-signature-256": sign(generic, registrySecret) };
      const builds = await fetch(`${app.url}/hooks/registry/builds`, { method: "POST", body: generic, headers });
      assert.equal(builds.status, 400);
      const events = `{${evil},"events":[{${evil},"id":"${key}","action":"push","target":{${evil},"repository":"acme/web","tag":"1"}}]}`;
      const lab = await fetch(`${app.url}/hooks/registry/lab/${registrySecret}`, { method: "POST", body: events });
      assert.equal(lab.status, 200);
      for (const id of [key, `${key}/${key}`]) {
        const unknown = await fetch(`${app.url}/hooks/registry/${id}`, { method: "POST", body: events });
        assert.equal(unknown.status, 404);
      }
      assertClean();
    });

    it(`${key} as the branch of an environment`, () => {
      const image = "images: [{ image: a/b, policy: { semver: '*' } }]";
      const text = `version: 1\npipelines:\n- { name: web, ${image}, environments: [{ name: e, branch: ${key}, paths: [a] }] }\n`;
      const files = [{ path: ".github/stagecoach.yaml", text }];
      const { findings } = readConfiguration({ files, tree: [], floor: [], rules: READING_RULES });
      const expected = key in {} ? [`\`${key}\` is not the name of a branch.`] : [];
      assert.deepEqual(
        findings.map(({ message }) => message),
        expected,
      );
    });

    it(`${key} in a pipeline file, a manifest and the ledger`, () => {
      const pipeline = `version: 1\n${key}: { polluted: true }\npipelines:\n- { name: ${key}, ${key}: { polluted: true }, images: [{ image: a/b, ${key}: 1 }], environments: [{ name: e, branch: ${key}, paths: [a] }] }\n`;
      const files = [{ path: ".github/stagecoach.yaml", text: pipeline }];
      const { findings, pipelines } = readConfiguration({ files, tree: [], floor: [], rules: READING_RULES });
      assert.deepEqual(pipelines, []);
      assert.ok(findings.some(({ message }) => message.includes(key)));
      const manifest = `${key}: &a { polluted: true }\nb: { <<: *a, ${key}: { polluted: true }, image: "ghcr.io/acme/web:1" }\n`;
      const { found } = readManifest({ path: "a.yaml", text: manifest, images: ["ghcr.io/acme/web"], fields: [] });
      assert.equal(found.length, 1);
      const ledger = readLedger({ files: new Map([["environments/web/live.yaml", `${key}: { polluted: true }\n`]]) });
      assert.equal(ledger.kind, "unreadable");
      assertClean();
    });
  }
});
