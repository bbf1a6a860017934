// The HTTP server of the stand-in: the API, GraphQL, and git's own protocol on one port.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Api } from "./api.ts";
import { serveApi } from "./serve-api.ts";
import { isGitRequest, serveGit } from "./serve-git.ts";

/** GitHub takes files of up to 100 MB. */
const largestBody = 100 * 1024 * 1024;

export async function startServer(
  api: Api,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    void serve(api, { request, response });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  api.model.url = `http://${host}:${address.port}`;
  return server;
}

export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function serve(
  api: Api,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  try {
    const raw = await readBody(request);
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    if (isGitRequest(path)) await serveGit(api, { request, response, raw });
    else await serveApi(api, { request, response, raw });
  } catch (error) {
    // a mistake of the stand-in itself: tests look at the deviations and fail
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    api.deviations.push(`${request.method} ${request.url}: ${text}`);
    if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: `The stand-in failed: ${text}`, documentation_url: "", status: "500" }));
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error(`A body of more than ${largestBody} bytes was sent.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
