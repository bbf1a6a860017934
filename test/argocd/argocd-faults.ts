// How an Argo CD server fails, for tests: each fault answers in the server's place.

import type { IncomingMessage, ServerResponse } from "node:http";

export type ArgocdFault =
  | { readonly kind: "status"; readonly status: number; readonly error?: string }
  /** Closes the connection before a word. */
  | { readonly kind: "reset" }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Says that it will answer, and then a byte a second for ever. */
  | { readonly kind: "trickle" }
  /** 200 with more than anybody wants to read. */
  | { readonly kind: "flood" }
  /** 200 with a page for people, as a proxy that wants a login. */
  | { readonly kind: "page" }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string };

export function answerFault(fault: ArgocdFault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case "status":
      sendJson(response, fault.status, { error: fault.error ?? "told by the test", code: 2, message: fault.error });
      return;
    case "reset":
      request.socket.destroy();
      return;
    case "hang":
      return;
    case "trickle": {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "flood": {
      response.writeHead(200, { "content-type": "application/json" });
      const block = Buffer.alloc(256 * 1024, "x");
      const write = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on("drain", write);
      write();
      return;
    }
    case "page":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>Please log in</html>");
      return;
    case "redirect":
      response.writeHead(307, { location: fault.location }).end();
      return;
    case "json":
      sendJson(response, 200, fault.value);
      return;
    case "text":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(fault.text);
      return;
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
