// `POST /hooks/live/<id>`: who may say something about a live source, what becomes of it, and that it only ever makes
// somebody look. The clock of these tests stands still.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { SignJWT } from "jose";
import { Registry } from "prom-client";
import type { StoredHint } from "../../src/domain/hint.ts";
import { countRefusals } from "../../src/http/count-refusals.ts";
import { readClaims, readReports } from "../../src/live/reports/read-reports.ts";
import {
  AUDIENCE,
  at,
  createTokenIssuer,
  driftReport,
  fullState,
  ISSUER,
  liveReport,
  MINUTE,
  NOW,
  SUBJECT,
  signReport,
  type TokenIssuer,
} from "../live/reports/build-reports.ts";
import { type App, liveSecrets, readJson, sign, startApp } from "./start-app.ts";

const [SECRET, NEW_SECRET] = liveSecrets;
const refused: string[] = [];
let app: App;
let issuer: TokenIssuer;
let stranger: TokenIssuer;
let count = 0;

before(async () => {
  [issuer, stranger] = await Promise.all([createTokenIssuer(), createTokenIssuer()]);
  const token = { issuer: ISSUER, audience: AUDIENCE, subject: SUBJECT, keys: issuer.keys };
  app = await startApp({
    live: {
      sources: [
        { id: "ap", reports: { from: "reporter", secrets: [], token, maxAge: 600_000 } },
        { id: "both", reports: { from: "reporter", secrets: [SECRET], token, maxAge: 600_000 } },
        { id: "lonely", reports: { from: "reporter", secrets: [SECRET], maxAge: 600_000 } },
        { id: "silent" },
      ],
      now: () => NOW,
      onRefused: ({ from, reason }) => refused.push(`${from} ${reason}`),
    },
  });
  await app.store.repositories.save({ repository: 7, installation: 1, owner: "acme", name: "config" });
  await app.store.repositories.save({ repository: 8, installation: 1, owner: "acme", name: "platform" });
  await app.store.repositories.saveSources(7, ["dev", "eu", "us", "ap", "both"]);
  await app.store.repositories.saveSources(8, ["us"]);
});
after(() => app.stop());

beforeEach(async () => {
  refused.length = 0;
  for (const repository of [7, 8]) {
    const hints = await app.store.hints.of(repository);
    await app.store.hints.remove(hints.map(({ id }) => id));
  }
});

type Headers = Readonly<Record<string, string>>;

function push(source: string, body: string, headers: Headers): Promise<Response> {
  return fetch(`${app.url}/hooks/live/${source}`, { method: "POST", body, headers });
}

/** Another one each time: the next report of the same reporter. */
function nextReport(changes: Readonly<Record<string, unknown>> = {}): string {
  count += 1;
  return JSON.stringify(liveReport({ reportId: `report-${count}`, observedAt: at(NOW - MINUTE + count), ...changes }));
}

function report(source: string, body: string, headers?: Headers): Promise<Response> {
  return push(source, body, headers ?? signReport(body, { secret: SECRET }));
}

async function hintsOf(repository: number): Promise<readonly StoredHint["subject"][]> {
  return (await app.store.hints.of(repository)).map(({ subject }) => subject);
}

async function messageOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { readonly error: { readonly message: string } };
  return error.message;
}

const argocdBody = (name: string) =>
  JSON.stringify({ app: { name, namespace: "argocd" }, health: { status: "Healthy" } });
const fluxBody = (changes: object = {}) =>
  JSON.stringify({
    involvedObject: { kind: "Kustomization", namespace: "apps", name: "shop" },
    ...{ severity: "info", timestamp: at(NOW - MINUTE), reason: "Progressing", message: "", ...changes },
  });

describe("Argo CD's notification", () => {
  it("makes everybody look who follows the source", async () => {
    const response = await push("dev", argocdBody("checkout"), { authorization: `Bearer ${SECRET}` });
    assert.equal(response.status, 202);
    const { understood, hints } = await readJson(response);
    assert.deepEqual([understood, hints], ["Application argocd/checkout", 1]);
    assert.deepEqual(await hintsOf(7), [{ kind: "live", source: "dev" }]);
    assert.deepEqual(await hintsOf(8), []);
  });

  it("may come with either secret while one takes the other's place", async () => {
    assert.equal((await push("dev", argocdBody("a"), { authorization: `Bearer ${NEW_SECRET}` })).status, 202);
  });

  it("T3: sent again at once it does nothing", async () => {
    const send = () => push("dev", argocdBody("twice"), { authorization: `Bearer ${SECRET}` });
    assert.equal((await readJson(await send())).hints, 1);
    assert.equal((await readJson(await send())).hints, 0);
  });

  const strangers: readonly (readonly [string, Headers, string | undefined])[] = [
    ["no header", {}, undefined],
    ["another secret", { authorization: "Bearer a-guess" }, "argocd signature"],
    ["an empty secret", { authorization: "Bearer " }, "argocd missing"],
    ["another scheme", { authorization: `Basic ${Buffer.from(`a:${SECRET}`).toString("base64")}` }, "argocd missing"],
    ["T4: the signature of another sender", { "x-signature": sign(argocdBody("a"), SECRET) }, "argocd missing"],
  ];
  for (const [name, headers, counted] of strangers) {
    it(`T26: with ${name} gets 401, and is counted`, async () => {
      const response = await push("dev", argocdBody("a"), headers);
      assert.equal(response.status, 401);
      assert.doesNotMatch(await response.text(), new RegExp(SECRET));
      assert.deepEqual(refused, counted === undefined ? [] : [counted]);
      assert.deepEqual(await hintsOf(7), []);
    });
  }

  for (const body of ["", "no JSON", "[]", "{}", '{"app":{"name":"<b>@all</b>"}}', "\u00ff"]) {
    it(`gets 200 and the reason for ${JSON.stringify(body)}, or it would be sent again`, async () => {
      const response = await push("dev", body, { authorization: `Bearer ${SECRET}` });
      assert.equal(response.status, 200);
      const text = await response.text();
      assert.match(text, /The body (?:is not a JSON object|names no Application)/);
      assert.doesNotMatch(text, /@all/);
    });
  }
});

describe("an event of Flux", () => {
  for (const algorithm of ["sha224", "sha256", "sha384", "sha512"]) {
    it(`makes everybody look who follows the source, signed with ${algorithm}`, async () => {
      const body = fluxBody({ message: algorithm });
      const signature = `${algorithm}=${createHmac(algorithm, SECRET).update(body).digest("hex")}`;
      const response = await push("eu", body, { "x-signature": signature });
      assert.equal(response.status, 202);
      const { understood, hints } = await readJson(response);
      assert.deepEqual([understood, hints], ["Kustomization apps/shop", 1]);
      assert.deepEqual(await hintsOf(7), [{ kind: "live", source: "eu" }]);
    });
  }

  it("T3: sent again it does nothing, however often", async () => {
    const body = fluxBody({ message: "once" });
    const send = () => push("eu", body, { "x-signature": sign(body, SECRET) });
    assert.equal((await readJson(await send())).hints, 1);
    assert.match(String((await readJson(await send())).duplicate), /already here/);
    assert.equal((await readJson(await send())).hints, 0);
  });

  const ignored: readonly (readonly [string, string, RegExp])[] = [
    ["T3: an old event", fluxBody({ timestamp: at(NOW - 16 * MINUTE) }), /older than 15 minutes/],
    ["an event of the future", fluxBody({ timestamp: at(NOW + 6 * MINUTE) }), /more than 5 minutes in the future/],
    ["an event without a time", fluxBody({ timestamp: undefined }), /is not a time/],
    ["an event about nothing", fluxBody({ involvedObject: [] }), /names no object/],
    ["T14: an event about markup", fluxBody({ involvedObject: { kind: "<b>", name: "a" } }), /names no object/],
    ["a list", "[]", /not a JSON object/],
  ];
  for (const [name, body, reason] of ignored) {
    it(`${name} gets 200 and the reason`, async () => {
      const response = await push("eu", body, { "x-signature": sign(body, SECRET) });
      assert.equal(response.status, 200);
      assert.match(await response.text(), reason);
      assert.deepEqual(await hintsOf(7), []);
    });
  }

  const body = fluxBody();
  const strangers: readonly (readonly [string, Headers, string])[] = [
    ["a signature of another body", { "x-signature": sign(`${body} `, SECRET) }, "flux signature"],
    ["a signature with another secret", { "x-signature": sign(body, "a-guess-of-somebody") }, "flux signature"],
    ["a signature with an empty secret", { "x-signature": sign(body, "") }, "flux signature"],
    ["a weak signature", { "x-signature": `sha1=${"0".repeat(40)}` }, "flux signature"],
    ["a short signature", { "x-signature": sign(body, SECRET).slice(0, 40) }, "flux signature"],
    ["T4: the secret itself as Argo CD sends it", { authorization: `Bearer ${SECRET}` }, "flux missing"],
  ];
  for (const [name, headers, counted] of strangers) {
    it(`T26: with ${name} gets 401, and is counted`, async () => {
      assert.equal((await push("eu", body, headers)).status, 401);
      assert.deepEqual(refused, [counted]);
    });
  }
});

describe("a signed report", () => {
  it("is kept, and makes everybody look who follows its source", async () => {
    const body = nextReport({ states: [{ name: "flux:apps/shop", state: fullState({ suspended: "kept" }) }] });
    const response = await report("us", body);
    assert.equal(response.status, 202);
    const { understood, hints } = await readJson(response);
    assert.deepEqual([understood, hints], ["what runs in us, of 1 target", 2]);
    assert.deepEqual(await hintsOf(8), [{ kind: "live", source: "us" }]);
    const query = { cache: app.store.cache, source: "us", maxAge: 600_000, now: NOW };
    const [seen] = await readReports({ ...query, targets: [{ kind: "flux", name: "apps/shop" }] });
    assert.ok(seen?.kind === "known");
    assert.equal(seen.value.suspended, "kept");
    assert.equal(seen.value.freshness.proof, "report");
  });

  it("wakes nobody when it says the same as the one before", async () => {
    const changed = { states: [{ name: "steady", state: fullState() }] };
    assert.equal((await readJson(await report("us", nextReport(changed)))).hints, 2);
    const again = await readJson(await report("us", nextReport(changed)));
    assert.equal(again.hints, 0);
    assert.match(String(again["no-news"]), /the same as the report before/);
  });

  it("T3: sent again does nothing", async () => {
    const body = nextReport({ states: [{ name: "replayed", error: "it answered 403" }] });
    assert.equal((await readJson(await report("us", body))).hints, 2);
    const again = await report("us", body);
    assert.equal(again.status, 202);
    assert.match(String((await readJson(again)).duplicate), /already here/);
  });

  it("T3: an older one does not take the place of a newer one", async () => {
    const states = (error: string) => ({ states: [{ name: "order", error }] });
    await report("us", nextReport({ ...states("newer"), observedAt: at(NOW - MINUTE) }));
    const late = await report("us", nextReport({ ...states("older"), observedAt: at(NOW - 2 * MINUTE) }));
    assert.match(String((await readJson(late)).older), /something newer is/);
    const query = { cache: app.store.cache, source: "us", maxAge: 600_000, now: NOW };
    const [seen] = await readReports({ ...query, targets: [{ kind: "reports", name: "order" }] });
    assert.deepEqual(seen, { kind: "unknown", why: "the reporter of us could not read it: newer" });
  });

  it("about drift becomes a claim, the newest of each object", async () => {
    const send = (id: string, ago: number) => {
      const body = JSON.stringify(driftReport({ reportId: `drift-${id}`, observedAt: at(NOW - ago) }));
      return report("us", body);
    };
    const response = await send("first", 2 * MINUTE);
    assert.equal(response.status, 202);
    const { understood, hints } = await readJson(response);
    assert.deepEqual([understood, hints], ["drift of Deployment web", 2]);
    await send("newest", MINUTE);
    assert.match(String((await readJson(await send("late", 3 * MINUTE))).older), /newer/);
    const claims = await readClaims({ cache: app.store.cache, source: "us", maxAge: 600_000, now: NOW });
    assert.deepEqual(
      claims.map((claim) => claim.report),
      ["drift-newest"],
    );
  });

  it("gets 200 and the reason when nobody's environment runs there", async () => {
    const response = await report("lonely", nextReport({ cluster: "lonely" }));
    assert.equal(response.status, 200);
    assert.match(await response.text(), /No environment of any repository runs in lonely/);
  });

  it("T26: of cluster A never speaks for cluster B", async () => {
    const response = await report("us", nextReport({ cluster: "eu" }));
    assert.equal(response.status, 400);
    assert.match(await messageOf(response), /`cluster` is `eu`; whoever reports here speaks for `us` alone/);
    assert.deepEqual(await hintsOf(7), []);
  });

  it("T1: of 300 KiB is refused before it is read, and leaves the server at work", async () => {
    const states = Array.from({ length: 150 }, (_, index) => ({ name: `t-${index}`, error: "x".repeat(2_000) }));
    const body = nextReport({ states });
    assert.ok(body.length > 300 * 1024 - 8_192);
    assert.equal((await report("us", body)).status, 413);
    assert.equal((await report("us", nextReport())).status, 202);
  });

  const malformed: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /not a JSON object in UTF-8/],
    ["no schema", "{}", /`schema` is neither live-report\/v1 nor drift-report\/v1/],
    ["a message of Argo CD", argocdBody("a"), /`schema` is neither/],
    [
      "an observation of the future",
      nextReport({ observedAt: at(NOW + 6 * MINUTE) }),
      /in the future; compare the clocks/,
    ],
    [
      "T14: markup for a name",
      nextReport({ states: [{ name: "<b>", error: "a" }] }),
      /`states\[0\]\.name` is not the name under which/,
    ],
  ];
  for (const [name, body, reason] of malformed) {
    it(`with ${name} is refused with the place and the reason`, async () => {
      const response = await report("us", body);
      assert.equal(response.status, 400);
      assert.match(await messageOf(response), reason);
    });
  }

  it("that is older than max-age says nothing any more", async () => {
    const response = await report("us", nextReport({ observedAt: at(NOW - 11 * MINUTE) }));
    assert.equal(response.status, 200);
    assert.match(await response.text(), /older than the `max-age`/);
  });

  const body = nextReport();
  const { "x-drift-timestamp": timestamp = "", "x-drift-signature": signature = "" } = signReport(body, {
    secret: SECRET,
  });
  const strangers: readonly (readonly [string, Headers, string | undefined])[] = [
    ["nothing", {}, undefined],
    ["another secret", signReport(body, { secret: "a-guess-of-somebody" }), "reporter signature"],
    ["an empty secret", signReport(body, { secret: "" }), "reporter signature"],
    ["a signature of another body", signReport(`${body} `, { secret: SECRET }), "reporter signature"],
    ["no timestamp", { "x-drift-signature": signature }, "reporter missing"],
    ["no signature", { "x-drift-timestamp": timestamp, authorization: "Bearer a" }, "reporter missing"],
    [
      "T3: another timestamp than was signed",
      { "x-drift-timestamp": `${Number(timestamp) + 1}`, "x-drift-signature": signature },
      "reporter signature",
    ],
    [
      "a signature of the body alone",
      { "x-drift-timestamp": timestamp, "x-drift-signature": sign(body, SECRET) },
      "reporter signature",
    ],
    [
      "T3: a signature of six minutes ago",
      signReport(body, { secret: SECRET, time: NOW - 6 * MINUTE }),
      "reporter time",
    ],
    ["a signature in six minutes", signReport(body, { secret: SECRET, time: NOW + 6 * MINUTE }), "reporter time"],
    ["T4: the secret itself", { authorization: `Bearer ${SECRET}` }, "reporter missing"],
    ["T4: the signature of Flux", { "x-signature": sign(body, SECRET) }, "reporter missing"],
  ];
  for (const [name, headers, counted] of strangers) {
    it(`T26: with ${name} gets 401 without detail, and is counted`, async () => {
      const response = await report("us", body, headers);
      assert.equal(response.status, 401);
      assert.doesNotMatch(await response.text(), new RegExp(SECRET));
      assert.deepEqual(refused, counted === undefined ? [] : [counted]);
      assert.deepEqual(await hintsOf(7), []);
    });
  }
});

describe("a report with a ServiceAccount's token", () => {
  const bearer = async (token: Promise<string> | string): Promise<Headers> => ({
    authorization: `Bearer ${await token}`,
  });
  const send = async (token: Promise<string> | string, source = "ap") => {
    const body = nextReport({ cluster: source });
    return report(source, body, await bearer(token));
  };

  it("is taken, for all that the token says", async () => {
    const response = await send(issuer.sign());
    assert.equal(response.status, 202);
    assert.deepEqual(await hintsOf(7), [{ kind: "live", source: "ap" }]);
  });

  it("may also be signed where the source allows both", async () => {
    assert.equal((await send(issuer.sign(), "both")).status, 202);
    assert.equal((await report("both", nextReport({ cluster: "both" }))).status, 202);
  });

  it("T3: sent again does nothing", async () => {
    const body = nextReport({ cluster: "ap", states: [{ name: "again", error: "a" }] });
    const headers = await bearer(issuer.sign());
    assert.equal((await readJson(await report("ap", body, headers))).hints, 1);
    assert.equal((await readJson(await report("ap", body, headers))).hints, 0);
  });

  const seconds = NOW / 1_000;
  const none = (claims: object) =>
    [{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const claims = { iss: ISSUER, aud: [AUDIENCE], sub: SUBJECT, exp: seconds + 600 };
  const strangers: readonly (readonly [string, () => Promise<string> | string])[] = [
    ["another cluster's key", () => stranger.sign()],
    ["another issuer", () => issuer.sign({ iss: "https://kubernetes.eu.example" })],
    ["another audience", () => issuer.sign({ aud: ["https://kubernetes.default.svc"] })],
    ["no audience", () => issuer.sign({ aud: undefined })],
    ["another ServiceAccount", () => issuer.sign({ sub: "system:serviceaccount:default:default" })],
    ["an end in the past", () => issuer.sign({ exp: seconds - 60 })],
    ["no end", () => issuer.sign({ exp: undefined })],
    ["a beginning in the future", () => issuer.sign({ nbf: seconds + 120 })],
    ["no signature", () => `${none(claims)}.`],
    [
      "a key set of its own",
      () => stranger.sign({}, { jku: "https://strange.example/keys", jwk: JSON.parse(stranger.keys).keys[0] }),
    ],
    ["an unknown key id", () => issuer.sign({}, { kid: "second" })],
    ["half a token", async () => (await issuer.sign()).slice(0, -20)],
    ["no token at all", () => "abc"],
    ["ten thousand letters", () => `${"a".repeat(4_000)}.${"b".repeat(6_000)}.c`],
  ];
  for (const [name, token] of strangers) {
    it(`T26: with ${name} gets 401`, async () => {
      const response = await send(token());
      assert.equal(response.status, 401);
      assert.match(await messageOf(response), /a valid token of the ServiceAccount of this source/);
      assert.deepEqual(refused, ["reporter token"]);
    });
  }

  it("T26: whose keys are no HMAC secret, and whose algorithm is one of two", async () => {
    const forged = new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "first" });
    assert.equal((await send(forged.sign(new TextEncoder().encode(issuer.publicPem)))).status, 401);
    for (const algorithm of ["PS256", "ES384"] as const) {
      assert.equal((await send((await createTokenIssuer(algorithm)).sign())).status, 401);
    }
  });

  it("is not signed with a secret where the source has none", async () => {
    const body = nextReport({ cluster: "ap" });
    assert.equal((await report("ap", body, signReport(body, { secret: "" }))).status, 401);
  });
});

describe("refusals", () => {
  it("T25: are counted by words of our own alone", async () => {
    const registry = new Registry();
    const count = countRefusals({ registry });
    count({ from: "flux", reason: "signature" });
    count({ from: "flux", reason: "signature" });
    assert.match(await registry.metrics(), /^stagecoach_reports_refused_total\{from="flux",reason="signature"\} 2$/m);
  });
});

describe("an address", () => {
  it("of nobody gets 404 with proof, and 401 without", async () => {
    for (const source of ["nobody", "silent", "__proto__"]) {
      assert.equal((await report(source, nextReport())).status, 404);
      assert.equal((await push(source, "{}", {})).status, 401);
    }
  });

  it("takes POST alone, which Argo CD does not do by itself", async () => {
    const response = await fetch(`${app.url}/hooks/live/dev`);
    assert.equal(response.status, 405);
    assert.match(await messageOf(response), /takes POST only/);
  });

  it("T22: never has its secrets or its bodies in the log", () => {
    assert.doesNotMatch(app.logged(), new RegExp(`${SECRET}|${NEW_SECRET}|Bearer|night-watch`));
  });
});
