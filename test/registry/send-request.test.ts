import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sendRequest } from "../../src/registry/send-request.ts";

const MIB = 2 ** 20;
const PIECES = 64;

test("what is sent as a stream is never whole in memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  /** Buffers are swept beside the program: what one collection found, the next one has counted. */
  const kept = async () => {
    for (let round = 0; round < 3; round += 1) {
      collect();
      await setImmediate();
    }
    return process.memoryUsage().arrayBuffers;
  };
  let received = 0;
  const arrived = Promise.withResolvers<void>();
  const measured = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    for await (const piece of request) {
      received += piece.length;
      if (received === PIECES * MIB) arrived.resolve();
    }
    // Whatever is kept is kept until it is answered.
    await measured.promise;
    response.writeHead(201).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const before = await kept();
  let most = 0;
  async function* pieces() {
    for (let count = 0; count < PIECES; count += 1) yield new Uint8Array(MIB);
    // What is still on its way is not kept, however slow the way is today.
    await arrived.promise;
    most = (await kept()) - before;
    measured.resolve();
  }
  const reply = await sendRequest(
    {
      method: "PUT",
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/upload`),
      accept: "*/*",
      redirects: false,
      content: { type: "application/octet-stream", length: PIECES * MIB, body: ReadableStream.from(pieces()) },
    },
    { fetch, userAgent: "stagecoach-test", timeout: 60_000, lookup: async () => [] },
  );
  server.close();
  assert.equal(reply.kind === "reply" && reply.status, 201);
  assert.equal(received, PIECES * MIB);
  assert.ok(most < 16 * MIB, `${Math.round(most / MIB)} MiB of ${PIECES} were kept`);
});
