// How a registry fails, for tests: each fault answers in the registry's place, or lets it answer in part.

import type { IncomingMessage, ServerResponse } from "node:http";

export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly code?: string;
    }
  /** Closes the connection before a word. */
  | { readonly kind: "reset" }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Answers 200 with more than anybody wants to read. */
  | { readonly kind: "flood" }
  /** Answers 200 with a page for people. */
  | { readonly kind: "page" }
  /** Answers, but manifests without `Docker-Content-Digest`. */
  | { readonly kind: "no-digest" }
  /** Answers everything but HEAD. */
  | { readonly kind: "no-head" }
  /** Does what was asked, and closes the connection before a word of it. */
  | { readonly kind: "lost-reply" }
  /** Does what was asked, and answers so many milliseconds later. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** Blobs come with other bytes. */
  | { readonly kind: "other-bytes" }
  /** Answers 200 with some bytes, and then with nothing more, without an end. */
  | { readonly kind: "stall" }
  /** Takes no blob over from another repository. */
  | { readonly kind: "no-mount" }
  /** Uploads are to go there. */
  | { readonly kind: "upload-elsewhere"; readonly to: string }
  /** New tags are refused, as locked ones are. */
  | { readonly kind: "immutable" }
  /** Answers 200 with this JSON and these headers. */
  | { readonly kind: "json"; readonly value: unknown; readonly headers?: Readonly<Record<string, string>> };

/** Whether the fault has answered. */
export function answerFault(fault: Fault, request: IncomingMessage, response: ServerResponse): boolean {
  switch (fault.kind) {
    case "status": {
      const errors = fault.code === undefined ? [] : [{ code: fault.code, message: "told by the test" }];
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify({ errors }));
      return true;
    }
    case "reset":
      request.socket.destroy();
      return true;
    case "hang":
      return true;
    case "flood":
      response.writeHead(200, { "content-type": "application/json" });
      flood(response);
      return true;
    case "page":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>Please log in</html>");
      return true;
    case "stall":
      response.writeHead(200, { "content-type": "application/octet-stream" });
      response.write("x");
      return true;
    case "no-digest":
    case "lost-reply":
    case "slow":
    case "other-bytes":
    case "no-mount":
    case "upload-elsewhere":
    case "immutable":
      return false;
    case "no-head":
      if (request.method !== "HEAD") return false;
      response.writeHead(405).end();
      return true;
    case "json":
      response.writeHead(200, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify(fault.value));
      return true;
  }
}

function flood(response: ServerResponse): void {
  const block = Buffer.alloc(64 * 1024, "x");
  const write = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", write);
  write();
}
