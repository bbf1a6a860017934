import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known, unknown } from "../../../src/domain/seen.ts";
import type { Proofs } from "../../../src/registry/webhooks/proofs.ts";
import { makeCertificate } from "../../cluster/make-certificate.ts";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, NEW, OLD, type Row } from "./receiver-row.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";
import { CERTIFICATE, CERTIFICATE_URL, confirmation, notification, SUBSCRIBE_URL, TOPIC } from "./sign-sns.ts";

const NOW = Date.parse("2026-03-02T10:00Z");
const HOST = "123456789012.dkr.ecr.us-west-2.amazonaws.com";
const image = `${HOST}/acme/checkout`;
const settings = { id: "ecr", kind: "ecr", registry: HOST, secrets: [OLD, NEW], topic: TOPIC } as const;

const event = (detail: object = {}, rest: object = {}) => ({
  ...{ version: "0", id: "13cde686-328b-6117-af20-0e5566167482", "detail-type": "ECR Image Action", source: "aws.ecr" },
  ...{ account: "123456789012", time: "2026-03-02T09:59:58Z", region: "us-west-2", resources: [] },
  detail: {
    ...{ result: "SUCCESS", "repository-name": "acme/checkout", "image-digest": DIGEST, "action-type": "PUSH" },
    ...{ "image-tag": "1.8.0", "manifest-media-type": "application/vnd.oci.image.index.v1+json" },
    ...detail,
  },
  ...rest,
});
const cloudEvent = (changes: object = {}) => ({
  ...{ specversion: "1.0", id: "evt-1", type: "com.amazon.ecr.image.push", subject: "acme/checkout:1.8.0" },
  source: "urn:aws:ecr:us-west-2:123456789012:repository/acme/checkout",
  data: { repositoryName: "acme/checkout", imageDigest: DIGEST, imageTag: "1.8.0", registryId: "123456789012" },
  ...changes,
});
const pushed = { image, tag: "1.8.0", digest: DIGEST };

describe("ecr: EventBridge", () => {
  const ignores = (pattern: RegExp) => ({ events: [], ignored: [pattern] });
  const rows: readonly Row[] = [
    {
      name: "a push by tag",
      body: event(),
      expect: { events: [pushed], delivery: "13cde686-328b-6117-af20-0e5566167482" },
    },
    { name: "the second secret of a rotation", body: event(), secret: NEW, expect: { events: [pushed] } },
    { name: "the documented CloudEvent", body: cloudEvent(), expect: { events: [pushed], delivery: "evt-1" } },
    {
      name: "a multi-arch push: a platform's part has no tag",
      body: event({ "image-tag": undefined }),
      expect: ignores(/^push of acme\/checkout: It has no tag/),
    },
    {
      name: "a digest only, as a CloudEvent",
      body: cloudEvent({
        data: { repositoryName: "acme/checkout", imageDigest: DIGEST, imageTag: "", registryId: "123456789012" },
      }),
      expect: ignores(/no tag/),
    },
    {
      name: "a delete",
      body: event({ "action-type": "DELETE" }),
      expect: ignores(/^delete of acme\/checkout:1\.8\.0: Only a push/),
    },
    {
      name: "a delete as a CloudEvent",
      body: cloudEvent({ type: "com.amazon.ecr.image.delete" }),
      expect: ignores(/Only a push/),
    },
    { name: "a push that failed", body: event({ result: "FAILURE" }), expect: ignores(/^event of .*Only a push/) },
    { name: "a scan", body: event({}, { "detail-type": "ECR Image Scan" }), expect: ignores(/Only a push/) },
    {
      name: "T5: another account",
      body: event({}, { account: "210987654321" }),
      expect: ignores(/does not speak for/),
    },
    {
      name: "T5: no account, so nobody's host",
      body: event({}, { account: undefined }),
      expect: ignores(/does not speak for/),
    },
    { name: "T5: another region", body: event({}, { region: "eu-west-1" }), expect: ignores(/does not speak for/) },
    {
      name: "a cosign bundle under a tag",
      body: event({ "artifact-media-type": "application/vnd.dev.sigstore.bundle.v0.3+json" }),
      expect: ignores(/a signature/),
    },
    { name: "a wrong secret", body: event(), secret: "guessed", expect: { kind: "unauthenticated" } },
    { name: "no secret", body: event(), secret: null, expect: { kind: "unauthenticated" } },
    {
      name: "a foreign shape",
      body: { events: [] },
      expect: { kind: "malformed", why: /neither an event “ECR Image Action”/ },
    },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
  ];
  for (const row of rows) {
    test(row.name, async () => {
      const { secret = OLD } = row;
      const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
      check(await receive({ body: bytesOf(row.body), headers, settings, now: NOW }), row);
    });
  }

  test("the secret may be an API key, a password with any user, or stand in the path", async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    const send = async (sent: object) => (await receive({ body: bytesOf(event()), settings, now: NOW, ...sent })).kind;
    assert.equal(await send({ headers: { "x-api-key": OLD } }), "understood");
    assert.equal(await send({ headers: basic(`stagecoach:${NEW}`) }), "understood");
    assert.equal(await send({ headers: {}, secretInPath: OLD }), "understood");
    assert.equal(await send({ headers: { "x-api-key": "guessed" } }), "unauthenticated");
    assert.equal(await send({ headers: basic("stagecoach:guessed") }), "unauthenticated");
    assert.equal(await send({ headers: basic(OLD) }), "unauthenticated");
    assert.equal(await send({ headers: { "x-api-key": "" } }), "unauthenticated");
  });

  test("China's hosts end in .cn", async () => {
    const registry = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn";
    const headers = { authorization: `Bearer ${OLD}` };
    const body = bytesOf(event({}, { region: "cn-north-1" }));
    const received = await receive({ body, headers, settings: { ...settings, registry }, now: NOW });
    assert.deepEqual(received.kind === "understood" && received.events, [
      { ...pushed, image: `${registry}/acme/checkout` },
    ]);
  });
});

describe("ecr: SNS", () => {
  const at = (minutes: number) => ({ Timestamp: new Date(NOW + minutes * 60_000).toISOString() });

  async function send(body: unknown, { now = NOW, ...change }: Partial<Proofs> & { readonly now?: number } = {}) {
    const asked: string[] = [];
    const proofs: Proofs = {
      ...REFUSED_PROOFS,
      certificate: async (address) => {
        asked.push(address);
        return known(address === CERTIFICATE_URL ? CERTIFICATE : undefined);
      },
      confirm: async (address) => {
        asked.push(address);
        return known(undefined);
      },
      ...change,
    };
    const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification" };
    return { received: await receive({ body: bytesOf(body), headers, settings, now, proofs }), asked };
  }

  for (const SignatureVersion of ["1", "2"]) {
    test(`a push, signed by version ${SignatureVersion}`, async () => {
      const { received, asked } = await send(notification(event(), { ...at(-1), SignatureVersion }));
      check(received, {
        name: "",
        body: {},
        expect: { events: [pushed], delivery: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b" },
      });
      assert.deepEqual(asked, [CERTIFICATE_URL]);
    });
  }

  test("a subject is signed, too", async () => {
    const signed = notification(event(), { ...at(-1), Subject: "push" });
    assert.equal((await send(signed)).received.kind, "understood");
    assert.equal((await send({ ...signed, Subject: "another" })).received.kind, "unauthenticated");
    assert.equal((await send({ ...signed, Subject: undefined })).received.kind, "unauthenticated");
  });

  test("a subscription is confirmed once it is proven", async () => {
    const { received, asked } = await send(confirmation(at(-1)));
    assert.equal(received.kind, "handshake");
    assert.deepEqual(asked, [CERTIFICATE_URL, SUBSCRIBE_URL]);
  });

  test("a subscription that cannot be confirmed now is to be asked for again", async () => {
    const { received } = await send(confirmation(at(-1)), { confirm: async () => unknown("it answered 503") });
    check(received, {
      name: "",
      body: {},
      expect: { kind: "unverifiable", why: /could not be confirmed, because it answered 503/ },
    });
  });

  test("the end of a subscription is told, and its address is not asked", async () => {
    const { received, asked } = await send(confirmation({ ...at(-1), Type: "UnsubscribeConfirmation" }));
    check(received, { name: "", body: {}, expect: { events: [], ignored: [/Somebody ended the subscription/] } });
    assert.deepEqual(asked, [CERTIFICATE_URL]);
  });

  test("a message that is no event of ECR is malformed", async () => {
    check((await send(notification("hello", at(-1)))).received, {
      ...{ name: "", body: {} },
      expect: { kind: "malformed", why: /its `Message` is no JSON/ },
    });
  });

  test("a certificate that cannot be read refuses nobody: it is to be sent again", async () => {
    const certificate = async () => unknown("sns.us-west-2.amazonaws.com answered 503");
    const { received } = await send(notification(event(), at(-1)), { certificate });
    check(received, { name: "", body: {}, expect: { kind: "unverifiable", why: /answered 503/ } });
  });

  test("a certificate that is valid no longer proves nothing", async () => {
    const then = Date.parse("2050-01-01T10:00Z");
    const { received } = await send(notification(event(), { Timestamp: new Date(then).toISOString() }), { now: then });
    check(received, { name: "", body: {}, expect: { kind: "unauthenticated", why: /not signed by Amazon SNS/ } });
  });

  test("T20: what is no certificate, or another one, proves nothing", async () => {
    const another = makeCertificate().cert;
    for (const pem of [undefined, "hello", CERTIFICATE.replace(/\n[A-Za-z0-9+/]{64}\n/, "\n"), another]) {
      const { received } = await send(notification(event(), at(-1)), { certificate: async () => known(pem) });
      check(received, { name: "", body: {}, expect: { kind: "unauthenticated", why: /not signed by Amazon SNS/ } });
    }
  });

  const elsewhere = CERTIFICATE_URL.replace("sns.us-west-2.amazonaws.com", "…");
  const foreign = [
    "https://evil.example/SimpleNotificationService-0123456789abcdef.pem",
    elsewhere.replace("…", "sns.us-west-2.amazonaws.com.evil.example"),
    elsewhere.replace("…", "sns.us-west-2.amazonaws.com@evil.example"),
    elsewhere.replace("…", "evil.example\\@sns.us-west-2.amazonaws.com"),
    elsewhere.replace("…", "sns-us-west-2.amazonaws.com"),
    elsewhere.replace("…", "sns.us-west-2xamazonaws.com"),
    elsewhere.replace("…", "sns.eu-west-1.amazonaws.com"),
    elsewhere.replace("…", "sns.s3-us-west-2.amazonaws.com"),
    elsewhere.replace("…", "sns.us-west-2.amazonaws.com:8443"),
    elsewhere.replace("…", "user:password@sns.us-west-2.amazonaws.com"),
    CERTIFICATE_URL.replace("https", "http"),
    CERTIFICATE_URL.replace("/Simple", "/files/Simple"),
    CERTIFICATE_URL.replace(".pem", ".pem/../../evil.pem"),
    `${CERTIFICATE_URL}?redirect=https://evil.example/a.pem`,
    "file:///etc/ssl/certs/a.pem",
    "",
  ];
  for (const SigningCertURL of foreign) {
    test(`T20: a certificate at ${SigningCertURL || "no address"} is not asked for`, async () => {
      const { received, asked } = await send(notification(event(), { ...at(-1), SigningCertURL }));
      check(received, {
        name: "",
        body: {},
        expect: { kind: "unauthenticated", why: /`SigningCertURL` is not a certificate at/ },
      });
      assert.deepEqual(asked, []);
    });
  }

  const rows: readonly {
    readonly name: string;
    readonly body: object;
    readonly why: RegExp;
    readonly asked?: readonly string[];
  }[] = [
    {
      name: "T20: a SubscribeURL elsewhere",
      body: confirmation({ ...at(-1), SubscribeURL: "https://evil.example/?Action=ConfirmSubscription" }),
      why: /`SubscribeURL` is not at sns\.us-west-2/,
    },
    {
      name: "T20: a SubscribeURL at our own metadata service",
      body: confirmation({ ...at(-1), SubscribeURL: "http://169.254.169.254/latest/meta-data/" }),
      why: /`SubscribeURL` is not at/,
    },
    {
      name: "another topic, signed by Amazon",
      body: notification(event(), { ...at(-1), TopicArn: `${TOPIC}-evil` }),
      why: /another topic/,
    },
    { name: "T3: from three hours ago", body: notification(event(), at(-180)), why: /more than 2 hours ago/ },
    { name: "from the future", body: notification(event(), at(10)), why: /lies in the future/ },
    { name: "at no time", body: notification(event(), { Timestamp: "yesterday" }), why: /is no time/ },
    {
      name: "a signature of version 3",
      body: notification(event(), { ...at(-1), SignatureVersion: "3" }),
      why: /version other than 1 and 2/,
    },
    {
      name: "a changed message",
      body: { ...notification(event(), at(-1)), Message: JSON.stringify(event({ "image-tag": "6.6.6" })) },
      why: /not signed/,
      asked: [CERTIFICATE_URL],
    },
    {
      name: "a changed id",
      body: { ...notification(event(), at(-1)), MessageId: "another" },
      why: /not signed/,
      asked: [CERTIFICATE_URL],
    },
    {
      name: "a confirmation made of a notification",
      body: {
        ...notification(event(), at(-1)),
        Type: "SubscriptionConfirmation",
        SubscribeURL: SUBSCRIBE_URL,
        Token: "abc",
      },
      why: /not signed/,
      asked: [CERTIFICATE_URL],
    },
    {
      name: "no signature",
      body: { ...notification(event(), at(-1)), Signature: "" },
      why: /not signed/,
      asked: [CERTIFICATE_URL],
    },
    { name: "raw delivery, which nobody signs", body: event(), why: /not a signed message of Amazon SNS/ },
  ];
  for (const { name, body, why, asked = [] } of rows) {
    test(`T2: refused: ${name}`, async () => {
      const sent = await send(body);
      check(sent.received, { name, body: {}, expect: { kind: "unauthenticated", why } });
      assert.deepEqual(sent.asked, asked);
    });
  }

  test("a webhook without a topic believes no signature", async () => {
    const { topic: _, ...bare } = settings;
    const body = bytesOf(notification(event(), at(-1)));
    assert.equal((await receive({ body, headers: {}, settings: bare, now: NOW })).kind, "unauthenticated");
  });
});
