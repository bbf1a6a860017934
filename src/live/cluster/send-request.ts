// One HTTP request to a Kubernetes API server: one time limit over signing in, waiting and reading; the body counted while
// it arrives; redirects never followed. Credentials that were refused are renewed once where that can help.

import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { known, type Seen, type Unknown, unknown } from "../../domain/seen.ts";
import { readBounded } from "../../wire/read-bounded.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Reply } from "./reply.ts";
import type { Entrance, SignedIn } from "./sign-in.ts";

export interface Outgoing {
  readonly method: "GET" | "PATCH";
  /** With its query; begins with a slash. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly text: string };
}

export interface Connection {
  /** For people: `the cluster prod-eu`. */
  readonly name: string;
  readonly entrance: Entrance;
  readonly userAgent: string;
  readonly limits: ClusterLimits;
  /** Told of every request that leaves. */
  readonly onRequest?: (request: { readonly method: string }) => void;
}

export async function sendRequest(outgoing: Outgoing, connection: Connection): Promise<Reply | Unknown> {
  const signal = AbortSignal.timeout(connection.limits.request);
  const first = await sendOnce(outgoing, connection, signal);
  if (first.kind === "unknown" || first.status !== 401 || !connection.entrance.renew()) return first;
  return sendOnce(outgoing, connection, signal);
}

async function sendOnce(outgoing: Outgoing, connection: Connection, signal: AbortSignal): Promise<Reply | Unknown> {
  const opened = await openResponse(outgoing, connection, signal);
  if (opened.kind === "unknown") return opened;
  const { name, limits } = connection;
  const response = opened.value;
  try {
    const body = await readBounded(response, limits.body);
    if (body === undefined) return unknown(`${name} answered more than ${limits.body / 1024 / 1024} MiB`);
    return { kind: "reply", status: response.statusCode ?? 0, body };
  } catch (error) {
    return unknown(explain(error, { connection, signal }));
  } finally {
    response.destroy();
  }
}

/** The answer's beginning; whoever takes it reads or destroys it. */
export async function openResponse(
  outgoing: Outgoing,
  connection: Connection,
  signal: AbortSignal,
): Promise<Seen<IncomingMessage>> {
  const { name, entrance } = connection;
  try {
    const signedIn = await unlessAborted(entrance.signIn(), signal);
    if (signedIn.kind === "unknown") return unknown(`${name} cannot be asked: ${signedIn.why}`);
    connection.onRequest?.({ method: outgoing.method });
    const request = startRequest(outgoing, { signedIn: signedIn.value, connection, signal });
    return known(await awaitResponse(request, outgoing));
  } catch (error) {
    return unknown(explain(error, { connection, signal }));
  }
}

interface Starting {
  readonly signedIn: SignedIn;
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

function startRequest({ method, path, body }: Outgoing, { signedIn, connection, signal }: Starting): ClientRequest {
  const { server, options } = signedIn;
  const begin = server.protocol === "https:" ? requestSecure : requestPlain;
  const headers = {
    ...(options.headers as Readonly<Record<string, string>>),
    accept: "application/json",
    "user-agent": connection.userAgent,
    ...(body !== undefined && { "content-type": body.type, "content-length": String(Buffer.byteLength(body.text)) }),
  };
  const target: RequestOptions = {
    ...options,
    method,
    host: server.hostname.replace(/^\[|\]$/g, ""),
    ...(server.port !== "" && { port: server.port }),
    path: `${server.pathname.replace(/\/$/, "")}${path}`,
    headers,
    signal,
  };
  return begin(target);
}

function awaitResponse(request: ClientRequest, { body }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
    request.end(body?.text);
  });
}

/** A program for signing in cannot be hurried; it is no longer waited for. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}

/** A fault of ours is thrown on. */
function explain(
  error: unknown,
  { connection, signal }: { readonly connection: Connection; readonly signal: AbortSignal },
): string {
  const { name, limits } = connection;
  if (signal.aborted) return `${name} did not answer within ${limits.request / 1_000} s`;
  const words = explainFailure(error);
  if (words === undefined) throw error;
  return `${name} ${words}`;
}
