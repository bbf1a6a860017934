// What the played Argo CD server holds.

import type { ServerResponse } from "node:http";
import type { ArgocdFault } from "./argocd-faults.ts";
import type { PlayedApplication } from "./played-application.ts";

export interface ArgocdState {
  readonly now: () => number;
  readonly token: string;
  /** By `namespace/name`. */
  readonly applications: Map<string, PlayedApplication>;
  readonly streams: Set<OpenStream>;
  readonly requests: ArgocdRequest[];
  readonly problems: string[];
  policies: readonly string[];
  controller: "awake" | "asleep";
  fault: { readonly fault: ArgocdFault; readonly only: RegExp | undefined } | undefined;
  /** Told after every change: requests that wait for a refresh to be done. */
  readonly waiting: Set<() => void>;
}

export interface OpenStream {
  readonly response: ServerResponse;
  send(event: unknown): void;
}

export interface ArgocdRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
