// `POST /hooks/registry/<id>`: a registry's news wakes the repositories that track the image, and nobody else's does.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { distribution } from "../registry/webhooks/vendors/distribution.ts";
import { dockerhub } from "../registry/webhooks/vendors/dockerhub.ts";
import { ghcr } from "../registry/webhooks/vendors/ghcr.ts";
import type { VendorDelivery } from "../registry/webhooks/vendors/vendor.ts";
import { type App, deliver, readJson, registrySecret, sign, startApp } from "./start-app.ts";

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

describe("the many deliveries of one push", () => {
  const pushes: readonly {
    readonly name: string;
    readonly id: string;
    readonly image: string;
    readonly deliveries: readonly VendorDelivery[];
    readonly headers: (body: string) => Readonly<Record<string, string>>;
    readonly tail?: string;
  }[] = [
    {
      name: "children, an attestation and an index at GHCR",
      ...{ id: "github", image: "ghcr.io/acme/checkout", deliveries: ghcr.rows.multiArch.deliveries },
      headers: (body) => ({ "x-hub-signature-256": sign(body, registrySecret) }),
    },
    {
      name: "layers, children and an index of a registry that tells everything",
      ...{ id: "lab", image: "127.0.0.1:5000/shop/checkout", deliveries: distribution.rows.multiArch.deliveries },
      headers: () => ({ authorization: `Bearer ${registrySecret}` }),
    },
    {
      name: "six times the same words of Docker Hub",
      ...{ id: "hub", image: "docker.io/acme/checkout", deliveries: dockerhub.rows.multiArch.deliveries },
      ...{ headers: () => ({}), tail: `/${registrySecret}` },
    },
  ];
  let own: App;

  before(async () => {
    own = await startApp();
  });
  after(() => own.stop());

  for (const [index, { name, id, image, deliveries, headers, tail = "" }] of pushes.entries()) {
    it(`become one hint and one pass: ${name}`, async () => {
      await own.store.repositories.save({
        repository: index + 1,
        installation: 1,
        owner: "acme",
        name: `config-${index}`,
      });
      await own.store.repositories.saveImages(index + 1, [image]);
      const waiting = await own.store.work.pending();
      for (const [number, delivery] of deliveries.entries()) {
        const body = JSON.stringify(delivery.body);
        const named = { ...delivery.headers, "x-github-delivery": `delivery-${number}` };
        const sent = { method: "POST", body, headers: { ...named, ...headers(body) } };
        const { status } = await fetch(`${own.url}/hooks/registry/${id}${tail}`, sent);
        assert.ok(status === 200 || status === 202, String(status));
      }
      assert.ok(deliveries.length >= 3);
      assert.equal((await own.store.hints.of(index + 1)).length, 1);
      assert.equal(await own.store.work.pending(), waiting + 1);
    });
  }
});

describe("what GitHub tells of an image that nobody else can read", () => {
  const digest = `sha256:${"4f".repeat(32)}`;
  const revision = "0e2a89b191332bb87b4f2fefef2f597eba2197b3";
  const source = "https://github.com/Acme/checkout";
  const [{ body, headers = {} } = { body: {} }] = ghcr.rows.push.deliveries;
  const subject = { kind: "image", image: "ghcr.io/acme/checkout", tag: "1.8.0", told: { digest, revision, source } };

  const remembered = async () => (await app.store.hints.of(8)).filter((hint) => "told" in hint.subject);

  it("T5: is not taken from the hook of a repository, whose secret its owner knows", async () => {
    const text = JSON.stringify(body);
    const signed = { ...headers, "x-hub-signature-256": sign(text, registrySecret) };
    const response = await fetch(`${app.url}/hooks/registry/github`, { method: "POST", body: text, headers: signed });
    assert.equal(response.status, 202);
    assert.deepEqual(await remembered(), []);
  });

  it("is remembered with the hint, by the event of the App", async () => {
    await app.store.hints.remove((await remembered()).map(({ id }) => id));
    const { package: registry_package } = body as { readonly package: object };
    const text = JSON.stringify({ action: "published", registry_package });
    const response = await deliver(app.url, { event: "registry_package", body: text, delivery: "app-1" });
    assert.equal(response.status, 202);
    assert.deepEqual(
      (await remembered()).map((hint) => hint.subject),
      [subject],
    );
  });

  it("is not taken from anybody else", async () => {
    const text = JSON.stringify({ image: "ghcr.io/acme/checkout", tag: "1.8.0", digest, told: { digest } });
    assert.equal((await sendBuild(text)).status, 400);
  });
});

describe("a sender that asks first", () => {
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${app.url}/hooks/registry/${path}`, {
      method: "OPTIONS",
      headers: { "webhook-request-origin": "eventgrid.azure.net", ...headers },
    });

  it("may send, if it knows the secret, and nothing is stored", async () => {
    const response = await ask("azure", { authorization: registrySecret });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("webhook-allowed-origin"), "eventgrid.azure.net");
    assert.equal((await ask(`azure/${registrySecret}`)).status, 200);
  });

  it("T2: may not, without it", async () => {
    for (const response of [await ask("azure"), await ask("azure/a-guess")]) {
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("webhook-allowed-origin"), null);
    }
  });

  it("is told that others take POST only, and learns nothing of ids that there are not", async () => {
    for (const path of ["lab", `lab/${registrySecret}`, "nobody", "__proto__"]) {
      const response = await ask(path, { authorization: registrySecret });
      assert.equal(response.status, 405, path);
      assert.equal(response.headers.get("allow"), "POST");
    }
  });

  it("gets its code back from Event Grid's validation", async () => {
    const data = { validationCode: "0e2a89b1-9133", validationUrl: "https://169.254.169.254/validate" };
    const body = JSON.stringify([{ eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data }]);
    const headers = { authorization: registrySecret };
    const response = await fetch(`${app.url}/hooks/registry/azure`, { method: "POST", body, headers });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { validationResponse: "0e2a89b1-9133" });
  });
});
