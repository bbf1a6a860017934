import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, NEW, OLD, type Row } from "./receiver-row.ts";

const HOST = "registry.acme.example";
const image = `${HOST}/apps/checkout`;
const settings = { id: "events", kind: "cloudevents", registry: HOST, secrets: [OLD, NEW] } as const;
const data = { repository: "apps/checkout", tag: "1.8.0", digest: DIGEST, registryUrl: HOST };
const event = (changes: object = {}) => ({
  ...{ specversion: "1.0", id: "evt-1", type: "container.image.push", source: `https://${HOST}`, data },
  ...changes,
});
const pushed = { image, tag: "1.8.0", digest: DIGEST };
const ignores = (pattern: RegExp) => ({ events: [], ignored: [pattern] });

describe("cloudevents", () => {
  const rows: readonly Row[] = [
    { name: "a push by tag", body: event(), expect: { events: [pushed], delivery: "evt-1" } },
    { name: "the second secret of a rotation", body: event(), secret: NEW, expect: { events: [pushed] } },
    {
      name: "the image as one reference",
      body: event({ data: { image: `${image}:1.8.0@${DIGEST}` } }),
      expect: { events: [pushed] },
    },
    {
      name: "the image as subject, without its host",
      body: event({ data: undefined, subject: "apps/checkout:1.8.0" }),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a multi-arch push: a platform's part has no tag",
      body: event({ data: { ...data, tag: undefined } }),
      expect: ignores(/^push of apps\/checkout: It has no tag/),
    },
    { name: "a digest only", body: event({ data: { image: `${image}@${DIGEST}` } }), expect: ignores(/no tag/) },
    { name: "a delete", body: event({ type: "container.image.deleted" }), expect: ignores(/Only a push/) },
    { name: "a pull, in a version", body: event({ type: "com.acme.image.pulled.v1" }), expect: ignores(/Only a push/) },
    {
      name: "a digest as a tag",
      body: event({ data: { ...data, tag: DIGEST } }),
      expect: ignores(/Its tag is a digest/),
    },
    {
      name: "T5: another host",
      body: event({ data: { ...data, registryUrl: "evil.example" } }),
      expect: ignores(/does not speak for/),
    },
    {
      name: "T5: another host in a reference",
      body: event({ data: { image: "evil.example/a/b:1" } }),
      expect: ignores(/does not speak for/),
    },
    {
      name: "T14: a subject that is no image",
      body: event({ data: undefined, subject: "[x](http://y)" }),
      expect: ignores(/^push of \?/),
    },
    { name: "an event about nothing", body: event({ data: undefined }), expect: ignores(/^push of \?/) },
    { name: "a wrong secret", body: event(), secret: "guessed", expect: { kind: "unauthenticated" } },
    { name: "no secret", body: event(), secret: null, expect: { kind: "unauthenticated" } },
    { name: "a foreign shape", body: { events: [] }, expect: { kind: "malformed", why: /no CloudEvent 1\.0/ } },
    {
      name: "an older version",
      body: event({ specversion: "0.3" }),
      expect: { kind: "malformed", why: /no CloudEvent 1\.0/ },
    },
    { name: "no id", body: event({ id: "" }), expect: { kind: "malformed", why: /no CloudEvent 1\.0/ } },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
  ];
  for (const row of rows) {
    test(row.name, async () => {
      const { secret = OLD } = row;
      const authorization = secret === null ? {} : { authorization: `Bearer ${secret}` };
      const headers = { "content-type": "application/cloudevents+json", ...authorization };
      check(await receive({ body: bytesOf(row.body), headers, settings }), row);
    });
  }

  const authorization = `Bearer ${OLD}`;

  test("binary: the attributes are headers, the body is the data", async () => {
    const headers = {
      ...{ authorization, "content-type": "application/json", "ce-specversion": "1.0", "ce-id": "evt-2" },
      ...{
        "ce-type": "container.image.push",
        "ce-source": "https://registry.acme.example",
        "ce-subject": "apps%2Fcheckout",
      },
    };
    check(await receive({ body: bytesOf(data), headers, settings }), {
      ...{ name: "", body: {} },
      expect: { events: [pushed], delivery: "evt-2" },
    });
    const { "ce-id": _, ...nameless } = headers;
    assert.equal((await receive({ body: bytesOf(data), headers: nameless, settings })).kind, "malformed");
  });

  test("a batch is many events and one delivery", async () => {
    const headers = { authorization, "content-type": "application/cloudevents-batch+json; charset=utf-8" };
    const batch = [event(), event({ id: "evt-2", type: "container.image.deleted" })];
    check(await receive({ body: bytesOf(batch), headers, settings }), {
      ...{ name: "", body: {} },
      expect: { events: [pushed], ignored: [/Only a push/], delivery: "evt-1.evt-2" },
    });
    for (const broken of [[event(), null], Array(1001).fill(event())]) {
      assert.equal((await receive({ body: bytesOf(broken), headers, settings })).kind, "malformed");
    }
  });

  test("the same event is the same delivery, whatever a batch too long for a name is called", async () => {
    const headers = { authorization, "content-type": "application/cloudevents-batch+json" };
    const long = bytesOf(Array.from({ length: 30 }, (_, index) => event({ id: `event-${index}` })));
    const [first, second] = [
      await receive({ body: long, headers, settings }),
      await receive({ body: long, headers, settings }),
    ];
    assert.match(first.kind === "understood" ? first.delivery : "", /^sha256:/);
    assert.deepEqual(first, second);
  });
});

describe("the handshake of CloudEvents' webhooks", () => {
  const ask = (headers: Readonly<Record<string, string>>) => receive({ method: "OPTIONS", headers, settings });

  test("whoever asks whether it may send is answered, and has proven nothing", async () => {
    const received = await ask({ "webhook-request-origin": "eventgrid.azure.net", "webhook-request-rate": "100" });
    assert.equal(received.kind, "handshake");
    assert.deepEqual(received.kind === "handshake" && received.headers, {
      "webhook-allowed-origin": "eventgrid.azure.net",
      "webhook-allowed-rate": "*",
    });
    assert.equal(
      (await receive({ body: bytesOf(event()), headers: { origin: "eventgrid.azure.net" }, settings })).kind,
      "unauthenticated",
    );
  });

  test("T20: an address to call back is not called", async () => {
    const headers = { "webhook-request-origin": "evil.example", "webhook-request-callback": "http://169.254.169.254/" };
    assert.equal((await ask(headers)).kind, "handshake");
  });

  test("an origin that is no host is not repeated", async () => {
    for (const origin of ["a b", "a\r\nset-cookie: x", "<script>", ""]) {
      assert.equal((await ask({ "webhook-request-origin": origin })).kind, "malformed");
    }
    assert.equal((await ask({})).kind, "malformed");
  });
});
