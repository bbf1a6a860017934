// What the listener holds against strangers: sizes, numbers, times, and what it says while it stops (T1).

import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as startRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { pino } from "pino";
import { createHttpServer, type HttpLimits } from "../../src/http/create-server.ts";
import type { Route } from "../../src/http/route.ts";
import { readJson } from "./start-app.ts";

const log = pino({ level: "silent" });
const megabyte = 1024 * 1024;

interface Listener {
  readonly url: string;
  readonly port: number;
  readonly drain: () => void;
}

async function withServer(
  { routes, limits }: { readonly routes: readonly Route[]; readonly limits?: Partial<HttpLimits> },
  body: (listener: Listener) => Promise<void>,
): Promise<void> {
  const server = createHttpServer({ routes, log, ...(limits && { limits }) });
  const port = await server.listen({ port: 0, host: "127.0.0.1" });
  try {
    await body({ url: `http://127.0.0.1:${port}`, port, drain: server.drain });
  } finally {
    await server.close({ milliseconds: 0 });
  }
}

/** Answers with the number of bytes that it got. */
const counting: Route = {
  method: "POST",
  path: "/take",
  limit: 25 * megabyte,
  intake: true,
  handle: ({ body }) => ({ status: 200, body: { bytes: body.byteLength } }),
};

interface Streamed {
  readonly status: number;
  /** Bytes that the server took from its socket, the head among them. */
  readonly read: number;
}

/** Sends zeros until the other side answers or closes. */
async function stream(
  port: number,
  { size, chunked }: { readonly size: number; readonly chunked: boolean },
): Promise<Streamed> {
  const headers = chunked ? {} : { "content-length": size };
  const outgoing = startRequest({ port, host: "127.0.0.1", method: "POST", path: "/take", headers });
  outgoing.on("error", () => undefined);
  const answered = once(outgoing, "response").then(([response]) => response as IncomingMessage);
  const closed = new Promise<void>((resolve) => outgoing.once("close", resolve));
  const taken: Socket[] = [];
  const remember = (message: unknown) => taken.push((message as { readonly socket: Socket }).socket);
  subscribe("http.server.request.start", remember);
  await writeAll(outgoing, { size, until: closed });
  const response = await answered;
  response.resume();
  await closed;
  unsubscribe("http.server.request.start", remember);
  return { status: response.statusCode ?? 0, read: taken[0]?.bytesRead ?? Number.NaN };
}

async function writeAll(
  outgoing: ClientRequest,
  { size, until }: { size: number; until: Promise<unknown> },
): Promise<void> {
  const chunk = Buffer.alloc(megabyte);
  for (let written = 0; written < size && !outgoing.destroyed; written += chunk.length) {
    if (!outgoing.write(chunk)) {
      await Promise.race([new Promise((resolve) => outgoing.once("drain", resolve)), until]);
    }
  }
  outgoing.end();
}

describe("a body of 200 MiB", () => {
  for (const chunked of [false, true]) {
    it(`T1: is refused ${chunked ? "when it has grown too long" : "before it is read"}, without growing memory`, async () => {
      await withServer({ routes: [counting] }, async ({ port }) => {
        const before = process.memoryUsage().rss;
        const { status, read } = await stream(port, { size: 200 * megabyte, chunked });
        assert.equal(status, 413);
        assert.ok(read < (chunked ? 26 : 1) * megabyte, `${read} bytes were read`);
        const grown = process.memoryUsage().rss - before;
        assert.ok(grown < 150 * megabyte, `the process has grown by ${grown} bytes`);
      });
    });
  }
});

describe("the listener", () => {
  it("takes a body of exactly its limit, announced or chunked", async () => {
    await withServer({ routes: [{ ...counting, limit: megabyte }] }, async ({ port }) => {
      for (const chunked of [false, true]) {
        assert.equal((await stream(port, { size: megabyte, chunked })).status, 200);
        assert.equal((await stream(port, { size: 2 * megabyte, chunked })).status, 413);
      }
    });
  });

  it("T1: does not call for a body that is announced as too long", async () => {
    await withServer({ routes: [{ ...counting, limit: 10 }] }, async ({ port }) => {
      const head = (length: number) =>
        `POST /take HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
      assert.match(await talk(port, head(11)), /^HTTP\/1\.1 413 /);
      assert.match(await talk(port, head(10), "0123456789"), /^HTTP\/1\.1 100 Continue[\s\S]*HTTP\/1\.1 200 OK/);
    });
  });

  it("T1: refuses what has no room beside the bodies that it holds", async () => {
    await withServer({ routes: [counting], limits: { bytes: 2 * megabyte } }, async ({ port }) => {
      for (const chunked of [false, true]) {
        assert.equal((await stream(port, { size: 3 * megabyte, chunked })).status, 503);
        assert.equal((await stream(port, { size: megabyte, chunked })).status, 200);
      }
    });
  });

  it("T1: answers so many requests at a time, and tells the others to come again", async () => {
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const slow: Route = {
      ...counting,
      handle: async () => {
        entered.resolve();
        await leave.promise;
        return { status: 200, body: {} };
      },
    };
    await withServer({ routes: [slow], limits: { requests: 1 } }, async ({ url }) => {
      const first = fetch(`${url}/take`, { method: "POST", body: "x" });
      await entered.promise;
      const second = await fetch(`${url}/take`, { method: "POST", body: "x" });
      assert.equal(second.status, 503);
      assert.equal(second.headers.get("retry-after"), "1");
      leave.resolve();
      assert.equal((await first).status, 200);
    });
  });

  it("T1: does not wait for a request that never comes to its end", async () => {
    const limits = { headersMilliseconds: 100, requestMilliseconds: 200 };
    await withServer({ routes: [counting], limits }, async ({ port }) => {
      assert.match(await talk(port, "POST /take HTTP/1.1\r\nHost"), /^HTTP\/1\.1 408 /);
      const halfBody = "POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345";
      assert.match(await talk(port, halfBody), /^HTTP\/1\.1 408 /);
    });
  });

  it("refuses heads that are too long or no HTTP", async () => {
    await withServer({ routes: [counting] }, async ({ port }) => {
      const long = `POST /take HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`;
      assert.match(await talk(port, long), /^HTTP\/1\.1 431 /);
      assert.match(await talk(port, "\0\x01\x02\r\n\r\n"), /^HTTP\/1\.1 400 /);
      assert.match(
        await talk(port, "POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        /^HTTP\/1\.1 400 /,
      );
    });
  });

  it("survives a sender that goes away in the middle", async () => {
    await withServer({ routes: [counting] }, async ({ url, port }) => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write("POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n12345");
      socket.resetAndDestroy();
      await once(socket, "close");
      assert.equal((await fetch(`${url}/take`, { method: "POST", body: "x" })).status, 200);
    });
  });

  it("answers errors as JSON, with the id of the request and no word about itself", async () => {
    const broken: Route = {
      ...counting,
      path: "/broken",
      handle: () => {
        throw new Error("the password is hunter2");
      },
    };
    await withServer({ routes: [counting, broken] }, async ({ url }) => {
      const missing = await fetch(`${url}/nothing`);
      assert.equal(missing.status, 404);
      assert.deepEqual(await readJson(missing), {
        error: { code: "not-found", message: "There is nothing at this path." },
      });
      assert.match(missing.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
      assert.equal(missing.headers.get("server"), null);
      assert.equal(missing.headers.get("x-powered-by"), null);
      const wrong = await fetch(`${url}/take`);
      assert.equal(wrong.status, 405);
      assert.equal(wrong.headers.get("allow"), "POST");
      const failed = await fetch(`${url}/broken`, { method: "POST", body: "x" });
      assert.equal(failed.status, 500);
      assert.doesNotMatch(await failed.text(), /hunter2/);
    });
  });

  it("sends intake elsewhere while it drains, and still answers the rest", async () => {
    const open: Route = { ...counting, path: "/open", intake: false };
    await withServer({ routes: [counting, open] }, async ({ url, drain }) => {
      drain();
      const refused = await fetch(`${url}/take`, { method: "POST", body: "x" });
      assert.equal(refused.status, 503);
      assert.equal(refused.headers.get("retry-after"), "5");
      assert.equal(refused.headers.get("connection"), "close");
      assert.equal((await fetch(`${url}/open`, { method: "POST", body: "x" })).status, 200);
    });
  });
});

/** Sends each text after the answer to the one before, and gives all that came back when the other side closes. */
async function talk(port: number, ...texts: readonly string[]): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  const closed = once(socket, "close");
  let received = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    received += text;
  });
  socket.on("error", () => undefined);
  for (const [index, text] of texts.entries()) {
    socket.write(text);
    if (index < texts.length - 1) {
      await once(socket, "data");
    }
  }
  if (texts.length > 1) {
    await once(socket, "data");
    socket.end();
  }
  await closed;
  return received;
}
