// One Application as Argo CD's controller keeps it, for tests: its methods are what happens to it (Git moves, the
// controller looks, a sync runs, somebody edits by hand), and `document` is what the API then shows.

import { patched, put, revisionsOf, section, several, showResource, showResult } from "./application-document.ts";
import {
  applyObject,
  editByHand,
  type HandEdit,
  isInSync,
  type Json,
  type JsonObject,
  type Manifest,
  type PlayedObject,
  playObject,
} from "./played-object.ts";

export interface PlayedSource {
  readonly repoURL: string;
  readonly targetRevision?: string;
  readonly path?: string;
  readonly chart?: string;
  readonly ref?: string;
}

export interface ApplicationOptions {
  readonly namespace?: string;
  readonly project?: string;
  /** Several make a multi-source Application. */
  readonly sources?: readonly PlayedSource[];
  /** What Git has, one for each source; it is synced there and healthy from the start. Absent: never synced. */
  readonly revisions?: readonly string[];
  /** `false`: syncs wait for a person. */
  readonly automated?: boolean | { readonly selfHeal?: boolean; readonly prune?: boolean };
  readonly objects?: readonly Manifest[];
}

export interface World {
  readonly now: () => number;
  readonly onChange: (application: PlayedApplication, type: "ADDED" | "MODIFIED" | "DELETED") => void;
}

const DEFAULT_SOURCE: PlayedSource = {
  repoURL: "https://github.com/acme/platform-config.git",
  targetRevision: "main",
  path: "apps/checkout/integration",
};

export interface PlayedApplication {
  readonly name: string;
  readonly namespace: string;
  readonly objects: readonly PlayedObject[];
  /** As the API shows it now. */
  readonly document: JsonObject;
  project(): string;
  /** Git has moved; Argo CD has not looked yet. */
  pushed(...revisions: string[]): PlayedApplication;
  /** Git has moved and nothing that this Application declares: in step there without a sync. */
  sees(...revisions: string[]): PlayedApplication;
  /** The controller looks at Git and at the cluster, and syncs if it is automated. */
  looks(): PlayedApplication;
  /** A whole sync, from start to end. Health is `Progressing` afterwards, until somebody says otherwise. */
  syncs(...revisions: string[]): PlayedApplication;
  /** A sync has begun and is not done. */
  startsSync(...revisions: string[]): PlayedApplication;
  /** The sync to what Git has has failed. */
  failsSync(message: string, options?: { readonly retrying?: boolean }): PlayedApplication;
  healthy(): PlayedApplication;
  degraded(message?: string): PlayedApplication;
  progressing(message?: string): PlayedApplication;
  health(status: string, message?: string): PlayedApplication;
  automate(automated: NonNullable<ApplicationOptions["automated"]>): PlayedApplication;
  /** `argocd.argoproj.io/skip-reconcile`: nothing is looked at any more. */
  suspended(on?: boolean): PlayedApplication;
  handEdit(edit: HandEdit): PlayedApplication;
  /** Somebody deleted it from the cluster: `Deployment/web`. */
  lost(object: string): PlayedApplication;
  /** Git does not declare it any more: `Deployment/web`. */
  undeclared(object: string): PlayedApplication;
  declares(manifest: Manifest): PlayedApplication;
  /** Its spec says that a difference in this field is none. */
  ignores(object: string, pointer: string): PlayedApplication;
  condition(type: string, message: string): PlayedApplication;
  /** Merges into the document as it stands; `null` takes a key away. For what has no words here. */
  set(patch: JsonObject): PlayedApplication;
}

export function playApplication(name: string, options: ApplicationOptions, world: World): PlayedApplication {
  const namespace = options.namespace ?? "argocd";
  const sources = options.sources ?? [DEFAULT_SOURCE];
  const time = (): string => `${new Date(world.now()).toISOString().slice(0, 19)}Z`;
  const objects: PlayedObject[] = (options.objects ?? []).map((manifest) => playObject(manifest, name));
  let git: readonly string[] = options.revisions ?? sources.map(() => "");
  /** What it declares at this revision is what it declared at the last sync. */
  let alike: string | undefined;
  let document: JsonObject = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace,
      uid: `uid-of-${namespace}-${name}`,
      resourceVersion: "1",
      generation: 1,
      annotations: {},
    },
    spec: {
      project: options.project ?? "default",
      destination: { server: "https://kubernetes.default.svc", namespace: name },
    },
    status: { sync: { status: "Unknown" }, health: { status: "Missing", lastTransitionTime: time() } },
  };
  put(document, "spec", several(sources.length, { source: sources[0], sources }));

  const change = (type: "ADDED" | "MODIFIED" = "MODIFIED"): PlayedApplication => {
    const metadata = section(document, "metadata");
    metadata.resourceVersion = String(Number(metadata.resourceVersion) + 1);
    world.onChange(played, type);
    return played;
  };
  const known = (path: string): PlayedObject => {
    const found = objects.find(({ kind, name: own }) => `${kind}/${own}` === path);
    if (found === undefined) throw new Error(`${name} has no ${path}`);
    return found;
  };
  const compare = (): void => {
    const status = section(document, "status");
    status.resources = objects.map(showResource);
    const last = revisionsOf((status.history as JsonObject[] | undefined)?.at(-1));
    const same = [JSON.stringify(last), alike].includes(JSON.stringify(git)) && objects.every(isInSync);
    const { source, sources: all, destination } = section(document, "spec");
    status.sync = {
      status: same ? "Synced" : "OutOfSync",
      comparedTo: structuredClone({
        destination: destination ?? null,
        source: source ?? { repoURL: "" },
        ...(all && { sources: all }),
      }),
      ...several(git.length, { revision: git[0], revisions: git }),
    };
    status.reconciledAt = time();
    delete section(document, "metadata", "annotations")["argocd.argoproj.io/refresh"];
  };
  const operate = (phase: string, revisions: readonly string[], message: string): void => {
    const spec = section(document, "spec");
    const which = several(revisions.length, { revision: revisions[0], revisions });
    const from = several(sources.length, { source: spec.source ?? null, sources: spec.sources ?? null });
    section(document, "status").operationState = {
      phase,
      message,
      startedAt: time(),
      ...(phase !== "Running" && { finishedAt: time() }),
      operation: { initiatedBy: { automated: true }, sync: { ...which } },
      syncResult: { revision: "", ...which, ...from, resources: objects.map(showResult) },
    };
  };
  const setHealth = (status: string, message?: string): void => {
    const before = section(document, "status", "health");
    const since = before.status === status ? (before.lastTransitionTime ?? time()) : time();
    put(document, "status", {
      health: { status, lastTransitionTime: since, ...(message !== undefined && { message }) },
    });
  };
  const finish = (revisions: readonly string[]): void => {
    for (const object of objects) applyObject(object);
    delete document.operation;
    operate("Succeeded", revisions, "successfully synced (all tasks run)");
    const status = section(document, "status");
    const history = (status.history ?? []) as JsonObject[];
    const from = several(sources.length, {
      source: section(document, "spec").source ?? null,
      sources: section(document, "spec").sources ?? null,
    });
    const entry = {
      id: history.length,
      deployStartedAt: time(),
      deployedAt: time(),
      ...several(revisions.length, { revision: revisions[0], revisions }),
      ...from,
    };
    status.history = [...history, entry].slice(-10);
    setHealth("Progressing");
    compare();
  };
  const isAutomated = (): boolean => {
    const automated = section(document, "spec", "syncPolicy").automated as JsonObject | undefined;
    return automated !== undefined && automated.enabled !== false;
  };

  const played: PlayedApplication = {
    name,
    namespace,
    objects,
    get document() {
      return structuredClone(document);
    },
    project: () => String(section(document, "spec").project),
    pushed(...revisions) {
      git = revisions;
      return played;
    },
    sees(...revisions) {
      git = revisions;
      alike = JSON.stringify(git);
      compare();
      return change();
    },
    looks() {
      if (section(document, "metadata", "annotations")["argocd.argoproj.io/skip-reconcile"] === "true") return played;
      compare();
      const status = section(document, "status");
      const last = revisionsOf((status.history as JsonObject[] | undefined)?.at(-1));
      const heals = (section(document, "spec", "syncPolicy").automated as JsonObject | undefined)?.selfHeal === true;
      const moved = ![JSON.stringify(last), alike].includes(JSON.stringify(git));
      // Who looks again in the middle of a sync sees that it goes on.
      if (section(document, "status", "operationState").phase === "Running") return change();
      if (section(document, "status", "sync").status === "OutOfSync" && isAutomated() && (moved || heals)) finish(git);
      return change();
    },
    syncs(...revisions) {
      if (revisions.length > 0) git = revisions;
      finish(git);
      return change();
    },
    startsSync(...revisions) {
      if (revisions.length > 0) git = revisions;
      delete document.operation;
      compare();
      operate("Running", git, "waiting for healthy state of apps/Deployment/web");
      return change();
    },
    failsSync(message, { retrying = false } = {}) {
      compare();
      operate(retrying ? "Running" : "Failed", git, retrying ? `${message}. Retrying attempt #2` : message);
      if (retrying) section(document, "status", "operationState").retryCount = 2;
      else
        played.condition("SyncError", `Failed last sync attempt to [${git.join(" ")}]: ${message} (retried 5 times).`);
      return change();
    },
    healthy: () => played.health("Healthy"),
    degraded: (message) => played.health("Degraded", message),
    progressing: (message) => played.health("Progressing", message),
    health(status, message) {
      setHealth(status, message);
      return change();
    },
    automate(automated) {
      const { selfHeal = false, prune = false } = typeof automated === "object" ? automated : {};
      put(document, "spec", { syncPolicy: automated === false ? {} : { automated: { selfHeal, prune } } });
      return change();
    },
    suspended(on = true) {
      const annotations = section(document, "metadata", "annotations");
      if (on) annotations["argocd.argoproj.io/skip-reconcile"] = "true";
      else delete annotations["argocd.argoproj.io/skip-reconcile"];
      return change();
    },
    handEdit(edit) {
      editByHand(known(edit.object), { ...edit, time: time() });
      return played;
    },
    lost(object) {
      known(object).live = undefined;
      return played;
    },
    undeclared(object) {
      known(object).desired = undefined;
      return played;
    },
    declares(manifest) {
      const next = playObject(manifest, name);
      const old = objects.find(({ kind, name: own }) => kind === next.kind && own === next.name);
      if (old === undefined) objects.push({ ...next, live: undefined });
      else old.desired = next.desired;
      return played;
    },
    ignores(path, pointer) {
      const object = known(path);
      object.ignored = [...object.ignored, pointer];
      const spec = section(document, "spec");
      const rules = (spec.ignoreDifferences ?? []) as Json[];
      spec.ignoreDifferences = [...rules, { group: "apps", kind: object.kind, jsonPointers: [pointer] }];
      return change();
    },
    condition(type, message) {
      const status = section(document, "status");
      status.conditions = [...((status.conditions ?? []) as Json[]), { type, message, lastTransitionTime: time() }];
      return played;
    },
    set(patch) {
      document = patched(document, patch) as JsonObject;
      return change();
    },
  };
  played.automate(options.automated ?? true);
  if (options.revisions !== undefined) {
    finish(git);
    setHealth("Healthy");
  }
  world.onChange(played, "ADDED");
  return played;
}
