// git clone, fetch and push over HTTP by git's own http-backend. What was pushed moves pull requests and is announced.

import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readRefs } from "../git/git-repository.ts";
import { canSee, may } from "../model/decide-permission.ts";
import type { Actor } from "../model/identity.ts";
import { accountOf } from "../model/manage-accounts.ts";
import { findRepository } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import { tellOfMoves } from "../model/move-reference.ts";
import type { Repository } from "../model/repository.ts";
import type { Api } from "./api.ts";
import { authenticate } from "./authenticate.ts";
import { listRefusedRefs } from "./refuse-push.ts";

interface GitRequest {
  readonly repository: Repository;
  readonly service: string;
  readonly rest: string;
  readonly actor: Actor;
}

const pathPattern = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export function isGitRequest(path: string): boolean {
  return pathPattern.test(path);
}

export async function serveGit(
  api: Api,
  {
    request,
    response,
    raw,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly raw: Buffer },
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const admitted = admitGit(api, { url, authorization: request.headers.authorization });
  const status = admitted === 401 || admitted === 403 || admitted === 404 ? admitted : 200;
  const actor: Actor = typeof admitted === "number" ? { kind: "anonymous" } : admitted.actor;
  api.requests.push({
    method: request.method ?? "GET",
    route: "/{owner}/{repo}.git",
    path: url.pathname,
    kind: "git",
    status,
    by: accountOf(actor)?.login ?? "",
    at: api.model.now().toISOString(),
  });
  if (typeof admitted === "number") {
    response.writeHead(admitted, admitted === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {});
    response.end(admitted === 404 ? "Repository not found.\n" : "Write access to repository not granted.\n");
    return;
  }
  const answer = await runBackend(api.model, { url, request, raw, git: admitted });
  if (admitted.service === "git-receive-pack" && request.method === "POST") followPush(api, admitted);
  writeCgi(response, answer);
}

function admitGit(
  { model }: Api,
  { url, authorization }: { readonly url: URL; readonly authorization: string | undefined },
): GitRequest | 401 | 403 | 404 {
  const [, owner = "", name = "", rest = ""] = pathPattern.exec(url.pathname) ?? [];
  const authentication = authenticate(model, authorization);
  if (authentication.kind === "refused") return authentication.reply.status === 403 ? 403 : 401;
  const { actor } = authentication;
  const found = findRepository(model, { owner, name });
  if (found === undefined || !canSee(model, { actor, repository: found.repository }))
    return actor.kind === "anonymous" ? 401 : 404;
  const { repository } = found;
  const service = rest === "info/refs" ? (url.searchParams.get("service") ?? "git-upload-pack") : rest;
  const access = service === "git-receive-pack" ? "write" : "read";
  if (!may(model, { actor, repository, permission: "contents", access })) return actor.kind === "anonymous" ? 401 : 403;
  return { repository, service, rest, actor };
}

function runBackend(
  model: Model,
  {
    url,
    request,
    raw,
    git,
  }: {
    readonly url: URL;
    readonly request: IncomingMessage;
    readonly raw: Buffer;
    readonly git: GitRequest;
  },
): Promise<Buffer> {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROJECT_ROOT: git.repository.git.folder,
    PATH_INFO: `/${git.rest}`,
    REQUEST_METHOD: request.method ?? "GET",
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    CONTENT_LENGTH: String(raw.length),
    REMOTE_USER: accountOf(git.actor)?.login ?? "",
    REFUSED_REFS: git.service === "git-receive-pack" ? listRefusedRefs(model, { ...git, raw }) : "",
    ...(request.headers["content-encoding"] && { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }),
    ...(typeof request.headers["git-protocol"] === "string" && { GIT_PROTOCOL: request.headers["git-protocol"] }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env: environment, stdio: ["pipe", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (cause) => reject(new Error("git http-backend could not be run", { cause })));
    child.on("close", () => resolve(Buffer.concat(chunks)));
    // the backend may have answered before it read everything
    child.stdin.on("error", () => {});
    child.stdin.end(raw);
  });
}

/** Compares the refs with those before the push. */
function followPush({ model }: Api, { repository, actor }: GitRequest): void {
  const before = new Map(repository.git.refs);
  readRefs(repository.git);
  const names = new Set([...before.keys(), ...repository.git.refs.keys()]);
  const moves = [...names]
    .map((name) => ({ name, before: before.get(name), after: repository.git.refs.get(name) }))
    .filter((move) => move.before !== move.after);
  tellOfMoves(model, { repository, sender: accountOf(actor) ?? repository.owner, moves });
}

/** CGI: headers with a possible `Status:`, an empty line, the body. */
function writeCgi(response: ServerResponse, answer: Buffer): void {
  const end = answer.indexOf("\r\n\r\n");
  const lines = answer.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n");
  const headers = lines
    .map((line) => line.split(/: ?(.*)/s))
    .map(([name = "", value = ""]) => [name.toLowerCase(), value] as const);
  const status = headers.find(([name]) => name === "status")?.[1] ?? "200";
  response.writeHead(
    end < 0 ? 500 : Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name !== "status" && name !== "")),
  );
  response.end(answer.subarray(end + 4));
}
