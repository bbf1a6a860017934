// What a registry tells about a push or a removal, in the distribution project's shape or in our own signed one.

import { createHmac, randomUUID } from "node:crypto";
import type { StoredObject } from "./make-image.ts";

export interface Notify {
  readonly url: string;
  readonly secret: string;
  readonly kind: "distribution" | "generic";
}

export interface RegistryEvent {
  readonly action: "push" | "delete";
  readonly host: string;
  readonly repository: string;
  readonly object?: StoredObject;
  readonly tag?: string;
}

/** One request for each event, in order, as the real one does; answers the status of each. */
export async function sendNotifications(events: readonly RegistryEvent[], notify: Notify): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const event of events) {
    const message = notify.kind === "distribution" ? distributionMessage(event, notify) : genericMessage(event, notify);
    if (message === undefined) continue;
    const response = await fetch(notify.url, { method: "POST", ...message });
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  return statuses;
}

function distributionMessage({ action, host, repository, object, tag }: RegistryEvent, { secret }: Notify) {
  const target = {
    ...(object && {
      mediaType: object.mediaType,
      size: object.bytes.length,
      digest: object.digest,
      length: object.bytes.length,
    }),
    repository,
    ...(object && { url: `http://${host}/v2/${repository}/manifests/${object.digest}` }),
    ...(tag !== undefined && { tag }),
  };
  const event = {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    action,
    target,
    request: { id: randomUUID(), addr: "127.0.0.1:40000", host, method: action === "push" ? "PUT" : "DELETE" },
    actor: {},
    source: { addr: host, instanceID: randomUUID() },
  };
  return {
    body: JSON.stringify({ events: [event] }),
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "application/vnd.docker.distribution.events.v1+json",
    },
  };
}

function genericMessage({ action, host, repository, object, tag }: RegistryEvent, { secret }: Notify) {
  if (action !== "push" || tag === undefined) return undefined;
  const body = JSON.stringify({
    image: `${host}/${repository}`,
    tag,
    ...(object && { digest: object.digest }),
    delivery: randomUUID(),
  });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return {
    body,
    headers: { "x-stagecoach-signature-256": `sha256=${signature}`, "content-type": "application/json" },
  };
}
