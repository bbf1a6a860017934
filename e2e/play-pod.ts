// What a kubelet would say about a pod: decided from the pod alone and from what becomes of its images. Knows the shapes
// of pods/status; sends nothing.

import { createHash } from "node:crypto";

/** What becomes of a container that has this image. */
export type Fate = "runs" | "image-pull-back-off" | "crash-loop-back-off" | "unready";

export interface Play {
  readonly fateOf: (image: string) => Fate;
  /** `repository@sha256:...` */
  readonly imageIdOf: (image: string) => string;
  readonly now: () => Date;
}

/** The part of a pod, as JSON, that is read here. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly schedulingGates?: readonly unknown[];
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
  };
  readonly status?: { readonly phase?: string } & Partial<Statuses>;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
}

interface Statuses {
  readonly initContainerStatuses: readonly ContainerStatus[];
  readonly containerStatuses: readonly ContainerStatus[];
}

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: { readonly exitCode: number; readonly reason: string; readonly finishedAt: string };
}

/** Words in an image's name or tag that say what becomes of it. */
const FATES: readonly (readonly [word: string, fate: Fate])[] = [
  ["broken", "image-pull-back-off"],
  ["crashing", "crash-loop-back-off"],
  ["unready", "unready"],
];

export function fateByName(image: string): Fate {
  return FATES.find(([word]) => image.includes(word))?.[1] ?? "runs";
}

/** The digest that the reference pins; otherwise one made of its text, which is the same every time. */
export function imageIdByName(image: string): string {
  const [name = image, pinned] = image.split("@");
  const repository = name.replace(/:[^/:]*$/, "");
  return `${repository}@${pinned ?? `sha256:${createHash("sha256").update(image).digest("hex")}`}`;
}

/** The next status of the pod, or `undefined` when it says so already. */
export function playPod(pod: Pod, play: Play): (Statuses & { readonly phase: string }) | undefined {
  const statuses = playContainers(pod, play);
  if (saysTheSame(pod.status, statuses)) return undefined;
  const all = [...statuses.initContainerStatuses, ...statuses.containerStatuses];
  const initialized = statuses.initContainerStatuses.every(({ state }) => state.waiting === undefined);
  const ready = statuses.containerStatuses.every((status) => status.ready);
  const conditions = {
    PodReadyToStartContainers: true,
    Initialized: initialized,
    ContainersReady: ready,
    Ready: ready,
  };
  const lastTransitionTime = play.now().toISOString();
  const status = {
    observedGeneration: pod.metadata.generation,
    phase: phaseOf(statuses.containerStatuses, all),
    hostIP: "127.0.0.1",
    podIP: addressOf(pod),
    podIPs: [{ ip: addressOf(pod) }],
    startTime: lastTransitionTime,
    conditions: Object.entries(conditions).map(([type, holds]) => ({
      type,
      status: holds ? "True" : "False",
      lastTransitionTime,
      ...(!holds && { reason: "ContainersNotReady", message: `containers with unready status: ${unready(all)}` }),
    })),
    ...statuses,
  };
  return status;
}

function playContainers(pod: Pod, play: Play): Statuses {
  const job = pod.metadata.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;
  const initial = (pod.spec.initContainers ?? []).map((container) =>
    playContainer(container, { play, ends: container.restartPolicy !== "Always" }),
  );
  const held = initial.some(({ state }) => state.waiting !== undefined);
  const containers = pod.spec.containers.map((container) =>
    held ? hold(container, play) : playContainer(container, { play, ends: job }),
  );
  return { initContainerStatuses: initial, containerStatuses: containers };
}

/** `ends`: the container has one thing to do, and then ends. */
function playContainer(
  { name, image }: Container,
  { play, ends }: { readonly play: Play; readonly ends: boolean },
): ContainerStatus {
  const fate = play.fateOf(image);
  const now = play.now().toISOString();
  const status = { name, image, imageID: play.imageIdOf(image), ready: true, started: true, restartCount: 0 };
  const failed = { terminated: { exitCode: 1, reason: "Error", finishedAt: now } };
  switch (fate) {
    case "image-pull-back-off": {
      const waiting = { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` };
      return { ...status, imageID: "", ready: false, started: false, state: { waiting } };
    }
    case "crash-loop-back-off": {
      if (ends) return { ...status, ready: false, started: false, state: failed };
      const waiting = { reason: "CrashLoopBackOff", message: `back-off 40s restarting failed container=${name}` };
      return { ...status, ready: false, started: false, restartCount: 3, state: { waiting }, lastState: failed };
    }
    case "unready":
      return { ...status, ready: false, state: { running: { startedAt: now } } };
    case "runs":
      if (!ends) return { ...status, state: { running: { startedAt: now } } };
      return {
        ...status,
        started: false,
        state: { terminated: { exitCode: 0, reason: "Completed", finishedAt: now } },
      };
  }
}

/** Waits for the containers before it. */
function hold({ name, image }: Container, play: Play): ContainerStatus {
  const waiting = { reason: "PodInitializing", message: "" };
  const status = { name, image, imageID: play.imageIdOf(image), ready: false, started: false, restartCount: 0 };
  return { ...status, imageID: "", state: { waiting } };
}

function phaseOf(containers: readonly ContainerStatus[], all: readonly ContainerStatus[]): string {
  if (all.some(({ state, lastState }) => state.waiting !== undefined && lastState === undefined)) return "Pending";
  if (!containers.every(({ state }) => state.terminated !== undefined)) return "Running";
  return containers.every(({ state }) => state.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
}

/** Times aside: they are those of the first time that it was said. */
function saysTheSame(said: Partial<Statuses> | undefined, wanted: Statuses): boolean {
  const core = (statuses: readonly ContainerStatus[] = []) =>
    JSON.stringify(
      statuses.map(({ name, image, imageID, ready, state }) => [
        [name, image, imageID, ready],
        [state.waiting?.reason, state.terminated?.exitCode, state.running !== undefined],
      ]),
    );
  return (
    core(said?.containerStatuses) === core(wanted.containerStatuses) &&
    core(said?.initContainerStatuses) === core(wanted.initContainerStatuses)
  );
}

function unready(statuses: readonly ContainerStatus[]): string {
  return `[${statuses
    .filter(({ ready }) => !ready)
    .map(({ name }) => name)
    .join(" ")}]`;
}

/** An address of its own for every pod, or nearly: 10.244.x.y by its uid. */
function addressOf({ metadata }: Pod): string {
  const [third = 0, fourth = 0] = createHash("sha256").update(metadata.uid).digest();
  return `10.244.${third}.${(fourth % 254) + 1}`;
}
