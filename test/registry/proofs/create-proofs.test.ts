// How often an issuer and Amazon are asked, what of their answers is believed, and what is kept. The network is a table of
// answers, the clock a number.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Seen } from "../../../src/domain/seen.ts";
import { createProofs } from "../../../src/registry/proofs/create-proofs.ts";
import type { KeySource } from "../../../src/registry/webhooks/proofs.ts";

const ISSUER = "https://gitlab.acme.example";
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const KEYS = `${ISSUER}/oauth/discovery/keys`;
const CERTIFICATE = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
const MINUTE = 60_000;
const fromIssuer: KeySource = { kind: "issuer", address: ISSUER };
const fromKeys: KeySource = { kind: "keys", address: KEYS };
const key = (kid: string) => ({ kty: "RSA", kid, n: "AQAB", e: "AQAB" });
const json = (value: unknown) => () => Response.json(value);

type Answers = Record<string, () => Response | Promise<Response>>;

function begin(answers: Answers) {
  const world = { now: Date.parse("2026-03-02T10:00Z"), answers, asked: [] as string[] };
  const proofs = createProofs({
    now: () => world.now,
    userAgent: "stagecoach",
    fetch: async (input) => {
      const address = String(input);
      world.asked.push(address);
      const answer = world.answers[address];
      return answer === undefined ? new Response("", { status: 404 }) : answer();
    },
  });
  return Object.assign(world, { proofs });
}

function idsOf(keys: Awaited<ReturnType<ReturnType<typeof begin>["proofs"]["keySet"]>>): readonly unknown[] | string {
  return keys.kind === "known" ? keys.value.keys.map(({ kid }) => kid) : keys.why;
}

const whyOf = (seen: Seen<unknown>) => (seen.kind === "unknown" ? seen.why : "it is known");

describe("keys of an issuer", () => {
  const usual = (): Answers => ({
    [DISCOVERY]: json({ issuer: ISSUER, jwks_uri: KEYS }),
    [KEYS]: json({ keys: [key("one")] }),
  });

  test("are found by the issuer's own configuration, and kept for an hour", async () => {
    const world = begin(usual());
    const ask = () => world.proofs.keySet({ from: fromIssuer, keyId: "one" });
    assert.deepEqual(idsOf(await ask()), ["one"]);
    world.now += 59 * MINUTE;
    assert.deepEqual(idsOf(await ask()), ["one"]);
    assert.deepEqual(world.asked, [DISCOVERY, KEYS]);
    world.now += MINUTE;
    await ask();
    assert.equal(world.asked.length, 4);
  });

  test("an address in the settings needs no configuration", async () => {
    const world = begin({ [KEYS]: json({ keys: [key("one")] }) });
    assert.deepEqual(idsOf(await world.proofs.keySet({ from: fromKeys, keyId: "one" })), ["one"]);
    assert.deepEqual(world.asked, [KEYS]);
  });

  test("T1: ten thousand made-up key ids cost one look in five minutes", async () => {
    const world = begin({ [KEYS]: json({ keys: [key("one")] }) });
    const forge = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => world.proofs.keySet({ from: fromKeys, keyId: `made-up-${index}` })),
      );
    await forge(5_000);
    await forge(5_000);
    assert.equal(world.asked.length, 1);
    world.now += 5 * MINUTE;
    await forge(5_000);
    assert.equal(world.asked.length, 2);
  });

  test("a new key is found when a token names it", async () => {
    const world = begin({ [KEYS]: json({ keys: [key("one")] }) });
    await world.proofs.keySet({ from: fromKeys, keyId: "one" });
    world.answers[KEYS] = json({ keys: [key("one"), key("two")] });
    world.now += 5 * MINUTE;
    assert.deepEqual(idsOf(await world.proofs.keySet({ from: fromKeys, keyId: "two" })), ["one", "two"]);
  });

  test("an issuer that cannot be reached is asked every half minute, and its last keys count for a day", async () => {
    const world = begin({ [KEYS]: json({ keys: [key("one")] }) });
    const ask = () => world.proofs.keySet({ from: fromKeys, keyId: "one" });
    await ask();
    world.answers[KEYS] = () => new Response("", { status: 503 });
    world.now += 60 * MINUTE;
    assert.deepEqual([idsOf(await ask()), idsOf(await ask())], [["one"], ["one"]]);
    assert.equal(world.asked.length, 2);
    world.now += 23 * 60 * MINUTE + 1;
    assert.match(String(idsOf(await ask())), /gitlab\.acme\.example answered 503/);
    assert.equal(world.asked.length, 3);
  });

  const refused: readonly {
    readonly name: string;
    readonly answers: Answers;
    readonly why: RegExp;
    readonly asked: number;
  }[] = [
    {
      name: "T20: keys at another host than the issuer's",
      answers: { [DISCOVERY]: json({ issuer: ISSUER, jwks_uri: "https://evil.example/keys" }) },
      ...{ why: /lie elsewhere; name their address with `keys`/, asked: 1 },
    },
    {
      name: "keys without https",
      answers: { [DISCOVERY]: json({ issuer: ISSUER, jwks_uri: KEYS.replace("https", "http") }) },
      ...{ why: /lie elsewhere/, asked: 1 },
    },
    {
      name: "a configuration of another issuer",
      answers: { [DISCOVERY]: json({ issuer: "https://evil.example", jwks_uri: KEYS }) },
      ...{ why: /is another issuer's/, asked: 1 },
    },
    {
      name: "T21: a redirect to another host",
      answers: { [DISCOVERY]: () => new Response("", { status: 302, headers: { location: "https://evil.example/" } }) },
      ...{ why: /gitlab\.acme\.example answered 302/, asked: 1 },
    },
    {
      name: "no JSON",
      answers: { ...usual(), [KEYS]: () => new Response("<html>") },
      ...{ why: /no JSON object of a sane size/, asked: 2 },
    },
    {
      name: "more than 256 KiB",
      answers: { ...usual(), [KEYS]: json({ keys: [], more: "x".repeat(256 * 1024) }) },
      ...{ why: /no JSON object of a sane size/, asked: 2 },
    },
    {
      name: "a stream that does not end",
      answers: { ...usual(), [KEYS]: () => new Response(endless()) },
      ...{ why: /answered more than 4 MiB/, asked: 2 },
    },
    {
      name: "a set of a thousand keys",
      answers: { ...usual(), [KEYS]: json({ keys: Array.from({ length: 1_000 }, () => key("one")) }) },
      ...{ why: /published no key set/, asked: 2 },
    },
  ];
  for (const { name, answers, why, asked } of refused) {
    test(`are unknown: ${name}`, async () => {
      const world = begin(answers);
      assert.match(String(idsOf(await world.proofs.keySet({ from: fromIssuer, keyId: "one" }))), why);
      assert.equal(world.asked.length, asked);
      assert.deepEqual(
        world.asked.filter((address) => !address.startsWith(ISSUER)),
        [],
      );
    });
  }

  test("a shared secret among them is left out: it would make everybody a signer", async () => {
    const world = begin({ [KEYS]: json({ keys: [{ kty: "oct", kid: "one", k: "c2VjcmV0" }, key("two")] }) });
    assert.deepEqual(idsOf(await world.proofs.keySet({ from: fromKeys, keyId: "two" })), ["two"]);
  });
});

describe("certificates and confirmations", () => {
  const pem = "-----BEGIN CERTIFICATE-----\n…";

  test("a certificate is read once, however many ask at a time", async () => {
    const world = begin({ [CERTIFICATE]: () => new Response(pem) });
    const seen = await Promise.all(Array.from({ length: 50 }, () => world.proofs.certificate(CERTIFICATE)));
    assert.equal(
      seen.every(({ kind }) => kind === "known"),
      true,
    );
    await world.proofs.certificate(CERTIFICATE);
    assert.deepEqual(world.asked, [CERTIFICATE]);
  });

  test("what is not there is no certificate, and what fails is unknown", async () => {
    const world = begin({});
    assert.deepEqual(await world.proofs.certificate(CERTIFICATE), { kind: "known", value: undefined });
    world.answers[CERTIFICATE] = () => new Response("", { status: 503 });
    assert.match(whyOf(await world.proofs.certificate(CERTIFICATE)), /sns\.us-west-2\.amazonaws\.com answered 503/);
    world.answers[CERTIFICATE] = () => new Response("x".repeat(20_000));
    assert.deepEqual(await world.proofs.certificate(CERTIFICATE), { kind: "known", value: undefined });
  });

  test("T1: made-up names cost Amazon twenty requests in ten minutes, and drive out nothing", async () => {
    const world = begin({ [CERTIFICATE]: () => new Response(pem) });
    await world.proofs.certificate(CERTIFICATE);
    for (let index = 0; index < 500; index += 1) {
      await world.proofs.certificate(CERTIFICATE.replace("0123", String(1000 + index)));
    }
    assert.equal(world.asked.length, 20);
    const another = await world.proofs.certificate(CERTIFICATE.replace("0123", "aaaa"));
    assert.match(whyOf(another), /was asked 20 times within 10 minutes already/);
    assert.equal((await world.proofs.certificate(CERTIFICATE)).kind, "known");
    world.now += 10 * MINUTE;
    await world.proofs.certificate(CERTIFICATE.replace("0123", "bbbb"));
    assert.equal(world.asked.length, 21);
  });

  test("a confirmation is one request, and no redirect is followed", async () => {
    const address = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=a";
    const world = begin({ [address]: () => new Response("<ConfirmSubscriptionResponse/>") });
    assert.deepEqual(await world.proofs.confirm(address), { kind: "known", value: undefined });
    world.answers[address] = () => new Response("", { status: 302, headers: { location: "https://evil.example/" } });
    assert.match(whyOf(await world.proofs.confirm(address)), /answered 302/);
    assert.deepEqual(world.asked, [address, address]);
  });
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
}
