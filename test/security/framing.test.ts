// T1, T2: requests that two servers could read differently. Whatever stands before us has no second opinion to work
// with: what is ambiguous is refused, and a header that came twice signs nothing.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { type App, githubSecrets, sign, startApp } from "../http/start-app.ts";

const BODY = "{}";
const SIGNATURE = sign(BODY, githubSecrets[0]);
const PING = ["X-GitHub-Event: ping", "X-GitHub-Delivery: d-1"];

describe("T2: a request", () => {
  let app: App;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());

  const post = (headers: readonly string[], body: string) =>
    talk(app.port, `POST /api/github/webhooks HTTP/1.1\r\n${[...headers, "", body].join("\r\n")}`);
  const signed = ["Host: x", "Connection: close", ...PING, `X-Hub-Signature-256: ${SIGNATURE}`];
  const chunked = "2\r\n{}\r\n0\r\n\r\n";

  const rows: readonly (readonly [name: string, headers: readonly string[], body: string, status: number])[] = [
    ["as it should be", [...signed, "Content-Length: 2"], BODY, 200],
    ["in chunks", [...signed, "Transfer-Encoding: chunked"], chunked, 200],
    ["with a length and chunks", [...signed, "Content-Length: 2", "Transfer-Encoding: chunked"], chunked, 400],
    ["with two lengths", [...signed, "Content-Length: 2", "Content-Length: 40"], BODY, 400],
    ["with two lengths in one", [...signed, "Content-Length: 2, 2"], BODY, 400],
    ["with a length below nothing", [...signed, "Content-Length: -2"], BODY, 400],
    ["with an encoding that nobody knows", [...signed, "Transfer-Encoding: xchunked"], chunked, 400],
    ["with a space before a colon", [...signed, "Transfer-Encoding : chunked"], chunked, 400],
    ["with a header that goes on in the next line", [...signed, "X-A: b\r\n c", "Content-Length: 2"], BODY, 400],
    ["without a host", [...signed.slice(1), "Content-Length: 2"], BODY, 400],
    ["with two signatures", [...signed, "X-Hub-Signature-256: sha256=00", "Content-Length: 2"], BODY, 401],
    ["with the signature in a trailer", [...signed.slice(0, -1), "Transfer-Encoding: chunked"], chunked, 401],
    ["with SHA-1", [...signed.slice(0, -1), `X-Hub-Signature: ${SIGNATURE}`, "Content-Length: 2"], BODY, 401],
  ];
  for (const [name, headers, body, status] of rows) {
    it(`${name}: ${status}`, async () => {
      const answer = await post(headers, body);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.equal(answer.split("HTTP/1.1 ").length, 2, "one answer");
    });
  }

  it("of bare line feeds: 400", async () => {
    assert.match(await talk(app.port, "POST /api/github/webhooks HTTP/1.1\nHost: x\n\n"), /^HTTP\/1.1 400 /);
  });

  it("that asks for a tunnel: no answer at all", async () => {
    assert.equal(await talk(app.port, "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n"), "");
  });
});

function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      received += part;
    });
    socket.on("error", () => undefined).on("close", () => resolve(received));
    socket.write(text);
  });
}
