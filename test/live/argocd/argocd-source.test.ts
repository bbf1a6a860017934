import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { Seen } from "../../../src/domain/seen.ts";
import type { ArgocdLimits } from "../../../src/live/argocd/argocd-client.ts";
import { createArgocdSource } from "../../../src/live/argocd/argocd-source.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import type { ArgocdFault } from "../../argocd/argocd-faults.ts";
import { startArgocd } from "../../argocd/start-argocd.ts";
import { FIRST, NOW, SECOND } from "./make-application.ts";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.very-secret.signature";

async function begin(t: TestContext, limits: Partial<ArgocdLimits> = {}) {
  const clock = { now: NOW };
  const argocd = await startArgocd({ now: () => clock.now, token: TOKEN });
  t.after(() => argocd.stop());
  const source = createArgocdSource(argocd, { now: () => clock.now, limits: { timeout: 2_000, ...limits } });
  const read = (names: readonly string[], awaited = false) =>
    source.read(
      names.map((name) => wanted(name, awaited)),
      { now: clock.now },
    );
  const readOne = async (name: string, awaited = false): Promise<Seen<LiveState>> => {
    const [state] = await read([name], awaited);
    assert.ok(state);
    return state;
  };
  const later = (minutes: number): void => {
    clock.now += minutes * 60_000;
  };
  return { argocd, source, read, readOne, later };
}

function wanted(name: string, awaited = false): WantedTarget {
  return { target: { source: "dev", kind: "argocd", name }, objects: [], images: [], awaited };
}

function value(state: Seen<LiveState> | undefined): LiveState {
  assert.ok(state?.kind === "known", state?.kind === "unknown" ? state.why : "nothing");
  return state.value;
}

describe("reading", () => {
  test("500 Applications cost one list, in the order of the targets", async (t) => {
    const { argocd, read } = await begin(t);
    const names = Array.from({ length: 500 }, (_, index) => `checkout-${index}`);
    for (const name of names) argocd.application(name, { revisions: [FIRST] });
    const states = await read([...names].reverse());
    assert.deepEqual(
      states.map((state) => value(state).object.name),
      [...names].reverse(),
    );
    assert.deepEqual(
      argocd.requests().map(({ method, path }) => `${method} ${path}`),
      ["GET /api/v1/applications"],
    );
    assert.deepEqual(argocd.problems(), []);
  });

  test("a whole way: Git moves, Argo CD looks, syncs, and the pods come up", async (t) => {
    const { argocd, readOne, later } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST] });
    const seen = async () => {
      const { sync, health, observed } = value(await readOne("checkout"));
      return [sync.state, health.state, observed?.[0]?.id === SECOND ? "second" : "first"];
    };
    application.pushed(SECOND);
    assert.deepEqual(await seen(), ["synced", "healthy", "first"]);
    later(1);
    application.startsSync();
    assert.deepEqual(await seen(), ["progressing", "healthy", "first"]);
    later(1);
    application.syncs();
    assert.deepEqual(await seen(), ["synced", "progressing", "second"]);
    later(1);
    application.healthy();
    assert.deepEqual(await seen(), ["synced", "healthy", "second"]);
    assert.equal(value(await readOne("checkout")).health.since, NOW + 3 * 60_000);
  });

  test("health from before the new revision never counts, also when it never wavered", async (t) => {
    const { argocd, readOne, later } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST] });
    later(30);
    application.set({ status: { health: { lastTransitionTime: "2020-01-01T00:00:00Z" } } });
    application
      .syncs(SECOND)
      .set({ status: { health: { status: "Healthy", lastTransitionTime: "2020-01-01T00:00:00Z" } } });
    assert.equal(value(await readOne("checkout")).health.since, NOW + 30 * 60_000);
  });

  test("two of the same name are told apart by their namespace", async (t) => {
    const { argocd, read } = await begin(t);
    argocd.application("argocd/checkout", { revisions: [FIRST] });
    argocd.application("team-a/checkout", { revisions: [SECOND] });
    const [plain, full, missing] = await read(["checkout", "team-a/checkout", "nothing"]);
    assert.match(plain?.kind === "unknown" ? plain.why : "", /^2 Argo CD Applications are called `checkout`/);
    assert.equal(value(full).observed?.[0]?.id, SECOND);
    assert.match(
      missing?.kind === "unknown" ? missing.why : "",
      /no Argo CD Application `nothing`, or the token .* lacks the permission/,
    );
  });

  test("a stale comparison is refreshed once, where somebody waits", async (t) => {
    const { argocd, read, later } = await begin(t);
    const names = ["waited-for", "not-waited-for"];
    for (const name of names) argocd.application(name, { revisions: [FIRST], project: "shop" }).pushed(SECOND);
    later(11);
    const idle = await read(names);
    assert.ok(idle.every((state) => value(state).freshness.stale !== undefined));
    assert.equal(value((await read(["waited-for"], true))[0]).observed?.[0]?.id, SECOND);
    const refreshed = value((await read(["waited-for"], true))[0]);
    assert.deepEqual([refreshed.freshness.stale, refreshed.freshness.proof], [undefined, "timestamp"]);
    const asked = argocd.requests().filter(({ query }) => query.refresh !== undefined);
    assert.deepEqual(asked, [
      {
        method: "GET",
        path: "/api/v1/applications/waited-for",
        query: { refresh: "normal", project: "shop", appNamespace: "argocd" },
      },
    ]);
    assert.deepEqual(argocd.problems(), []);
  });

  test("a webhook-fed Argo CD with many stale Applications gets five refreshes a read, the stalest first", async (t) => {
    const { argocd, read, later } = await begin(t);
    const names = Array.from({ length: 12 }, (_, index) => `checkout-${index}`);
    for (const name of names) {
      argocd.application(name, { revisions: [FIRST] });
      later(1);
    }
    later(60);
    const count = () => argocd.requests().filter(({ query }) => query.refresh !== undefined).length;
    const states = await read(names, true);
    assert.equal(count(), 5);
    assert.deepEqual(states.map((state) => value(state).freshness.proof).slice(0, 6), [
      ...Array(5).fill("handshake"),
      "timestamp",
    ]);
    await read(names, true);
    assert.equal(count(), 10);
    await read(names, true);
    await read(names, true);
    assert.equal(count(), 12);
  });

  test("a controller that does not answer leaves what was known, as old as it was", async (t) => {
    const { argocd, readOne, later } = await begin(t, { timeout: 100 });
    argocd.application("checkout", { revisions: [FIRST] });
    argocd.controller("asleep");
    later(20);
    const { freshness, observed } = value(await readOne("checkout", true));
    assert.match(
      freshness.stale ?? "",
      /^Argo CD last looked at Git at .* UTC, and a refresh failed: .* did not answer in time$/,
    );
    assert.equal(observed?.[0]?.id, FIRST);
  });

  test("what is switched off is not asked to look", async (t) => {
    const { argocd, readOne, later } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] }).suspended();
    later(20);
    assert.match(value(await readOne("checkout", true)).suspended ?? "", /switches it off/);
    assert.equal(argocd.requests().length, 1);
  });
});

describe("an Argo CD that fails is unknown, and says what to do", () => {
  const rows: readonly { readonly fault: ArgocdFault; readonly why: RegExp }[] = [
    {
      fault: { kind: "status", status: 401, error: "invalid session" },
      why: /refuses the token: it has expired, or it was revoked$/,
    },
    {
      fault: { kind: "status", status: 403 },
      why: /needs the permission `applications, get, <project>\/<application>`$/,
    },
    { fault: { kind: "status", status: 404 }, why: /has no API at this address/ },
    { fault: { kind: "status", status: 429 }, why: /answered 429: too many requests/ },
    { fault: { kind: "status", status: 500, error: "cache is down" }, why: /answered 500: cache is down$/ },
    { fault: { kind: "status", status: 503, error: `bad token ${TOKEN}` }, why: /answered 503: bad token …$/ },
    { fault: { kind: "reset" }, why: /closed the connection early/ },
    { fault: { kind: "hang" }, why: /did not answer in time/ },
    { fault: { kind: "trickle" }, why: /did not answer in time/ },
    { fault: { kind: "flood" }, why: /answered more than 1 MiB/ },
    { fault: { kind: "page" }, why: /something else than JSON/ },
    { fault: { kind: "text", text: "" }, why: /something else than JSON/ },
    { fault: { kind: "json", value: [] }, why: /answered no list of Applications/ },
    { fault: { kind: "json", value: { items: {} } }, why: /answered no list of Applications/ },
    { fault: { kind: "json", value: { items: [null, 7, { metadata: { name: 7 } }] } }, why: /no Argo CD Application/ },
    {
      fault: { kind: "redirect", location: "https://elsewhere.example/" },
      why: /redirects elsewhere, and the token is sent nowhere else/,
    },
  ];
  for (const { fault, why } of rows) {
    test(JSON.stringify(fault), async (t) => {
      const { argocd, readOne } = await begin(t, { timeout: 200, list: 1024 * 1024 });
      argocd.application("checkout", { revisions: [FIRST] });
      argocd.fail(fault);
      const state = await readOne("checkout");
      assert.equal(state.kind, "unknown");
      assert.match(state.kind === "unknown" ? state.why : "", why);
      assert.ok(!JSON.stringify(state).includes(TOKEN), "T22: the token stays out of it");
    });
  }

  test("nobody there", async (t) => {
    const { argocd, readOne } = await begin(t);
    await argocd.stop();
    const state = await readOne("checkout");
    assert.match(state.kind === "unknown" ? state.why : "", /^127\.0\.0\.1:\d+ refused the connection$/);
  });

  test("T21: a redirect is not followed, also within the same server", async (t) => {
    const { argocd, readOne } = await begin(t);
    argocd.fail({ kind: "redirect", location: "/api/v1/applications?again" });
    await readOne("checkout");
    assert.equal(argocd.requests().length, 1);
  });

  test("a token that may see only some Applications is told what it lacks for the rest", async (t) => {
    const { argocd, read } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] });
    argocd.application("billing", { revisions: [FIRST], project: "finance" });
    argocd.permit("applications, get, default/*");
    const [seen, hidden] = await read(["checkout", "billing"]);
    assert.equal(seen?.kind, "known");
    assert.match(hidden?.kind === "unknown" ? hidden.why : "", /lacks the permission `applications, get` for it/);
  });

  test("a list with nothing in it is a list", async (t) => {
    const { readOne } = await begin(t);
    const state = await readOne("checkout");
    assert.match(state.kind === "unknown" ? state.why : "", /^there is no Argo CD Application/);
  });

  test("a refresh that answers another Application is not believed", async (t) => {
    const { argocd, readOne, later } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] });
    const { document } = argocd.application("other", { revisions: [SECOND] });
    later(20);
    argocd.fail({ kind: "json", value: document }, /applications\/checkout$/);
    const state = value(await readOne("checkout", true));
    assert.equal(state.observed?.[0]?.id, FIRST);
    assert.match(state.freshness.stale ?? "", /answered something else than the Application checkout/);
  });

  test("settings that cannot work are refused at once, without repeating them", () => {
    const make = (url: string, token: string) => () => createArgocdSource({ url, token }, { now: () => NOW });
    assert.throws(
      make("https://argocd.example", `${TOKEN}\nx: y`),
      (error: Error) => !error.message.includes("secret"),
    );
    assert.throws(make("file:///etc/passwd", TOKEN), /no http or https address/);
    assert.throws(
      make("https://user:hunter2@argocd.example", TOKEN),
      (error: Error) => !error.message.includes("hunter2"),
    );
  });
});

describe("asking for a sync", () => {
  const request = { source: "dev", asker: "acme/platform-config", target: wanted("checkout").target };

  test("names no revision where automation is on: Argo CD would refuse it", async (t) => {
    const { argocd, source } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] }).pushed(SECOND);
    assert.deepEqual(await source.askToSync(request), { kind: "asked" });
    assert.deepEqual(argocd.requests().at(-1)?.body, {
      name: "checkout",
      appNamespace: "argocd",
      project: "default",
      prune: false,
      dryRun: false,
    });
  });

  test("names the compared revision where automation is off, and never prunes", async (t) => {
    const { argocd, source } = await begin(t);
    argocd.controller("asleep");
    const application = argocd.application("checkout", { revisions: [FIRST], automated: false });
    application.pushed(SECOND).looks();
    assert.deepEqual(await source.askToSync(request), { kind: "asked" });
    const body = argocd.requests().at(-1)?.body as Record<string, unknown>;
    assert.deepEqual([body.revision, body.prune], [SECOND, false]);
    assert.match(JSON.stringify(await source.askToSync(request)), /a sync is going on already/);
  });

  test("of several sources names each by its place", async (t) => {
    const { argocd, source } = await begin(t);
    const one = { repoURL: "https://github.com/acme/platform-config", targetRevision: "main", path: "a" };
    argocd.application("checkout", {
      sources: [one, { ...one, ref: "values" }],
      revisions: [FIRST, SECOND],
      automated: false,
    });
    assert.deepEqual(await source.askToSync(request), { kind: "asked" });
    const body = argocd.requests().at(-1)?.body as Record<string, unknown>;
    assert.deepEqual(
      [body.revisions, body.sourcePositions],
      [
        [FIRST, SECOND],
        [1, 2],
      ],
    );
  });

  test("is refused with the reason", async (t) => {
    const { argocd, source } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] });
    argocd.permit("applications, get, */*");
    const refused = await source.askToSync(request);
    assert.match(
      refused.kind === "refused" ? refused.why : "",
      /needs the permission `applications, sync, default\/checkout`$/,
    );
    argocd.application("checkout").suspended();
    const frozen = await source.askToSync(request);
    assert.match(frozen.kind === "refused" ? frozen.why : "", /skip-reconcile/);
    const missing = await source.askToSync({ ...request, target: wanted("nothing").target });
    assert.equal(missing.kind, "refused");
  });
});
