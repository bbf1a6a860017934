// An endpoint as an operator would run one: it notes what it is asked and says what the test wants it to say.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly body: unknown;
}

export interface Saying {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as it is where it is a text; never ends where it is `undefined`. */
  readonly body: unknown;
}

export interface RunningEndpoint {
  readonly url: string;
  readonly asked: Asked[];
  says: Saying;
  close(): Promise<void>;
}

export async function startEndpoint(first: unknown): Promise<RunningEndpoint> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ headers: request.headers, method: request.method ?? "", body: JSON.parse(body) as unknown });
      const { status = 200, headers = {}, body: said } = endpoint.says;
      if (said === undefined) return;
      response.writeHead(status, headers);
      response.end(typeof said === "string" ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  // A story that fails half-way does not hold up the others.
  server.unref();
  const endpoint: RunningEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`,
    asked,
    says: { body: first },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return endpoint;
}
