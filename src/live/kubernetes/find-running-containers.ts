// Which digests the pods of a workload run, container by container. The digest is the container runtime's word
// (`imageID`), and a runtime that gives the digest of a configuration, or nothing yet, gives nothing to compare.

import type { RunningContainer, RunningPod } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import type { OwnedPod } from "./find-pods.ts";
import { imagesOf } from "./pod-template.ts";
import { isConditionTrue } from "./read-conditions.ts";
import { listAt, textAt } from "./read-fields.ts";

const MOST_PODS = 200;

const STATUS_LISTS = ["status.initContainerStatuses", "status.containerStatuses"] as const;

export function findRunningContainers(
  workload: KubernetesObject,
  pods: readonly OwnedPod[],
): readonly RunningContainer[] {
  const { namespace, name } = workload.metadata;
  return imagesOf(workload).map((container) => ({
    workload: [workload.kind, namespace, name].filter((part) => part !== undefined).join("/"),
    container: container.name,
    image: container.image,
    // The ones that would contradict are kept when the list is cut.
    pods: inOrder(pods.map((owned) => describePod(owned, container.name))).slice(0, MOST_PODS),
  }));
}

function describePod({ pod, newest }: OwnedPod, container: string): RunningPod {
  const status = STATUS_LISTS.flatMap((list) => listAt(pod, list)).find((entry) => textAt(entry, "name") === container);
  const digest = parseImageId(textAt(status, "imageID"));
  return {
    name: pod.metadata.name,
    ...(digest !== undefined && { digest }),
    ready: isConditionTrue(pod, "Ready"),
    newest,
  };
}

function inOrder(pods: readonly RunningPod[]): readonly RunningPod[] {
  return [...pods].sort(
    (a, b) => Number(a.newest) - Number(b.newest) || Number(a.ready) - Number(b.ready) || (a.name < b.name ? -1 : 1),
  );
}

/**
 * `ghcr.io/acme/web@sha256:…` and `docker-pullable://ghcr.io/acme/web@sha256:…` hold the digest of a manifest. A digest
 * without a repository (CRI-O, dockershim) is that of the image's configuration: `undefined`, as for an empty text.
 */
export function parseImageId(imageId: string | undefined): string | undefined {
  return /[^@]@(sha256:[0-9a-f]{64})$/.exec(imageId ?? "")?.[1];
}
