// From a request to its answer: who asks, is there budget, is it what GitHub describes, may they, what happens.
// Sockets, logging and faults are the server's (serve-api.ts).

import { createHash } from "node:crypto";
import { describeFindings } from "../description/finding.ts";
import { isDescribed, validateRequest, validateResponse } from "../description/validate-rest.ts";
import { canSee, hasRole, may } from "../model/decide-permission.ts";
import type { Actor } from "../model/identity.ts";
import { accountOf, ensureUser } from "../model/manage-accounts.ts";
import { findRepository, fullName } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import type { Api } from "./api.ts";
import type { Call, Need, Route } from "./call.ts";
import type { MatchedRoute } from "./match-route.ts";
import { bucketOf, countContent, primaryLimit, rateHeaders, spend } from "./rate-limits.ts";
import { isObject } from "./read-body.ts";
import { fail, forbidden, notFound, type Reply } from "./reply.ts";

export interface ApiRequest {
  readonly method: string;
  readonly requestUrl: URL;
  readonly body: unknown;
  readonly ifNoneMatch: string | undefined;
  readonly matched: MatchedRoute;
  readonly actor: Actor;
  /** the model to answer from; a past one while reads lag */
  readonly model: Model;
}

export function answerRequest(api: Api, request: ApiRequest): Reply {
  const { actor, matched } = request;
  const resource = "core";
  if (!spend(api.limits, { model: api.model, actor, resource, points: matched.route.route === "/rate_limit" ? 0 : 1 }))
    return withRate(api, { actor, reply: primaryLimit(actor) });
  const reply = withEntityTag(request, answerAllowed(api, request));
  // an unchanged answer is free
  if (reply.status === 304) bucketOf(api.limits, { model: api.model, actor, resource }).used -= 1;
  return withRate(api, { actor, reply });
}

function answerAllowed(api: Api, request: ApiRequest): Reply {
  const { matched, actor, model, requestUrl } = request;
  const refused = checkRequest(api, request);
  if (refused !== undefined) return refused;
  const call: Call = {
    model,
    actor,
    by: accountOf(actor) ?? ensureUser(model, { login: "ghost" }),
    parameters: matched.parameters,
    query: requestUrl.searchParams,
    body: isObject(request.body) ? request.body : {},
    requestUrl,
  };
  const admitted = admit(call, { route: matched.route, method: request.method });
  if (admitted.kind === "refused") return admitted.reply;
  const limited = matched.route.createsContent ? countContent(api.limits, { model: api.model, actor }) : undefined;
  if (limited !== undefined) return limited;
  return checkReply(api, {
    route: matched.route,
    reply: matched.route.answer({ ...call, repository: admitted.repository }),
  });
}

type Admission =
  | { readonly kind: "admitted"; readonly repository: Repository }
  | { readonly kind: "refused"; readonly reply: Reply };

function admit(call: Call, { route, method }: { readonly route: Route; readonly method: string }): Admission {
  const { model, actor, parameters } = call;
  const refuse = (reply: Reply): Admission => ({ kind: "refused", reply });
  const { need } = route;
  const found = findRepository(model, { owner: parameters.owner ?? "", name: parameters.repo ?? "" });
  switch (need.kind) {
    case "nothing":
    case "app":
    case "installation": {
      const wrong = refuseActor(actor, need.kind);
      // routes without a repository never look at it
      return wrong === undefined ? { kind: "admitted", repository: found?.repository as Repository } : refuse(wrong);
    }
    case "repository":
      if (actor.kind === "app") return refuse(fail(401, "A JSON web token could not be decoded"));
      if (found === undefined || !canSee(model, { actor, repository: found.repository })) return refuse(notFound());
      if (found.formerName) return refuse(movedPermanently(call, found.repository));
      if (found.repository.archived && method !== "GET")
        return refuse(fail(403, "Repository was archived so is read-only."));
      return isAllowed(call, { need, repository: found.repository })
        ? { kind: "admitted", repository: found.repository }
        : refuse(
            actor.kind === "anonymous"
              ? fail(401, "Requires authentication")
              : forbidden(actor.kind === "installation"),
          );
  }
}

function isAllowed(
  { model, actor }: Call,
  { need, repository }: { readonly need: Extract<Need, { kind: "repository" }>; readonly repository: Repository },
): boolean {
  // whoever sees a public repository reads it, comments, and opens issues and pull requests
  if (actor.kind === "user" && need.role === "read" && !repository.private) return true;
  if (actor.kind === "user" && need.role !== undefined)
    return hasRole(model, { user: actor.user, repository, role: need.role });
  return need.permissions.some((permission) => may(model, { actor, repository, permission, access: need.access }));
}

function refuseActor(actor: Actor, kind: "nothing" | "app" | "installation"): Reply | undefined {
  if (kind === "app" && actor.kind !== "app") return fail(401, "A JSON web token could not be decoded");
  if (kind === "installation" && actor.kind !== "installation")
    return fail(
      403,
      "You must authenticate with an installation access token in order to list repositories for an installation.",
    );
  return undefined;
}

/** The old name of a renamed repository answers with where it is by its number, which never changes. */
function movedPermanently({ requestUrl, parameters, model }: Call, repository: Repository): Reply {
  const rest = requestUrl.pathname.split(`/${parameters.repo}`).slice(1).join(`/${parameters.repo}`);
  const url = `${requestUrl.origin}${prefixOf(requestUrl)}/repositories/${repository.id}${rest}${requestUrl.search}`;
  const body = { message: "Moved Permanently", url, documentation_url: `${model.url}/docs#${fullName(repository)}` };
  return { status: 301, body, headers: { location: url } };
}

export function prefixOf(url: URL): string {
  return url.pathname.startsWith("/api/v3/") ? "/api/v3" : "";
}

function checkRequest(api: Api, { method, matched, requestUrl, body }: ApiRequest): Reply | undefined {
  const { route } = matched.route;
  if (!isDescribed({ method, route })) return undefined;
  const parameters = { ...Object.fromEntries(requestUrl.searchParams), ...matched.parameters };
  const findings = validateRequest({ method, route, parameters, ...(body === undefined ? {} : { body }) });
  if (findings.length === 0) return undefined;
  const described = describeFindings(findings);
  api.deviations.push(`request ${method} ${route}:\n${described}`);
  return fail(422, `Invalid request.\n\n${described}`);
}

/** An answer that GitHub would not give is a mistake of the stand-in: 500, loudly. */
function checkReply(
  api: Api,
  { route: { method, route }, reply }: { readonly route: Route; readonly reply: Reply },
): Reply {
  if (!isDescribed({ method, route })) return reply;
  // bigints are written as plain numbers, which is what the description means by integer
  const body: unknown = reply.body === undefined ? undefined : JSON.parse(JSON.stringify(reply.body, numberBigints));
  const findings = validateResponse({ method, route, status: reply.status, ...(body === undefined ? {} : { body }) });
  if (findings.length === 0) return reply;
  const described = describeFindings(findings);
  api.deviations.push(`answer ${method} ${route}:\n${described}`);
  return fail(500, `The stand-in's answer to ${method} ${route} differs from GitHub's description:\n${described}`);
}

function numberBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function withEntityTag({ method, ifNoneMatch }: ApiRequest, reply: Reply): Reply {
  if (method !== "GET" || reply.status !== 200) return reply;
  const digest = createHash("sha256").update(
    JSON.stringify(reply.body, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  );
  const etag = `W/"${digest.digest("hex")}"`;
  const headers = { ...reply.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" };
  return ifNoneMatch === etag ? { status: 304, body: undefined, headers } : { ...reply, headers };
}

function withRate(api: Api, { actor, reply }: { readonly actor: Actor; readonly reply: Reply }): Reply {
  const bucket = bucketOf(api.limits, { model: api.model, actor, resource: "core" });
  return { ...reply, headers: { ...rateHeaders(bucket, "core"), ...reply.headers } };
}
