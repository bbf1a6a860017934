// The routes of the played Argo CD server: who asks, what they may see, and what the real one would say. A route or a
// parameter that Argo CD does not have is answered 501 and remembered as a problem.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { matchesName } from "../../src/domain/settings.ts";
import { sendJson } from "./argocd-faults.ts";
import type { ArgocdState, OpenStream } from "./argocd-state.ts";
import type { PlayedApplication } from "./played-application.ts";
import type { JsonObject } from "./played-object.ts";
import { showLive, showManaged } from "./show-managed.ts";

interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly response: ServerResponse;
}

const ROUTES: readonly {
  readonly method: string;
  readonly path: RegExp;
  readonly query: readonly string[];
  readonly name: string;
}[] = [
  { method: "POST", path: /^\/api\/v1\/session$/, query: [], name: "session" },
  {
    method: "GET",
    path: /^\/api\/v1\/applications$/,
    query: ["name", "projects", "project", "selector", "repo", "appNamespace"],
    name: "list",
  },
  {
    method: "GET",
    path: /^\/api\/v1\/stream\/applications$/,
    query: ["name", "projects", "project", "selector", "resourceVersion", "appNamespace"],
    name: "stream",
  },
  {
    method: "GET",
    path: /^\/api\/v1\/applications\/([^/]+)$/,
    query: ["refresh", "project", "projects", "appNamespace"],
    name: "get",
  },
  {
    method: "GET",
    path: /^\/api\/v1\/applications\/([^/]+)\/managed-resources$/,
    query: ["namespace", "name", "version", "group", "kind", "project", "appNamespace"],
    name: "managed",
  },
  {
    method: "GET",
    path: /^\/api\/v1\/applications\/([^/]+)\/resource$/,
    query: ["namespace", "resourceName", "version", "group", "kind", "project", "appNamespace"],
    name: "resource",
  },
  { method: "POST", path: /^\/api\/v1\/applications\/([^/]+)\/sync$/, query: [], name: "sync" },
];

export async function answerRequest(state: ArgocdState, question: Question): Promise<void> {
  const { method, url, response } = question;
  const route = ROUTES.find((one) => one.method === method && one.path.test(url.pathname));
  const strange = [...url.searchParams.keys()].find((key) => !route?.query.includes(key));
  if (route === undefined || strange !== undefined) {
    const problem = `not modelled: ${method} ${url.pathname}${strange === undefined ? "" : ` with ${strange}`}`;
    state.problems.push(problem);
    sendJson(response, 501, { error: problem });
    return;
  }
  if (route.name === "session") return answerSession(state, question);
  if (question.headers.authorization !== `Bearer ${state.token}`) {
    const error =
      question.headers.authorization === undefined ? "no session information" : "invalid session: token is expired";
    sendJson(response, 401, { error, code: 16, message: error });
    return;
  }
  if (route.name === "list") return answerList(state, question);
  if (route.name === "stream") return openStream(state, question);
  const application = await findApplication(state, {
    question,
    name: decodeURIComponent(route.path.exec(url.pathname)?.[1] ?? ""),
    action: route.name === "sync" ? "sync" : "get",
  });
  if (application === undefined) return;
  if (route.name === "get") return answerGet(state, { question, application });
  if (route.name === "sync") return answerSync(state, { question, application });
  if (route.name === "managed") sendJson(response, 200, { items: showManaged(application, url.searchParams) });
  else {
    const manifest = showLive(application, url.searchParams);
    if (manifest === undefined)
      sendError(
        response,
        400,
        `${url.searchParams.get("resourceName")} not found as part of application ${application.name}`,
      );
    else sendJson(response, 200, { manifest });
  }
}

function answerSession(state: ArgocdState, { body, response }: Question): void {
  const { username, password } = (body ?? {}) as Record<string, unknown>;
  if (username === "stagecoach" && password === "correct horse") sendJson(response, 200, { token: state.token });
  else sendError(response, 401, "Invalid username or password");
}

function visible(state: ArgocdState, { searchParams }: URL): readonly PlayedApplication[] {
  const projects = [...searchParams.getAll("projects"), ...searchParams.getAll("project")];
  const namespace = searchParams.get("appNamespace");
  const [label, value] = (searchParams.get("selector") ?? "").split("=");
  return [...state.applications.values()].filter(
    (application) =>
      may(state, "get", application) &&
      (projects.length === 0 || projects.includes(application.project())) &&
      (namespace === null || namespace === application.namespace) &&
      (!label || ((application.document.metadata as JsonObject).labels as JsonObject | undefined)?.[label] === value),
  );
}

function answerList(state: ArgocdState, { url, response }: Question): void {
  const items = visible(state, url).map(({ document }) => document);
  sendJson(response, 200, { metadata: { resourceVersion: "1" }, items: items.length === 0 ? null : items });
}

function openStream(state: ArgocdState, { url, headers, response }: Question): void {
  const events = headers.accept === "text/event-stream";
  response.writeHead(200, { "content-type": events ? "text/event-stream" : "application/json" });
  const stream: OpenStream = {
    response,
    send(event) {
      const line = JSON.stringify(event);
      response.write(events ? `data: ${line}\n\n` : `${line}\n`);
    },
  };
  state.streams.add(stream);
  response.on("close", () => state.streams.delete(stream));
  for (const { document } of visible(state, url)) stream.send({ result: { type: "ADDED", application: document } });
}

/** The real one hides what the asker may not see; only who names the project is told that there is nothing. */
async function findApplication(
  state: ArgocdState,
  { question, name, action }: { question: Question; name: string; action: string },
): Promise<PlayedApplication | undefined> {
  const { url, body, response } = question;
  const asked = (key: string): string | undefined => {
    const inBody = (body as Record<string, unknown> | undefined)?.[key];
    return url.searchParams.get(key) ?? (typeof inBody === "string" && inBody !== "" ? inBody : undefined);
  };
  const application = state.applications.get(`${asked("appNamespace") ?? "argocd"}/${name}`);
  const project = asked("project");
  if (project !== undefined && (application === undefined || application.project() !== project)) {
    if (allows(state, action, `${project}/${name}`))
      sendError(response, 404, `applications.argoproj.io "${name}" not found`);
    else sendError(response, 403, `permission denied: applications, ${action}, ${project}/${name}, sub: stagecoach`);
    return undefined;
  }
  if (application === undefined || !may(state, action, application)) {
    const detail = project === undefined ? "" : `: applications, ${action}, ${project}/${name}, sub: stagecoach`;
    sendError(response, 403, `permission denied${detail}`);
    return undefined;
  }
  return application;
}

function may(state: ArgocdState, action: string, application: PlayedApplication): boolean {
  return allows(state, action, `${application.project()}/${application.name}`);
}

function allows(state: ArgocdState, action: string, object: string): boolean {
  return state.policies.some((policy) => {
    const [resource, allowed, pattern = ""] = policy.split(",").map((part) => part.trim());
    return resource === "applications" && (allowed === "*" || allowed === action) && matchesName(pattern, object);
  });
}

async function answerGet(
  state: ArgocdState,
  { question: { url, response }, application }: { question: Question; application: PlayedApplication },
): Promise<void> {
  const refresh = url.searchParams.get("refresh");
  if (refresh !== null) {
    application.set({ metadata: { annotations: { "argocd.argoproj.io/refresh": refresh } } });
    if (state.controller === "awake") application.looks();
    if (!isRefreshed(application)) {
      await new Promise<void>((resolve) => {
        const check = (): void => {
          if (!isRefreshed(application)) return;
          state.waiting.delete(check);
          resolve();
        };
        state.waiting.add(check);
        response.on("close", () => {
          state.waiting.delete(check);
          resolve();
        });
      });
    }
  }
  if (!response.destroyed) sendJson(response, 200, application.document);
}

function isRefreshed({ document }: PlayedApplication): boolean {
  const annotations = (document.metadata as JsonObject).annotations as JsonObject;
  return annotations["argocd.argoproj.io/refresh"] === undefined;
}

function answerSync(
  state: ArgocdState,
  { question: { body, response }, application }: { question: Question; application: PlayedApplication },
): void {
  const { revision, revisions, prune, dryRun } = (body ?? {}) as Record<string, unknown>;
  const { spec, operation } = application.document as { spec: JsonObject; operation?: unknown };
  const { automated } = (spec.syncPolicy ?? {}) as { automated?: JsonObject };
  const target = (spec.source as JsonObject | undefined)?.targetRevision ?? "HEAD";
  const named = revision ?? (revisions as unknown[] | undefined)?.[0];
  if (automated && automated.enabled !== false && named !== undefined && named !== target) {
    sendError(response, 400, `Cannot sync to ${String(named)}: auto-sync currently set to ${String(target)}`);
    return;
  }
  if (operation !== undefined) {
    sendError(response, 400, "another operation is already in progress");
    return;
  }
  const which = revision === undefined ? { revisions: revisions ?? null } : { revision };
  application.set({ operation: { sync: { ...which, prune: prune === true, dryRun: dryRun === true } as JsonObject } });
  sendJson(response, 200, application.document);
  if (state.controller === "awake") application.syncs();
}

function sendError(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { error, code: 2, message: error });
}
