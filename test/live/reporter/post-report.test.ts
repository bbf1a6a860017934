// One report on its way: what proves who sends it, and what becomes of answers that are none of Stagecoach's.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { ReporterProof } from "../../../src/domain/reporter.ts";
import { postReport } from "../../../src/live/reporter/post-report.ts";
import { NOW, signReport } from "../reports/build-reports.ts";

const SECRET = "a-secret-of-the-clusters";

interface Answering {
  readonly url: string;
  readonly seen: IncomingMessage["headers"][];
}

async function answerWith(test: TestContext, answer: (response: ServerResponse) => void): Promise<Answering> {
  const seen: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/live/us`, seen };
}

function post(
  url: string,
  proof: ReporterProof = { kind: "secret", secret: SECRET },
  signal = new AbortController().signal,
) {
  return postReport({ url, proof, body: "{}", now: NOW, signal });
}

const json = (status: number, body: object) => (response: ServerResponse) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

describe("postReport", () => {
  it("signs the body with the time", async (test) => {
    const { url, seen } = await answerWith(test, json(202, { hints: 1 }));
    assert.deepEqual(await post(url), { kind: "taken" });
    const { "x-drift-timestamp": timestamp, "x-drift-signature": signature, authorization } = seen[0] ?? {};
    assert.deepEqual(
      { "x-drift-timestamp": timestamp, "x-drift-signature": signature },
      signReport("{}", { secret: SECRET }),
    );
    assert.equal(authorization, undefined);
  });

  it("sends the token that stands in the file at this moment", async (test) => {
    const folder = await mkdtemp(join(tmpdir(), "stagecoach-token-"));
    test.after(() => rm(folder, { recursive: true }));
    const proof = { kind: "token-file", path: join(folder, "token") } as const;
    const { url, seen } = await answerWith(test, json(202, {}));
    const missing = { kind: "failed", why: "the token file cannot be read, or is empty" };
    assert.deepEqual(await post(url, proof), missing);
    for (const token of ["first", "second\n"]) {
      await writeFile(proof.path, token);
      assert.deepEqual(await post(url, proof), { kind: "taken" });
    }
    for (const odd of ["two\r\nHeader: lines", "hunter2\u0001", "hunter2\u00fc\u2026"]) {
      await writeFile(proof.path, odd);
      assert.deepEqual(await post(url, proof), missing);
    }
    assert.deepEqual(
      seen.map(({ authorization }) => authorization),
      ["Bearer first", "Bearer second"],
    );
  });

  const rows: readonly (readonly [string, (response: ServerResponse) => void, object])[] = [
    [
      "a reason to do nothing",
      json(200, { ignored: "Nobody runs there." }),
      { kind: "taken", note: "Nobody runs there" },
    ],
    [
      "a refusal",
      json(400, { error: { message: "`states` is missing." } }),
      { kind: "refused", why: "Stagecoach answered 400: `states` is missing" },
    ],
    ["a server that is busy", json(503, {}), { kind: "failed", why: "Stagecoach answered 503" }],
    ["too much", json(429, {}), { kind: "failed", why: "Stagecoach answered 429" }],
    [
      "T21: a way to somewhere else",
      (response) => void response.writeHead(302, { location: "http://strange.invalid/" }).end(),
      { kind: "refused", why: "Stagecoach answered 302" },
    ],
    [
      "a page of a proxy",
      (response) => void response.writeHead(502).end("<html>@all</html>"),
      { kind: "failed", why: "Stagecoach answered 502" },
    ],
    [
      "T1: a megabyte",
      (response) => void response.writeHead(403).end("x".repeat(1024 * 1024)),
      { kind: "refused", why: "Stagecoach answered 403" },
    ],
    [
      "half an answer",
      (response) => void response.writeHead(202, { "content-length": 100 }).write("{", () => response.destroy()),
      { kind: "failed", why: "Stagecoach was not reached: UND_ERR_SOCKET: other side closed" },
    ],
  ];
  for (const [name, answer, outcome] of rows) {
    it(`tells of ${name}`, async (test) => {
      const { url } = await answerWith(test, answer);
      assert.deepEqual(await post(url), outcome);
    });
  }

  it("stops waiting when it is told to", async (test) => {
    const stop = new AbortController();
    const { url } = await answerWith(test, () => stop.abort());
    assert.deepEqual(await post(url, undefined, stop.signal), { kind: "failed", why: "it was told to stop" });
  });
});
