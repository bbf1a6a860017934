// The HTTP side of the API: reads requests, lets faults happen, writes answers and the log.

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerGraphql } from "../graphql/answer-graphql.ts";
import type { Actor } from "../model/identity.ts";
import { accountOf } from "../model/manage-accounts.ts";
import { fullName } from "../model/manage-repositories.ts";
import { timestamp } from "../model/model.ts";
import { answerRequest, prefixOf } from "./answer-request.ts";
import type { Api } from "./api.ts";
import { authenticate } from "./authenticate.ts";
import { brokenReply, type Fault, takeFaults } from "./faults.ts";
import { type MatchedRoute, matchRoute } from "./match-route.ts";
import { modelInPast, rememberState } from "./past-states.ts";
import { bucketOf, countContent, primaryLimit, rateHeaders, secondaryLimit, spend } from "./rate-limits.ts";
import { isObject } from "./read-body.ts";
import { fail, type Reply } from "./reply.ts";
import type { LoggedRequest, RequestKind } from "./request-log.ts";

interface Received {
  readonly method: string;
  readonly requestUrl: URL;
  /** without /api/v3, and with /repositories/{id} written as /repos/{owner}/{repo} */
  readonly path: string;
  readonly body: unknown;
  readonly request: IncomingMessage;
}

/** Answers one request to the REST or GraphQL API, whose whole body has been read. */
export async function serveApi(
  api: Api,
  {
    request,
    response,
    raw,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly raw: Buffer },
): Promise<void> {
  const received = receive(api, { request, raw });
  const { method, path, body } = received;
  const isGraphql = path === "/graphql" || path === "/api/graphql";
  const matched = isGraphql ? undefined : matchRoute(api.routes, received);
  const route = isGraphql ? "/graphql" : (matched?.route.route ?? path);
  const authentication = authenticate(api.model, request.headers.authorization);
  const actor: Actor = authentication.kind === "known" ? authentication.actor : { kind: "anonymous" };
  const faults = takeFaults(api.faults, { method, route, path, body });
  if (api.faults.some(({ rule }) => rule.fault.kind === "lag")) rememberState(api.past, api.model);
  const log = (status: number) => api.requests.push(logEntry(api, { received, route, matched, actor, status }));
  const early = earlyReply(api, { faults, actor });
  await delay(faults);
  if (early === "never") {
    log(0);
    return;
  }
  const refused = authentication.kind === "refused" ? authentication.reply : refuseBody(received);
  const serving = { received, actor, faults };
  const perform = () => (isGraphql ? serveGraphql(api, serving) : serveRest(api, { ...serving, matched }));
  const reply = early ?? refused ?? perform();
  const late = faults.find((fault) => fault.kind === "error-after" || fault.kind === "reply-lost");
  const last = late?.kind === "error-after" ? brokenReply(late.status ?? 502) : reply;
  log(late?.kind === "reply-lost" ? 0 : last.status);
  if (late?.kind === "reply-lost") request.socket.destroy();
  else writeReply(response, last);
}

function receive(api: Api, { request, raw }: { readonly request: IncomingMessage; readonly raw: Buffer }): Received {
  const requestUrl = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  const method = request.method ?? "GET";
  return { method, requestUrl, path: canonicalPath(api, requestUrl), body: parseBody(raw), request };
}

function refuseBody({ body }: Received): Reply | undefined {
  return body === brokenJson ? fail(400, "Problems parsing JSON") : undefined;
}

const brokenJson = Symbol("a body that is not JSON");

function parseBody(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return brokenJson;
  }
}

function canonicalPath({ model }: Api, requestUrl: URL): string {
  const path = requestUrl.pathname.slice(prefixOf(requestUrl).length).replace(/(.)\/$/, "$1");
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = id === undefined ? undefined : model.repositories.get(Number(id));
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`;
}

interface Serving {
  readonly received: Received;
  readonly actor: Actor;
  readonly faults: readonly Fault[];
}

function serveRest(
  api: Api,
  { received, matched, actor, faults }: Serving & { readonly matched: MatchedRoute | undefined },
): Reply {
  const { method, path, body, requestUrl, request } = received;
  if (matched === undefined) {
    api.deviations.push(`not modelled: ${method} ${path}`);
    return fail(path.startsWith("/repositories/") ? 404 : 501, `not modelled: ${method} ${path}`);
  }
  const model = method === "GET" ? laggingModel(api, faults) : api.model;
  const ifNoneMatch = request.headers["if-none-match"];
  return answerRequest(api, { method, requestUrl, body, ifNoneMatch, matched, actor, model });
}

function serveGraphql(api: Api, { received, actor, faults }: Serving): Reply {
  const { model } = api;
  const resource = "graphql";
  const spendPoints = (points: number) => {
    if (!spend(api.limits, { model, actor, resource, points })) return undefined;
    const { limit, used, resetAt } = bucketOf(api.limits, { model, actor, resource });
    return { limit, used, remaining: limit - used, resetAt: new Date(resetAt) };
  };
  const limited = createsComment(received.body) ? countContent(api.limits, { model, actor }) : undefined;
  if (limited !== undefined) return limited;
  const reading = isMutation(received.body) ? model : laggingModel(api, faults);
  const brokenFields = faults.flatMap((fault) => (fault.kind === "broken-field" ? [fault.field] : []));
  const answer = answerGraphql(reading, { actor, body: received.body, spend: spendPoints, brokenFields });
  if (answer.status === 501) api.deviations.push(JSON.stringify(answer.body));
  return { ...answer, headers: rateHeaders(bucketOf(api.limits, { model, actor, resource }), resource) };
}

function laggingModel(api: Api, faults: readonly Fault[]) {
  const lag = faults.find((fault) => fault.kind === "lag");
  return lag === undefined ? api.model : modelInPast(api.past, { model: api.model, requests: lag.requests });
}

function earlyReply(api: Api, { faults, actor }: Omit<Serving, "received">): Reply | "never" | undefined {
  for (const fault of faults) {
    if (fault.kind === "meanwhile") fault.happens();
    if (fault.kind === "never-answers") return "never";
    if (fault.kind === "error-before") return brokenReply(fault.status ?? 502, fault.message);
    if (fault.kind === "secondary-limit") return secondaryLimit(fault.retryAfter ?? 60);
    if (fault.kind === "primary-limit") return { ...primaryLimit(actor), headers: exhaustedHeaders(api, actor) };
    if (fault.kind === "token-not-yet-known" && actor.kind === "installation")
      return fault.status === 403 ? fail(403, "Resource not accessible by integration") : fail(401, "Bad credentials");
  }
  return undefined;
}

function exhaustedHeaders({ limits, model }: Api, actor: Actor) {
  const bucket = bucketOf(limits, { model, actor, resource: "core" });
  return rateHeaders({ ...bucket, used: bucket.limit }, "core");
}

async function delay(faults: readonly Fault[]): Promise<void> {
  for (const fault of faults)
    if (fault.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
}

function logEntry(
  { model }: Api,
  {
    received,
    route,
    matched,
    actor,
    status,
  }: {
    readonly received: Received;
    readonly route: string;
    readonly matched: MatchedRoute | undefined;
    readonly actor: Actor;
    readonly status: number;
  },
): LoggedRequest {
  const { method, path, body } = received;
  const operation = route === "/graphql" ? operationOf(body) : undefined;
  return {
    method,
    route,
    path,
    kind: kindOf({ method, route, body, createsContent: matched?.route.createsContent ?? false }),
    status,
    by: accountOf(actor)?.login ?? "",
    at: timestamp(model),
    ...(operation !== undefined && { operation }),
  };
}

function kindOf({
  method,
  route,
  body,
  createsContent,
}: {
  readonly method: string;
  readonly route: string;
  readonly body: unknown;
  readonly createsContent: boolean;
}): RequestKind {
  if (route === "/graphql") return isMutation(body) ? "graphql-mutation" : "graphql-query";
  if (route.endsWith("/access_tokens")) return "token";
  if (createsContent) return "content-creating";
  return method === "GET" ? "read" : "write";
}

/** What is written for people counts, whichever API it comes by. */
function createsComment(body: unknown): boolean {
  return isMutation(body) && isObject(body) && /\baddComment\s*\(/.test(String(body.query));
}

function isMutation(body: unknown): boolean {
  return isObject(body) && typeof body.query === "string" && /^\s*mutation\b/m.test(body.query);
}

function operationOf(body: unknown): string | undefined {
  return isObject(body) && typeof body.query === "string"
    ? /\b(?:query|mutation)\s+(\w+)/.exec(body.query)?.[1]
    : undefined;
}

function writeReply(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const text = body === undefined ? "" : stringifyWithBigints(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": randomBytes(12)
      .toString("hex")
      .toUpperCase()
      .replace(/(.{4})(?=.)/g, "$1:"),
    ...headers,
  });
  response.end(text);
}

/** Delivery ids are bigger than a double holds; they are written as numbers all the same, as GitHub writes them. */
function stringifyWithBigints(body: unknown): string {
  const text = JSON.stringify(body, (_key, value: unknown) => (typeof value === "bigint" ? `bigint:${value}` : value));
  return text.replace(/"bigint:(\d+)"/g, "$1");
}
