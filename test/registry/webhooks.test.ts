import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import type { Received } from "../../src/registry/webhooks/receiver.ts";
import { RECEIVERS } from "../../src/registry/webhooks/receivers.ts";

const OLD = "the secret that is going away";
const NEW = "the secret that replaces it";
const REGISTRY = "registry.acme.example:5000";
const DIGEST = `sha256:${"4f".repeat(32)}`;
const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

interface Row {
  readonly name: string;
  readonly body: unknown;
  /** The secret that the sender uses; `null`: none. */
  readonly secret?: string | null;
  readonly expect:
    | { readonly kind: "unauthenticated" }
    | { readonly kind: "malformed"; readonly why: RegExp }
    | { readonly events: readonly object[]; readonly ignored?: readonly RegExp[]; readonly delivery?: string };
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function check(received: Received, { expect }: Row): void {
  if ("kind" in expect) {
    assert.equal(received.kind, expect.kind);
    if (expect.kind === "malformed") assert.match(received.kind === "malformed" ? received.why : "", expect.why);
    assert.doesNotMatch(JSON.stringify(received), /the secret that/);
    return;
  }
  assert.equal(received.kind, "understood");
  if (received.kind !== "understood") return;
  assert.deepEqual(received.events, expect.events);
  const told = received.ignored.map(({ what, why }) => `${what}: ${why}`);
  assert.equal(told.length, expect.ignored?.length ?? 0, told.join("\n"));
  for (const [index, pattern] of (expect.ignored ?? []).entries()) assert.match(told[index] ?? "", pattern);
  if (expect.delivery !== undefined) assert.equal(received.delivery, expect.delivery);
}

describe("distribution", () => {
  const settings = { id: "lab", kind: "distribution", registry: REGISTRY, secrets: [OLD, NEW] } as const;
  const target = { mediaType: INDEX, digest: DIGEST, size: 629, repository: "acme/checkout", tag: "1.8.0" };
  const event = (changes: object, rest: object = {}) => ({
    id: "b380252b-53eb-4d29-997f-1ea10d2fec89",
    action: "push",
    target: { ...target, ...changes },
    request: { host: "attacker.example" },
    ...rest,
  });
  const one = (changes: object, rest: object = {}) => ({ events: [event(changes, rest)] });
  const image = `${REGISTRY}/acme/checkout`;
  const pushed = { image, tag: "1.8.0", digest: DIGEST };
  const ignores = (pattern: RegExp) => ({ events: [], ignored: [pattern] });

  const rows: readonly Row[] = [
    {
      name: "T5: a push by tag, the host from the settings and not from the event",
      body: one({}),
      expect: { events: [pushed], delivery: "b380252b-53eb-4d29-997f-1ea10d2fec89" },
    },
    { name: "the second secret of a rotation", body: one({}), secret: NEW, expect: { events: [pushed] } },
    {
      name: "a multi-arch push in one body",
      body: {
        events: [
          event({ mediaType: MANIFEST, tag: undefined }, { id: "a" }),
          event({ mediaType: MANIFEST, tag: undefined }, { id: "b" }),
          event({}, { id: "c" }),
        ],
      },
      expect: { events: [pushed], ignored: [/no tag/, /no tag/], delivery: "a.b.c" },
    },
    {
      name: "a push by digest only",
      body: one({ tag: undefined }),
      expect: ignores(/^push of acme\/checkout: .*no tag/),
    },
    { name: "an empty tag", body: one({ tag: "" }), expect: ignores(/no tag/) },
    {
      name: "a push without a digest",
      body: one({ digest: undefined }),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a claimed digest that is none",
      body: one({ digest: "sha256:x" }),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a delete by tag",
      body: one({ digest: undefined }, { action: "delete" }),
      expect: ignores(/^delete of acme\/checkout:1\.8\.0: Only a push/),
    },
    {
      name: "a pull, such as our own HEAD",
      body: one({}, { action: "pull" }),
      expect: ignores(/^pull of .*Only a push/),
    },
    {
      name: "a mount",
      body: one({ mediaType: "application/octet-stream" }, { action: "mount" }),
      expect: ignores(/Only a push/),
    },
    {
      name: "a blob",
      body: one({ mediaType: "application/octet-stream", tag: undefined }),
      expect: ignores(/a layer/),
    },
    { name: "a digest as a tag", body: one({ tag: DIGEST }), expect: ignores(/Its tag is a digest/) },
    {
      name: "T14: a tag that is none",
      body: one({ tag: "1.8.0`](http://x)" }),
      expect: ignores(/^push of acme\/checkout: What it calls a tag is none/),
    },
    {
      name: "T14: a repository that is none",
      body: one({ repository: "../@everyone" }),
      expect: ignores(/^push of \?:1\.8\.0: Its repository/),
    },
    { name: "a cosign signature", body: one({ tag: `sha256-${"4f".repeat(32)}.sig` }), expect: ignores(/a signature/) },
    {
      name: "an OCI 1.1 referrers tag",
      body: one({ tag: `sha256-${"4f".repeat(32)}` }),
      expect: ignores(/a signature/),
    },
    {
      name: "a sigstore bundle under a tag of its own",
      body: one({ mediaType: MANIFEST, references: [{ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }] }),
      expect: ignores(/a signature/),
    },
    { name: "a wrong secret", body: one({}), secret: "guessed", expect: { kind: "unauthenticated" } },
    { name: "no secret", body: one({}), secret: null, expect: { kind: "unauthenticated" } },
    { name: "an empty secret", body: one({}), secret: "", expect: { kind: "unauthenticated" } },
    { name: "malformed JSON", body: '{"events": [', expect: { kind: "malformed", why: /not a JSON object/ } },
    {
      name: "malformed UTF-8",
      body: Buffer.from([0x7b, 0xff, 0x7d]),
      expect: { kind: "malformed", why: /not a JSON object/ },
    },
    {
      name: "a foreign shape",
      body: { push_data: { tag: "1.8.0" } },
      expect: { kind: "malformed", why: /no list `events`/ },
    },
    {
      name: "events that are no objects",
      body: { events: ["push", null] },
      expect: { kind: "malformed", why: /no list `events`/ },
    },
    { name: "a list instead of an object", body: [event({})], expect: { kind: "malformed", why: /not a JSON object/ } },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
    { name: "no events", body: { events: [] }, expect: { events: [] } },
    { name: "an event without a target", body: { events: [{ action: "push" }] }, expect: ignores(/^push of \?: /) },
    {
      name: "too deep",
      body: `{"events":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      expect: { kind: "malformed", why: /nested/ },
    },
    {
      name: "`__proto__` says nothing",
      body: '{"__proto__":{"events":[]},"events":[{"action":"push","target":{"__proto__":{"tag":"1.8.0","repository":"acme/x"}}}]}',
      expect: ignores(/no tag/),
    },
  ];
  for (const row of rows) {
    test(row.name, () => {
      const { secret = OLD } = row;
      const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
      check(RECEIVERS.distribution({ body: bytesOf(row.body), headers, settings }), row);
    });
  }

  test("the secret may stand in the path, for senders that can send no header", () => {
    const body = bytesOf(one({}));
    const send = (secretInPath: string) => RECEIVERS.distribution({ body, headers: {}, settings, secretInPath }).kind;
    assert.equal(send(NEW), "understood");
    assert.equal(send("guessed"), "unauthenticated");
    assert.equal(send(""), "unauthenticated");
  });

  test("a webhook without secrets believes nobody", () => {
    for (const secrets of [[], [""]]) {
      const headers = { authorization: "Bearer " };
      const delivery = { body: bytesOf(one({})), headers, settings: { ...settings, secrets }, secretInPath: "" };
      assert.equal(RECEIVERS.distribution(delivery).kind, "unauthenticated");
    }
  });

  test("events without ids are named by their bytes, the same each time", () => {
    const body = bytesOf(one({}, { id: undefined }));
    const read = () => RECEIVERS.distribution({ body, headers: { authorization: `Bearer ${OLD}` }, settings });
    const [first, second] = [read(), read()];
    assert.match(first.kind === "understood" ? first.delivery : "", /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(first, second);
  });

  test("a host without a dot or a port does not turn into docker.io", () => {
    const delivery = {
      body: bytesOf(one({})),
      headers: { authorization: `Bearer ${OLD}` },
      settings: { ...settings, registry: "registry" },
    };
    const received = RECEIVERS.distribution(delivery);
    assert.deepEqual(received.kind === "understood" && received.events, []);
  });
});

describe("generic", () => {
  const settings = { id: "ci", kind: "generic", registry: "ghcr.io", secrets: [OLD, NEW] } as const;
  const image = "ghcr.io/acme/checkout";
  const sign = (body: Buffer, secret: string) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

  const rows: readonly Row[] = [
    { name: "a push by tag", body: { image, tag: "1.8.0" }, expect: { events: [{ image, tag: "1.8.0" }] } },
    {
      name: "the second secret of a rotation",
      body: { image, tag: "1.8.0" },
      secret: NEW,
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a push by tag and digest, with the sender's name for the delivery",
      body: { image, tag: "1.8.0", digest: DIGEST, delivery: "run-4711.1" },
      expect: { events: [{ image, tag: "1.8.0", digest: DIGEST }], delivery: "run-4711.1" },
    },
    {
      name: "a multi-arch push is one event with the digest of the index",
      body: { image, tag: "2.0.0", digest: DIGEST },
      expect: { events: [{ image, tag: "2.0.0", digest: DIGEST }] },
    },
    { name: "a digest only", body: { image, digest: DIGEST }, expect: { events: [{ image, digest: DIGEST }] } },
    { name: "only an image", body: { image }, expect: { events: [{ image }] } },
    {
      name: "T5: an image of another registry",
      body: { image: "docker.io/acme/checkout" },
      expect: { events: [], ignored: [/^event of docker\.io\/acme\/checkout: This webhook speaks for ghcr\.io alone/] },
    },
    {
      name: "a short name is docker.io's",
      body: { image: "nginx" },
      expect: { events: [], ignored: [/docker\.io\/library\/nginx/] },
    },
    {
      name: "a signature's tag",
      body: { image, tag: `sha256-${"4f".repeat(32)}.att` },
      expect: { events: [], ignored: [/a signature/] },
    },
    {
      name: "a delete has no form here",
      body: { image, tag: "1.8.0", action: "delete" },
      expect: { kind: "malformed", why: /may only have/ },
    },
    { name: "a wrong secret", body: { image }, secret: "guessed", expect: { kind: "unauthenticated" } },
    { name: "no signature", body: { image }, secret: null, expect: { kind: "unauthenticated" } },
    { name: "malformed JSON", body: "{image: x}", expect: { kind: "malformed", why: /not a JSON object/ } },
    { name: "a foreign shape", body: { events: [] }, expect: { kind: "malformed", why: /may only have/ } },
    { name: "no image", body: { tag: "1.8.0" }, expect: { kind: "malformed", why: /`image`/ } },
    {
      name: "an image with a tag in it",
      body: { image: `${image}:1.8.0` },
      expect: { kind: "malformed", why: /`image`/ },
    },
    {
      name: "a tag that is none",
      body: { image, tag: "1.8.0 " },
      expect: { kind: "malformed", why: /`tag` is not a tag/ },
    },
    { name: "a digest that is none", body: { image, digest: "4f4f" }, expect: { kind: "malformed", why: /`digest`/ } },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
    {
      name: "`__proto__` is a key like any other",
      body: `{"__proto__":{"tag":"1.8.0"},"image":"${image}"}`,
      expect: { kind: "malformed", why: /may only have/ },
    },
  ];
  for (const row of rows) {
    test(row.name, () => {
      const { secret = OLD } = row;
      const body = bytesOf(row.body);
      const headers = secret === null ? {} : { "x-stagecoach-signature-256": sign(body, secret) };
      check(RECEIVERS.generic({ body, headers, settings }), row);
    });
  }

  test("the signature is over the bytes: the same JSON spelt otherwise is not signed", () => {
    const signature = sign(Buffer.from(`{"image":"${image}"}`), OLD);
    const body = Buffer.from(`{ "image": "${image}" }`);
    const headers = { "x-stagecoach-signature-256": signature };
    assert.equal(RECEIVERS.generic({ body, headers, settings }).kind, "unauthenticated");
  });

  test("a signature that is cut, doubled or of another kind does not count", () => {
    const body = bytesOf({ image });
    const right = sign(body, OLD);
    for (const wrong of [
      right.slice(0, -1),
      `${right}00`,
      right.replace("sha256", "sha1"),
      right.slice(7),
      "",
      [right],
    ]) {
      const headers = { "x-stagecoach-signature-256": wrong };
      assert.equal(RECEIVERS.generic({ body, headers, settings }).kind, "unauthenticated", String(wrong));
    }
  });

  test("T4: the secret as a bearer or in the path is no signature", () => {
    const delivery = {
      body: bytesOf({ image }),
      headers: { authorization: `Bearer ${OLD}` },
      settings,
      secretInPath: OLD,
    };
    assert.equal(RECEIVERS.generic(delivery).kind, "unauthenticated");
  });

  test("without a registry in its settings it speaks for images of any", () => {
    const body = bytesOf({ image: "quay.io/acme/checkout", tag: "1.8.0" });
    const headers = { "x-stagecoach-signature-256": sign(body, OLD) };
    const received = RECEIVERS.generic({ body, headers, settings: { ...settings, registry: "" } });
    assert.deepEqual(received.kind === "understood" && received.events, [
      { image: "quay.io/acme/checkout", tag: "1.8.0" },
    ]);
  });
});
