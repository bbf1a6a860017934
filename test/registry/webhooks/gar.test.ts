import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known, unknown } from "../../../src/domain/seen.ts";
import type { KeySetRequest, Proofs } from "../../../src/registry/webhooks/proofs.ts";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, type Row } from "./receiver-row.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";
import { createIssuer, unsignedToken } from "./sign-token.ts";

const NOW = Date.parse("2026-03-02T10:00Z");
const SECONDS = NOW / 1000;
const AUDIENCE = "https://stagecoach.acme.example/hooks/registry/gar";
const EMAIL = "push@acme-images.iam.gserviceaccount.com";
const HOST = "europe-west1-docker.pkg.dev";
const REPOSITORY = "acme-images/apps/checkout";
const image = `${HOST}/${REPOSITORY}`;
const google = await createIssuer();

const settings = {
  ...({ id: "gar", kind: "gar", registry: HOST, secrets: [] } as const),
  token: { issuer: "https://accounts.google.com", audience: AUDIENCE, email: EMAIL, claims: {} },
};
const claims = {
  ...{ iss: "https://accounts.google.com", aud: AUDIENCE, sub: "113774264463038321964", email: EMAIL },
  ...{ email_verified: true, iat: SECONDS - 60, exp: SECONDS + 3540 },
};

/** Only Google's own keys are published, and it is remembered who was asked for any. */
function publish(): { readonly proofs: Proofs; readonly asked: KeySetRequest[] } {
  const asked: KeySetRequest[] = [];
  const keySet: Proofs["keySet"] = async (request) => {
    asked.push(request);
    return known(google.keys);
  };
  return { proofs: { ...REFUSED_PROOFS, keySet }, asked };
}

async function send(body: Buffer, token: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const { proofs } = publish();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return receive({ body, headers: { ...headers, ...authorization }, settings, now: NOW, proofs });
}

const wrap = (message: unknown, id = "136969346945") => ({
  message: {
    data: Buffer.from(JSON.stringify(message)).toString("base64"),
    messageId: id,
    publishTime: "2026-03-02T10:00:00Z",
  },
  subscription: "projects/acme-images/subscriptions/stagecoach",
});
const pushed = { action: "INSERT", digest: `${image}@${DIGEST}`, tag: `${image}:1.8.0` };

describe("gar: what Pub/Sub pushes", () => {
  const ignores = (pattern: RegExp) => ({ events: [], ignored: [pattern] });
  const rows: readonly Row[] = [
    {
      name: "a push by tag, named by the message's id",
      body: wrap(pushed),
      expect: { events: [{ image, tag: "1.8.0", digest: DIGEST }], delivery: "136969346945" },
    },
    { name: "an unwrapped push", body: pushed, expect: { events: [{ image, tag: "1.8.0", digest: DIGEST }] } },
    {
      name: "a tag without a digest",
      body: wrap({ action: "INSERT", tag: `${image}:1.8.0` }),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a multi-arch push: each platform's part comes by its digest alone",
      body: wrap({ action: "INSERT", digest: `${image}@${DIGEST}` }),
      expect: ignores(/^push of acme-images\/apps\/checkout: It has no tag/),
    },
    {
      name: "a delete",
      body: wrap({ action: "DELETE", tag: `${image}:1.8.0` }),
      expect: ignores(/^delete of acme-images\/apps\/checkout:1\.8\.0: Only a push/),
    },
    {
      name: "a digest of another image than the tag's is not told",
      body: wrap({ ...pushed, digest: `${HOST}/acme-images/apps/other@${DIGEST}` }),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "T5: an image of a host that this webhook does not speak for",
      body: wrap({ action: "INSERT", tag: `us-docker.pkg.dev/${REPOSITORY}:1.8.0` }),
      expect: ignores(/does not speak for/),
    },
    {
      name: "a signature's tag",
      body: wrap({ action: "INSERT", tag: `${image}:sha256-${"4f".repeat(32)}.sig` }),
      expect: ignores(/a signature/),
    },
    {
      name: "T14: a tag that is none",
      body: wrap({ action: "INSERT", tag: `${image}:1.8.0](http://x)` }),
      expect: ignores(/^push of \?: /),
    },
    {
      name: "a foreign shape",
      body: { events: [] },
      expect: { kind: "malformed", why: /neither what Pub\/Sub pushes/ },
    },
    {
      name: "data that is no JSON",
      body: { message: { data: "%%%", messageId: "1" } },
      expect: { kind: "malformed", why: /neither what Pub\/Sub pushes/ },
    },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
  ];
  for (const row of rows) {
    test(row.name, async () => check(await send(bytesOf(row.body), await google.sign(claims)), row));
  }

  test("an unwrapped push is named by the header that Pub/Sub may write", async () => {
    const received = await send(bytesOf(pushed), await google.sign(claims), { "x-goog-pubsub-message-id": "4711" });
    assert.equal(received.kind === "understood" && received.delivery, "4711");
  });

  test("a topic covers all hosts of a project: those that the operator lists count", async () => {
    const repositories = [{ name: "us-docker.pkg.dev", image: "us-docker.pkg.dev" }];
    const body = bytesOf(wrap({ action: "INSERT", tag: `us-docker.pkg.dev/${REPOSITORY}:1.8.0` }));
    const headers = { authorization: `Bearer ${await google.sign(claims)}` };
    const { proofs } = publish();
    const received = await receive({ body, headers, settings: { ...settings, repositories }, now: NOW, proofs });
    assert.deepEqual(received.kind === "understood" && received.events, [
      { image: `us-docker.pkg.dev/${REPOSITORY}`, tag: "1.8.0" },
    ]);
  });
});

describe("gar: T2: a token that is not the subscription's", () => {
  const signed = (changes: Readonly<Record<string, unknown>>) => google.sign({ ...claims, ...changes });
  const rows: readonly {
    readonly name: string;
    readonly token: () => Promise<string | undefined>;
    readonly why: RegExp;
  }[] = [
    { name: "none", token: async () => undefined, why: /is missing/ },
    { name: "no token at all", token: async () => "hello", why: /is no signed JSON Web Token/ },
    { name: "for another audience", token: () => signed({ aud: "https://evil.example" }), why: /for another audience/ },
    { name: "without an audience", token: () => signed({ aud: undefined }), why: /has no `aud`/ },
    { name: "of another issuer", token: () => signed({ iss: "https://evil.example" }), why: /of another issuer/ },
    {
      name: "of an issuer that looks alike",
      token: () => signed({ iss: "https://accounts.google.com.evil.example" }),
      why: /of another issuer/,
    },
    { name: "of an unknown key", token: () => google.sign(claims, { keyId: "unheard-of" }), why: /does not publish/ },
    { name: "that names no key", token: () => google.sign(claims, { keyId: null }), why: /names its key/ },
    {
      name: "of another key by that name",
      token: () => google.sign(claims, { byStranger: true }),
      why: /not signed by its issuer/,
    },
    { name: "that has expired", token: () => signed({ exp: SECONDS - 31 }), why: /has expired/ },
    { name: "without an end", token: () => signed({ exp: undefined }), why: /has no `exp`/ },
    { name: "that is not valid yet", token: () => signed({ nbf: SECONDS + 31 }), why: /not valid yet/ },
    { name: "made in the future", token: () => signed({ iat: SECONDS + 31 }), why: /not valid yet/ },
    { name: "made long ago, good for ever", token: () => signed({ iat: SECONDS - 90_000 }), why: /made too long ago/ },
    { name: "alg none", token: async () => unsignedToken(claims), why: /another way than RS256/ },
    { name: "HS256 with the public key as secret", token: () => google.confuse(claims), why: /another way than RS256/ },
    { name: "of another account", token: () => signed({ email: "other@acme.example" }), why: /verified `email`/ },
    { name: "without an e-mail", token: () => signed({ email: undefined }), why: /verified `email`/ },
    { name: "whose e-mail is not verified", token: () => signed({ email_verified: false }), why: /verified `email`/ },
    {
      name: "whose e-mail is verified in text",
      token: () => signed({ email_verified: "true" }),
      why: /verified `email`/,
    },
    { name: "longer than 8 KiB", token: () => signed({ more: "x".repeat(9_000) }), why: /longer than tokens are/ },
  ];
  for (const { name, token, why } of rows) {
    test(`is refused: ${name}`, async () => {
      check(await send(bytesOf(wrap(pushed)), await token()), {
        name,
        body: {},
        expect: { kind: "unauthenticated", why },
      });
    });
  }

  test("an issuer may be spelt without https, as Google does at times", async () => {
    const received = await send(bytesOf(wrap(pushed)), await signed({ iss: "accounts.google.com" }));
    assert.equal(received.kind, "understood");
  });

  test("ES256 is as good as RS256, and PS256 is not asked for", async () => {
    for (const [algorithm, kind] of [
      ["ES256", "understood"],
      ["PS256", "unauthenticated"],
    ] as const) {
      const issuer = await createIssuer(algorithm);
      const proofs = { ...REFUSED_PROOFS, keySet: async () => known(issuer.keys) };
      const headers = { authorization: `Bearer ${await issuer.sign(claims)}` };
      assert.equal((await receive({ body: bytesOf(wrap(pushed)), headers, settings, now: NOW, proofs })).kind, kind);
    }
  });

  test("clocks may differ by half a minute", async () => {
    assert.equal((await send(bytesOf(wrap(pushed)), await signed({ exp: SECONDS - 29 }))).kind, "understood");
    assert.equal((await send(bytesOf(wrap(pushed)), await signed({ iat: SECONDS + 29 }))).kind, "understood");
  });

  test("keys come from Google's fixed address, whatever the token says of where they are", async () => {
    const { proofs, asked } = publish();
    const token = await signed({ jku: "https://evil.example/keys", iss: "https://evil.example" });
    await receive({
      body: bytesOf(wrap(pushed)),
      headers: { authorization: `Bearer ${token}` },
      settings,
      now: NOW,
      proofs,
    });
    assert.deepEqual(
      asked.map(({ from }) => from),
      [{ kind: "keys", address: "https://www.googleapis.com/oauth2/v3/certs" }],
    );
  });

  test("keys that cannot be read refuse nobody: it is to be sent again", async () => {
    const proofs = { ...REFUSED_PROOFS, keySet: async () => unknown("www.googleapis.com answered 503") };
    const headers = { authorization: `Bearer ${await google.sign(claims)}` };
    const received = await receive({ body: bytesOf(wrap(pushed)), headers, settings, now: NOW, proofs });
    check(received, { name: "", body: {}, expect: { kind: "unverifiable", why: /www\.googleapis\.com answered 503/ } });
  });

  test("settings that name no account or no audience believe nobody", async () => {
    const { email: _, ...nobody } = settings.token;
    for (const token of [nobody, { ...settings.token, audience: "" }, { ...settings.token, issuer: "" }]) {
      const headers = {
        authorization: `Bearer ${await google.sign({ ...claims, iss: token.issuer, aud: token.audience })}`,
      };
      const { proofs } = publish();
      const received = await receive({
        body: bytesOf(wrap(pushed)),
        headers,
        settings: { ...settings, token },
        now: NOW,
        proofs,
      });
      assert.equal(received.kind, "unauthenticated");
    }
  });
});
