// A small Argo CD API server over HTTP for tests: the routes that Stagecoach asks, bearer tokens, permissions for each
// Application, refreshes that wait for the controller, and the stream of changes. Whatever else is asked is an error
// and stands in `problems`. Its faults are switched on by tests.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerRequest } from "./answer-request.ts";
import { type ArgocdFault, answerFault } from "./argocd-faults.ts";
import type { ArgocdRequest, ArgocdState } from "./argocd-state.ts";
import { type ApplicationOptions, type PlayedApplication, playApplication } from "./played-application.ts";

export interface ArgocdOptions {
  readonly port?: number;
  readonly now?: () => number;
  readonly token?: string;
}

export interface RunningArgocd {
  readonly url: string;
  readonly token: string;
  /** The Application of that name, or of `namespace/name`; made when there is none yet. */
  application(name: string, options?: ApplicationOptions): PlayedApplication;
  remove(name: string): void;
  /** What the token may do: `applications, get, default/*`; everything unless it is said. */
  permit(...policies: string[]): void;
  /** Whether refreshes are done at once, as they are from the start, or wait until the Application `looks`. */
  controller(is: "awake" | "asleep"): void;
  /** Holds until it is called again without a fault; `only`: for paths that match. */
  fail(fault?: ArgocdFault, only?: RegExp): void;
  /** Closes every stream of changes. */
  breakStreams(): void;
  streams(): number;
  /** Everything that was asked, oldest first. */
  requests(): readonly ArgocdRequest[];
  /** What was asked that no Argo CD has; empty when all is well. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

export async function startArgocd(options: ArgocdOptions = {}): Promise<RunningArgocd> {
  const state: ArgocdState = {
    now: options.now ?? Date.now,
    token: options.token ?? "argocd-token",
    applications: new Map(),
    streams: new Set(),
    requests: [],
    problems: [],
    policies: ["applications, *, */*"],
    controller: "awake",
    fault: undefined,
    waiting: new Set(),
  };
  const server = createServer((request, response) => void serve(state, request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: state.token,
    application: (name, made) => applicationOf(state, name, made),
    remove(name) {
      const { key, application } = find(state, name);
      state.applications.delete(key);
      if (application !== undefined) tell(state, application, "DELETED");
    },
    permit(...policies) {
      state.policies = policies;
    },
    controller(is) {
      state.controller = is;
    },
    fail(fault, only) {
      state.fault = fault && { fault, only };
    },
    breakStreams() {
      for (const stream of state.streams) stream.response.destroy();
    },
    streams: () => state.streams.size,
    requests: () => [...state.requests],
    problems: () => [...state.problems],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function find(state: ArgocdState, name: string): { key: string; application: PlayedApplication | undefined } {
  const key = name.includes("/") ? name : `argocd/${name}`;
  return { key, application: state.applications.get(key) };
}

function applicationOf(state: ArgocdState, name: string, options: ApplicationOptions = {}): PlayedApplication {
  const { key, application } = find(state, name);
  if (application !== undefined) return application;
  const [namespace = "argocd", plain = name] = key.split("/");
  const made = playApplication(
    plain,
    { ...options, namespace },
    {
      now: () => state.now(),
      onChange: (changed, type) => tell(state, changed, type),
    },
  );
  state.applications.set(key, made);
  return made;
}

function tell(state: ArgocdState, application: PlayedApplication, type: "ADDED" | "MODIFIED" | "DELETED"): void {
  for (const stream of state.streams) stream.send({ result: { type, application: application.document } });
  for (const check of [...state.waiting]) check();
}

async function serve(state: ArgocdState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  state.requests.push({
    method: request.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(body !== undefined && { body }),
  });
  const { fault } = state;
  if (fault && (fault.only === undefined || fault.only.test(url.pathname))) {
    answerFault(fault.fault, request, response);
    return;
  }
  await answerRequest(state, { method: request.method ?? "GET", url, headers: request.headers, body, response });
}
