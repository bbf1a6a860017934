// Senders that prove themselves by keys, through the routes and the adapter that fetches: what is stored, what is refused with
// its reason, what is to be sent again, and who is asked for what. The network is a table of answers.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createProofs } from "../../src/registry/proofs/create-proofs.ts";
import {
  CERTIFICATE,
  CERTIFICATE_URL,
  confirmation,
  notification,
  SUBSCRIBE_URL,
  TOPIC,
} from "../registry/webhooks/sign-sns.ts";
import { createIssuer } from "../registry/webhooks/sign-token.ts";
import { ecrEvent } from "../registry/webhooks/vendors/ecr.ts";
import { type App, readJson, registrySecret, startApp } from "./start-app.ts";

const NOW = Date.parse("2026-03-02T10:00Z");
const GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs";
const GITHUB = "https://token.actions.githubusercontent.com";
const IMAGES = [
  "europe-west1-docker.pkg.dev/shop/apps/checkout",
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout",
  "ghcr.io/shop/checkout",
] as const;
const issuer = await createIssuer();
const times = { iat: NOW / 1000 - 60, exp: NOW / 1000 + 3_000 };
const Timestamp = new Date(NOW - 60_000).toISOString();

const network = new Map<string, () => Response>();
const asked: string[] = [];
let app: App;

before(async () => {
  network.set(GOOGLE_KEYS, () => new Response("", { status: 503 }));
  network.set(`${GITHUB}/.well-known/openid-configuration`, () =>
    Response.json({ issuer: GITHUB, jwks_uri: `${GITHUB}/.well-known/jwks` }),
  );
  network.set(`${GITHUB}/.well-known/jwks`, () => Response.json(issuer.keys));
  network.set(CERTIFICATE_URL, () => new Response(CERTIFICATE));
  network.set(SUBSCRIBE_URL, () => new Response("<ConfirmSubscriptionResponse/>"));
  const send = async (input: string | URL | Request) => {
    asked.push(String(input));
    return network.get(String(input))?.() ?? new Response("", { status: 404 });
  };
  const google = {
    issuer: "https://accounts.google.com",
    audience: "stagecoach",
    email: "push@acme.example",
    claims: {},
  };
  const github = { issuer: GITHUB, audience: "stagecoach", claims: { repository_owner: "shop" } };
  const proofs = createProofs({ now: () => NOW, userAgent: "stagecoach", fetch: send });
  // As after the first delivery of each: what is known already is not asked for.
  await proofs.keySet({ from: { kind: "issuer", address: GITHUB }, keyId: "any" });
  await proofs.certificate(CERTIFICATE_URL);
  app = await startApp({
    registry: {
      ...{ proofs, now: () => NOW },
      webhooks: [
        { id: "gar", kind: "gar", registry: "europe-west1-docker.pkg.dev", secrets: [], token: google },
        { id: "sns", kind: "ecr", registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com", secrets: [], topic: TOPIC },
        { id: "ci", kind: "generic", registry: "ghcr.io", secrets: [], token: github },
        { id: "events", kind: "cloudevents", registry: "ghcr.io", secrets: [registrySecret] },
      ],
    },
  });
  await app.store.repositories.save({ repository: 7, installation: 1, owner: "acme", name: "config" });
  await app.store.repositories.saveImages(7, IMAGES);
});
after(() => app.stop());
beforeEach(() => {
  asked.length = 0;
});

function post(id: string, body: unknown, token?: string): Promise<Response> {
  const headers = { "content-type": "text/plain; charset=UTF-8", ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(`${app.url}/hooks/registry/${id}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function stored(): Promise<number> {
  return (await app.store.hints.of(7)).length;
}

describe("a delivery that is proven by keys", () => {
  const message = { action: "INSERT", tag: `${IMAGES[0]}:1.8.0` };
  const pushed = (messageId: string) => ({
    message: { data: Buffer.from(JSON.stringify(message)).toString("base64"), messageId },
  });
  const google = {
    iss: "https://accounts.google.com",
    aud: "stagecoach",
    email: "push@acme.example",
    email_verified: true,
  };

  it("is to be sent again while the keys cannot be read, and nothing is stored", async () => {
    const before = await stored();
    const token = await issuer.sign({ ...google, ...times });
    const response = await post("gar", pushed("1"), token);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "30");
    assert.match(JSON.stringify(await response.json()), /www\.googleapis\.com answered 503\. Send it again\./);
    assert.equal(await stored(), before);
  });

  it("of a build job is stored", async () => {
    const token = await issuer.sign({ iss: GITHUB, aud: "stagecoach", repository_owner: "shop", ...times });
    const before = await stored();
    const response = await post("ci", { image: IMAGES[2], tag: "1.8.0", delivery: "run-1" }, token);
    assert.equal(response.status, 202);
    assert.equal(await stored(), before + 1);
  });

  it("T2: of somebody else's build job is refused with the reason, and nothing is stored", async () => {
    const before = await stored();
    for (const [claims, why] of [
      [{ repository_owner: "evil" }, /does not have the `repository_owner`/],
      [{ aud: "https://github.com/shop" }, /for another audience/],
      [{ iss: "https://evil.example" }, /of another issuer/],
      [{ exp: NOW / 1000 - 60 }, /has expired/],
      [{ nbf: NOW / 1000 + 600 }, /is not valid yet/],
    ] as const) {
      const token = await issuer.sign({
        iss: GITHUB,
        aud: "stagecoach",
        repository_owner: "shop",
        ...times,
        ...claims,
      });
      const response = await post("ci", { image: IMAGES[2], tag: "6.6.6" }, token);
      assert.equal(response.status, 401);
      assert.match(JSON.stringify(await response.json()), why);
    }
    assert.deepEqual(asked, []);
    assert.equal(await stored(), before);
  });

  it("T1: of a made-up key is refused, and its issuer is not asked again for it", async () => {
    for (const keyId of ["one", "two", "three"]) {
      const token = await issuer.sign(
        { iss: GITHUB, aud: "stagecoach", repository_owner: "shop", ...times },
        { keyId },
      );
      assert.equal((await post("ci", { image: IMAGES[2] }, token)).status, 401);
    }
    assert.deepEqual(asked, []);
  });

  it("by SNS is stored once, however often it comes", async () => {
    const before = await stored();
    const body = notification(ecrEvent(), { Timestamp });
    assert.equal((await readJson(await post("sns", body))).hints, 1);
    const again = await post("sns", body);
    assert.equal(again.status, 202);
    assert.match(JSON.stringify(await again.json()), /already here/);
    assert.deepEqual(asked, []);
    assert.equal(await stored(), before + 1);
  });

  it("confirms a subscription only after signature, topic and host were checked", async () => {
    const foreign = confirmation({ Timestamp, SubscribeURL: "https://evil.example/?Action=ConfirmSubscription" });
    assert.equal((await post("sns", foreign)).status, 401);
    assert.equal((await post("sns", { ...confirmation({ Timestamp }), Token: "another" })).status, 401);
    assert.equal((await post("sns", confirmation({ Timestamp, TopicArn: `${TOPIC}-evil` }))).status, 401);
    assert.deepEqual(asked, []);
    const response = await post("sns", confirmation({ Timestamp }));
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { confirmed: true });
    assert.deepEqual(asked, [SUBSCRIBE_URL]);
  });

  it("T20: with a certificate elsewhere is refused, and nobody is asked for it", async () => {
    const before = await stored();
    for (const host of ["evil.example", "sns.us-west-2.amazonaws.com.evil.example", "sns.s3-us-west-2.amazonaws.com"]) {
      const SigningCertURL = CERTIFICATE_URL.replace("sns.us-west-2.amazonaws.com", host);
      const response = await post("sns", notification(ecrEvent(), { Timestamp, SigningCertURL, MessageId: "another" }));
      assert.equal(response.status, 401);
      assert.match(JSON.stringify(await response.json()), /`SigningCertURL` is not a certificate at/);
    }
    assert.deepEqual(asked, []);
    assert.equal(await stored(), before);
  });

  it("T22: leaves no token in the log", async () => {
    const token = await issuer.sign({ iss: GITHUB, aud: "stagecoach", repository_owner: "shop", ...times });
    await post("ci", { image: IMAGES[2], tag: "1.9.0" }, token);
    assert.doesNotMatch(app.logged(), new RegExp(token.slice(-40)));
  });
});

describe("the handshake of CloudEvents", () => {
  const ask = (
    path: string,
    headers: Readonly<Record<string, string>> = { "webhook-request-origin": "events.acme.example" },
  ) => fetch(`${app.url}/hooks/registry/${path}`, { method: "OPTIONS", headers });

  it("is answered to senders of CloudEvents, without anything being stored", async () => {
    const before = await stored();
    for (const path of ["events", `events/${registrySecret}`]) {
      const response = await ask(path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("webhook-allowed-origin"), "events.acme.example");
    }
    assert.equal(await stored(), before);
  });

  it("is refused where the secret in the path is wrong, and 405 where nobody asks first", async () => {
    assert.equal((await ask("events/a-guess")).status, 401);
    assert.equal((await ask("events", {})).status, 400);
    for (const path of ["sns", "nobody"]) assert.equal((await ask(path)).status, 405);
  });
});
