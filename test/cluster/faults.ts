// What can go wrong between a client and a cluster, switched on by tests. A fault holds for the requests that it matches
// until it is taken away or used up.

import type { ServerResponse } from "node:http";
import type { JsonMap } from "./model/json.ts";

export interface Fault {
  readonly kind: FaultKind;
  /** `list`, `watch`, `get`, `patch` …; absent: all. */
  readonly verb?: string;
  /** `deployments`; absent: all. */
  readonly plural?: string;
  readonly namespace?: string;
  /** How many requests it spoils; absent: all. */
  readonly times?: number;
}

export type FaultKind =
  /** The connection is cut before an answer. */
  | "drop"
  /** The connection is cut in the middle of the answer. */
  | "cut"
  /** No answer, ever. */
  | "hang"
  /** The answer begins, a byte at a time, and never ends. */
  | "trickle"
  | "unauthorized"
  | "forbidden"
  | "gone"
  | "unavailable"
  | "internal"
  | "throttled"
  /** Status 200 with a page for people. */
  | "html"
  /** Status 200 with JSON that is cut short. */
  | "half-json"
  /** Status 200 with a list of something else. */
  | "odd-json"
  /** A redirect to somewhere else. */
  | "redirect"
  /** A body of about 70 MB. */
  | "huge";

export interface Faulted {
  readonly verb: string;
  readonly plural: string;
  readonly namespace?: string;
}

export interface Faults {
  /** Answers with what takes it away again. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  /** The fault for a request, if any; it counts as used. */
  readonly take: (request: Faulted) => Fault | undefined;
}

export function createFaults(): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      active.push(entry);
      return () => {
        active = active.filter((other) => other !== entry);
      };
    },
    clear: () => {
      active = [];
    },
    take: (request) => {
      const entry = active.find(({ fault, left }) => left > 0 && matches(fault, request));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
  };
}

function matches(fault: Fault, request: Faulted): boolean {
  return (
    (fault.verb === undefined || fault.verb === request.verb) &&
    (fault.plural === undefined || fault.plural === request.plural) &&
    (fault.namespace === undefined || fault.namespace === request.namespace)
  );
}

/** How each fault looks. `forbidden` and `unauthorized` are answered as refusals elsewhere. */
export function playFault(kind: Exclude<FaultKind, "forbidden" | "unauthorized">, response: ServerResponse): void {
  switch (kind) {
    case "drop":
      response.destroy();
      return;
    case "cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"kind":"List","items":[');
      setImmediate(() => response.destroy());
      return;
    case "hang":
      return;
    case "trickle": {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"items":[');
      const timer = setInterval(() => response.write(" "), 5);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "gone":
      answer(response, 410, statusOf(410, "Expired", "The provided continue parameter is too old"));
      return;
    case "unavailable":
      answer(response, 503, statusOf(503, "ServiceUnavailable", "the server is currently unable to handle it"));
      return;
    case "internal":
      answer(response, 500, statusOf(500, "InternalError", "etcdserver: request timed out"));
      return;
    case "throttled":
      answer(response, 429, statusOf(429, "TooManyRequests", "Too many requests, please try again later."));
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>Please sign in</body></html>");
      return;
    case "half-json":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"kind":"List","items":[{"metadata":');
      return;
    case "odd-json":
      answer(response, 200, {
        items: [7, null, { metadata: { name: 3 } }, { metadata: {} }] as unknown as JsonMap[],
      });
      return;
    case "redirect":
      response.writeHead(302, { location: "http://127.0.0.1:9/stolen" });
      response.end();
      return;
    case "huge": {
      response.writeHead(200, { "content-type": "application/json" });
      writeLoudly(response, 70);
    }
  }
}

function writeLoudly(response: ServerResponse, megabytes: number): void {
  if (megabytes === 0 || response.destroyed) {
    response.end();
    return;
  }
  response.write(Buffer.alloc(1_000_000, 0x20), () => writeLoudly(response, megabytes - 1));
}

function answer(response: ServerResponse, code: number, body: JsonMap): void {
  response.writeHead(code, { "content-type": "application/json", ...(code === 429 && { "retry-after": "1" }) });
  response.end(JSON.stringify(body));
}

function statusOf(code: number, reason: string, message: string): JsonMap {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}
