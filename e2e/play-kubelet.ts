// Stands where scheduler and kubelet are in a cluster that has machines: makes one Node, binds pods to it, and says of
// them what play-pod.ts decides. So Deployments really roll out, and really fail to. Nothing is run.
//   KUBECONFIG=<path> node e2e/play-kubelet.ts [--image-id <image>=<repository>@sha256:<digest>]...

import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  ApiException,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { loadKubeconfig } from "./apply-objects.ts";
import { fateByName, imageIdByName, type Play, type Pod, playPod } from "./play-pod.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { tellWithCauses } from "./tell-with-causes.ts";

export interface PlayedKubelet {
  stop(): Promise<void>;
}

const NODE = "played-by-stagecoach-e2e";

/** `onTrouble`: what went wrong; it goes on after that, because API servers come back. */
export async function playKubelet({
  kubeconfig,
  onTrouble = (error) => process.stderr.write(`The kubelet's player goes on after: ${tellWithCauses(error)}\n`),
  ...play
}: {
  readonly kubeconfig: string;
  readonly onTrouble?: (error: unknown) => void;
} & Partial<Play>): Promise<PlayedKubelet> {
  const config = loadKubeconfig(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  await ensureNode(api);
  const whole: Play = { fateOf: fateByName, imageIdOf: imageIdByName, now: () => new Date(), ...play };
  const stopping = new AbortController();
  const playing = (async () => {
    while (!stopping.signal.aborted) {
      // a watch ends now and then by itself; a new one begins with all pods that there are
      await watchPods(config, { stopping: stopping.signal, handle: (pod) => handlePod(api, pod, whole) }).catch(
        onTrouble,
      );
      await setTimeout(200, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await playing;
    },
  };
}

async function ensureNode(api: CoreV1Api): Promise<void> {
  const { items } = await api.listNode();
  const others = items.filter(({ metadata }) => metadata?.name !== NODE);
  if (others.length > 0)
    throw new Error(
      `This cluster has nodes of its own, such as ${others[0]?.metadata?.name}. Nothing is played there.`,
    );
  if (items.length > 0) return;
  await api.createNode({ body: { metadata: { name: NODE, labels: { "kubernetes.io/hostname": NODE } } } });
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  // a new node is tainted until the controller that looks after machines has seen it, and there is none
  await api.patchNode({ name: NODE, body: { spec: { taints: null } } }, merge);
  const resources = { cpu: "64", memory: "256Gi", pods: "10000" };
  const conditions = [{ type: "Ready", status: "True", reason: "Played", message: "nothing runs here" }];
  const status = { capacity: resources, allocatable: resources, conditions };
  await api.patchNodeStatus({ name: NODE, body: { status } }, merge);
}

/** Hands over each pod as it is now, one after the other, until the watch ends. */
async function watchPods(
  config: KubeConfig,
  { stopping, handle }: { readonly stopping: AbortSignal; readonly handle: (pod: Pod) => Promise<void> },
): Promise<void> {
  const waiting = new Map<string, Pod>();
  let working: Promise<void> | undefined;
  const work = async () => {
    for (const [uid, pod] of waiting) {
      waiting.delete(uid);
      await handle(pod);
    }
    working = undefined;
  };
  const closing = new AbortController();
  const ended = new Promise<void>((resolve, reject) => {
    const receive = (type: string, pod: Pod) => {
      if (type === "ERROR") return reject(new Error(`the watch of pods failed: ${JSON.stringify(pod)}`));
      if (type === "DELETED" || type === "BOOKMARK") return;
      waiting.set(pod.metadata.uid, pod);
      working ??= work().catch(reject);
    };
    const end = (error: unknown) =>
      error === null || stopping.aborted || isTimeout(error) ? resolve() : reject(error);
    new Watch(config).watch("/api/v1/pods", {}, receive, end).then((watch) => {
      AbortSignal.any([stopping, closing.signal]).addEventListener("abort", () => watch.abort());
      if (stopping.aborted) watch.abort();
    }, reject);
  });
  await ended.finally(() => closing.abort());
  await working;
}

/** The client ends a watch on which nothing came for a while. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

async function handlePod(api: CoreV1Api, pod: Pod, play: Play): Promise<void> {
  const { name, namespace } = pod.metadata;
  try {
    if (pod.spec.nodeName === undefined) await bindPod(api, pod);
    else if (pod.spec.nodeName === NODE) await tellOfPod(api, pod, play);
  } catch (error) {
    // it has changed or gone since: that comes as the next event
    if (error instanceof ApiException && (error.code === 404 || error.code === 409)) return;
    throw new Error(`pod ${namespace}/${name} could not be played`, { cause: error });
  }
}

async function bindPod(api: CoreV1Api, { metadata, spec }: Pod): Promise<void> {
  if (metadata.deletionTimestamp !== undefined || (spec.schedulingGates ?? []).length > 0) return;
  const { name, namespace, uid } = metadata;
  const target = { apiVersion: "v1", kind: "Node", name: NODE };
  await api.createNamespacedPodBinding({ name, namespace, body: { metadata: { name, namespace, uid }, target } });
}

async function tellOfPod(api: CoreV1Api, pod: Pod, play: Play): Promise<void> {
  const { name, namespace, uid, resourceVersion, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    await api.deleteNamespacedPod({ name, namespace, body: { gracePeriodSeconds: 0, preconditions: { uid } } });
    return;
  }
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return;
  const status = playPod(pod, play);
  if (status === undefined) return;
  await api.patchNamespacedPodStatus(
    { name, namespace, body: { metadata: { uid, resourceVersion }, status } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
}

function readImageIds(written: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    written.map((text) => {
      const [, image = "", id = ""] = /^([^=]+)=(.+@sha256:[0-9a-f]{64})$/.exec(text) ?? [];
      if (image === "")
        throw new Error(`--image-id ${text} is not of the form <image>=<repository>@sha256:<64 digits>.`);
      return [image, id];
    }),
  );
}

if (import.meta.main) {
  await runUntilStopped(async () => {
    const { values } = parseArgs({ options: { "image-id": { type: "string", multiple: true } } });
    const kubeconfig = process.env.KUBECONFIG;
    if (kubeconfig === undefined) throw new Error("KUBECONFIG does not say which cluster. Set it to one file.");
    const ids = readImageIds(values["image-id"] ?? []);
    const { stop } = await playKubelet({ kubeconfig, imageIdOf: (image) => ids.get(image) ?? imageIdByName(image) });
    return { line: `playing the kubelet of node ${NODE}`, stop };
  });
}
