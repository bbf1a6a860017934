// The clusters of the demo: an Argo CD server with an Application for each environment. It follows the default branch,
// applies what changed there, and the pods come up a moment later, except those of versions that the story has broken.
// Like a real one it tells Stagecoach by its notifications that something happened, and no more.

import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { LiveSettings } from "../../src/domain/settings.ts";
import type { PlayedApplication } from "../argocd/played-application.ts";
import { isInSync, type Json } from "../argocd/played-object.ts";
import { type RunningArgocd, startArgocd } from "../argocd/start-argocd.ts";
import type { Github } from "../github/start-github.ts";
import { readDeclared } from "./cluster-files.ts";
import type { ClusterEvent, Clusters, Pace } from "./clusters.ts";
import { ALL_ENVIRONMENTS, CONFIG_REPOSITORY, ENVIRONMENTS, type Environment } from "./config-repository.ts";

const LOOK_EVERY = 50;
const MAX_AGE = 10 * 60_000;

interface Place {
  readonly environment: Environment;
  readonly application: PlayedApplication;
  version: string;
  /** How often Stagecoach has asked for a sync. */
  asked: number;
  /** What is going on there; the next waits for it. */
  work: Promise<void>;
}

interface World {
  readonly github: Github;
  readonly argocd: RunningArgocd;
  readonly places: readonly Place[];
  readonly broken: Set<string>;
  readonly secret: string;
  readonly listeners: Set<(event: ClusterEvent) => void>;
  readonly stopped: AbortSignal;
  readonly problems: string[];
  hook: string | undefined;
  pace: Pace;
}

export async function startClusters(github: Github): Promise<Clusters> {
  const argocd = await startArgocd({ token: randomBytes(20).toString("hex") });
  const stop = new AbortController();
  const world: World = {
    github,
    argocd,
    places: ALL_ENVIRONMENTS.map((environment) => setUp(environment, { github, argocd })),
    broken: new Set(),
    secret: randomBytes(20).toString("hex"),
    listeners: new Set(),
    stopped: stop.signal,
    problems: [],
    hook: undefined,
    pace: { hear: 0, sync: 0, start: 0 },
  };
  github.model.listeners.add((announcement) => {
    if (announcement.event === "push" && announcement.ref === "refs/heads/main") takePush(announcement.after, world);
  });
  void bringPodsUp(world);
  return {
    settings: settingsFor(world),
    notifyTo: (url) => {
      world.hook = url;
    },
    goAt: (pace) => {
      world.pace = pace;
    },
    breakVersion: (release) => void world.broken.add(release),
    editByHand: (environment, edit) => editByHand(placeOf(environment, world), { edit, world }),
    running: (environment) => {
      const { application, version } = placeOf(environment, world);
      return { version, health: healthOf(application) };
    },
    listeners: world.listeners,
    problems: () => [...argocd.problems(), ...world.problems],
    stop: async () => {
      stop.abort();
      await argocd.stop();
    },
  };
}

function setUp(
  environment: Environment,
  { github, argocd }: { readonly github: Github; readonly argocd: RunningArgocd },
): Place {
  const commit = github.branchTip({ repository: CONFIG_REPOSITORY, branch: "main" }) ?? "";
  const { version, deployment } = readDeclared(github, { environment, commit });
  const path = ENVIRONMENTS[environment].replace(/\/[^/]+$/, "");
  const application = argocd.application(environment.replace("/", "-"), {
    sources: [{ repoURL: `${github.url}/${CONFIG_REPOSITORY}.git`, targetRevision: "main", path }],
    revisions: [commit],
    objects: [deployment],
  });
  return { environment, application, version, asked: 0, work: Promise.resolve() };
}

function settingsFor({ argocd, secret }: World): LiveSettings {
  return {
    id: "demo",
    for: [CONFIG_REPOSITORY],
    access: { kind: "argocd", url: argocd.url, token: argocd.token },
    mayAskToSync: true,
    reports: { from: "argocd", secrets: [secret], maxAge: MAX_AGE },
  };
}

function takePush(commit: string, world: World): void {
  for (const place of world.places) {
    place.work = place.work.then(() => follow(place, { commit, world })).catch(ignoreAbort);
  }
}

/** What stops in the middle of a pause was told to. */
function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}

async function follow(
  place: Place,
  { commit, world }: { readonly commit: string; readonly world: World },
): Promise<void> {
  const { application, environment } = place;
  const { version, deployment } = readDeclared(world.github, { environment, commit });
  const [object] = application.objects;
  // A new commit that changes nothing here is only noted, unless somebody has changed the cluster: then it is a reason to sync.
  if (object && isInSync(object) && JSON.stringify(deployment) === JSON.stringify(object.desired)) {
    application.sees(commit);
    return;
  }
  const sleep = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal: world.stopped });
  await sleep(world.pace.hear);
  const message = `waiting for healthy state of apps/Deployment/${deployment.metadata.name}`;
  application
    .declares(deployment)
    .startsSync(commit)
    .set({ status: { operationState: { message } } });
  tell(world, place, { kind: "syncs", commit });
  await sleep(world.pace.sync);
  place.version = version;
  application.syncs(commit);
  await notify(world, place);
}

function editByHand(
  place: Place,
  { edit, world }: { readonly edit: { readonly pointer: string; readonly value: Json }; readonly world: World },
): void {
  const { application } = place;
  const name = application.objects[0]?.name ?? "";
  // Where the branch has moved since its last sync, Argo CD would sync once more and take the edit back.
  if (healthOf(application) === "Healthy") application.syncs().healthy();
  application.handEdit({ object: `Deployment/${name}`, ...edit, manager: "kubectl-edit" });
  application.looks();
  tell(world, place, { kind: "differs" });
}

/** What was applied, by whomever, is progressing until its pods are ready, or have failed for too long. */
async function bringPodsUp(world: World): Promise<void> {
  const since = new Map<Place, number>();
  while (!world.stopped.aborted) {
    for (const place of world.places) {
      noteRequests(place, world);
      const begun = since.get(place);
      if (healthOf(place.application) !== "Progressing") since.delete(place);
      else if (begun === undefined) since.set(place, performance.now());
      else if (performance.now() - begun >= world.pace.start) comeUp(place, world);
    }
    await setTimeout(LOOK_EVERY, undefined, { signal: world.stopped }).catch(ignoreAbort);
  }
}

function noteRequests(place: Place, world: World): void {
  const path = `/api/v1/applications/${place.application.name}/sync`;
  const asked = world.argocd.requests().filter((request) => request.method === "POST" && request.path === path).length;
  if (asked > place.asked) tell(world, place, { kind: "syncs-as-asked" });
  place.asked = asked;
}

function comeUp(place: Place, world: World): void {
  const { application, environment, version } = place;
  const [pipeline = ""] = environment.split("/");
  if (world.broken.has(`${pipeline}:${version}`)) {
    const message = `Deployment "${pipeline}" exceeded its progress deadline`;
    application.degraded(message);
    tell(world, place, { kind: "degraded", message });
  } else {
    application.healthy();
    tell(world, place, { kind: "healthy" });
  }
}

type WithoutName<T> = T extends ClusterEvent ? Omit<T, "application"> : never;

function tell(world: World, place: Place, event: WithoutName<ClusterEvent>): void {
  for (const listen of world.listeners) listen({ ...event, application: place.application.name });
  void notify(world, place);
}

/** As a notification of Argo CD is sent: an Application, and the secret that the operator gave it. */
async function notify(world: World, { application }: Place): Promise<void> {
  const { hook, secret, stopped, problems } = world;
  if (hook === undefined || stopped.aborted) return;
  const { name, namespace, document } = application;
  try {
    const response = await fetch(hook, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ app: { name, namespace }, status: document.status ?? null, at: performance.now() }),
    });
    if (!response.ok) problems.push(`a notification about ${name} was answered ${response.status}`);
  } catch (error) {
    // The program may be on its way out; while it is not, that is a problem.
    if (world.hook !== undefined) problems.push(`a notification about ${name} was not taken: ${String(error)}`);
  }
}

function healthOf({ document }: PlayedApplication): string {
  const { health } = document.status as { readonly health: { readonly status: string } };
  return health.status;
}

function placeOf(environment: Environment, { places }: World): Place {
  const place = places.find((each) => each.environment === environment);
  if (place === undefined) throw new Error(`There is no cluster for ${environment}.`);
  return place;
}
