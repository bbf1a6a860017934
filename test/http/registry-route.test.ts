// `POST /hooks/registry/<id>`: a registry's news wakes the repositories that track the image, and nobody else's does.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type App, readJson, registrySecret, sign, startApp } from "./start-app.ts";

let app: App;

before(async () => {
  app = await startApp();
  await app.store.repositories.save({ repository: 7, installation: 1, owner: "acme", name: "config" });
  await app.store.repositories.save({ repository: 8, installation: 1, owner: "acme", name: "platform" });
  await app.store.repositories.saveImages(7, ["ghcr.io/acme/checkout", "127.0.0.1:5000/acme/checkout"]);
  await app.store.repositories.saveImages(8, ["ghcr.io/acme/checkout"]);
});
after(() => app.stop());

function sendBuild(body: string, { secret = registrySecret, id = "builds" } = {}): Promise<Response> {
  const headers = { "x-stagecoach-signature-256": sign(body, secret) };
  return fetch(`${app.url}/hooks/registry/${id}`, { method: "POST", body, headers });
}

function pushOf(repository: string, tag: string, id: string): string {
  const target = {
    repository,
    tag,
    digest: `sha256:${"a".repeat(64)}`,
    mediaType: "application/vnd.oci.image.index.v1+json",
  };
  return JSON.stringify({ events: [{ id, action: "push", target, request: { host: "127.0.0.1:5000" } }] });
}

describe("a registry's delivery", () => {
  it("wakes every repository that tracks the image", async () => {
    const response = await sendBuild(
      JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "1.8.0", delivery: "build-1" }),
    );
    assert.equal(response.status, 202);
    assert.equal((await readJson(response)).hints, 2);
    for (const repository of [7, 8]) {
      const [hint] = await app.store.hints.of(repository);
      assert.deepEqual(hint?.subject, { kind: "image", image: "ghcr.io/acme/checkout", tag: "1.8.0" });
    }
  });

  it("T3: does nothing the second time", async () => {
    const body = JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "1.9.0", delivery: "build-2" });
    assert.equal((await sendBuild(body)).status, 202);
    const again = await sendBuild(body);
    assert.equal(again.status, 202);
    const { hints, duplicate } = await readJson(again);
    assert.equal(hints, 0);
    assert.match(String(duplicate), /already here/);
  });

  it("gets 200 and the reason for an image that no pipeline tracks", async () => {
    const response = await sendBuild(JSON.stringify({ image: "ghcr.io/acme/unknown", tag: "1.0.0" }));
    assert.equal(response.status, 200);
    assert.match(JSON.stringify(await response.json()), /event of ghcr\.io\/acme\/unknown.*No pipeline tracks/);
  });

  it("is refused with the reason when it names a tag that is none", async () => {
    const response = await sendBuild(JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "not a tag" }));
    assert.equal(response.status, 400);
    assert.match(JSON.stringify(await response.json()), /`tag` is not a tag/);
  });

  it("T5: is refused without its secret", async () => {
    const body = JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "1.8.0" });
    assert.equal((await sendBuild(body, { secret: "a-guess" })).status, 401);
    assert.equal((await fetch(`${app.url}/hooks/registry/lab`, { method: "POST", body })).status, 401);
    assert.equal((await fetch(`${app.url}/hooks/registry/lab/a-guess`, { method: "POST", body })).status, 401);
  });

  it("T4: is read by the parser of its route, whatever its headers say", async () => {
    const body = JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "1.8.0" });
    const headers = {
      authorization: `Bearer ${registrySecret}`,
      "x-stagecoach-signature-256": sign(body, registrySecret),
    };
    const response = await fetch(`${app.url}/hooks/registry/lab`, { method: "POST", body, headers });
    assert.equal(response.status, 400);
  });

  it("may bring its secret in the path, which is never logged", async () => {
    const body = pushOf("acme/checkout", "2.0.0", "lab-1");
    const response = await fetch(`${app.url}/hooks/registry/lab/${registrySecret}`, { method: "POST", body });
    assert.equal(response.status, 202);
    assert.equal((await readJson(response)).hints, 1);
    assert.doesNotMatch(app.logged(), new RegExp(registrySecret));
    assert.match(app.logged(), /\/hooks\/registry\/:id\/:secret/);
  });

  it("of an unknown webhook is 404", async () => {
    assert.equal((await sendBuild("{}", { id: "nobody" })).status, 404);
    assert.equal((await sendBuild("{}", { id: "__proto__" })).status, 404);
    assert.equal(
      (await fetch(`${app.url}/hooks/registry/lab/secret/more`, { method: "POST", body: "{}" })).status,
      404,
    );
    assert.equal((await fetch(`${app.url}/hooks/registry/`, { method: "POST", body: "{}" })).status, 404);
  });

  it("of more than 1 MiB is 413", async () => {
    assert.equal((await sendBuild("x".repeat(1024 * 1024 + 1))).status, 413);
  });
});
