// Writes an answer. Where a body was left unread, the connection cannot be used again: it is kept just long enough for
// the sender to read why, without reading a byte more from it, and is then cut.

import type { IncomingMessage, ServerResponse } from "node:http";
import { announcedLength } from "./read-body.ts";
import type { Answer } from "./route.ts";

/** So much of a body that nobody wants is still read away, because that costs less than a new connection. */
const readAway = 64 * 1024;
const graceToRead = 1_000;

export interface WrittenAnswer extends Answer {
  readonly id: string;
  /** The connection is closed after it. */
  readonly last: boolean;
}

export function writeAnswer(request: IncomingMessage, response: ServerResponse, answer: WrittenAnswer): void {
  const text = typeof answer.body === "string" ? answer.body : `${JSON.stringify(answer.body)}\n`;
  const content = Buffer.from(text);
  const cut = !request.complete && !isSmall(request);
  response.writeHead(answer.status, {
    "content-type": typeof answer.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
    "content-length": content.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": answer.id,
    ...answer.headers,
    ...((cut || answer.last) && { connection: "close" }),
  });
  if (!cut) {
    response.end(request.method === "HEAD" ? undefined : content);
    return;
  }
  response.write(content);
  const timer = setTimeout(() => request.socket.destroy(), graceToRead);
  request.socket.once("close", () => clearTimeout(timer));
}

function isSmall(request: IncomingMessage): boolean {
  const chunked = request.headers["transfer-encoding"] !== undefined;
  return !chunked && (announcedLength(request) ?? 0) <= readAway;
}
