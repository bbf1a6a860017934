// Objects as an API server gives them, with the fields that their kinds really have; and a server's lists that count how
// often they are asked, and refuse what the test says.

import { known, type Seen, unknown } from "../../../src/domain/seen.ts";
import type { ClusterLists, KubernetesObject, ManagedFields, ResourceKind } from "../../../src/live/cluster/cluster.ts";
import type { WantedTarget } from "../../../src/live/live.ts";

export const NOW = Date.parse("2026-06-01T12:00:00Z");

/** `at("11:30")` on the day of the tests. */
export function at(time: string): string {
  return `2026-06-01T${time}:00Z`;
}

export function digest(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

export const OLD_IMAGE = `ghcr.io/acme/web:1.7.0@${digest("1")}`;
export const NEW_IMAGE = `ghcr.io/acme/web:1.8.0@${digest("2")}`;

export type Changes = Readonly<Record<string, unknown>>;

export interface Named {
  readonly name?: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
  readonly owner?: KubernetesObject;
  readonly spec?: Changes;
  readonly status?: Changes;
  readonly created?: string;
  readonly generation?: number;
}

export function make(apiVersion: string, kind: string, given: Named & { readonly spec?: Changes }): KubernetesObject {
  const { name = "web", namespace = "shop", owner } = given;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      uid: `uid-${kind}-${namespace}-${name}`,
      resourceVersion: "1146",
      generation: given.generation ?? 2,
      creationTimestamp: given.created ?? at("08:00"),
      ...(given.labels && { labels: given.labels }),
      ...(given.annotations && { annotations: given.annotations }),
      ...(given.managedFields && { managedFields: given.managedFields }),
      ...(owner && {
        ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? "" }],
      }),
    },
    ...(given.spec && { spec: given.spec }),
    ...(given.status && { status: given.status }),
  };
}

function template(image: string, container = "web"): Changes {
  return {
    metadata: { labels: { app: container } },
    spec: { containers: [{ name: container, image, imagePullPolicy: "IfNotPresent", resources: {} }] },
  };
}

export function condition(type: string, status: string, more: Changes = {}): Changes {
  return { type, status, lastTransitionTime: at("10:00"), ...more };
}

const ROLLED_OUT = condition("Progressing", "True", {
  reason: "NewReplicaSetAvailable",
  lastTransitionTime: at("09:58"),
  lastUpdateTime: at("10:01"),
  message: 'ReplicaSet "web-7c9" has successfully progressed.',
});
const AVAILABLE = condition("Available", "True", { reason: "MinimumReplicasAvailable" });

export function healthyStatus(replicas = 2, generation = 2): Changes {
  return {
    observedGeneration: generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: [AVAILABLE, ROLLED_OUT],
  };
}

export function deployment(given: Named = {}): KubernetesObject {
  const { image = NEW_IMAGE, name = "web" } = given;
  return make("apps/v1", "Deployment", {
    status: healthyStatus(),
    ...given,
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      template: template(image),
      ...given.spec,
    },
  });
}

/** The rollout of the new image gets nowhere; the pods that are ready are the old ones. */
export function failedDeployment(given: Named = {}): KubernetesObject {
  const message = 'ReplicaSet "web-7c9" has timed out progressing.';
  const exceeded = { reason: "ProgressDeadlineExceeded", message, lastTransitionTime: at("11:20") };
  return deployment({
    status: {
      ...healthyStatus(),
      replicas: 3,
      updatedReplicas: 1,
      unavailableReplicas: 1,
      conditions: [AVAILABLE, condition("Progressing", "False", exceeded)],
    },
    ...given,
  });
}

export function replicaSet(
  owner: KubernetesObject,
  given: Named & { readonly revision?: number } = {},
): KubernetesObject {
  const { revision = 2, image = NEW_IMAGE } = given;
  return make("apps/v1", "ReplicaSet", {
    created: at("09:58"),
    name: `${owner.metadata.name}-rs${revision}`,
    ...given,
    ...(owner.metadata.namespace !== undefined && { namespace: owner.metadata.namespace }),
    owner,
    annotations: { "deployment.kubernetes.io/revision": String(revision) },
    spec: { replicas: 2, template: template(image) },
  });
}

interface PodGiven extends Named {
  readonly imageID?: string;
  readonly ready?: boolean;
  readonly readySince?: string;
  readonly waiting?: Changes;
  readonly phase?: string;
  readonly lastState?: Changes;
}

export function pod(owner: KubernetesObject | undefined, given: PodGiven = {}): KubernetesObject {
  const { image = NEW_IMAGE, waiting, phase = "Running" } = given;
  const ready = given.ready ?? waiting === undefined;
  const imageID = given.imageID ?? (waiting ? "" : image.replace(/:[^:@/]+@/, "@"));
  return make("v1", "Pod", {
    ...given,
    name: given.name ?? `${owner?.metadata.name ?? "web"}-abcde`,
    namespace: given.namespace ?? owner?.metadata.namespace ?? "shop",
    ...(owner && { owner }),
    spec: { containers: [{ name: "web", image }] },
    status: given.status ?? {
      phase,
      conditions: [
        condition("PodScheduled", "True"),
        condition("Ready", ready ? "True" : "False", { lastTransitionTime: given.readySince ?? at("10:00") }),
      ],
      containerStatuses: [
        {
          name: "web",
          image,
          imageID,
          ready,
          restartCount: 0,
          lastState: given.lastState ?? {},
          state: waiting ? { waiting } : { running: { startedAt: at("10:00") } },
        },
      ],
    },
  });
}

/** A Deployment that has come up, with what belongs to it. */
export function running(given: Named = {}): readonly KubernetesObject[] {
  const workload = deployment(given);
  const set = replicaSet(workload, { ...(given.image !== undefined && { image: given.image }) });
  const image = given.image ?? NEW_IMAGE;
  return [
    workload,
    set,
    pod(set, { name: `${set.metadata.name}-a`, image }),
    pod(set, { name: `${set.metadata.name}-b`, image }),
  ];
}

export interface PlayedLists extends ClusterLists {
  /** `deployments`, `deployments in shop`, in their order. */
  readonly asked: readonly string[];
}

export function playLists(
  objects: readonly unknown[],
  refuse: (plural: string, namespace: string | undefined) => string | undefined = () => undefined,
): PlayedLists {
  const asked: string[] = [];
  return {
    asked,
    of(kind: ResourceKind, options?: { readonly namespace?: string }): Promise<Seen<readonly KubernetesObject[]>> {
      const namespace = options?.namespace;
      asked.push(namespace === undefined ? kind.plural : `${kind.plural} in ${namespace}`);
      const why = refuse(kind.plural, namespace);
      if (why !== undefined) return Promise.resolve(unknown(why));
      const items = (objects as readonly KubernetesObject[]).filter(
        (object) => object?.kind === kind.kind && (namespace === undefined || object.metadata?.namespace === namespace),
      );
      return Promise.resolve(known(items));
    },
  };
}

export function wanted(name: string, more: Partial<WantedTarget> = {}): WantedTarget {
  return {
    target: { source: "dev", kind: "kubernetes", name },
    objects: [],
    images: ["ghcr.io/acme/web"],
    awaited: false,
    ...more,
  };
}

export function knownValue<T>(seen: Seen<T> | undefined): T {
  if (seen?.kind !== "known") throw new Error(`expected something known, found ${seen?.kind}: ${seen?.why}`);
  return seen.value;
}
