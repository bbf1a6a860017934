// The demo as a reader runs it, by the README's command: its exit code, and what it tells.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startApp } from "../../src/index.ts";
import { runDemo } from "./run-demo.ts";
import { widthOf } from "./terminal.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE = 120_000;

/** In this order; other things happen in between. */
const BEATS: readonly RegExp[] = [
  /live: \{ source: demo, argocd: checkout-integration \}/,
  /Stagecoach {2}begins its ledger/,
  /registry {4}somebody pushes acme\/checkout:1\.8\.0/,
  /Stagecoach {2}opens #1: Promote checkout 1\.8\.0 to integration/,
  /│ Merging this moves integration from checkout 1\.7\.0 to 1\.8\.0\./,
  /\+ tag: "1\.8\.0" # moves together with the digest/,
  /Stagecoach {2}merges #1:/,
  /Argo CD {5}applies commit [0-9a-f]{7} in checkout-integration/,
  /Argo CD {5}finds checkout-integration healthy/,
  /Stagecoach {2}says on #1: ✅ merged → reconciling → synced → healthy/,
  /│ checkout-integration +[0-9a-f]{7} +✅ synced +✅ healthy \(Argo CD\)/,
  /Stagecoach {2}sets the deployment checkout\/integration to success/,
  /Stagecoach {2}opens #2: Promote checkout 1\.8\.0 to staging/,
  /✅ healthy in integration: integration was healthy with it at \d\d:\d\d\n/,
  /\+ newTag: 1\.8\.0/,
  /Stagecoach {2}merges #2:/,
  /Stagecoach {2}says on #2: ✅ merged → reconciling → synced → healthy/,
  /Stagecoach {2}opens #3: Promote checkout 1\.8\.0 to canary/,
  /\+ image: \S+\/acme\/checkout:1\.8\.0@sha256:/,
  /Stagecoach {2}merges #3:/,
  /Stagecoach {2}opens #4: Promote checkout 1\.8\.0 to live/,
  /maria {7}merges #4:/,
  /Stagecoach {2}says on #4: ✅ merged → reconciling → synced → healthy/,
  /somebody {4}runs kubectl edit in checkout-live: 12 replicas become 3/,
  /Stagecoach {2}opens issue #5: Drift in checkout\/live/,
  /\/spec\/replicas +12 +3 +kubectl-edit/,
  /maria {7}puts the label stagecoach\/sync on #5/,
  /Argo CD {5}syncs checkout-live, because it was asked to/,
  /Stagecoach {2}closes issue #5: Drift in checkout\/live/,
  /registry {4}somebody pushes acme\/web:5\.1\.0/,
  /maria {7}closes #\d+: Promote mail 0\.10\.0 to prod/,
  /Stagecoach {2}writes into its ledger: maria declined 0\.10\.0/,
  /registry {4}somebody pushes acme\/search:2\.5\.1/,
  /Stagecoach {2}says on #\d+: ❌ degraded\n +demo: Deployment "search" exceeded its progress deadline\./,
  /Stagecoach {2}writes into its ledger: 2\.5\.1 is stopped in search\/dev\n/,
  /│ ❗ dev needs a person: 2\.5\.1 is stopped, because dev was degraded with it/,
  /registry {4}somebody pushes acme\/search:2\.5\.2/,
  /Stagecoach {2}edits #\d+ in place: Promote search 2\.5\.2 to prod \(it was 2\.5\.0\)/,
  /maria {7}merges #\d+: Promote search 2\.5\.2 to prod/,
  /checkout\/live {9}1\.8\.0 +1\.8\.0, healthy +#4 +maria/,
  /mail\/prod {13}0\.9\.2 .* 0\.10\.0 declined by maria/,
  /search\/prod {11}2\.5\.2 +2\.5\.2, healthy .* maria/,
  /Environment: live/,
  /The story came out right/,
];

test("the demo tells its story and ends by itself with exit code 0", async () => {
  const environment = { ...process.env, NO_COLOR: "1" };
  const { stdout, stderr } = await promisify(execFile)("npm", ["run", "--silent", "demo", "--", "--once"], {
    cwd: REPOSITORY,
    timeout: PATIENCE,
    env: environment,
  });
  assert.equal(stderr, "");
  let rest = stdout;
  for (const beat of BEATS) {
    const found = beat.exec(rest);
    assert.ok(found, `${beat} is not told, or too early. What came after the beat before it:\n${rest}`);
    rest = rest.slice(found.index + found[0].length);
  }
  assert.deepEqual(
    stdout.split("\n").filter((line) => widthOf(line) > 100),
    [],
    "lines wider than a hundred columns",
  );
});

test("a story that does not come to its end says what it waited for, and everything is closed", async () => {
  const told: string[] = [];
  const code = await runDemo({
    startApp,
    print: (text) => void told.push(text),
    once: true,
    colours: false,
    logLevel: "silent",
    stopped: new Promise(() => {}),
    deadline: 1,
  });
  assert.equal(code, 1);
  const text = told.join("\n");
  assert.match(text, /The story did not come out right:\n {2}- The story waited for this: Stagecoach has looked/);
  assert.match(text, /checkout\/live declares 1\.7\.0, not 1\.8\.0/);
  assert.match(text, /The last things that happened:\n {2}\d\d:\d\d:\d\d {2}demo: Stagecoach runs at/);
});
