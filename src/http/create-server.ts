// One listener: limits and order of business for its routes. Every request gets one answer, as JSON where it is an error,
// and one line in the log, which never holds a body, a path or a header: all of them may hold a secret.

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { matchRoute } from "./match-route.ts";
import { type Room, readBody } from "./read-body.ts";
import { type Answer, type Route, refuse } from "./route.ts";
import { writeAnswer } from "./write-answer.ts";

export interface HttpServer {
  /** Port 0 is any free one. Gives the port. */
  listen(at: { readonly port: number; readonly host?: string }): Promise<number>;
  /** From now on routes that take work in answer 503. */
  drain(): void;
  /** Closes the listener, waits for requests that are being answered, at most so long. */
  close(options: { readonly milliseconds: number }): Promise<void>;
}

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly log: Logger;
  readonly limits?: Partial<HttpLimits>;
  /** For the metrics. `route` is the pattern, never the path. */
  readonly onAnswered?: (answered: Answered) => void;
}

export interface Answered {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

export interface HttpLimits {
  /** Requests at a time; more are told to come again. */
  readonly requests: number;
  readonly connections: number;
  /** Bytes of bodies held at a time. */
  readonly bytes: number;
  readonly headersMilliseconds: number;
  /** For the whole request to arrive. */
  readonly requestMilliseconds: number;
}

const usualLimits: HttpLimits = {
  requests: 200,
  connections: 2_000,
  bytes: 128 * 1024 * 1024,
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
};

interface State {
  readonly options: HttpServerOptions;
  readonly limits: HttpLimits;
  readonly room: Room;
  running: number;
  draining: boolean;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const limits = { ...usualLimits, ...options.limits };
  const state: State = { options, limits, room: { used: 0, limit: limits.bytes }, running: 0, draining: false };
  const server = createServer({
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMilliseconds),
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = limits.connections;
  server.on("request", (request, response) => void serve(state, request, response));
  // Asked whether to send the body at all: the limit is checked first, and the body called for only then.
  server.on("checkContinue", (request, response) => void serve(state, request, response));
  server.on("clientError", answerBrokenRequest);
  return {
    listen: (at) => listen(server, at),
    drain: () => {
      state.draining = true;
    },
    close: ({ milliseconds }) => close(server, milliseconds),
  };
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = state;
  const id = randomUUID();
  const started = performance.now();
  const method = request.method ?? "";
  const match = matchRoute(options.routes, { method, url: request.url ?? "" });
  const route = match.kind === "route" ? match.route.path : "none";
  state.running += 1;
  try {
    const answer = match.kind === "none" ? match.answer : await answerRoute(state, { ...match, request, response, id });
    if (answer !== undefined && !response.destroyed) {
      writeAnswer(request, response, { ...answer, id, last: state.draining });
    }
    const status = answer?.status ?? 0;
    const seconds = (performance.now() - started) / 1000;
    options.onAnswered?.({ route, method: knownMethod(method), status, seconds });
    const level = status >= 500 ? "warn" : status >= 400 ? "info" : "debug";
    options.log[level]({ request: id, route, status, milliseconds: Math.round(seconds * 1000) }, "Answered a request");
  } catch (error) {
    options.log.error({ err: error, request: id, route }, "A request could not be answered");
    request.socket.destroy();
  } finally {
    state.running -= 1;
  }
}

interface Matched {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
}

/** `undefined`: the sender is gone, and there is nobody to answer. */
async function answerRoute(
  state: State,
  { route, parameters, request, response, id }: Matched,
): Promise<Answer | undefined> {
  const refused = refuseNow(state, route);
  if (refused !== undefined) {
    return refused;
  }
  const head = { id, parameters, headers: request.headers, address: request.socket.remoteAddress ?? "" };
  const notAdmitted = route.admit?.(head);
  if (notAdmitted !== undefined) {
    return notAdmitted;
  }
  if (request.headers.expect !== undefined && (Number(request.headers["content-length"]) || 0) <= route.limit) {
    response.writeContinue();
  }
  const body = await readBody(request, { limit: route.limit, room: state.room });
  switch (body.kind) {
    case "gone":
      return undefined;
    case "too-large":
      return refuse(413, { code: "too-large", message: `The body may have at most ${route.limit} bytes.` });
    case "no-room":
      return busy("The server is reading as much as it can.");
    case "complete":
      return handle(state, route, { ...head, body: body.bytes });
  }
}

async function handle(state: State, route: Route, request: Parameters<Route["handle"]>[0]): Promise<Answer> {
  try {
    return await route.handle(request);
  } catch (error) {
    state.options.log.error({ err: error, request: request.id, route: route.path }, "A route failed");
    const message = `Something went wrong here, and nothing was accepted; try again. The log has it as request ${request.id}.`;
    return refuse(500, { code: "internal", message });
  } finally {
    state.room.used -= request.body.byteLength;
  }
}

function refuseNow(state: State, route: Route): Answer | undefined {
  if (state.draining && route.intake) {
    const message = "This process is stopping; try again in a few seconds.";
    return refuse(503, { code: "stopping", message, headers: { "retry-after": "5" } });
  }
  return state.running > state.limits.requests
    ? busy("The server is answering as many requests as it can.")
    : undefined;
}

function busy(message: string): Answer {
  return refuse(503, { code: "busy", message, headers: { "retry-after": "1" } });
}

/** For the metrics: senders must not be able to make up labels. */
function knownMethod(method: string): string {
  return ["GET", "HEAD", "POST", "PUT", "OPTIONS"].includes(method) ? method : "other";
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    (socket as Socket).destroySoon(),
  );
}

function listen(server: Server, { port, host }: { readonly port: number; readonly host?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function close(server: Server, milliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), milliseconds);
  await closed;
  clearTimeout(timer);
}
