// All routes on a real listener and a real store (embedded, in memory), with everything that was logged at hand.

import { createHmac } from "node:crypto";
import { Writable } from "node:stream";
import { pino } from "pino";
import { readGithubEvent } from "../../src/forge/read-github-event.ts";
import { createHttpServer, type HttpLimits, type HttpServer } from "../../src/http/create-server.ts";
import { createRateLimit } from "../../src/http/limit-rate.ts";
import { createGithubRoute } from "../../src/http/receive-github.ts";
import { createLiveRoute, type LiveRouteOptions } from "../../src/http/receive-live.ts";
import { createRegistryRoutes, type RegistryRouteOptions } from "../../src/http/receive-registry.ts";
import { createValidateRoute } from "../../src/http/validate.ts";
import { createReportKeeper } from "../../src/live/reports/keep-reports.ts";
import { LIVE_RECEIVERS } from "../../src/live/reports/receivers.ts";
import { RECEIVERS } from "../../src/registry/webhooks/receivers.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { REFUSED_PROOFS } from "../registry/webhooks/refuse-proofs.ts";

export const githubSecrets = ["the-secret-that-is-leaving", "the-secret-that-takes-over"] as const;
export const registrySecret = "a-secret-of-the-laboratory";
export const liveSecrets = ["a-secret-of-the-clusters", "the-one-that-takes-its-place"] as const;

export interface App {
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly server: HttpServer;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly validations?: number;
  /** Instead of the usual webhooks, without anything that could be fetched. */
  readonly registry?: Pick<RegistryRouteOptions, "webhooks" | "proofs" | "now">;
  /** Besides `dev`, `eu` and `us`: an Argo CD, a Flux and a reporter. */
  readonly live?: Pick<LiveRouteOptions, "sources"> & Partial<Pick<LiveRouteOptions, "now" | "onRefused">>;
}

const LIVE_SOURCES: LiveRouteOptions["sources"] = (
  [
    ["dev", "argocd"],
    ["eu", "flux"],
    ["us", "reporter"],
  ] as const
).map(([id, from]) => ({ id, reports: { from, secrets: liveSecrets, maxAge: 600_000 } }));

export async function startApp({ limits, validations = 1_000_000, live, registry }: AppOptions = {}): Promise<App> {
  const lines: string[] = [];
  const log = pino(
    { level: "debug" },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const store = await openStore({ log, pace: { polling: 0.5 } });
  const rate = { burst: validations, perMinute: 1 };
  const server = createHttpServer({
    log,
    ...(limits && { limits }),
    routes: [
      createGithubRoute({ store, secrets: githubSecrets, readEvent: readGithubEvent }),
      ...createRegistryRoutes({
        store,
        now: Date.now,
        receivers: RECEIVERS,
        proofs: REFUSED_PROOFS,
        webhooks: [
          { id: "builds", kind: "generic", registry: "ghcr.io", secrets: [registrySecret] },
          { id: "lab", kind: "distribution", registry: "127.0.0.1:5000", secrets: [registrySecret] },
          { id: "github", kind: "ghcr", registry: "ghcr.io", secrets: [registrySecret] },
          { id: "azure", kind: "acr", registry: "acme.azurecr.io", secrets: [registrySecret] },
          { id: "hub", kind: "dockerhub", registry: "docker.io", secrets: [registrySecret] },
        ],
        ...registry,
      }),
      createLiveRoute({
        ...{ store, now: Date.now, receivers: LIVE_RECEIVERS },
        keep: createReportKeeper({ cache: store.cache, now: live?.now ?? Date.now }),
        ...live,
        sources: [...LIVE_SOURCES, ...(live?.sources ?? [])],
      }),
      createValidateRoute({
        rate: createRateLimit({ each: rate, total: rate, now: Date.now }),
        validate: (text) => ({ ok: text.startsWith("version: 1\n"), findings: [] }),
      }),
    ],
  });
  const port = await server.listen({ port: 0, host: "127.0.0.1" });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    store,
    server,
    logged: () => lines.join(""),
    stop: async () => {
      await server.close({ milliseconds: 1_000 });
      await store.close();
    },
  };
}

export function sign(body: string | Uint8Array, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export interface GithubDelivery {
  readonly event: string;
  readonly body: string;
  readonly delivery?: string;
  readonly secret?: string;
}

export function deliver(url: string, { event, body, delivery, secret }: GithubDelivery): Promise<Response> {
  return fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      ...(delivery !== undefined && { "x-github-delivery": delivery }),
      "x-hub-signature-256": sign(body, secret ?? githubSecrets[0]),
    },
  });
}

export async function readJson(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
