import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, NEW, OLD, type Row } from "./receiver-row.ts";

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
      expect: {
        events: [],
        ignored: [/^event of docker\.io\/acme\/checkout: This webhook does not speak for `docker\.io`/],
      },
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
    test(row.name, async () => {
      const { secret = OLD } = row;
      const body = bytesOf(row.body);
      const headers = secret === null ? {} : { "x-stagecoach-signature-256": sign(body, secret) };
      check(await receive({ body, headers, settings }), row);
    });
  }

  test("the signature is over the bytes: the same JSON spelt otherwise is not signed", async () => {
    const signature = sign(Buffer.from(`{"image":"${image}"}`), OLD);
    const body = Buffer.from(`{ "image": "${image}" }`);
    const headers = { "x-stagecoach-signature-256": signature };
    assert.equal((await receive({ body, headers, settings })).kind, "unauthenticated");
  });

  test("a signature that is cut, doubled or of another kind does not count", async () => {
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
      assert.equal((await receive({ body, headers, settings })).kind, "unauthenticated", String(wrong));
    }
  });

  test("the secret may be sent as a bearer; a signature beside it has to be right all the same", async () => {
    const body = bytesOf({ image });
    const send = async (sent: object) => (await receive({ body, settings, ...sent })).kind;
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    assert.equal(await send({ headers: bearer(NEW) }), "understood");
    assert.equal(await send({ headers: bearer("guessed") }), "unauthenticated");
    assert.equal(await send({ headers: bearer("") }), "unauthenticated");
    const signed = { "x-stagecoach-signature-256": sign(body, "guessed") };
    assert.equal(await send({ headers: { ...bearer(OLD), ...signed } }), "unauthenticated");
  });

  test("T4: the secret in the path proves nothing: build jobs can send headers", async () => {
    const delivery = { body: bytesOf({ image }), headers: {}, settings, secretInPath: OLD };
    assert.equal((await receive(delivery)).kind, "unauthenticated");
  });
});
