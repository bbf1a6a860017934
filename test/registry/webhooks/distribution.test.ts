import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, NEW, OLD, type Row } from "./receiver-row.ts";

const REGISTRY = "registry.acme.example:5000";
const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

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
    test(row.name, async () => {
      const { secret = OLD } = row;
      const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
      check(await receive({ body: bytesOf(row.body), headers, settings }), row);
    });
  }

  test("the secret may stand in the path, for senders that can send no header", async () => {
    const body = bytesOf(one({}));
    const send = async (secretInPath: string) => (await receive({ body, settings, secretInPath })).kind;
    assert.equal(await send(NEW), "understood");
    assert.equal(await send("guessed"), "unauthenticated");
    assert.equal(await send(""), "unauthenticated");
  });

  test("a webhook without secrets believes nobody", async () => {
    for (const secrets of [[], [""]]) {
      const headers = { authorization: "Bearer " };
      const delivery = { body: bytesOf(one({})), headers, settings: { ...settings, secrets }, secretInPath: "" };
      assert.equal((await receive(delivery)).kind, "unauthenticated");
    }
  });

  test("events without ids are named by their bytes, the same each time", async () => {
    const body = bytesOf(one({}, { id: undefined }));
    const read = () => receive({ body, headers: { authorization: `Bearer ${OLD}` }, settings });
    const [first, second] = [await read(), await read()];
    assert.match(first.kind === "understood" ? first.delivery : "", /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(first, second);
  });

  test("a host without a dot or a port does not turn into docker.io", async () => {
    const delivery = {
      body: bytesOf(one({})),
      headers: { authorization: `Bearer ${OLD}` },
      settings: { ...settings, registry: "registry" },
    };
    const received = await receive(delivery);
    assert.deepEqual(received.kind === "understood" && received.events, []);
  });
});
