// Answers on the wire.

import type { ServerResponse } from "node:http";
import type { JsonMap } from "../model/json.ts";

export function sendJson(response: ServerResponse, code: number, body: JsonMap): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}
