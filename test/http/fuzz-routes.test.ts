// Thousands of broken requests to every route, from strangers and from senders that know the secret: no answer is a 5xx,
// nothing is thrown into the void, and the process still works afterwards. The seed is in the name of the test.

import assert from "node:assert/strict";
import { Agent, type IncomingMessage, request as startRequest } from "node:http";
import { after, before, describe, it } from "node:test";
import { at, driftReport, liveReport, signReport } from "../live/reports/build-reports.ts";
import { createRandom, mutateBytes, mutateHeaders, mutateValue, type Random } from "./mutate.ts";
import { type App, deliver, githubSecrets, liveSecrets, registrySecret, sign, startApp } from "./start-app.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20260701);
const rounds = 2_000;

interface Sample {
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly body: object | string;
  readonly headers: (body: Buffer) => Readonly<Record<string, string>>;
}

const repository = { id: 7, full_name: "acme/config", owner: { login: "acme" } };
const installation = { id: 31 };
const githubBodies: readonly (readonly [string, object])[] = [
  ["push", { ref: "refs/heads/main", repository, installation }],
  ["pull_request", { action: "opened", number: 3, pull_request: { number: 3 }, repository, installation }],
  ["check_run", { action: "completed", check_run: { head_sha: "a".repeat(40) }, repository }],
  [
    "issue_comment",
    { action: "created", issue: { number: 3 }, comment: { id: 9, user: { type: "User" } }, repository },
  ],
  ["merge_group", { action: "checks_requested", merge_group: { head_sha: "b".repeat(40) }, repository }],
  ["installation", { action: "created", installation, repositories: [repository] }],
  [
    "installation_repositories",
    { action: "added", installation, repositories_added: [repository], repositories_removed: [] },
  ],
  [
    "registry_package",
    {
      registry_package: {
        name: "web",
        package_type: "CONTAINER",
        owner: { login: "acme" },
        package_version: { container_metadata: { tag: { name: "1.2.3" } }, package_url: "ghcr.io/acme/web:1.2.3" },
      },
    },
  ],
];

const routes: Readonly<Record<string, readonly Sample[]>> = {
  "/api/github/webhooks": githubBodies.map(([event, body]) => ({
    method: "POST",
    path: "/api/github/webhooks",
    body,
    headers: (bytes) => ({
      "x-github-event": event,
      "x-github-delivery": `fuzz-${sign(bytes, "name").slice(7, 40)}`,
      "x-hub-signature-256": sign(bytes, githubSecrets[1]),
    }),
  })),
  "/hooks/registry/builds": [
    {
      method: "POST",
      path: "/hooks/registry/builds",
      body: { image: "ghcr.io/acme/checkout", tag: "1.8.0", digest: `sha256:${"a".repeat(64)}`, delivery: "one" },
      headers: (bytes) => ({ "x-stagecoach-signature-256": sign(bytes, registrySecret) }),
    },
  ],
  "/hooks/live/dev": [
    {
      method: "POST",
      path: "/hooks/live/dev",
      body: { app: { name: "checkout", namespace: "argocd" }, sync: { status: "Synced" }, conditions: null },
      headers: () => ({ authorization: `Bearer ${liveSecrets[1]}` }),
    },
  ],
  "/hooks/live/eu": [
    {
      method: "POST",
      path: "/hooks/live/eu",
      body: { involvedObject: { kind: "Kustomization", name: "a" }, timestamp: at(Date.now()), reason: "Progressing" },
      headers: (bytes) => ({ "x-signature": sign(bytes, liveSecrets[0]) }),
    },
  ],
  "/hooks/live/us": [liveReport, driftReport].map((report) => ({
    method: "POST",
    path: "/hooks/live/us",
    body: report({ observedAt: at(Date.now()) }),
    headers: (bytes) => signReport(bytes, { secret: liveSecrets[0], time: Date.now() }),
  })),
  "/hooks/registry/lab": ["", `/${registrySecret}`].map((secret) => ({
    method: "POST",
    path: `/hooks/registry/lab${secret}`,
    body: {
      events: [
        {
          id: "one",
          action: "push",
          target: { repository: "acme/checkout", tag: "1.8.0", digest: `sha256:${"a".repeat(64)}`, mediaType: "x" },
          request: { host: "127.0.0.1:5000" },
        },
      ],
    },
    headers: () => ({ authorization: `Bearer ${registrySecret}` }),
  })),
  "/api/validate": [{ method: "PUT", path: "/api/validate", body: "version: 1\npipelines: []\n", headers: () => ({}) }],
};

describe("broken requests", () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let app: App;
  const unhandled: unknown[] = [];
  const remember = (reason: unknown) => unhandled.push(reason);

  before(async () => {
    app = await startApp();
    await app.store.repositories.save({ repository: 7, installation: 31, owner: "acme", name: "config" });
    await app.store.repositories.saveImages(7, ["ghcr.io/acme/checkout", "127.0.0.1:5000/acme/checkout"]);
    await app.store.repositories.saveSources(7, ["dev", "eu", "us"]);
    process.on("unhandledRejection", remember);
  });
  after(async () => {
    process.off("unhandledRejection", remember);
    agent.destroy();
    await app.stop();
  });

  for (const [index, [route, samples]] of Object.entries(routes).entries()) {
    it(`T1: never get a 5xx from ${route} (${rounds} of them, seed ${seed})`, { timeout: 120_000 }, async (test) => {
      const random = createRandom(seed + index);
      const statuses = new Map<number, number>();
      for (let round = 0; round < rounds; round += 1) {
        const request = breakRequest(random, random.pick(samples));
        const status = await send({ agent, port: app.port }, request);
        assert.ok(
          status < 500,
          `${status} in round ${round}: ${JSON.stringify(request.headers)} ${request.body.toString("latin1").slice(0, 500)}`,
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      test.diagnostic([...statuses].map(([status, count]) => `${status}: ${count}`).join(", "));
      assert.deepEqual(unhandled, []);
      assert.ok(
        statuses.size > 1,
        `only ${[...statuses.keys()]} were answered: the requests are not broken in enough ways`,
      );
    });
  }

  it("leave a server that works", async () => {
    const response = await deliver(app.url, {
      event: "push",
      body: JSON.stringify({ ref: "refs/heads/main", repository }),
      delivery: "well",
    });
    assert.equal(response.status, 202);
  });
});

interface BrokenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Half of them are signed after they were broken: a sender that knows the secret is no safer than its software. */
function breakRequest(random: Random, sample: Sample): BrokenRequest {
  const { method, path, body } = sample;
  const honest = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const broken = random.pick([
    () =>
      typeof body === "string" ? mutateBytes(random, honest) : Buffer.from(JSON.stringify(mutateValue(random, body))),
    () => mutateBytes(random, honest),
    () => mutateBytes(random, mutateBytes(random, honest)),
  ])();
  const headers = sample.headers(random.next(2) === 0 ? broken : honest);
  return { method, path, body: broken, headers: random.next(3) === 0 ? mutateHeaders(random, headers) : headers };
}

/** 0: the connection was closed without an answer, which is one, too. */
function send(
  { agent, port }: { agent: Agent; port: number },
  { method, path, headers, body }: BrokenRequest,
): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = startRequest(
      { agent, port, host: "127.0.0.1", method, path, headers: { ...headers, "content-length": body.length } },
      (response: IncomingMessage) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.on("error", () => resolve(0));
    outgoing.end(body);
  });
}
