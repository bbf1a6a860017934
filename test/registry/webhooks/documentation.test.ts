import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { promisify } from "node:util";
import { findMissingParts, tellNotSeen } from "../find-missing-parts.ts";
import { receive } from "./receive.ts";

const SECRET = "a secret with spaces & $igns, 'quoted'";
const subject = "the lines for curl and openssl in docs/webhooks.md";
const missing = await findMissingParts(["sh", "curl", "openssl"]);

if (missing.length > 0) tellNotSeen(subject, missing);
else {
  test(`${subject} are understood`, async () => {
    const settings = { id: "builds", kind: "generic", registry: "ghcr.io", secrets: [SECRET] } as const;
    const paths: string[] = [];
    const server = createServer(async (request, response) => {
      paths.push(request.url ?? "");
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const received = await receive({ body: Buffer.concat(chunks), headers: request.headers, settings });
      response.writeHead(received.kind === "understood" ? 202 : 401).end(JSON.stringify(received));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const text = await readFile(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
      const script = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
      const STAGECOACH_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const env = { PATH: process.env.PATH, BUILDS_SECRET: SECRET, STAGECOACH_URL };
      const { stdout } = await promisify(execFile)("sh", ["-e", "-c", script], { env, timeout: 10_000 });
      assert.deepEqual(JSON.parse(stdout).events, [{ image: "ghcr.io/acme/checkout", tag: "1.8.0" }]);
      assert.deepEqual(paths, ["/hooks/registry/builds"]);
    } finally {
      server.close();
    }
  });
}
