// T22: a whole story with everything that can fail failing once, the log at its most talkative, and then a search for
// every secret in everything that left the program: its log, its answers, what GitHub was sent, its metrics, its database.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { beginService, CONFIG, HOOK_SECRET, type Service } from "../cli/begin-service.ts";
import type { FaultRequest } from "../github/http/faults.ts";
import { waitUntil } from "../store/wait-until.ts";

const LEAVING = "the-webhook-secret-that-is-leaving";
const PASSWORD = "a-password-of-the-registry";
const ECHOED = `ghp_${"echoedbygithub".repeat(3)}`;

function settings(host: string): string {
  return `registries:
  - { host: "${host}", insecure: true, for: ["acme/*"], auth: { username: reader, password-env: REGISTRY_PASSWORD } }
webhooks:
  - { id: lab, kind: distribution, registry: "${host}", secret-env: LAB_SECRET }
`;
}

describe("T22: what left the program", { timeout: 240_000 }, () => {
  let service: Service;
  const left: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const failed = new Set<string>();

  before(async () => {
    service = await beginService({ registry: { auth: "token", username: "reader", password: PASSWORD }, settings });
    const { github, registry, folder, variables } = service;
    const sent: string[] = [];
    const answers: string[] = [];
    const failOnce = (request: FaultRequest): boolean => {
      sent.push(JSON.stringify([request.path, request.body]));
      const name = nameOf(request);
      if (failed.has(name)) return false;
      failed.add(name);
      return true;
    };
    Object.assign(variables, {
      ...{ LOG_LEVEL: "trace", WEBHOOK_SECRET: `${LEAVING},${github.webhookSecret}` },
      REGISTRY_PASSWORD: PASSWORD,
    });
    const program = await service.serve();
    const [, intake = "", operations = ""] =
      /listens at (\S+); its health and metrics are at (\S+)\./.exec(program.stdout()) ?? [];

    await waitUntil("the first pass is over", () => program.stdout().includes("pass finished"));
    const statuses = [500, 403, 422, 401];
    for (const [index, status] of statuses.entries()) {
      const isTurn = () => failed.size % statuses.length === index;
      const fault = { kind: "error-before", status, message: `Bad credentials: ${ECHOED}` } as const;
      github.break({ on: "* *", when: (request) => isTurn() && failOnce(request), fault });
    }

    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await waitUntil(
      "the promotion is open, whatever failed",
      async () => {
        github.commitFiles({
          repository: CONFIG,
          files: { "a.md": `${Date.now()}` },
          author: "ann",
          message: "Wake up",
        });
        await new Promise((resolve) => setTimeout(resolve, 500));
        return service.openPromotions().length === 1;
      },
      120,
    );

    registry.fail({ kind: "status", status: 401, headers: { "www-authenticate": `Basic realm="${PASSWORD}"` } });
    await registry.push({ repository: "acme/checkout", tag: "1.9.0" });
    registry.fail({ kind: "reset" });
    await registry.push({ repository: "acme/checkout", tag: "1.9.1" });
    for (const [path, headers] of [
      [`/hooks/registry/lab/${HOOK_SECRET}`, {}],
      [`/hooks/registry/lab/${HOOK_SECRET}x`, {}],
      [`/hooks/registry/${HOOK_SECRET}/y`, {}],
      [`/hooks/${HOOK_SECRET}`, {}],
      ["/hooks/registry/lab", { authorization: `Bearer ${HOOK_SECRET}x` }],
      ["/api/github/webhooks", { "x-hub-signature-256": LEAVING }],
    ] as const) {
      const body = JSON.stringify({ events: [{ action: "push", secret: HOOK_SECRET }] });
      const response = await fetch(`${intake}${path}`, { method: "POST", body, headers });
      answers.push(JSON.stringify([...response.headers]), await response.text());
    }
    for (const path of ["/metrics", "/readyz", "/healthz"]) answers.push(await (await fetch(operations + path)).text());
    program.child.kill("SIGTERM");
    assert.equal(await program.exited, 0);

    left.log = program.stdout() + program.stderr();
    left.answers = answers.join("\n");
    left.sent = sent.join("\n");
    left.commits = JSON.stringify([
      github.log({ repository: CONFIG, ref: "main" }),
      github.log({ repository: CONFIG, ref: "stagecoach-ledger" }),
      github.pullRequests({ repository: CONFIG }),
    ]);
    left.database = await dump(join(folder, "data"));
    Object.assign(secrets, {
      ...{ "the webhook secret": github.webhookSecret, "the leaving webhook secret": LEAVING },
      ...{ "the registry's password": PASSWORD, "the hook's secret": HOOK_SECRET, "what GitHub echoed": ECHOED },
      "the registry's password, encoded": Buffer.from(`reader:${PASSWORD}`).toString("base64"),
      "the private key": github.privateKey.split("\n")[5] ?? "",
    });
  });
  after(() => service.end());

  it("is looked at after every kind of request had failed once, with a talkative log", () => {
    assert.ok(failed.size >= 8, [...failed].join("\n"));
    assert.match(left.log ?? "", /pass failed/);
    assert.match(left.log ?? "", /"level":20/);
    for (const [what, text] of Object.entries(left)) assert.ok(text.length > 200, what);
    for (const [what, text] of Object.entries(secrets)) assert.ok(text.length > 15, what);
  });

  for (const place of ["log", "answers", "sent", "commits", "database"]) {
    it(`holds no secret: ${place}`, () => {
      const text = left[place] ?? "";
      for (const [what, secret] of Object.entries(secrets)) {
        const at = text.indexOf(secret);
        assert.equal(at, -1, `${what}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
      }
      for (const pattern of [/ghs_\w+/, /eyJ[\w-]{20,}/, /BEGIN \w* ?PRIVATE/, /Bearer (?!\[redacted\]|<)\w{8,}/]) {
        assert.doesNotMatch(text, pattern);
      }
    });
  }

  it("has no file of the repository and no body in the log", () => {
    assert.doesNotMatch(left.log ?? "", /query Observe|mutation|image: 127|"params"|apiVersion/);
  });
});

function nameOf({ method, route, body }: FaultRequest): string {
  const query = typeof body === "object" && body !== null && "query" in body ? String(body.query) : "";
  return `${method} ${/(?:query|mutation) (\w+)/.exec(query)?.[1] ?? route}`;
}

async function dump(folder: string): Promise<string> {
  const database = await PGlite.create({ dataDir: folder });
  const tables = await database.query<{ schema: string; name: string }>(
    "select schemaname as schema, tablename as name from pg_tables where schemaname like 'stagecoach%'",
  );
  const texts: string[] = [];
  for (const { schema, name } of tables.rows) {
    const { rows } = await database.query(`select * from ${schema}.${name}`);
    texts.push(`${schema}.${name} ${JSON.stringify(rows)}`);
  }
  await database.close();
  return texts.join("\n");
}
