// The whole state of the stand-in, and the few things that every change of it needs: ids, time, announcements.
// REST, GraphQL, webhooks, git over HTTP and the stories all read and change this one object.

import type { Announcement } from "./announcement.ts";
import type { CheckRun, CheckSuite, CommitStatus, Deployment } from "./check.ts";
import type { HookDelivery } from "./delivery.ts";
import type { App, Installation, InstallationToken, Team, User } from "./identity.ts";
import type { Attestation } from "./record-attestation.ts";
import type {
  Comment,
  Issue,
  Label,
  MergeQueue,
  MergeQueueEntry,
  PullRequest,
  Repository,
  Review,
} from "./repository.ts";

export interface Settings {
  /** entries after which a recursive tree is cut and says `truncated` */
  treeLimit: number;
  /** how many questions after a change are answered with an unknown mergeability */
  unknownMergeabilityAnswers: number;
  /** requests an hour for each installation and user */
  hourlyRequests: number;
  /** count content-creating requests: 80 a minute, 500 an hour */
  contentLimits: boolean;
  readonly webhook: { url: string | undefined; readonly secret: string };
}

/** Everything that has a node id of its own kind; git objects have computed ones (identify-node.ts). */
export type Entity =
  | User
  | App
  | Team
  | Installation
  | Repository
  | Issue
  | PullRequest
  | Comment
  | Review
  | Label
  | CheckSuite
  | CheckRun
  | CommitStatus
  | Deployment
  | MergeQueue
  | MergeQueueEntry;

export interface Model {
  readonly dataFolder: string;
  readonly now: () => Date;
  /** the clock for tokens alone: clients sign with their own machine's time, whatever time a story plays in */
  readonly credentialsNow: () => Date;
  readonly settings: Settings;
  /** where this stand-in is reached, without a final slash */
  url: string;
  /** login in lower case -> user */
  readonly users: Map<string, User>;
  /** slug -> app; the first one is the app under test */
  readonly apps: Map<string, App>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, InstallationToken>;
  readonly teams: Map<number, Team>;
  readonly repositories: Map<number, Repository>;
  /** owner/name in lower case, now and formerly -> repository id */
  readonly names: Map<string, number>;
  readonly nodes: Map<string, Entity>;
  readonly comments: Map<number, Comment>;
  /** `<repository id>:<commit id>` -> what was said about the commit, oldest first */
  readonly checkSuites: Map<string, CheckSuite[]>;
  readonly statuses: Map<string, CommitStatus[]>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly deployments: Map<number, Deployment>;
  /** repository id -> what its workflows attested */
  readonly attestations: Map<number, readonly Attestation[]>;
  readonly deliveries: HookDelivery[];
  readonly listeners: Set<(announcement: Announcement) => void>;
  /** sends a delivery of the log again; the webhooks put themselves here */
  redeliver: (delivery: HookDelivery) => void;
  lastId: number;
}

export interface ModelOptions {
  readonly dataFolder: string;
  readonly now: () => Date;
  readonly credentialsNow?: () => Date;
  readonly webhook: { readonly url: string | undefined; readonly secret: string };
}

export function createModel({ dataFolder, now, credentialsNow = () => new Date(), webhook }: ModelOptions): Model {
  return {
    dataFolder,
    now,
    credentialsNow,
    settings: {
      treeLimit: 100_000,
      unknownMergeabilityAnswers: 1,
      hourlyRequests: 5_000,
      contentLimits: false,
      webhook: { ...webhook },
    },
    url: "http://127.0.0.1",
    users: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    teams: new Map(),
    repositories: new Map(),
    names: new Map(),
    nodes: new Map(),
    comments: new Map(),
    checkSuites: new Map(),
    statuses: new Map(),
    checkRuns: new Map(),
    deployments: new Map(),
    attestations: new Map(),
    deliveries: [],
    listeners: new Set(),
    redeliver: () => {},
    lastId: 1_000_000,
  };
}

/** One sequence for everything, so that an id of one kind is never taken for one of another kind. */
export function nextId(model: Model): number {
  model.lastId += 1;
  return model.lastId;
}

/** Now, as GitHub writes times: UTC, whole seconds. */
export function timestamp(model: Model): string {
  return writeTime(model.now());
}

export function writeTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Tells the listeners of one change. Call it after the change, once for each event that GitHub would send. */
export function announce(model: Model, announcement: Announcement): void {
  for (const listener of model.listeners) listener(announcement);
}

/** Registers under its node id; answers with the same entity. */
export function register<T extends Entity>(model: Model, entity: T): T {
  model.nodes.set(entity.nodeId, entity);
  return entity;
}

/** Key of the maps by commit. */
export function commitKey({ repository, oid }: { readonly repository: Repository; readonly oid: string }): string {
  return `${repository.id}:${oid}`;
}
