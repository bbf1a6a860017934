// The Argo CDs of a story, one for each live source of the operator's settings, and what they push to Stagecoach.

import { createHmac } from "node:crypto";
import type { LiveSettings, ReportsSettings } from "../../src/domain/settings.ts";
import type { PlayedSource } from "../argocd/played-application.ts";
import { type RunningArgocd, startArgocd } from "../argocd/start-argocd.ts";
import { applicationOf, folderOf } from "./application-of.ts";

export const LIVE_SECRET = "story-live-secret-0123456789";
const MINUTE = 60_000;

export interface SourceOptions {
  /** Names of the environments that run there, each in an Application of its own. */
  readonly environments: readonly string[];
  readonly mayAskToSync?: boolean;
  /** Who pushes; Argo CD's notifications unless it is said. */
  readonly reports?: ReportsSettings["from"];
  readonly selfHeal?: boolean;
}

export interface RunningSource {
  readonly id: string;
  readonly argocd: RunningArgocd;
  readonly settings: LiveSettings;
}

export const CONFIG_SOURCE: PlayedSource = {
  repoURL: "https://github.com/acme/platform-config.git",
  targetRevision: "main",
};

/** Everything that runs there is in step with that commit, and healthy. */
export async function startSource(
  id: string,
  { environments, mayAskToSync = false, reports = "argocd", selfHeal = false }: SourceOptions,
  { now, revision }: { readonly now: () => number; readonly revision: string },
): Promise<RunningSource> {
  const argocd = await startArgocd({ now });
  for (const environment of environments) {
    argocd.application(applicationOf(environment), {
      sources: [{ ...CONFIG_SOURCE, path: folderOf(environment) }],
      revisions: [revision],
      automated: { selfHeal },
    });
  }
  return {
    id,
    argocd,
    settings: {
      id,
      for: ["acme/*"],
      access: { kind: "argocd", url: argocd.url, token: argocd.token },
      mayAskToSync,
      reports: { from: reports, secrets: [LIVE_SECRET], maxAge: 10 * MINUTE },
    },
  };
}

/** A notification of Argo CD, as it goes to `POST /hooks/live/<id>`. */
export function sendNotification(
  url: string,
  { source, application }: { readonly source: string; readonly application: string },
): Promise<Response> {
  return fetch(`${url}/hooks/live/${source}`, {
    method: "POST",
    headers: { authorization: `Bearer ${LIVE_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify({ app: { name: application, namespace: "argocd" }, nonce: Math.random() }),
  });
}

/** A report in one of our own formats, signed at that time. */
export function sendReport(url: string, { source, report, now, secret = LIVE_SECRET }: SentReport): Promise<Response> {
  const body = JSON.stringify(report);
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return fetch(`${url}/hooks/live/${source}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-drift-timestamp": timestamp,
      "x-drift-signature": `sha256=${signature}`,
    },
    body,
  });
}

export interface SentReport {
  readonly source: string;
  readonly report: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly secret?: string;
}
