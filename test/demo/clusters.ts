// What the story, the narrator and the judge know of the clusters. Types only.

import type { LiveSettings } from "../../src/domain/settings.ts";
import type { Json } from "../argocd/played-object.ts";
import type { Environment } from "./config-repository.ts";

export interface Clusters {
  /** The operator's entry for them. */
  readonly settings: LiveSettings;
  /** Where Stagecoach takes notifications. */
  notifyTo(url: string | undefined): void;
  /** From now on; nothing takes any time before. */
  goAt(pace: Pace): void;
  /** The pods of this version do not come up: `search:2.5.1`. */
  breakVersion(release: string): void;
  /** Somebody changes a field of the environment's Deployment with kubectl. */
  editByHand(environment: Environment, edit: { readonly pointer: string; readonly value: Json }): void;
  running(environment: Environment): Running;
  /** Told after something happened in a cluster. */
  readonly listeners: Set<(event: ClusterEvent) => void>;
  /** What was asked of the server that no Argo CD has, and what Stagecoach did not take of it. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

export interface Running {
  readonly version: string;
  /** In Argo CD's words: `Healthy`, `Progressing`, `Degraded`. */
  readonly health: string;
}

export type ClusterEvent =
  | { readonly kind: "syncs"; readonly application: string; readonly commit: string }
  /** Because Stagecoach asked for it. */
  | { readonly kind: "syncs-as-asked"; readonly application: string }
  | { readonly kind: "healthy"; readonly application: string }
  | { readonly kind: "degraded"; readonly application: string; readonly message: string }
  | { readonly kind: "differs"; readonly application: string };

/** Milliseconds: until Argo CD has heard of a push, for a sync, until pods are ready. */
export interface Pace {
  readonly hear: number;
  readonly sync: number;
  readonly start: number;
}
