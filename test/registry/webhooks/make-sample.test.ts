// A sample of every kind of webhook goes through the receiver of that kind and comes out as the image that it was made for.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known } from "../../../src/domain/seen.ts";
import { WEBHOOK_KINDS, type WebhookSettings } from "../../../src/domain/settings.ts";
import { makeSample } from "../../../src/registry/webhooks/make-sample.ts";
import type { SampleRequest } from "../../../src/registry/webhooks/sample.ts";
import { receive } from "./receive.ts";
import { DIGEST, OLD } from "./receiver-row.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";
import { createIssuer } from "./sign-token.ts";

const NOW = Date.parse("2026-03-02T10:00Z");
const HOSTS: Partial<Record<WebhookSettings["kind"], string>> = {
  ecr: "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
  dockerhub: "docker.io",
};
/** Their bodies have no place for a digest, or one that could be believed. */
const WITHOUT_DIGEST = new Set(["dockerhub", "ghcr", "quay", "nexus", "gitea", "forgejo"]);
/** They write tags in small letters, so a tag of theirs is none. */
const WITHOUT_TAG = new Set(["gitea", "forgejo"]);

const settingsOf = (kind: WebhookSettings["kind"], changes: Partial<WebhookSettings> = {}): WebhookSettings => ({
  ...{ id: "hook", kind, registry: HOSTS[kind] ?? "registry.acme.example:5000", secrets: [OLD] },
  ...changes,
});
const requestOf = (settings: WebhookSettings, image = `${settings.registry}/acme/checkout`): SampleRequest => ({
  ...{ settings, image, tag: "1.8.0", digest: DIGEST, id: "sample-4711", now: NOW },
});

async function roundTrip(request: SampleRequest) {
  const sample = makeSample(request);
  assert.ok(sample.kind === "delivery", sample.kind);
  const { headers, proof, body, secretInPath } = sample;
  const sent = { body: Buffer.from(body), headers: { ...headers, ...proof }, settings: request.settings, now: NOW };
  const received = await receive({ ...sent, ...(secretInPath !== undefined && { secretInPath }) });
  assert.ok(received.kind === "understood", JSON.stringify(received));
  return received;
}

for (const kind of WEBHOOK_KINDS.filter((each) => each !== "gar")) {
  test(`${kind}: its receiver understands the sample`, async () => {
    const request = requestOf(settingsOf(kind));
    const { events, ignored } = await roundTrip(request);
    assert.deepEqual(ignored, []);
    const tag = WITHOUT_TAG.has(kind) ? {} : { tag: "1.8.0" };
    const digest = WITHOUT_DIGEST.has(kind) ? {} : { digest: DIGEST };
    assert.deepEqual(events, [{ image: request.image, ...tag, ...digest }]);
  });

  test(`${kind}: no digest is made up`, async () => {
    const { digest: _, ...request } = requestOf(settingsOf(kind));
    const sample = makeSample(request);
    assert.doesNotMatch(sample.kind === "delivery" ? sample.body : "", /sha256/);
    assert.equal((await roundTrip(request)).events.length, 1);
  });

  test(`T22: ${kind}: the secret stands in no header of the body, nor in the body`, () => {
    const sample = makeSample(requestOf(settingsOf(kind)));
    assert.ok(sample.kind === "delivery");
    assert.doesNotMatch(JSON.stringify([sample.headers, sample.body]), new RegExp(OLD));
  });
}

describe("the sender's own words", () => {
  const repositories = [{ name: "docker-hosted", image: "nexus.acme.example:8082" }];
  for (const kind of ["nexus", "jfrog", "aliyun", "harbor", "distribution", "cloudevents"] as const) {
    test(`${kind}: what the operator lists is called as the sender calls it`, async () => {
      const settings = settingsOf(kind, { registry: "", repositories });
      const { events } = await roundTrip(requestOf(settings, "nexus.acme.example:8082/acme/checkout"));
      assert.equal(events[0]?.image, "nexus.acme.example:8082/acme/checkout");
    });
  }

  test("jfrog: signed where the settings say so", async () => {
    assert.equal((await roundTrip(requestOf(settingsOf("jfrog", { signed: true })))).events.length, 1);
  });

  test("an image that the webhook does not speak for is not sent at all", () => {
    const sample = makeSample(requestOf(settingsOf("harbor"), "ghcr.io/acme/checkout"));
    assert.deepEqual(sample, { kind: "foreign", why: "The webhook `hook` does not speak for ghcr.io." });
  });
});

test("gar: its receiver understands what Google would sign", async () => {
  const google = await createIssuer();
  const issuer = "https://accounts.google.com";
  const token = { issuer, audience: "stagecoach", email: "push@acme.example", claims: {} };
  const settings = settingsOf("gar", { registry: "europe-west1-docker.pkg.dev", token });
  const request = requestOf(settings, "europe-west1-docker.pkg.dev/acme/apps/checkout");
  const sample = makeSample(request);
  const times = { iat: NOW / 1000 - 5, exp: NOW / 1000 + 300 };
  const claims = { iss: issuer, aud: "stagecoach", email: "push@acme.example", email_verified: true, ...times };
  const received = await receive({
    body: Buffer.from(sample.kind === "delivery" ? sample.body : ""),
    headers: { authorization: `Bearer ${await google.sign(claims)}` },
    ...{ settings, now: NOW, proofs: { ...REFUSED_PROOFS, keySet: async () => known(google.keys) } },
  });
  assert.ok(received.kind === "understood", JSON.stringify(received));
  assert.deepEqual(received.events, [{ image: request.image, tag: "1.8.0", digest: DIGEST }]);
});

describe("what only the real sender can sign", () => {
  const insteadOf = (settings: WebhookSettings) => {
    const sample = makeSample(requestOf(settings));
    return sample.kind === "unsignable" ? sample.instead : sample.kind;
  };

  test("gar: Pub/Sub is made to push", () => {
    const instead = insteadOf(settingsOf("gar", { secrets: [] }));
    assert.match(instead, /gcloud pubsub topics publish gcr --message '\{"action":"INSERT","digest":/);
  });

  test("ecr by a topic: the topic is made to send", () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:images";
    const instead = insteadOf(settingsOf("ecr", { secrets: [], topic }));
    assert.match(
      instead,
      /aws sns publish --topic-arn arn:aws:sns:eu-west-1:123456789012:images --message '\{"version":"0"/,
    );
  });

  test("generic by a token: a job is made to send", () => {
    const token = { issuer: "https://gitlab.com", audience: "stagecoach", claims: { namespace_path: "acme" } };
    assert.match(insteadOf(settingsOf("generic", { secrets: [], token })), /Only https:\/\/gitlab\.com can sign/);
  });
});
