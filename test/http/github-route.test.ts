// `POST /api/github/webhooks`: who is believed, what is stored, and what the sender is told.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createGithubRoute } from "../../src/http/receive-github.ts";
import { type App, deliver, githubSecrets, readJson, sign, startApp } from "./start-app.ts";

const repository = { id: 7, full_name: "acme/config" };
const pushed = JSON.stringify({ ref: "refs/heads/main", repository });
let app: App;

before(async () => {
  app = await startApp();
});
after(() => app.stop());

describe("a delivery of GitHub", () => {
  it("is stored before it is acknowledged, and said back as understood", async () => {
    const response = await deliver(app.url, { event: "push", body: pushed, delivery: "first-1" });
    assert.equal(response.status, 202);
    assert.deepEqual(await readJson(response), { delivery: "first-1", hints: 1 });
    const [hint] = await app.store.hints.of(7);
    assert.deepEqual(hint?.subject, { kind: "push", ref: "refs/heads/main" });
    assert.equal(await app.store.work.pending(), 1);
  });

  it("T3: is acknowledged again under the same id, and does nothing", async () => {
    const body = JSON.stringify({ ref: "refs/heads/again", repository: { id: 8 } });
    assert.equal((await deliver(app.url, { event: "push", body, delivery: "again-1" })).status, 202);
    const [hint] = await app.store.hints.of(8);
    await app.store.hints.remove([hint?.id ?? ""]);
    const second = await deliver(app.url, { event: "push", body, delivery: "again-1" });
    assert.equal(second.status, 202);
    assert.match(String((await readJson(second)).duplicate), /already here/);
    assert.deepEqual(await app.store.hints.of(8), []);
  });

  it("counts under either secret while they are rotated", async () => {
    for (const [index, secret] of githubSecrets.entries()) {
      const response = await deliver(app.url, { event: "push", body: pushed, delivery: `rotation-${index}`, secret });
      assert.equal(response.status, 202);
    }
  });

  const strangers: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["no signature", {}],
    ["a wrong one", { "x-hub-signature-256": sign(pushed, "some-other-secret") }],
    ["that of another body", { "x-hub-signature-256": sign(`${pushed} `, githubSecrets[0]) }],
    ["the right one under SHA-1's name", { "x-hub-signature": sign(pushed, githubSecrets[0]) }],
    ["half of the right one", { "x-hub-signature-256": sign(pushed, githubSecrets[0]).slice(0, 40) }],
    ["the secret that nobody set", { "x-hub-signature-256": sign(pushed, "development") }],
  ];
  for (const [name, headers] of strangers) {
    it(`T2: is refused with ${name}, and nothing is stored or logged`, async () => {
      const secretBody = pushed.replace("main", "a-name-that-must-not-be-logged");
      const body = name.startsWith("that of") ? pushed : secretBody;
      const response = await fetch(`${app.url}/api/github/webhooks`, {
        method: "POST",
        body,
        headers: { "x-github-event": "push", "x-github-delivery": `stranger-${name.length}`, ...headers },
      });
      assert.equal(response.status, 401);
      assert.match(JSON.stringify(await response.json()), /X-Hub-Signature-256/);
      const later = await deliver(app.url, { event: "push", body: pushed, delivery: `stranger-${name.length}` });
      assert.equal("duplicate" in (await readJson(later)), false);
      assert.doesNotMatch(app.logged(), /must-not-be-logged/);
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    ["no JSON", "payload=%7B%7D"],
    ["nothing", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["a text", '"text"'],
    ["half an object", '{"repository":'],
  ];
  for (const [name, body] of refused) {
    it(`is refused with the reason when its body is ${name}`, async () => {
      const response = await deliver(app.url, { event: "push", body, delivery: "odd-body" });
      assert.equal(response.status, 400);
      assert.match(JSON.stringify(await response.json()), /not a JSON object/);
    });
  }

  it("is refused without an id, or with one that is none", async () => {
    for (const delivery of [undefined, "", "spaces in it", "x".repeat(101), "../.."]) {
      const message = { event: "push", body: pushed, ...(delivery !== undefined && { delivery }) };
      assert.equal((await deliver(app.url, message)).status, 400);
    }
  });

  const meaningless: readonly (readonly [string, string, object, RegExp])[] = [
    ["ping", "a ping", { zen: "Keep it logically awesome." }, /ping/],
    ["star", "an event of another kind", { repository }, /events of this kind/],
    ["push", "an event without a repository", { ref: "refs/heads/main" }, /has not the shape/],
    [
      "issue_comment",
      "a comment of a bot",
      { action: "created", repository, comment: { user: { type: "Bot" } } },
      /bots/,
    ],
  ];
  for (const [event, name, payload, reason] of meaningless) {
    it(`gets 200 and the reason when it is ${name}`, async () => {
      const response = await deliver(app.url, { event, body: JSON.stringify(payload), delivery: "nothing-1" });
      assert.equal(response.status, 200);
      const body = await readJson(response);
      assert.equal(body.hints, 0);
      assert.match(String(body.ignored), reason);
    });
  }

  it("keeps the directory of repositories, and forgets those of an app that is uninstalled", async () => {
    const installation = { id: 31 };
    const repositories = [
      { id: 901, full_name: "globex/one" },
      { id: 902, full_name: "globex/two" },
    ];
    const send = (action: string, listed: readonly object[]) =>
      deliver(app.url, {
        event: "installation",
        delivery: `installation-${action}`,
        body: JSON.stringify({ action, installation, repositories: listed }),
      });
    assert.equal((await send("created", repositories)).status, 202);
    assert.equal((await app.store.repositories.find(902))?.name, "two");
    assert.equal((await send("deleted", [])).status, 200);
    assert.equal(await app.store.repositories.find(902), undefined);
  });

  it("wakes the repositories that track a pushed package, and says when there are none", async () => {
    await app.store.repositories.save({ repository: 77, installation: 1, owner: "acme", name: "tracker" });
    await app.store.repositories.saveImages(77, ["ghcr.io/acme/web"]);
    const send = (name: string) =>
      deliver(app.url, {
        event: "registry_package",
        delivery: `package-${name}`,
        body: JSON.stringify({
          registry_package: {
            name,
            package_type: "CONTAINER",
            owner: { login: "acme" },
            package_version: { container_metadata: { tag: { name: "1.2.3" } } },
          },
        }),
      });
    assert.equal((await send("web")).status, 202);
    assert.deepEqual((await app.store.hints.of(77))[0]?.subject, {
      kind: "image",
      image: "ghcr.io/acme/web",
      tag: "1.2.3",
    });
    const untracked = await send("other");
    assert.equal(untracked.status, 200);
    assert.match(String((await readJson(untracked)).ignored), /no pipeline tracks ghcr\.io\/acme\/other/);
  });
});

describe("the route", () => {
  for (const secrets of [[], [""], [" "], ["development"], ["a-real-secret-of-some-length", ""]]) {
    it(`T29: does not exist without a real secret: ${JSON.stringify(secrets)}`, () => {
      assert.throws(
        () =>
          createGithubRoute({ store: app.store, secrets, readEvent: () => ({ hints: [], directory: {}, images: [] }) }),
        /WEBHOOK_SECRET/,
      );
    });
  }
});
