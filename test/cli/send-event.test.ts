// `stagecoach send-event` as an operator runs it, against routes that believe only who can prove who it is.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type App, registrySecret, startApp } from "../http/start-app.ts";
import { runProgram } from "./run-program.ts";

const SETTINGS = `webhooks:
- { id: builds, kind: generic, registry: ghcr.io, secret-env: BUILDS }
- { id: lab, kind: distribution, registry: "127.0.0.1:5000", secret-env: LAB }
- { id: hub, kind: dockerhub, secret-env: LAB }
- { id: elsewhere, kind: generic, registry: ghcr.io, secret-env: LAB }
- id: gar
  kind: gar
  registry: europe-west1-docker.pkg.dev
  token: { audience: stagecoach, email: push@acme.iam.gserviceaccount.com }
`;
const variables = { BUILDS: registrySecret, LAB: registrySecret, STAGECOACH_SETTINGS: "settings.yaml" };

let app: App;
let folder: string;

before(async () => {
  [app, folder] = await Promise.all([startApp(), mkdtemp(join(tmpdir(), "stagecoach-send-event-"))]);
  await app.store.repositories.save({ repository: 7, installation: 1, owner: "acme", name: "config" });
  await app.store.repositories.saveImages(7, ["ghcr.io/acme/checkout", "127.0.0.1:5000/acme/checkout"]);
  await writeFile(join(folder, "settings.yaml"), SETTINGS);
});
after(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

function send(args: readonly string[], given: Readonly<Record<string, string>> = {}) {
  const { port } = app;
  return runProgram(["send-event", ...args], {
    folder,
    variables: { ...variables, HOST: "127.0.0.1", PORT: String(port), ...given },
  });
}

describe("stagecoach send-event", () => {
  it("sends what the webhook's sender would send, and says that it was stored", async () => {
    for (const [id, image] of [
      ["builds", "ghcr.io/acme/checkout"],
      ["lab", "127.0.0.1:5000/acme/checkout"],
    ] as const) {
      const { code, stdout, stderr } = await send([id, `${image}:1.8.0`]);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `Stored: one repository looks at ${image}:1.8.0 now.\n`);
      const hints = await app.store.hints.of(7);
      assert.deepEqual(hints.at(-1)?.subject, { kind: "image", image, tag: "1.8.0" });
    }
  });

  it("says why it was ignored", async () => {
    const { code, stderr } = await send(["builds", "ghcr.io/acme/unknown:1.0.0"]);
    assert.equal(code, 1);
    assert.match(stderr, /Understood, and ignored: the webhook `builds` works, but nothing was stored\./);
    assert.match(stderr, /event of ghcr\.io\/acme\/unknown: No pipeline tracks this image\./);
  });

  it("says why it was refused", async () => {
    const wrong = await send(["builds", "ghcr.io/acme/checkout:1.8.0"], { BUILDS: "another-secret-than-theirs" });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^Refused \(401\): .* may have another secret than these\.\n$/);
    const unknown = await send(["elsewhere", "ghcr.io/acme/checkout:1.8.0"]);
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /^Refused \(404\): No webhook of this id is set up\. .* may be others than these\.\n$/,
    );
  });

  it("T22: --dry-run prints everything but the secret and the proof, and sends nothing", async () => {
    const before = (await app.store.hints.of(7)).length;
    const signed = await send(["builds", "ghcr.io/acme/checkout:1.9.0", "--dry-run"]);
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(
      signed.stdout,
      /^POST \/hooks\/registry\/builds\ncontent-type: application\/json\nx-stagecoach-signature-256: …\n\n\{"image"/,
    );
    const inPath = await send(["hub", "acme/checkout:1.9.0", "--dry-run"]);
    assert.match(inPath.stdout, /^POST \/hooks\/registry\/hub\/…\n/);
    for (const { stdout } of [signed, inPath]) assert.doesNotMatch(stdout, new RegExp(registrySecret));
    assert.equal((await app.store.hints.of(7)).length, before);
  });

  it("says what to do where only the real sender can sign", async () => {
    const { code, stderr } = await send(["gar", "europe-west1-docker.pkg.dev/acme/apps/checkout:1.8.0"]);
    assert.equal(code, 1);
    assert.match(stderr, /Nothing was sent\. Only Google can sign/);
    assert.match(
      stderr,
      /gcloud pubsub topics publish gcr --message '\{"action":"INSERT","tag":"europe-west1-docker\.pkg\.dev/,
    );
  });

  it("sends nothing of an image that the webhook does not speak for", async () => {
    const { code, stderr } = await send(["lab", "ghcr.io/acme/checkout:1.8.0"]);
    assert.equal(code, 1);
    assert.match(stderr, /Nothing was sent: The webhook `lab` does not speak for ghcr\.io\./);
  });

  it("T21: follows no redirect, and T22: tells no secret when nobody answers", async () => {
    const visited: string[] = [];
    const server = createServer((request, response) => {
      visited.push(request.url ?? "");
      response.writeHead(307, { location: "/hooks/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const redirected = await send(["hub", "acme/checkout:1.8.0", "--url", url]);
    assert.equal(redirected.code, 1);
    assert.match(redirected.stderr, /does not look like Stagecoach: status 307/);
    assert.equal(visited.length, 1);
    await new Promise((resolve) => server.close(resolve));
    const silent = await send(["hub", "acme/checkout:1.8.0", "--url", url]);
    assert.equal(silent.code, 1);
    assert.match(silent.stderr, /There was no answer: 127\.0\.0\.1:\d+ refused the connection\. Is Stagecoach running/);
    assert.doesNotMatch(silent.stderr, new RegExp(registrySecret));
  });

  const wrong: readonly (readonly [readonly string[], RegExp, Readonly<Record<string, string>>?])[] = [
    [[], /Name a webhook of the settings file first/],
    [["builds"], /Name what was pushed second/],
    [["builds", "ghcr.io/acme/checkout"], /Name what was pushed second/],
    [["nobody", "ghcr.io/acme/checkout:1"], /has no webhook `nobody`\. It has `builds`, `lab`, `hub`/],
    [["builds", "ghcr.io/acme/checkout:1", "--url", "ftp://x"], /Say with --url <address>/],
    [["builds", "ghcr.io/acme/checkout:1", "--url", "http://user:password@x"], /Say with --url <address>/],
    [["builds", "ghcr.io/acme/checkout:1"], /Say with --url <address>/, { PORT: "0" }],
    [["builds", "ghcr.io/acme/checkout:1", "--settings", "none.yaml"], /`none\.yaml` cannot be read/],
  ];
  for (const [args, why, given] of wrong) {
    it(`is called wrongly: ${args.join(" ") || "without anything"}${given === undefined ? "" : ", no port"}`, async () => {
      const { code, stderr } = await send(args, given);
      assert.equal(code, 2);
      assert.match(stderr, why);
    });
  }
});
